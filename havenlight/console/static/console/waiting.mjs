// @ts-check
/** Who waits, as far as this desk may offer them, and taking one of them. Knows no page. */

import { Lost, Refused } from "../chat/link.mjs"

/**
 * @typedef {import("./requests.mjs").Waiting} Waiting
 * @typedef {{waiting: Waiting[], more: number, letters: Waiting[], more_letters: number}} Queue in the order of the server; `more` are behind
 * @typedef {"" | "taken" | "gone" | "capacity" | "not_accepted" | "not_accepted_lost"} Outcome empty when she has it; else the name of the words for it
 */

/**
 * @param {object} options
 * @param {(conv: string) => Promise<void>} options.ask for a conversation; it is held when this is answered
 * @param {(conv: string) => boolean} options.isHers
 * @param {() => void} options.onChange
 */
export function makeWaiting({ ask, isHers, onChange }) {
  /** @type {Waiting[] | null} */
  let all = null
  /** @type {Waiting[]} */
  let letters = []
  let beyond = { waiting: 0, letters: 0 }
  /** @type {Set<string>} */
  const asked = new Set()

  /** @param {Waiting} one */
  const mayOffer = ({ conv }) => !asked.has(conv) && !isHers(conv)

  return {
    /** @param {Queue} queue */
    take(queue) {
      all = queue.waiting
      letters = queue.letters
      beyond = { waiting: queue.more, letters: queue.more_letters }
      onChange()
    },
    /** Without those that are hers or may be: pressing twice must not ask twice. Null when nothing is known yet. */
    offered: () => all?.filter(mayOffer) ?? null,
    letters: () => letters.filter(mayOffer),
    /** How many wait, and how many letters lie, behind those that the server tells of. */
    beyond: () => beyond,
    /** @param {string} conv @returns {Promise<Outcome>} */
    async accept(conv) {
      asked.add(conv)
      onChange()
      try {
        await ask(conv)
        return ""
      } catch (error) {
        const outcome = outcomeOf(error)
        // Taken or gone, it is nobody's to take here. The next queue says the same.
        if (outcome === "taken" || outcome === "gone") {
          all = all?.filter((other) => other.conv !== conv) ?? null
          letters = letters.filter((other) => other.conv !== conv)
        }
        return outcome
      } finally {
        asked.delete(conv)
        onChange()
      }
    },
  }
}

/** @param {unknown} error @returns {Outcome} */
function outcomeOf(error) {
  if (error instanceof Lost) return "not_accepted_lost"
  if (!(error instanceof Refused)) throw error
  if (error.code === "taken" || error.code === "capacity") return error.code
  return ["ended", "unknown"].includes(error.code) ? "gone" : "not_accepted"
}
