// @ts-check
/** One conversation as it is read and written. */

import { makeAbuse } from "./abuse.mjs"
import { makeAgree } from "./agree.mjs"
import { makeDrawer } from "./drawer.mjs"
import { makeHandOver } from "./handover.mjs"
import { makeMessages } from "./messages.mjs"
import { timeOfDay } from "./minutes.mjs"
import { makeNotes } from "./notes.mjs"
import { find, stamp, write } from "./page.mjs"
import { makeFacts } from "./queue.mjs"
import { makeRefer } from "./refer.mjs"
import { makeRisk } from "./risk.mjs"
import { makeTexts } from "./texts.mjs"
import { makeWhispers } from "./whispers.mjs"

/** @typedef {import("./held.mjs").Held} Held */
/** @typedef {import("./queue.mjs").Say} Say */

const TEXT_CODE_POINTS = 2_000
const COUNT_FROM = 1_800
const RISK_STEPS = 6

/**
 * @typedef {object} Pane
 * @property {HTMLElement} element
 * @property {() => void} draw
 * @property {() => void} remove
 * @property {(whisper: import("./requests.mjs").Whisper) => void} whisper what a coordinator who reads along tells
 * @property {(tool: import("./drawer.mjs").Tool) => void} tool opens one of its tools, or leaves it
 * @property {() => void} end asks whether to end it, or finishes it when it has ended
 * @property {() => void} focus goes to the message box, or to the title when nothing can be written any more
 */

/**
 * @param {object} options
 * @param {Held} options.held
 * @param {Say} options.say
 * @param {import("./requests.mjs").Requests} options.requests
 * @param {import("./keys.mjs").OpenKeys} options.keys
 * @param {() => Promise<import("./texts.mjs").Library>} options.library
 * @param {() => void} options.onFinish
 * @param {() => void} options.onFocus
 * @returns {Pane}
 */
export function makePane({ held, say, requests, keys, library, onFinish, onFocus }) {
  const element = stamp("pane")
  const gone = new AbortController()
  const parts = {
    presence: find(element, "presence"),
    typing: find(element, "typing"),
    composer: find(element, "composer"),
    end: find(element, "end"),
    finish: find(element, "finish"),
    risk: find(element, "risk-tag"),
    text: find(element, "text"),
  }
  const title = nameIt(element, held, say)
  const showFacts = makeFacts(element, say)
  const drawMessages = makeMessages(element, held, say, gone.signal)
  const askWhetherToEnd = wireEnd(element, held, say, library, () => parts.text.focus())
  const drawer = makeDrawer({
    element,
    back: () => (parts.composer.hidden ? title : parts.text).focus(),
    make: (leave, tell) => ({
      texts: makeTexts({ element, held, say, ask: library, tell, onChoose: (text) => insert(element, text, leave) }),
      notes: makeNotes({ element, held, keys, say, requests, tell }),
      risk: makeRisk({ element, held, say, requests, tell }),
      agree: makeAgree({ element, held, say, requests, tell, onAgreed: (text) => insert(element, text, leave) }),
      "hand-over": makeHandOver({ element, held, say, requests, tell }),
      abuse: makeAbuse({ element, held, say, requests, tell }),
    }),
  })
  wireComposer(element, held, say)
  const drawRefer = makeRefer({ pane: element, held, say, requests, keys })
  element.addEventListener("focusin", onFocus)
  parts.finish.addEventListener("click", onFinish)
  const whispers = makeWhispers({ root: element, conv: held.conv, keys, say, requests })
  const drawWeight = wireWeight(element, held, requests)

  function draw() {
    const active = held.state === "active"
    showFacts({ ...held.facts, away: false })
    write(parts.presence, presence(held, say))
    write(parts.typing, held.typing ? say("typing") : "")
    parts.composer.hidden = !active || !held.opened || held.ending
    parts.end.hidden = !active || held.ending
    parts.finish.hidden = active
    whispers.show(held.reader && active ? say("read_by", { alias: held.reader }) : "")
    drawWeight()
    drawer.draw()
    write(parts.risk, held.risk ? say("risk", { done: held.risk.length, steps: RISK_STEPS }) : "")
    if (!active) askWhetherToEnd(false)
    drawRefer()
    drawMessages()
  }

  return {
    element,
    draw,
    remove() {
      gone.abort()
      element.remove()
    },
    whisper: whispers.take,
    tool: drawer.toggle,
    end: () => (held.state === "active" ? parts.end : parts.finish).click(),
    focus: () => (parts.composer.hidden ? title : parts.text).focus(),
  }
}

/** @param {HTMLElement} element @param {Held} held @param {Say} say */
function nameIt(element, held, say) {
  const title = find(element, "title")
  title.id = `title-${held.conv}`
  title.textContent = say("conversation", { number: held.number })
  element.setAttribute("aria-labelledby", title.id)
  write(find(element, "accepted"), say("accepted_at", { time: timeOfDay(held.acceptedAt) }))
  return title
}

/** @param {Held} held @param {Say} say @returns {string} */
function presence(held, say) {
  if (held.state !== "active") return say(`ended_${held.by ?? "unknown"}_long`)
  if (held.ending) return say("ending")
  if (!held.opened) return say("not_opened")
  if (held.away && held.facts.letter) return say("letter_long")
  return held.away ? say("away_long") : ""
}

/**
 * @param {HTMLElement} element
 * @param {Held} held
 * @param {Say} say
 */
function wireComposer(element, held, say) {
  const text = find(element, "text", HTMLTextAreaElement)
  const hint = find(element, "composer-hint")
  const form = find(element, "composer", HTMLFormElement)

  /** @returns {boolean} whether what is typed is short enough to be sent */
  function count() {
    const long = [...text.value.trim()].length
    write(hint, long > COUNT_FROM ? say("long", { count: long, most: TEXT_CODE_POINTS }) : "")
    text.setAttribute("aria-invalid", String(long > TEXT_CODE_POINTS))
    return long <= TEXT_CODE_POINTS
  }

  text.addEventListener("input", () => {
    count()
    if (text.value.trim()) held.tellTyping()
  })
  text.addEventListener("keydown", (event) => {
    // An input method confirms its choice with the same key.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const typed = text.value.trim()
    if (!typed || !count()) return
    text.value = ""
    count()
    held.say(typed)
    text.focus()
  })
}

/**
 * Ending is asked twice, in place: a second conversation beside it can go on meanwhile.
 * @param {HTMLElement} element
 * @param {Held} held
 * @param {Say} say
 * @param {() => Promise<import("./texts.mjs").Library>} library
 * @param {() => void} back where the focus goes when she goes on talking
 * @returns {(asked: boolean) => void}
 */
function wireEnd(element, held, say, library, back) {
  const goodbye = find(element, "closing-text", HTMLSelectElement)
  const sure = find(element, "sure")
  const goOn = find(element, "go-on")

  /** @param {boolean} asked */
  function ask(asked) {
    if (asked) write(find(element, "sure-text"), say(held.lines.unsent ? "sure_unsent" : "sure"))
    sure.hidden = !asked
  }

  async function offerGoodbyes() {
    if (goodbye.options.length > 1) return
    // Without them she can still end it.
    const { texts } = await library().catch(() => ({ texts: [] }))
    for (const { lang, topic, text } of texts) if (topic === "goodbye" && lang === held.facts.lang) goodbye.add(new Option(text, text))
  }

  find(element, "end").addEventListener("click", () => {
    ask(true)
    offerGoodbyes()
    goOn.focus()
  })
  goOn.addEventListener("click", () => {
    ask(false)
    back()
  })
  sure.addEventListener("keydown", (event) => event.key === "Escape" && goOn.click())
  find(element, "end-now").addEventListener("click", () => {
    ask(false)
    held.end(goodbye.value)
  })
  return ask
}

/**
 * How much of her it asks; what is light or heavy only she can say.
 * @param {HTMLElement} element
 * @param {Held} held
 * @param {import("./requests.mjs").Requests} requests
 * @returns {() => void} draws
 */
function wireWeight(element, held, requests) {
  const choice = find(element, "weight", HTMLSelectElement)
  const show = () => (choice.value = String(held.weight))
  choice.addEventListener("change", () => {
    const weight = Number(choice.value)
    // The server tells all windows of hers; until then the old one stands.
    requests.weigh(held.conv, weight).catch(show)
  })
  return () => {
    if (document.activeElement !== choice) show()
  }
}

/**
 * Put a ready text where she is writing, and go back to it.
 * @param {HTMLElement} element
 * @param {string} text
 * @param {() => void} leave
 */
function insert(element, text, leave) {
  const box = find(element, "text", HTMLTextAreaElement)
  const [start, end] = [box.selectionStart, box.selectionEnd]
  leave()
  box.setRangeText(text, start, end, "end")
  box.dispatchEvent(new Event("input", { bubbles: true }))
}
