// @ts-check
/**
 * The key pair of an organisation that gets referrals: made and kept on its own computer, in a file under a passphrase (docs/protocol.md,
 * section 8). Knows no page and no network.
 *
 * @typedef {import("../chat/open.mjs").Pair} Pair
 * @typedef {{havenlight: "key", v: 1, public: string, salt: string, iterations: number, wrap: string}} KeyFile
 */
import { readPrivate } from "../chat/open.mjs"
import { b64, ECDH, join, SealBroken, unb64 } from "../chat/seal.mjs"
import { ITERATIONS, openUnder, sealUnder, stretched } from "../chat/under.mjs"

const { subtle } = crypto

/** @param {string} passphrase as it was typed */
const written = (passphrase) => passphrase.normalize("NFKC")

/** @param {Uint8Array} publicKey */
const aad = (publicKey) => join("havenlight/recipient/1|", publicKey)

/** @param {string} passphrase @returns {Promise<{file: KeyFile, pair: Pair}>} */
export async function makeKey(passphrase) {
  const made = await subtle.generateKey(ECDH, true, ["deriveBits"])
  const publicKey = new Uint8Array(await subtle.exportKey("raw", made.publicKey))
  const pkcs8 = new Uint8Array(await subtle.exportKey("pkcs8", made.privateKey))
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const wrap = b64(await sealUnder(await stretched(written(passphrase), salt, ITERATIONS), aad(publicKey), pkcs8))
  const pair = await readPrivate(pkcs8, publicKey)
  return { file: { havenlight: "key", v: 1, public: b64(publicKey), salt: b64(salt), iterations: ITERATIONS, wrap }, pair }
}

/** @param {any} file @param {string} passphrase @returns {Promise<Pair>} @throws {SealBroken} another passphrase, or no key file */
export async function openKey(file, passphrase) {
  if (file?.havenlight !== "key" || file.v !== 1) throw new SealBroken("not a key file")
  const publicKey = unb64(file.public)
  const kek = await stretched(written(passphrase), unb64(file.salt), file.iterations)
  return readPrivate(await openUnder(kek, aad(publicKey), unb64(file.wrap)), publicKey)
}
