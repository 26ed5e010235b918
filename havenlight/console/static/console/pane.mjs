// @ts-check
/** One conversation as it is read and written. Text is only ever text. */

import { timeOfDay } from "./minutes.mjs"
import { find, keyed, stamp, write } from "./page.mjs"
import { showFacts } from "./queue.mjs"

/** @typedef {import("./held.mjs").Held} Held */
/** @typedef {import("./lines.mjs").Line} Line */
/** @typedef {import("./queue.mjs").Say} Say */

const NEAR_PX = 40
const TEXT_CODE_POINTS = 2_000
const COUNT_FROM = 1_800

/**
 * @typedef {object} Pane
 * @property {HTMLElement} element
 * @property {() => void} draw
 * @property {() => void} focus goes to the message box, or to the title when nothing can be written any more
 */

/**
 * @param {object} options
 * @param {Held} options.held
 * @param {Say} options.say
 * @param {() => void} options.onPutAway
 * @param {() => void} options.onFocus
 * @returns {Pane}
 */
export function makePane({ held, say, onPutAway, onFocus }) {
  const element = stamp("pane")
  const text = find(element, "text", HTMLTextAreaElement)
  const messages = makeMessages(element, held, say)
  const title = find(element, "title")
  title.id = `title-${held.conv}`
  title.textContent = say("conversation", { number: held.number })
  element.setAttribute("aria-labelledby", title.id)
  element.addEventListener("focusin", onFocus)
  find(element, "put-away").addEventListener("click", onPutAway)
  write(find(element, "accepted"), say("accepted_at", { time: timeOfDay(held.acceptedAt) }))
  wireComposer(element, held, say)
  const askedToEnd = wireEnd(element, held, say, () => text.focus())

  function draw() {
    const active = held.state === "active"
    showFacts(element, { ...held.facts, away: false }, say)
    write(find(element, "presence"), presence(held, say))
    write(find(element, "typing"), held.typing ? say("typing") : "")
    find(element, "composer").hidden = !active || !held.opened || held.ending
    find(element, "end").hidden = !active || held.ending
    find(element, "put-away").hidden = active
    if (!active) askedToEnd(false)
    messages()
  }

  return {
    element,
    draw,
    focus: () => (find(element, "composer").hidden ? title : text).focus(),
  }
}

/** @param {Held} held @param {Say} say @returns {string} */
function presence(held, say) {
  if (held.state !== "active") return say(`ended_${held.by ?? "unknown"}_long`)
  if (held.ending) return say("ending")
  if (!held.opened) return say("not_opened")
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
 * @param {() => void} back where the focus goes when she goes on talking
 * @returns {(asked: boolean) => void}
 */
function wireEnd(element, held, say, back) {
  const sure = find(element, "sure")
  const goOn = find(element, "go-on")

  /** @param {boolean} asked */
  function ask(asked) {
    if (asked) write(find(element, "sure-text"), say(held.lines.unsent ? "sure_unsent" : "sure"))
    sure.hidden = !asked
  }

  find(element, "end").addEventListener("click", () => {
    ask(true)
    goOn.focus()
  })
  goOn.addEventListener("click", () => {
    ask(false)
    back()
  })
  sure.addEventListener("keydown", (event) => event.key === "Escape" && goOn.click())
  find(element, "end-now").addEventListener("click", () => {
    ask(false)
    held.end()
  })
  return ask
}

/**
 * The lines, and where the reader is among them: what was on screen at the bottom, in a window that has the focus, has been seen.
 * @param {HTMLElement} element
 * @param {Held} held
 * @param {Say} say
 * @returns {() => void} draws
 */
function makeMessages(element, held, say) {
  const log = find(element, "messages")
  const newer = find(element, "newer")
  let atEnd = true
  let unseen = false
  let drawn = 0
  const draw = keyed(log, (/** @type {Line} */ line) => line.key, (line) => makeLine(line, element, held, say))

  const toEnd = () => (log.scrollTop = log.scrollHeight)
  const isShown = () => log.clientHeight > 0

  function look() {
    if (!isShown()) return
    unseen &&= !atEnd
    newer.hidden = !unseen
    if (atEnd && document.hasFocus()) held.tellSeen()
  }

  log.addEventListener("scroll", () => {
    if (!isShown()) return
    const was = atEnd
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX
    if (atEnd && !was) look()
  })
  newer.addEventListener("click", () => {
    toEnd()
    log.focus()
  })
  // Shown again, or made smaller by a longer draft: who read the end goes on reading the end.
  new ResizeObserver(() => {
    if (atEnd) toEnd()
    look()
  }).observe(log)
  addEventListener("focus", look)

  return () => {
    const mine = held.lines.all.at(-1)?.by === "me"
    const more = held.lines.all.length > drawn
    drawn = held.lines.all.length
    draw(held.lines.all)
    if (!more) return
    if (mine) atEnd = true
    if (atEnd) toEnd()
    unseen = !atEnd
    look()
  }
}

/**
 * @param {Line} line
 * @param {HTMLElement} pane
 * @param {Held} held
 * @param {Say} say
 * @returns {import("./page.mjs").Row<Line>}
 */
function makeLine(line, pane, held, say) {
  if (line.kind !== "said") {
    const mark = stamp("mark-row")
    mark.textContent = say(`mark_${line.kind}`)
    return { element: mark, update: () => undefined }
  }
  const element = stamp("line-row")
  const text = find(element, "message-text")
  const at = find(element, "at")
  const again = find(element, "again")
  element.classList.add(line.by)
  write(find(element, "by"), say(`by_${line.by}`))
  write(text, line.text)
  text.lang = held.facts.lang
  again.addEventListener("click", () => writeAgain(pane, held, line))
  return {
    element,
    update({ standing }) {
      element.classList.toggle("unsent", standing === "unsent")
      element.classList.toggle("failed", standing === "failed")
      write(at, timeOfDay(line.at))
      write(find(element, "standing"), standing ? say(standing) : "")
      again.hidden = standing !== "failed" || held.state !== "active"
    },
  }
}

/**
 * Put what could not be sent back into the box, before what is there.
 * @param {HTMLElement} pane
 * @param {Held} held
 * @param {Line} line
 */
function writeAgain(pane, held, line) {
  const box = find(pane, "text", HTMLTextAreaElement)
  box.value = [line.text, box.value].filter(Boolean).join("\n")
  held.forget(line.key)
  box.focus()
}
