// @ts-check
/** The queue as it is seen: who waits how long and what she said about herself, in the order the server gives. */

import { since, timeOfDay } from "./minutes.mjs"
import { find, keyed, stamp, write } from "./page.mjs"

/** @typedef {import("./requests.mjs").Waiting} Waiting */
/** @typedef {ReturnType<typeof import("./page.mjs").readWords>} Say */

/** @type {Map<string, string>} the name of a language in itself, by its code */
const languageNames = new Map()

/** @param {string} code @returns {string} */
export function languageName(code) {
  if (!languageNames.has(code)) {
    const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code
    languageNames.set(code, name)
  }
  return languageNames.get(code) ?? code
}

/**
 * Show what the visitor tapped, most urgent first; what she did not say is not shown.
 * @param {HTMLElement} root holds the elements of the template "facts"
 * @param {Say} say
 * @returns {(conversation: Waiting) => void} draws
 */
export function makeFacts(root, say) {
  const training = find(root, "practice")
  const danger = find(root, "danger")
  const under18 = find(root, "under-18")
  const again = find(root, "returning")
  const forWhom = find(root, "for-whom")
  const language = find(root, "language")
  const sealed = find(root, "server-sealed")
  const absent = find(root, "away")
  const agreed = find(root, "agreed")
  const noCode = find(root, "no-code")
  return (conversation) => {
    const { for_whom, in_danger, under_18, returning, wish, lang, server_sealed, away, practice, letter, has_code, agreed_at } = conversation
    write(training, practice ? say("practice") : "")
    write(danger, in_danger ? say("in_danger") : "")
    write(under18, under_18 ? say("under_18") : "")
    write(again, wish ? say("wish", { alias: wish.alias }) : returning ? say("returning") : "")
    write(forWhom, for_whom ? say(`for_${for_whom}`) : "")
    write(language, languageName(lang))
    write(sealed, server_sealed ? say("server_sealed") : "")
    write(absent, away && !letter ? say("away_short") : "")
    write(agreed, agreed_at ? say("agreed_at", { time: timeOfDay(agreed_at) }) : "")
    write(noCode, letter && !has_code ? say("no_code") : "")
  }
}

/**
 * @param {object} options
 * @param {HTMLElement} options.root
 * @param {Say} options.say
 * @param {(conv: string) => void} options.onAccept
 * @returns {(waiting: Waiting[] | null, more: number, open: boolean) => void} draws; null when nothing is known yet, `more` wait behind, closed while the line is lost
 */
export function makeQueue({ root, say, onAccept }) {
  const list = find(root, "waiting")
  const next = find(root, "accept-next", HTMLButtonElement)
  const count = find(root, "waiting-count")
  const empty = find(root, "nobody")
  const behind = find(root, "waiting-more")
  let acceptable = true
  const draw = keyed(list, (/** @type {Waiting} */ one) => one.conv, makeRow)

  /** @param {Waiting} first */
  function makeRow({ conv }) {
    const element = stamp("waiting-row")
    const wait = find(element, "wait")
    const accept = find(element, "accept", HTMLButtonElement)
    const showFacts = makeFacts(element, say)
    find(element, "facts").id = `facts-${conv}`
    accept.setAttribute("aria-describedby", `facts-${conv}`)
    accept.addEventListener("click", () => onAccept(conv))
    return {
      element,
      /** @param {Waiting} conversation */
      update(conversation) {
        element.classList.toggle("danger", conversation.in_danger === true)
        write(wait, say("wait", { minutes: since(conversation.waiting_since) }))
        showFacts(conversation)
        accept.disabled = !acceptable
      },
    }
  }

  return (waiting, more, open) => {
    acceptable = open
    draw(waiting ?? [])
    write(count, waiting ? String(waiting.length + more) : "")
    write(behind, more ? say("more_wait", { count: more }) : "")
    write(empty, waiting?.length === 0 ? say("nobody_waits") : waiting ? "" : say("queue_unknown"))
    next.disabled = !open || !waiting?.length
    root.classList.toggle("stale", !open)
  }
}
