// @ts-check
/** What visitors left to be answered when somebody can, and who may come back in this shift at an agreed time. */

import { timeOfDay } from "./minutes.mjs"
import { find, keyed, stamp, write } from "./page.mjs"
import { languageName, makeFacts } from "./queue.mjs"

/**
 * @typedef {import("./requests.mjs").Waiting} Waiting
 * @typedef {import("./requests.mjs").Agreed} Agreed
 * @typedef {import("./queue.mjs").Say} Say
 */

/**
 * @param {object} options
 * @param {HTMLElement} options.root
 * @param {Say} options.say
 * @param {(conv: string) => void} options.onAnswer
 * @returns {(letters: Waiting[], more: number, open: boolean) => void} draws the oldest, and how many more there are
 */
export function makeLetters({ root, say, onAnswer }) {
  const section = find(root, "letters")
  let answerable = true
  const draw = keyed(find(section, "letters-list"), (/** @type {Waiting} */ one) => one.conv, makeRow)

  /** @param {Waiting} first */
  function makeRow({ conv }) {
    const element = stamp("letter-row")
    const wait = find(element, "wait")
    const answer = find(element, "accept", HTMLButtonElement)
    const showFacts = makeFacts(element, say)
    find(element, "facts").id = `facts-${conv}`
    answer.setAttribute("aria-describedby", `facts-${conv}`)
    answer.addEventListener("click", () => onAnswer(conv))
    return {
      element,
      /** @param {Waiting} letter */
      update(letter) {
        write(wait, say("left_at", { time: timeOfDay(letter.waiting_since) }))
        showFacts(letter)
        answer.disabled = !answerable
      },
    }
  }

  return (letters, more, open) => {
    answerable = open
    draw(letters)
    section.hidden = !letters.length
    write(find(section, "letters-count"), letters.length ? String(letters.length + more) : "")
  }
}

/**
 * @param {object} options
 * @param {HTMLElement} options.root
 * @param {Say} options.say
 * @returns {(agreed: Agreed[]) => void} draws
 */
export function makeAgreedList({ root, say }) {
  const list = find(root, "agreed-list")
  const draw = keyed(list, (/** @type {Agreed} */ one) => one.thread, makeRow)

  function makeRow() {
    const element = stamp("agreed-row")
    return {
      element,
      /** @param {Agreed} one */
      update({ at, alias, lang, here }) {
        const told = { time: timeOfDay(at), alias, language: languageName(lang) }
        write(element, say(here ? "agreed_here" : "agreed_row", told))
      },
    }
  }

  return (agreed) => {
    list.hidden = !agreed.length
    draw(agreed)
  }
}
