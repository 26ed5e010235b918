// @ts-check
/**
 * Opening what was sealed to a key pair: the half of HPKE that a visitor never needs. Knows no page and no network.
 *
 * @typedef {import("./seal.mjs").Bytes} Bytes
 * @typedef {{public: Bytes, private: CryptoKey}} Pair a private CryptoKey does not yield its public half, so the two stay together
 */
import { decrypt, ECDH, hex, join, schedule, SealBroken } from "./seal.mjs"

/**
 * @param {Bytes} pkcs8 wiped
 * @param {Bytes} publicKey
 * @returns {Promise<Pair>} no script can read the private half out again
 */
export async function readPrivate(pkcs8, publicKey) {
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, ECDH, false, ["deriveBits"]).catch(() => {
    throw new SealBroken("what was opened is not a private key")
  })
  pkcs8.fill(0)
  return { public: publicKey, private: key }
}

/**
 * @param {Pair} pair @param {Bytes} info @param {Bytes} sealed
 * @returns {Promise<Bytes>}
 * @throws {SealBroken}
 */
export async function openWith(pair, info, sealed) {
  const enc = sealed.slice(0, 65)
  const opening = schedule(pair.private, enc, join(enc, pair.public), info, "decrypt").catch(() => {
    throw new SealBroken("does not begin with a public key")
  })
  const { key, iv } = await opening
  return decrypt(key, iv, sealed.slice(65))
}

/** @param {Bytes} org a public key @returns {Promise<string>} six groups of five digits, to compare by eye */
export async function fingerprint(org) {
  const digits = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", join("havenlight/fp/1|", org))))
  const groups = [0, 5, 10, 15, 20, 25].map((from) => parseInt(digits.slice(from, from + 5), 16) % 100_000)
  return groups.map((group) => String(group).padStart(5, "0")).join(" ")
}
