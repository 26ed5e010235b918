// @ts-check
/**
 * The return code in the browser: docs/protocol.md, section 2. Loaded when she asks for it. Knows no page and no network.
 *
 *     draw(list)                           six words
 *     stretch(words, org)                  {lookup, key}: slow on purpose, a second or more on a phone
 *     wrap(K, key, conv) unwrap(...)       a conversation's key under the code's
 *     sealForTab(key, K, conv) openInTab   the code's key under the conversation's, for a reload
 *     holdsCode(text, list)                whether a text gives a code away
 *
 * @typedef {import("./seal.mjs").Bytes} Bytes
 */
import { aesKey, decrypt, derive, join, unhex } from "./seal.mjs"

const WORDS = 6
const ITERATIONS = 600_000
const NONCE_BYTES = 12
const { subtle } = crypto
const none = new Uint8Array(0)

/** @param {string[]} list @returns {string[]} each word equally likely */
export function draw(list) {
  const most = 2 ** 32 - (2 ** 32 % list.length)
  const one = () => {
    // What lies beyond a whole multiple is drawn again: the first words would come more often.
    for (;;) {
      const [number] = crypto.getRandomValues(new Uint32Array(1))
      if (number < most) return list[number % list.length]
    }
  }
  return Array.from({ length: WORDS }, one)
}

/** @param {string} words as typed */
const normalised = (words) => (words.normalize("NFKC").toLowerCase().match(/[^ \t\r\n]+/g) ?? []).join(" ")

/**
 * @param {string} words as they were typed @param {Bytes} org the organisation's public key
 * @returns {Promise<{lookup: Bytes, key: Bytes}>}
 */
export async function stretch(words, org) {
  const salt = (await subtle.digest("SHA-256", join("havenlight/code/1|salt|", org))).slice(0, 16)
  const typed = await subtle.importKey("raw", join(new TextEncoder().encode(normalised(words))), "PBKDF2", false, ["deriveBits"])
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS }
  const stretched = new Uint8Array(await subtle.deriveBits(how, typed, 256))
  return {
    lookup: await derive(stretched, none, join("havenlight/code/1|lookup")),
    key: await derive(stretched, none, join("havenlight/code/1|wrap")),
  }
}

/** @param {Bytes} secret @param {Bytes} key @param {Bytes} aad @returns {Promise<Bytes>} */
async function sealUnder(secret, key, aad) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const algorithm = { name: "AES-GCM", iv, additionalData: aad }
  return join(iv, new Uint8Array(await subtle.encrypt(algorithm, await aesKey(key, "encrypt"), secret)))
}

/** @param {Bytes} sealed @param {Bytes} key @param {Bytes} aad */
const openUnder = async (sealed, key, aad) =>
  decrypt(await aesKey(key, "decrypt"), sealed.slice(0, NONCE_BYTES), sealed.slice(NONCE_BYTES), aad)

/** @param {string} conv */
const convAad = (conv) => join("havenlight/code/1|conv|", unhex(conv))

/** @param {Bytes} key K @param {Bytes} codeKey @param {string} conv */
export const wrap = (key, codeKey, conv) => sealUnder(key, codeKey, convAad(conv))

/** @param {Bytes} sealed @param {Bytes} codeKey @param {string} conv @throws {import("./seal.mjs").SealBroken} */
export const unwrap = (sealed, codeKey, conv) => openUnder(sealed, codeKey, convAad(conv))

/** @param {string} conv @param {Bytes} key K */
const tabKey = (conv, key) => derive(key, unhex(conv), join("havenlight/code/1|tab"))

/** @param {Bytes} codeKey @param {Bytes} key K @param {string} conv */
export const sealForTab = async (codeKey, key, conv) => sealUnder(codeKey, await tabKey(conv, key), none)

/** @param {Bytes} sealed @param {Bytes} key K @param {string} conv */
export const openInTab = async (sealed, key, conv) => openUnder(sealed, await tabKey(conv, key), none)

/**
 * Six words of the list in a row: people do not write so. Which code it is need not be known, so that it need not be kept.
 * @param {string} text @param {Iterable<string>} list
 */
export function holdsCode(text, list) {
  const known = new Set(list)
  let row = 0
  for (const word of text.normalize("NFKC").toLowerCase().match(/\p{L}+/gu) ?? []) {
    row = known.has(word) ? row + 1 : 0
    if (row === WORDS) return true
  }
  return false
}
