// @ts-check
/** Opening a member's key with her phrase. The opened keys are returned and kept nowhere else: they go with the page. */

import { Lost, Refused } from "../chat/link.mjs"
import { checkKeys, KeysRefused, openKeys } from "./keys.mjs"
import { find, write } from "./page.mjs"
import { SIGNED_OUT } from "./requests.mjs"

/** @typedef {import("./keys.mjs").OpenKeys} OpenKeys */

/**
 * @param {object} options
 * @param {HTMLElement} options.page carries the organisation's key and whether it is the demo's
 * @param {() => Promise<import("./requests.mjs").Keys>} options.ask
 * @param {ReturnType<typeof import("./page.mjs").readWords>} options.say
 * @returns {Promise<OpenKeys>} when the phrase was right
 */
export function unlock({ page, ask, say }) {
  const form = find(page, "unlock", HTMLFormElement)
  const phrase = find(page, "phrase", HTMLInputElement)
  const refused = find(page, "unlock-refused")
  const show = find(page, "show-phrase", HTMLInputElement)
  show.addEventListener("change", () => (phrase.type = show.checked ? "text" : "password"))
  // Until now the form would have been sent as if there were no script.
  setOpening(false)
  phrase.focus()

  /** @param {boolean} opening */
  function setOpening(opening) {
    find(page, "unlock-button", HTMLButtonElement).disabled = opening
    phrase.readOnly = opening
    write(find(page, "unlock-progress"), opening ? say("opening") : "")
  }

  async function attempt() {
    const keys = await ask()
    const { organisationKey = "", demo } = page.dataset
    await checkKeys(keys, organisationKey, { demo: demo === "yes" })
    return openKeys(keys, phrase.value)
  }

  /** @param {unknown} error */
  function tell(error) {
    write(refused, say(`unlock_${reason(error)}`))
    phrase.setAttribute("aria-invalid", "true")
    phrase.select()
    phrase.focus()
  }

  return new Promise((resolve) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault()
      setOpening(true)
      write(refused, "")
      try {
        const opened = await attempt()
        form.reset()
        resolve(opened)
      } catch (error) {
        tell(error)
      } finally {
        setOpening(false)
      }
    })
  })
}

/** @param {unknown} error @returns {string} the end of the name of its words */
function reason(error) {
  if (error instanceof KeysRefused) return error.reason
  if (error instanceof Lost) return "lost"
  if (error instanceof Refused && error.code === SIGNED_OUT) return SIGNED_OUT
  reportError(error)
  return "no_keys"
}
