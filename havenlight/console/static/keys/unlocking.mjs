// @ts-check
/** Two forms of the pages of keys: the file of the signing key with its phrase, and a notice of how things went. */

import { Lost, Refused } from "../chat/link.mjs"
import { unlockSigning } from "../chat/making.mjs"
import { ManifestRefused, SealBroken, b64 } from "../chat/seal.mjs"
import { KeysRefused } from "../console/keys.mjs"
import { find, write } from "../console/page.mjs"
import { SIGNED_OUT } from "../console/requests.mjs"
import { readJson } from "./files.mjs"

/**
 * @param {HTMLElement} page has the form of keys/_signing.html
 * @returns {Promise<import("../chat/making.mjs").Signer>}
 * @throws {SealBroken} another phrase, or the file of another organisation
 */
export async function askSigner(page) {
  const file = await readJson(find(page, "signing-file", HTMLInputElement))
  const signer = await unlockSigning(file, find(page, "signing-phrase", HTMLInputElement).value)
  if (b64(signer.public) !== page.dataset.organisationKey) throw new SealBroken("the signing key of another organisation")
  return signer
}

/**
 * Run `work` once at a time, and say what became of it.
 * @param {HTMLElement} page @param {HTMLButtonElement} button
 * @param {ReturnType<typeof import("../console/page.mjs").readWords>} say
 * @param {(busy: () => void) => Promise<void>} work says itself from when on she has to wait
 */
export async function working(page, button, say, work) {
  const note = find(page, "note")
  button.disabled = true
  note.classList.remove("grave")
  write(note, "")
  try {
    await work(() => write(note, say("working")))
    write(note, "")
  } catch (error) {
    note.classList.add("grave")
    write(note, say(wordOf(error)))
  } finally {
    button.disabled = false
  }
}

/** @param {unknown} error @returns {string} the name of its words */
function wordOf(error) {
  if (error instanceof KeysRefused) return `unlock_${error.reason}`
  if (error instanceof ManifestRefused) return "unlock_manifest"
  if (error instanceof SealBroken) return "not_opened_file"
  if (error instanceof Lost) return "unlock_lost"
  if (error instanceof Refused && error.code === SIGNED_OUT) return "unlock_signed_out"
  if (error instanceof Refused && error.code === "epoch") return "changed"
  reportError(error)
  return "failed"
}
