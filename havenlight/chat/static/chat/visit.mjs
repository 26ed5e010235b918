// @ts-check
/**
 * The visitor's page: the button that starts a chat, the way back into it after a reload, the box she writes in, and the way out at once.
 * All keys stay in this tab's memory. While she looks elsewhere, and while the page loads anew, the tab stores a secret that opens nothing
 * alone, sealed messages not answered yet, and her return code's key, sealed: what is stored longer a browser writes to its disk. What is
 * seldom needed is loaded when she asks for it.
 *
 * @typedef {import("./link.mjs").Entry} Entry
 * @typedef {[secret: string, outbox: Entry[], code: string]} Stored
 * @typedef {{lookup: string, key: import("./seal.mjs").Bytes, wish: boolean}} Back
 */
import { begin, convOf, resume, tabKey } from "./conversation.mjs"
import { deliver, makeToken, pause, post, Refused } from "./link.mjs"
import { ManifestRefused, MOST_CODE_POINTS, TextRefused, unb64, verifyManifest } from "./seal.mjs"
import { Chat, part, say, show, showClosed, showTalk } from "./talk.mjs"

// A name that tells nothing to who looks into the tab's storage.
const STORED = "t"
const NEAR_END_PX = 120
const OTHER_TAB_AFTER_MS = 1_000
const SHIFTS_WITHIN_MS = 5_000
const LOOKED_FOR_CODE_MS = 3_000
const field = /** @type {HTMLTextAreaElement} */ (part("text"))
const beginButton = /** @type {HTMLButtonElement} */ (part("begin"))

/** @type {Chat | null} */
let chat = null
/** Her return code's key, sealed; empty while she has none. */
let code = ""
/** A text that she sends although it gives her code away. */
let meant = ""
/** What a reload needs; empty when there is nothing to come back to. */
let kept = ""

/** A browser may refuse storage: then all works, but a reload ends the chat. @template T @param {() => T} use */
function tryStorage(use) {
  try {
    return use()
  } catch {
    return null
  }
}

/** @param {string} secret @param {Entry[] | null} outbox null when there is nothing to come back to */
function keep(secret, outbox) {
  kept = outbox ? JSON.stringify([secret, outbox, code]) : ""
  store(document.hidden)
}

/** @param {boolean} away she looks elsewhere, or the page goes */
const store = (away) => tryStorage(() => (away && kept ? sessionStorage.setItem(STORED, kept) : sessionStorage.removeItem(STORED)))

function forget() {
  kept = ""
  store(false)
}

/** @returns {Stored | null} */
function recall() {
  kept = tryStorage(() => sessionStorage.getItem(STORED)) ?? ""
  store(document.hidden)
  return kept ? JSON.parse(kept) : null
}

/** Leave: what is on the screen is covered first, then the chat ends on both sides, then another site takes this one's place in the history. */
function leaveQuickly() {
  const cover = document.createElement("div")
  cover.className = "cover"
  // Outside the body, which is what its letters are measured against: the cover is as large as the screen.
  document.documentElement.append(cover)
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

/**
 * Begin a new conversation. What she writes is taken from now on, and sent when the server has the conversation.
 * @param {Back} [back] her return code, stretched
 * @param {boolean} [letter] left to find an answer later
 */
async function start(back, letter) {
  beginButton.disabled = true
  const { manifest, organisationKey, demo } = document.body.dataset
  const trusted = await verifyManifest(manifest ?? "", unb64(organisationKey ?? ""), demo === "yes")
  const { conversation, secret, body } = await begin(trusted, document.documentElement.lang)
  if (back) code = await (await import("./back.mjs")).add(back, conversation, body)
  if (letter) Object.assign(body, { letter })
  const tab_key = await tabKey(secret, body.conv)
  let begun = false
  const token = makeToken(async () => {
    if (begun) return post("/chat/token", { conv: body.conv, tab_key })
    const answer = await post("/chat/start", body).catch(async (error) => {
      if (!error.work) throw error
      // So many begin where she is: a moment of work, and she need not wait for them.
      const { work } = await import("./work.mjs")
      return post("/chat/start", body, { headers: await work(error.work) })
    })
    begun = true
    if (!chat?.over) keep(secret, chat?.outbox.entries() ?? [])
    return answer
  })
  showTalk(letter ? "title_opening" : "title_waiting")
  // A reload can come back to it only once the server has it.
  chat = new Chat(conversation, token, [], (left) => begun && keep(secret, left))
  wireCode(secret)
  await alone(body.conv)
}

/** Go on with the conversation of this tab after a reload. @param {Stored} stored */
async function goOn([secret, outbox, sealed]) {
  code = sealed
  const conv = await convOf(secret)
  showTalk("title_opening")
  // All comes at once when its state is known, so that nothing moves under her eyes.
  for (const name of ["wait", "scroll", "composer"]) part(name).hidden = true
  await alone(conv)
  const tab_key = await tabKey(secret, conv)
  const answer = await deliver("/chat/token", { conv, tab_key }, null, { onWait: () => show("connection", say("lost")) })
  const token = makeToken(() => post("/chat/token", { conv, tab_key }))
  token.put(answer)
  const conversation = await resume(conv, secret, answer.half)
  const texts = await conversation.restore(outbox)
  chat = new Chat(conversation, token, outbox, (left) => keep(secret, left))
  texts.forEach((text, i) => chat?.showUnsent(outbox[i].id, text))
  part("queue").hidden = answer.state === "active"
  part("wait").hidden = answer.state !== "waiting"
  for (const name of ["scroll", "composer"]) part(name).hidden = false
  wireCode(secret)
}

/** Her return code, and with one what was said before. @param {string} secret */
function wireCode(secret) {
  const talk = /** @type {Chat} */ (chat)
  part("code").onclick = async () => {
    const { offer } = await import("./take.mjs")
    offer(talk, code, (sealed) => {
      code = sealed
      keep(secret, talk.outbox.entries())
    })
  }
  if (code) import("./back.mjs").then(({ showFormer }) => showFormer(talk, code))
}

/**
 * Whether a text may hold a return code: only then is it worth looking, since the words of codes would have to be loaded.
 * @param {string} text
 */
function mayHoldCode(text) {
  const words = text.match(/\p{L}+/gu) ?? []
  return code ? words.length >= 6 : words.length === 6 && words.every((word) => word.length > 2)
}

/** @param {string} text @returns {Promise<boolean>} false when the words of codes cannot be had: a message must not wait for them */
async function holdsCode(text) {
  const looked = import("./take.mjs").then(({ givesCodeAway }) => givesCodeAway(text)).catch(() => false)
  return Promise.race([looked, pause(LOOKED_FOR_CODE_MS).then(() => false)])
}

/**
 * Wait until no other tab holds this conversation: a duplicated tab would count its messages twice.
 * @param {string} conv
 * @returns {Promise<void>} pending while another tab has it
 */
async function alone(conv) {
  let told = false
  const waiting = setTimeout(() => {
    told = true
    showClosed("closed_elsewhere")
  }, OTHER_TAB_AFTER_MS)
  await new Promise((resolve) => {
    // Held until the tab goes. A browser without locks, or one that refuses them, goes on at once.
    const held = navigator.locks?.request(conv, () => new Promise(() => resolve(undefined))) ?? Promise.reject()
    held.catch(resolve)
  })
  clearTimeout(waiting)
  if (!told) return
  part("closed").hidden = true
  for (const name of ["bar", "scroll"]) part(name).hidden = false
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
  if (text !== meant && mayHoldCode(text) && (await holdsCode(text))) {
    meant = text
    return show("note", say("code_in_text"))
  }
  // She pressed twice while it was looked at.
  if (field.value.trim() !== text) return
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

/** Who reads the last lines goes on reading them, whatever grows or shrinks; so does who opens the keyboard. */
function stayAtEnd() {
  const scroll = part("scroll")
  let near = true
  scroll.addEventListener("scroll", () => (near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_END_PX))
  const observer = new ResizeObserver(() => near && part("log").hasChildNodes() && scroll.scrollTo(0, scroll.scrollHeight))
  observer.observe(scroll)
  observer.observe(part("log"))
  // A keyboard that lies over the page must not push the exit off the screen. Zoomed in, the page is hers to move.
  visualViewport?.addEventListener("resize", () => {
    const { scale, height } = /** @type {VisualViewport} */ (visualViewport)
    if (scale !== 1) return
    document.body.style.setProperty("--height", `${height}px`)
    if (document.body.dataset.screen === "talk") scrollTo(0, 0)
  })
}

function wireTaps() {
  part("queue").addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null
    const tap = button?.closest("fieldset")?.dataset.tap
    if (!button || !tap) return
    const on = button.getAttribute("aria-pressed") !== "true"
    for (const other of button.parentElement?.querySelectorAll("button") ?? []) other.setAttribute("aria-pressed", String(on && other === button))
    const { value } = button
    if (tap === "for_whom") import("./other.mjs").then(({ aboutOther }) => aboutOther(on && value === "other")).catch(() => {})
    chat?.tap(tap, on ? (tap === "for_whom" ? value : value === "true") : null)
    if (tap !== "in_danger") return
    show("danger", on && value === "true" ? say("danger") : "")
    part("danger").scrollIntoView({ block: "nearest" })
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
  stayAtEnd()
  part("leave").addEventListener("click", () => chat?.leave())
  part("anew").addEventListener("click", () => location.reload())
  document.addEventListener("visibilitychange", () => {
    store(document.hidden)
    chat?.markRead()
  })
  addEventListener("pagehide", () => store(true))
  beginButton.addEventListener("click", () => start().catch(notOpened))
  // Who comes back while nobody can answer reads what was said, and may leave a message.
  part("back").addEventListener("click", async () => (await import("./back.mjs")).ask((back) => start(back, Boolean(beginButton.hidden)).catch(notOpened)))
  document.querySelector("[data-part=letter]")?.addEventListener("click", () => start(undefined, true).catch(notOpened))
  if (!crypto.subtle) return showClosed("closed_unfit")
  const stored = recall()
  if (stored) goOn(stored).catch(notOpened)
  document.body.dataset.ready = ""
}

open()
