// @ts-check
/**
 * The visitor's page: the button that starts a chat, the way back into it after a reload, the box she writes in, and the way out at once.
 *
 * @typedef {import("./talk.mjs").Stored} Stored
 */
import { begin, resume, tabKey } from "./conversation.mjs"
import { deliver, makeToken, post, Refused } from "./link.mjs"
import { ManifestRefused, MOST_CODE_POINTS, TextRefused, unb64, verifyManifest } from "./seal.mjs"
import { Chat, forget, part, recall, say, show, showClosed, showTalk } from "./talk.mjs"

const OTHER_TAB_AFTER_MS = 1_000
const SHIFTS_WITHIN_MS = 5_000
const field = /** @type {HTMLTextAreaElement} */ (part("text"))
const beginButton = /** @type {HTMLButtonElement} */ (part("begin"))

/** @type {Chat | null} */
let chat = null

/** Leave: what is on the screen is covered first, then the chat ends on both sides, then another site takes this one's place in the history. */
function leaveQuickly() {
  const cover = document.createElement("div")
  cover.className = "cover"
  document.body.append(cover)
  chat?.exit()
  forget()
  location.replace(/** @type {HTMLAnchorElement} */ (part("exit")).href)
}

/** Shift three times leaves too; not while it makes capitals. */
function leaveByShift() {
  let alone = false
  let times = 0
  let first = 0
  addEventListener("keydown", ({ key, repeat }) => {
    if (repeat) return
    alone = key === "Shift"
    if (!alone) times = 0
  })
  addEventListener("keyup", ({ key }) => {
    if (key !== "Shift" || !alone) return
    if (!times || Date.now() - first > SHIFTS_WITHIN_MS) {
      first = Date.now()
      times = 0
    }
    times += 1
    if (times === 3) leaveQuickly()
    else show("exit-progress", say(times === 1 ? "exit_2" : "exit_1"))
  })
}

/** Nothing that could be a photo is taken, and she is told why. */
function refuseFiles() {
  /** @param {Event} event @param {DataTransfer | null} data */
  function refuse(event, data) {
    if (!data || ![...data.types].includes("Files") || [...data.types].includes("text/plain")) return
    event.preventDefault()
    show("note", say("no_files"))
  }
  addEventListener("paste", (event) => refuse(event, event.clipboardData))
  addEventListener("dragover", (event) => refuse(event, event.dataTransfer))
  addEventListener("drop", (event) => refuse(event, event.dataTransfer))
}

/** Begin a new conversation. What she writes is taken from now on, and sent when the server has the conversation. */
async function start() {
  beginButton.disabled = true
  const { manifest, organisationKey, demo } = document.body.dataset
  const trusted = await verifyManifest(manifest ?? "", unb64(organisationKey ?? ""), demo === "yes")
  const { conversation, secret, body } = await begin(trusted, document.documentElement.lang)
  const tab_key = await tabKey(secret, body.conv)
  let begun = false
  const token = makeToken(async () => {
    if (begun) return post("/chat/token", { conv: body.conv, tab_key })
    const answer = await post("/chat/start", body)
    begun = true
    chat?.remember(begun)
    return answer
  })
  showTalk("title_waiting")
  chat = new Chat(conversation, secret, token, [])
  await alone(body.conv)
}

/** Go on with the conversation of this tab after a reload. @param {Stored} stored */
async function goOn({ conv, secret, outbox }) {
  showTalk("title_opening")
  part("queue").hidden = part("composer").hidden = true
  await alone(conv)
  const tab_key = await tabKey(secret, conv)
  const answer = await deliver("/chat/token", { conv, tab_key }, null, { onWait: () => show("connection", say("lost")) })
  const token = makeToken(() => post("/chat/token", { conv, tab_key }))
  token.put(answer)
  const conversation = await resume(conv, secret, answer.half)
  const texts = await conversation.restore(outbox)
  chat = new Chat(conversation, secret, token, outbox)
  texts.forEach((text, i) => chat?.showUnsent(outbox[i].id, text))
  chat.remember(true)
  part("queue").hidden = answer.state === "active"
  part("composer").hidden = false
}

/**
 * Wait until no other tab holds this conversation: a duplicated tab would count its messages twice.
 * @param {string} conv
 * @returns {Promise<void>} pending while another tab has it
 */
async function alone(conv) {
  const waiting = setTimeout(() => showClosed("closed_elsewhere"), OTHER_TAB_AFTER_MS)
  await new Promise((resolve) => {
    // Held until the tab goes. A browser without locks, or one that refuses them, goes on at once.
    const held = navigator.locks?.request(conv, () => new Promise(() => resolve(undefined))) ?? Promise.reject()
    held.catch(resolve)
  })
  clearTimeout(waiting)
  part("closed").hidden = true
  part("bar").hidden = false
}

/** @param {unknown} error that kept the chat from opening */
function notOpened(error) {
  forget()
  if (error instanceof ManifestRefused) return showClosed("closed_unsafe")
  if (error instanceof Refused) return showClosed(`refused_${error.code}`)
  showClosed("closed_broken")
  throw error
}

async function send() {
  const text = field.value.trim()
  const over = [...text].length - MOST_CODE_POINTS
  if (!chat || !text) return
  if (over > 0) return show("note", say("too_long", { count: over }))
  field.value = ""
  field.focus()
  show("note", "")
  try {
    await chat.send(text)
  } catch (error) {
    if (!(error instanceof TextRefused)) throw error
    field.value = text
    show("note", say("refused_too_large"))
  }
}

function wireComposer() {
  part("composer").addEventListener("submit", (event) => {
    event.preventDefault()
    send()
  })
  field.addEventListener("input", () => field.value && chat?.typed())
  field.addEventListener("keydown", (event) => {
    // On a phone Enter is a new line: its keyboard has no other key for one.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return
    event.preventDefault()
    send()
  })
}

function wireTaps() {
  part("queue").addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null
    const tap = button?.closest("fieldset")?.dataset.tap
    if (!button || !tap) return
    const on = button.getAttribute("aria-pressed") !== "true"
    for (const other of button.parentElement?.querySelectorAll("button") ?? []) other.setAttribute("aria-pressed", String(on && other === button))
    chat?.tap(tap, on ? (button.value === "true" ? true : button.value === "false" ? false : button.value) : null)
    if (tap === "in_danger") show("danger", on && button.value === "true" ? say("danger") : "")
  })
}

function open() {
  part("exit").addEventListener("click", (event) => {
    event.preventDefault()
    leaveQuickly()
  })
  leaveByShift()
  refuseFiles()
  wireComposer()
  wireTaps()
  part("leave").addEventListener("click", () => chat?.leave())
  part("anew").addEventListener("click", () => location.reload())
  document.addEventListener("visibilitychange", () => chat?.markRead())
  beginButton.addEventListener("click", () => start().catch(notOpened))
  if (!crypto.subtle) return showClosed("closed_unfit")
  const stored = recall()
  if (stored) goOn(stored).catch(notOpened)
  document.body.dataset.ready = ""
}

open()
