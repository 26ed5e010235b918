// @ts-check
/**
 * The key pair of an organisation that gets referrals: made and kept on its own computer, in a file under a passphrase (docs/protocol.md,
 * section 8). Knows no page and no network.
 *
 * @typedef {import("../chat/open.mjs").Pair} Pair
 * @typedef {{havenlight: "key", v: 1, public: string, salt: string, iterations: number, wrap: string}} KeyFile
 */
import { readPrivate } from "../chat/open.mjs"
import { b64, decrypt, ECDH, join, SealBroken, unb64 } from "../chat/seal.mjs"

const ITERATIONS = 600_000
const { subtle } = crypto

/** @param {string} passphrase @param {Uint8Array<ArrayBuffer>} salt @param {number} iterations @param {"encrypt" | "decrypt"} usage */
async function stretch(passphrase, salt, iterations, usage) {
  const typed = await subtle.importKey("raw", new TextEncoder().encode(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"])
  return subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, typed, { name: "AES-GCM", length: 256 }, false, [usage])
}

/** @param {Uint8Array} publicKey */
const aad = (publicKey) => join("havenlight/recipient/1|", publicKey)

/** @param {string} passphrase @returns {Promise<{file: KeyFile, pair: Pair}>} */
export async function makeKey(passphrase) {
  const made = await subtle.generateKey(ECDH, true, ["deriveBits"])
  const publicKey = new Uint8Array(await subtle.exportKey("raw", made.publicKey))
  const pkcs8 = new Uint8Array(await subtle.exportKey("pkcs8", made.privateKey))
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const kek = await stretch(passphrase, salt, ITERATIONS, "encrypt")
  const sealed = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: aad(publicKey) }, kek, pkcs8)
  const wrap = b64(join(iv, new Uint8Array(sealed)))
  const pair = await readPrivate(pkcs8, publicKey)
  return { file: { havenlight: "key", v: 1, public: b64(publicKey), salt: b64(salt), iterations: ITERATIONS, wrap }, pair }
}

/** @param {any} file @param {string} passphrase @returns {Promise<Pair>} @throws {SealBroken} another passphrase, or no key file */
export async function openKey(file, passphrase) {
  if (file?.havenlight !== "key" || file.v !== 1) throw new SealBroken("not a key file")
  const publicKey = unb64(file.public)
  const wrap = unb64(file.wrap)
  const kek = await stretch(passphrase, unb64(file.salt), file.iterations, "decrypt")
  return readPrivate(await decrypt(kek, wrap.slice(0, 12), wrap.slice(12), aad(publicKey)), publicKey)
}
