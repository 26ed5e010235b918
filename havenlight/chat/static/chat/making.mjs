// @ts-check
/**
 * Making keys in a member's browser, and putting them under what only she has: docs/protocol.md, section 2. Knows no page and no network.
 *
 *     newPair()                            {public, pkcs8}: the private half in the clear, to be wrapped and wiped
 *     lockMember(pkcs8, phrase, member)    {wrap, kdf}
 *     passkeyKek(output, member)           from the output of WebAuthn's PRF
 *     lockSigning(made, phrase)            the file of the organisation's signing key; unlockSigning opens it
 *     recoveryCode(made)                   the recovery key as it is printed; readRecoveryCode reads it
 *     recoveryInfo(epoch)                  what a team key that is sealed to it is bound to
 *
 * @typedef {import("./seal.mjs").Bytes} Bytes
 * @typedef {import("./open.mjs").Pair} Pair
 * @typedef {{public: Bytes, pkcs8: Bytes}} Made
 * @typedef {{havenlight: "signing-key", v: 1, public: string, salt: string, iterations: number, wrap: string}} SigningFile
 * @typedef {{public: Bytes, private: CryptoKey}} Signer its private half signs, and cannot be read out
 */
import { aesKey, b64, derive, ECDH, join, SealBroken, u32, unb64, unhex } from "./seal.mjs"
import { ITERATIONS, openUnder, sealUnder, stretched, wordsOf } from "./under.mjs"
import { memberAad, phraseKek } from "./unlock.mjs"

const SIGNING = { name: "ECDSA", namedCurve: "P-256" }
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
const SECRET_BYTES = 32
const CHECK_BYTES = 3
const CODE_SIGNS = 56
const { subtle } = crypto

/** @returns {Promise<Made>} */
export async function newPair() {
  const made = await subtle.generateKey(ECDH, true, ["deriveBits"])
  const pkcs8 = new Uint8Array(await subtle.exportKey("pkcs8", made.privateKey))
  return { public: new Uint8Array(await subtle.exportKey("raw", made.publicKey)), pkcs8 }
}

const newSalt = () => crypto.getRandomValues(new Uint8Array(16))

/** @param {Bytes} pkcs8 a member's @param {string} phrase @param {string} member */
export async function lockMember(pkcs8, phrase, member) {
  const kdf = { name: "PBKDF2-SHA-256", salt: b64(newSalt()), iterations: ITERATIONS }
  return { wrap: await sealUnder(await phraseKek(phrase, kdf), memberAad(member), pkcs8), kdf }
}

/** @param {Bytes} output 32 bytes @param {string} member */
export async function passkeyKek(output, member) {
  const raw = await derive(output, new Uint8Array(0), join("havenlight/member/1|prf|", unhex(member)))
  return { seal: await aesKey(raw, "encrypt"), open: await aesKey(raw, "decrypt") }
}

/** @param {Bytes} publicKey */
const signingAad = (publicKey) => join("havenlight/signing/1|", publicKey)

/** @param {Made} made @param {string} phrase @returns {Promise<SigningFile>} */
export async function lockSigning(made, phrase) {
  const salt = newSalt()
  const kek = await stretched(wordsOf(phrase).join(" "), salt, ITERATIONS)
  const wrap = b64(await sealUnder(kek, signingAad(made.public), made.pkcs8))
  return { havenlight: "signing-key", v: 1, public: b64(made.public), salt: b64(salt), iterations: ITERATIONS, wrap }
}

/** @param {Bytes} pkcs8 wiped @param {Bytes} publicKey @returns {Promise<Signer>} */
export async function signerOf(pkcs8, publicKey) {
  const key = await subtle.importKey("pkcs8", pkcs8, SIGNING, false, ["sign"])
  pkcs8.fill(0)
  return { public: publicKey, private: key }
}

/** @param {any} file @param {string} phrase @returns {Promise<Signer>} @throws {SealBroken} another phrase, or no such file */
export async function unlockSigning(file, phrase) {
  if (file?.havenlight !== "signing-key" || file.v !== 1) throw new SealBroken("not the file of a signing key")
  const publicKey = unb64(file.public)
  const kek = await stretched(wordsOf(phrase).join(" "), unb64(file.salt), file.iterations)
  return signerOf(await openUnder(kek, signingAad(publicKey), unb64(file.wrap)), publicKey)
}

/** @param {number} epoch */
export const recoveryInfo = (epoch) => join("havenlight/recovery/1|", u32(epoch))

/** @param {Bytes} secret */
async function checkOf(secret) {
  return new Uint8Array(await subtle.digest("SHA-256", join("havenlight/recovery/1|code|", secret))).slice(0, CHECK_BYTES)
}

/** @param {Made} made @returns {Promise<string>} 14 groups of four */
export async function recoveryCode({ pkcs8 }) {
  const { d = "" } = await subtle.exportKey("jwk", await subtle.importKey("pkcs8", pkcs8, ECDH, true, ["deriveBits"]))
  const secret = unb64(d)
  const bits = Array.from(join(secret, await checkOf(secret)), (byte) => byte.toString(2).padStart(8, "0")).join("")
  const signs = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[parseInt(five, 2)]).join("")
  return (signs.match(/.{4}/g) ?? []).join("-")
}

/**
 * @param {string} text what was typed from paper, or the whole file @param {Bytes} publicKey the recovery key's, as it was signed
 * @returns {Promise<Pair>}
 * @throws {SealBroken} a sign is wrong, or it is the code of another organisation
 */
export async function readRecoveryCode(text, publicKey) {
  // The alphabet has neither 0 nor 1, which is how O and I are read. In its file the code follows on the number of the organisation.
  const upper = text.toUpperCase().replaceAll("0", "O").replaceAll("1", "I")
  const signs = /(?<!\w)(?:[A-Z2-7]{4}[-\s]+){13}[A-Z2-7]{4}(?!\w)/.exec(upper)?.[0].replace(/[-\s]/g, "") ?? upper.replace(/[-\s]/g, "")
  const bits = Array.from(signs, (sign) => ALPHABET.indexOf(sign).toString(2).padStart(5, "0")).join("")
  const raw = Uint8Array.from(bits.match(/[01]{8}/g) ?? [], (byte) => parseInt(byte, 2))
  const secret = raw.slice(0, SECRET_BYTES)
  if (signs.length !== CODE_SIGNS || b64(await checkOf(secret)) !== b64(raw.slice(SECRET_BYTES))) throw new SealBroken("a sign of the code is wrong")
  const jwk = { kty: "EC", crv: "P-256", d: b64(secret), x: b64(publicKey.slice(1, 33)), y: b64(publicKey.slice(33)) }
  const key = await subtle.importKey("jwk", jwk, ECDH, false, ["deriveBits"]).catch(() => {
    throw new SealBroken("not the recovery key of this organisation")
  })
  return { public: publicKey, private: key }
}
