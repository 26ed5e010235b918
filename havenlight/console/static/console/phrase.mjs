// @ts-check
/** Opening a member's key with her phrase or her passkey. The opened keys are returned and kept nowhere else: they go with the page. */

import { Lost, Refused } from "../chat/link.mjs"
import { checkHers, checkSigned, KeysRefused, openKeys, seenOf } from "./keys.mjs"
import { find, write } from "./page.mjs"
import { askPasskey, knowsPasskeys } from "./passkey.mjs"
import { SIGNED_OUT } from "./requests.mjs"

/**
 * @typedef {import("./keys.mjs").OpenKeys} OpenKeys
 * @typedef {import("./keys.mjs").Secret} Secret
 * @typedef {import("./keys.mjs").Seen} Seen
 * @typedef {import("./requests.mjs").Keys} Keys
 */

const SEEN = "manifest-seen"

/** @returns {Seen | null} what this browser believed last; of the organisation alone, nothing of who worked here */
function lastSeen() {
  const kept = localStorage.getItem(SEEN)
  return kept === null ? null : JSON.parse(kept)
}

/**
 * Ask for her keys, and believe them only when they follow from what was believed before.
 * @param {HTMLElement} page carries the organisation's key and whether it is the demo's
 * @param {(seen: string) => Promise<Keys>} ask
 * @returns {Promise<{keys: Keys, manifest: import("./keys.mjs").Manifest}>}
 */
export async function askSigned(page, ask) {
  const { organisationKey = "", demo } = page.dataset
  const seen = lastSeen()
  const keys = await ask(seen?.org === organisationKey ? seen.manifest : "")
  const manifest = await checkSigned(keys, organisationKey, { demo: demo === "yes", seen })
  localStorage.setItem(SEEN, JSON.stringify(await seenOf(keys, organisationKey)))
  return { keys, manifest }
}

/**
 * @param {object} options
 * @param {HTMLElement} options.page
 * @param {(seen: string) => Promise<Keys>} options.ask
 * @param {ReturnType<typeof import("./page.mjs").readWords>} options.say
 * @returns {Promise<OpenKeys>} when the phrase was right, or the passkey
 */
export async function unlock({ page, ask, say }) {
  const hers = async () => {
    const { keys, manifest } = await askSigned(page, ask)
    checkHers(keys, manifest)
    return keys
  }
  return askSecret({ page, ask: hers, say, open: (keys, secret) => openKeys(keys, secret, hers) })
}

/**
 * The form of her phrase, and the button of her passkey, until one of them opened.
 * @template T
 * @param {object} options
 * @param {HTMLElement} options.page
 * @param {() => Promise<Keys>} options.ask
 * @param {(keys: Keys, secret: Secret) => Promise<T>} options.open
 * @param {ReturnType<typeof import("./page.mjs").readWords>} options.say
 * @returns {Promise<T>}
 */
export function askSecret({ page, ask, open, say }) {
  const form = find(page, "unlock", HTMLFormElement)
  const phrase = find(page, "phrase", HTMLInputElement)
  const refused = find(page, "unlock-refused")
  const show = find(page, "show-phrase", HTMLInputElement)
  const passkey = find(page, "unlock-passkey", HTMLButtonElement)
  show.addEventListener("change", () => (phrase.type = show.checked ? "text" : "password"))
  // Until now the form would have been sent as if there were no script.
  setOpening(false)
  phrase.focus()
  // One press instead of six words: it comes first for who has a passkey.
  passkey.hidden = passkey.dataset.hers !== "yes" || !knowsPasskeys()
  if (!passkey.hidden) passkey.focus()

  /** @param {boolean} opening */
  function setOpening(opening) {
    for (const button of [find(page, "unlock-button", HTMLButtonElement), passkey]) button.disabled = opening
    phrase.readOnly = opening
    write(find(page, "unlock-progress"), opening ? say("opening") : "")
  }

  /** @param {unknown} error */
  function tell(error) {
    write(refused, say(`unlock_${reason(error)}`))
    if (error instanceof KeysRefused && error.reason === "passkey") return
    phrase.setAttribute("aria-invalid", "true")
    phrase.select()
    phrase.focus()
  }

  /** @param {Keys} keys @returns {Promise<Secret>} */
  async function byPasskey(keys) {
    const output = await askPasskey(keys.passkeys)
    if (!output) throw new KeysRefused("passkey")
    return output
  }

  return new Promise((resolve) => {
    /** @param {(keys: Keys) => Promise<Secret>} secretOf */
    async function attempt(secretOf) {
      setOpening(true)
      write(refused, "")
      try {
        const keys = await ask()
        const opened = await open(keys, await secretOf(keys))
        form.reset()
        resolve(opened)
      } catch (error) {
        tell(error)
      } finally {
        setOpening(false)
      }
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      attempt(async () => ({ phrase: phrase.value }))
    })
    passkey.addEventListener("click", () => attempt(byPasskey))
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
