// @ts-check
/**
 * A return code is offered, drawn, shown once and given up; and a message that gives one away is noticed. The words are in this page's memory
 * for as long as they are on the screen.
 *
 * @typedef {import("./talk.mjs").Chat} Chat
 */
import { draw, holdsCode, sealForTab, stretch, wrap } from "./code.mjs"
import { deliver } from "./link.mjs"
import { codeWords, morePart, showStep } from "./more.mjs"
import { b64, unb64 } from "./seal.mjs"
import { make, part, say, show } from "./talk.mjs"

const BEHIND = ["scroll", "composer"]

/** @param {string} text */
export const givesCodeAway = async (text) => holdsCode(text, await codeWords())

/** @param {string} text */
const wordsOf = (text) => text.normalize("NFKC").toLowerCase().match(/[^ \t\r\n]+/g) ?? []

/** @param {string[]} words */
function showWords(words) {
  part("six").replaceChildren(...words.map((word) => make("li", "", word)))
}

/**
 * Draw a code, and let the server know it before she sees it: what is shown works.
 * @param {Chat} chat
 * @returns {Promise<{words: string[], sealed: string}>}
 */
async function take({ conversation: { conv, key }, token }) {
  const words = draw(await codeWords())
  const code = await stretch(words.join(" "), unb64(document.body.dataset.organisationKey ?? ""))
  const mine = /** @type {import("./seal.mjs").Bytes} */ (key)
  const body = { lookup: b64(code.lookup), wrap: b64(await wrap(mine, code.key, conv)) }
  await deliver("/chat/code", body, token)
  return { words, sealed: b64(await sealForTab(code.key, mine, conv)) }
}

/** @param {boolean} busy */
function working(busy) {
  part("take-progress").hidden = !busy
  if (busy) show("take-note", say("take_working"))
}

/**
 * Over the chat, until she goes back to it.
 * @param {Chat} chat @param {string} code empty when she has none
 * @param {(sealed: string) => void} keep for a reload; empty when it was given up
 */
export async function offer(chat, code, keep) {
  const panel = await morePart("take", part("talk"))
  const typed = /** @type {HTMLTextAreaElement} */ (part("take-typed"))
  /** @type {string[]} */
  let words = []

  /** @param {string} step */
  function go(step) {
    showStep(panel, step)
    part("take-title").focus()
  }
  function close() {
    words = []
    typed.value = ""
    showWords([])
    panel.hidden = true
    for (const name of BEHIND) part(name).hidden = chat.over
    part("text").focus()
  }
  /** @param {() => Promise<void>} work */
  async function tried(work) {
    showStep(panel, "")
    working(true)
    try {
      await work()
      working(false)
    } catch {
      working(false)
      show("take-note", say("take_failed"))
      go(code ? "have" : "offer")
    }
  }
  /** @type {Record<string, () => unknown>} */
  const does = {
    close,
    show: () => (showWords(words), show("take-note", ""), go("words")),
    try: () => (showWords([]), show("take-note", ""), go("try"), typed.focus()),
    draw: () =>
      tried(async () => {
        const taken = await take(chat)
        words = taken.words
        keep((code = taken.sealed))
        does.show()
      }),
    "give-up": () =>
      tried(async () => {
        await deliver("/chat/code", {}, chat.token)
        keep((code = ""))
        show("take-note", say("take_gone"))
        go("done")
      }),
  }
  panel.onclick = ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null
    does[button?.dataset.do ?? ""]?.()
  }
  panel.onsubmit = (event) => {
    event.preventDefault()
    const said = wordsOf(typed.value)
    const wrong = words.findIndex((word, i) => word !== said[i])
    show("take-note", wrong < 0 ? say("take_right") : say("take_wrong", { number: wrong + 1 }))
    if (wrong < 0) go("done")
  }
  show("take-note", "")
  working(false)
  for (const name of BEHIND) part(name).hidden = true
  panel.hidden = false
  go(code ? "have" : "offer")
}
