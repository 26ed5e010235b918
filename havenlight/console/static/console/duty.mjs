// @ts-check
/** How she stands in the shift, and how much she has in hand. */

import { find, write } from "./page.mjs"

/**
 * @typedef {import("./requests.mjs").Me} Me
 * @typedef {import("./requests.mjs").Standing} Standing
 */

/**
 * @param {object} options
 * @param {HTMLElement} options.page
 * @param {import("./queue.mjs").Say} options.say
 * @param {(standing: Standing) => Promise<{me: Me}>} options.ask
 * @param {(wrapUp: number) => number} options.load of what is in hand now, in the same unit as the capacity
 * @param {(word: string) => void} options.onFailed the name of the words for it
 * @param {() => void} options.onChange
 */
export function makeDuty({ page, say, ask, load, onFailed, onChange }) {
  const choices = [...page.querySelectorAll("[name=standing]")].filter((one) => one instanceof HTMLInputElement)
  const inHand = find(page, "in-hand")
  const beyond = find(page, "hers-beyond")
  /** @type {Me | null} */
  let me = null

  /** @param {Standing} standing */
  async function go(standing) {
    try {
      take((await ask(standing)).me)
    } catch {
      onFailed("not_done")
      show()
    }
  }

  /** @param {Me} told by the server */
  function take(told) {
    me = told
    show()
    onChange()
  }

  function show() {
    for (const name of ["standing", "sound-choice"]) find(page, name).hidden = false
    write(beyond, me?.beyond ? say("beyond", { count: me.beyond }) : "")
    for (const choice of choices) choice.checked = choice.value === me?.standing
  }

  for (const choice of choices) choice.addEventListener("change", () => go(/** @type {Standing} */ (choice.value)))

  const current = () => (me ? load(me.wrap_up) : 0)

  return {
    take,
    draw: () => write(inHand, me ? say("in_hand", { load: current(), capacity: me.capacity }) : ""),
    isOn: () => me?.standing === "on",
    /** Whether the server will let her accept one more who is not in danger. */
    hasRoom: () => me !== null && current() < me.capacity,
    /** On duty, and from there to a break and back. */
    pause: () => go(me?.standing === "on" ? "break" : "on"),
  }
}
