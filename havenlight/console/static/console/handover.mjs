// @ts-check
/** Offering a conversation to a colleague. */

import { find, write } from "./page.mjs"

/**
 * @param {object} options
 * @param {HTMLElement} options.element
 * @param {import("./held.mjs").Held} options.held
 * @param {import("./queue.mjs").Say} options.say
 * @param {import("./requests.mjs").Requests} options.requests
 * @param {(text: string) => void} options.tell
 * @returns {import("./drawer.mjs").Opened}
 */
export function makeHandOver({ element, held, say, requests, tell }) {
  const form = find(element, "offer-form", HTMLFormElement)
  const to = find(form, "offer-to", HTMLSelectElement)
  const reason = find(form, "offer-reason", HTMLSelectElement)
  const nobody = find(form, "offer-nobody")
  const fields = find(form, "offer-fields")
  const offered = find(element, "offered")
  const withdraw = find(element, "offer-withdraw")

  /** @param {() => Promise<unknown>} job */
  async function attempt(job) {
    tell("")
    try {
      await job()
    } catch {
      tell(say("not_done"))
    }
  }

  async function load() {
    const { colleagues } = await requests.colleagues()
    to.replaceChildren(
      ...colleagues.map((one) => new Option(say(`colleague_${one.standing}`, { ...one }), one.member)),
    )
    const alone = colleagues.length === 0
    // What is hidden loses the focus.
    const hadFocus = form.contains(document.activeElement)
    nobody.hidden = !alone
    fields.hidden = alone
    if (hadFocus) (alone ? nobody : to).focus()
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    attempt(() => requests.handOver(held.conv, to.value, reason.value))
  })
  withdraw.addEventListener("click", () => attempt(() => requests.keepAfterAll(held.conv)))

  return {
    draw() {
      form.hidden = held.offeredTo !== null || held.state !== "active"
      write(offered, held.offeredTo === null ? "" : say("offered", { alias: held.offeredTo }))
      withdraw.hidden = held.offeredTo === null
    },
    open() {
      if (held.offeredTo !== null) withdraw.focus()
      else if (fields.hidden) nobody.focus()
      else to.focus()
      attempt(load)
    },
  }
}
