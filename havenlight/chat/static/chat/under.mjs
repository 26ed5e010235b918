// @ts-check
/**
 * A private key under a secret that a person has: a phrase, stretched, or what her passkey gives. Knows no page and no network.
 *
 * @typedef {import("./seal.mjs").Bytes} Bytes
 */
import { decrypt, join } from "./seal.mjs"

export const ITERATIONS = 600_000
const NONCE_BYTES = 12
const { subtle } = crypto

/** @param {string} phrase as it was typed @returns {string[]} its words as they are stretched */
export const wordsOf = (phrase) => phrase.normalize("NFKC").toLowerCase().match(/[^ \t\r\n]+/g) ?? []

/**
 * Slow on purpose: a second or more on a phone.
 * @param {string} text @param {Bytes} salt @param {number} iterations
 * @returns {Promise<CryptoKey>}
 */
export async function stretched(text, salt, iterations) {
  const typed = await subtle.importKey("raw", new TextEncoder().encode(text), "PBKDF2", false, ["deriveKey"])
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations }
  return subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])
}

/** @param {CryptoKey} kek @param {Bytes} aad @param {Bytes} secret @returns {Promise<Bytes>} nonce (12) | ciphertext */
export async function sealUnder(kek, aad, secret) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  return join(iv, new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv, additionalData: aad }, kek, secret)))
}

/** @param {CryptoKey} kek @param {Bytes} aad @param {Bytes} sealed @throws {import("./seal.mjs").SealBroken} another secret, or altered bytes */
export const openUnder = (kek, aad, sealed) => decrypt(kek, sealed.slice(0, NONCE_BYTES), sealed.slice(NONCE_BYTES), aad)
