// @ts-check
/** Files that a coordinator keeps: written to her own computer and read from it. None of them is ever sent. */

import { SealBroken } from "../chat/seal.mjs"

/** @param {string} name @param {string} text @param {string} kind */
export function download(name, text, kind) {
  const address = URL.createObjectURL(new Blob([text], { type: kind }))
  const link = Object.assign(document.createElement("a"), { href: address, download: name })
  link.click()
  // The browser has taken the file by then; its text must not stay behind an address.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/** @param {HTMLInputElement} input @returns {Promise<any>} the JSON of the file in it @throws {SealBroken} */
export async function readJson(input) {
  try {
    return JSON.parse((await input.files?.[0]?.text()) ?? "")
  } catch {
    throw new SealBroken("not the file of a key")
  }
}
