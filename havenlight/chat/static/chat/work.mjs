// @ts-check
/**
 * Work that a browser is asked for while many chats are begun from its address: find the number that gives the target.
 * Loaded only then. Knows no page and no network.
 *
 * @typedef {{salt: string, iterations: number, most: number, target: string}} Work as a refusal tells it
 */
import { b64, join, u32, unb64 } from "./seal.mjs"

const AT_ONCE = 8

/**
 * The browser derives beside the page, which stays as quick as it was.
 * @param {Work} work
 * @returns {Promise<Record<string, string>>} the header that hands it in; none when no number gives the target
 */
export async function work({ salt, iterations, most, target }) {
  const purpose = await crypto.subtle.importKey("raw", join("havenlight/proof/1|"), "PBKDF2", false, ["deriveBits"])
  const raw = unb64(salt)

  /** @param {number} number */
  async function gives(number) {
    const algorithm = { name: "PBKDF2", hash: "SHA-256", salt: join(raw, u32(number)), iterations }
    return b64(new Uint8Array(await crypto.subtle.deriveBits(algorithm, purpose, 256))) === target
  }

  for (let from = 0; from < most; from += AT_ONCE) {
    const some = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => gives(from + i)))
    const found = some.indexOf(true)
    if (found >= 0) return { "X-Havenlight-Work": `${salt}.${from + found}` }
  }
  return {}
}
