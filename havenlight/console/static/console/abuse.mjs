// @ts-check
/** What is not sincere, and what is abuse: marked with a reason, ended and blocked for hours. */

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
export function makeAbuse({ element, held, say, requests, tell }) {
  const insincere = find(element, "insincere-reason", HTMLSelectElement)
  const form = find(element, "block-form", HTMLFormElement)
  const reason = find(form, "block-reason", HTMLSelectElement)
  const hours = find(form, "block-hours", HTMLSelectElement)

  /** @param {() => Promise<unknown>} job */
  async function attempt(job) {
    tell("")
    try {
      await job()
    } catch {
      tell(say("not_done"))
      draw()
    }
  }

  function draw() {
    insincere.value = held.insincere
    form.hidden = held.state !== "active"
  }

  insincere.addEventListener("change", () =>
    attempt(async () => {
      const chosen = insincere.value
      await requests.insincere(held.conv, chosen || null)
      held.insincere = chosen
    }),
  )
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    attempt(() => requests.block(held.conv, reason.value, Number(hours.value)))
  })

  return { draw, open: () => insincere.focus() }
}
