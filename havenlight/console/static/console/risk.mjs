// @ts-check
/** A risk that a member sees, with the steps of the protocol. */

import { find } from "./page.mjs"

/**
 * @param {object} options
 * @param {HTMLElement} options.element
 * @param {import("./held.mjs").Held} options.held
 * @param {import("./queue.mjs").Say} options.say
 * @param {import("./requests.mjs").Requests} options.requests
 * @param {(text: string) => void} options.tell
 * @returns {import("./drawer.mjs").Opened}
 */
export function makeRisk({ element, held, say, requests, tell }) {
  const form = find(element, "risk-form", HTMLFormElement)
  const flag = find(form, "risk-flag")
  const back = find(form, "risk-back")
  const steps = [...form.querySelectorAll("[name=step]")].filter((one) => one instanceof HTMLInputElement)

  /** @param {string[] | null} done */
  async function keep(done) {
    tell("")
    try {
      await requests.risk(held.conv, done)
      held.risk = done
    } catch {
      tell(say("not_done"))
    }
    draw()
  }

  const ticked = () => steps.filter(({ checked }) => checked).map(({ value }) => value)

  function draw() {
    for (const step of steps) step.checked = held.risk?.includes(step.value) ?? false
    flag.hidden = held.risk !== null
    back.hidden = held.risk === null
  }

  // A tick is a flag too: nobody ticks what was done about no risk.
  for (const step of steps) step.addEventListener("change", () => keep(ticked()))
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    keep(ticked())
  })
  back.addEventListener("click", () => keep(null))

  return {
    draw,
    open: () => steps[0]?.focus(),
  }
}
