// @ts-check
/** The lines of a conversation on the screen, and how far she has read them. Text is only ever text. */

import { timeOfDay } from "./minutes.mjs"
import { find, keyed, stamp, write } from "./page.mjs"

/** @typedef {{lines: import("./lines.mjs").Lines, facts: {lang: string}, state: string, tellSeen: () => unknown, forget: (key: string) => void}} Shown what is shown of a conversation: hers, or one that she reads */
/** @typedef {import("./lines.mjs").Line} Line */
/** @typedef {import("./queue.mjs").Say} Say */

const NEAR_PX = 40

/**
 * The lines, and where the reader is among them: what was on screen at the bottom, in a window that has the focus, has been seen.
 * @param {HTMLElement} element
 * @param {Shown} held
 * @param {Say} say
 * @param {AbortSignal} gone it was put away
 * @returns {() => void} draws
 */
export function makeMessages(element, held, say, gone) {
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
  addEventListener("focus", look, { signal: gone })

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
 * @param {Shown} held
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
  const stands = find(element, "standing")
  const again = find(element, "again")
  element.classList.add(line.by)
  write(find(element, "by"), say(`by_${line.by}`))
  write(text, line.text)
  text.lang = held.facts.lang
  text.dir = "auto"
  again.addEventListener("click", () => writeAgain(pane, held, line))
  return {
    element,
    update({ standing }) {
      element.classList.toggle("unsent", standing === "unsent")
      element.classList.toggle("failed", standing === "failed")
      write(at, timeOfDay(line.at))
      write(stands, standing ? say(standing) : "")
      again.hidden = standing !== "failed" || held.state !== "active"
    },
  }
}

/**
 * Put what could not be sent back into the box, before what is there.
 * @param {HTMLElement} pane
 * @param {Shown} held
 * @param {Line} line
 */
function writeAgain(pane, held, line) {
  const box = find(pane, "text", HTMLTextAreaElement)
  box.value = [line.text, box.value].filter(Boolean).join("\n")
  held.forget(line.key)
  box.focus()
}
