// @ts-check
/**
 * A passkey that opens a member's key: WebAuthn's PRF extension gives the same 32 bytes for the same salt, on her device alone. Nothing of
 * it is sent; signing in by a passkey is another page's.
 *
 * @typedef {import("../chat/seal.mjs").Bytes} Bytes
 * @typedef {{credential: string, output: Bytes}} Output
 */
import { b64, unb64 } from "../chat/seal.mjs"

const ES256 = -7
const RS256 = -257
const CHALLENGE_BYTES = 32

/** Whether this browser knows passkeys at all; whether a passkey has PRF shows when it is asked. */
export const knowsPasskeys = () => "PublicKeyCredential" in globalThis

/** No server checks the answer: what matters is the output. */
const challenge = () => crypto.getRandomValues(new Uint8Array(CHALLENGE_BYTES))

/**
 * @param {Credential | null} found
 * @returns {Output | null} null when this passkey has no PRF
 */
function outputOf(found) {
  if (!(found instanceof PublicKeyCredential)) return null
  const first = found.getClientExtensionResults().prf?.results?.first
  if (!first) return null
  const bytes = first instanceof ArrayBuffer ? new Uint8Array(first) : new Uint8Array(first.buffer, first.byteOffset, first.byteLength)
  return { credential: b64(new Uint8Array(found.rawId)), output: new Uint8Array(bytes) }
}

/**
 * @param {{credential: string, salt: string}[]} passkeys those that may answer
 * @returns {Promise<Output | null>} null when it has no PRF, or she thought better of it
 */
export async function askPasskey(passkeys) {
  const evalByCredential = Object.fromEntries(passkeys.map(({ credential, salt }) => [credential, { first: unb64(salt) }]))
  const publicKey = {
    challenge: challenge(),
    allowCredentials: passkeys.map(({ credential }) => ({ type: /** @type {const} */ ("public-key"), id: unb64(credential) })),
    userVerification: /** @type {const} */ ("required"),
    extensions: { prf: { evalByCredential } },
  }
  return outputOf(await navigator.credentials.get({ publicKey }).catch(refusedByHer))
}

/**
 * One that opens her key and nothing else: for who signs in with a password, or with a passkey that has no PRF or is not at hand.
 * @param {{member: string, alias: string, salt: string}} whose
 * @returns {Promise<Output | null>}
 */
export async function makePasskey({ member, alias, salt }) {
  const publicKey = {
    challenge: challenge(),
    rp: { name: document.title },
    // Not the id by which she signs in: a device keeps one passkey of an id, and would forget that one.
    user: { id: new TextEncoder().encode(`key-${member}`), name: alias, displayName: alias },
    pubKeyCredParams: [ES256, RS256].map((alg) => ({ type: /** @type {const} */ ("public-key"), alg })),
    authenticatorSelection: { userVerification: /** @type {const} */ ("required") },
    extensions: { prf: { eval: { first: unb64(salt) } } },
  }
  const made = await navigator.credentials.create({ publicKey }).catch(refusedByHer)
  const output = outputOf(made)
  // Many devices give the output only when they are asked, not when a passkey is made.
  if (output || !(made instanceof PublicKeyCredential)) return output
  return askPasskey([{ credential: b64(new Uint8Array(made.rawId)), salt }])
}

/** @param {unknown} error @returns {null} */
function refusedByHer(error) {
  if (error instanceof DOMException && ["NotAllowedError", "AbortError", "InvalidStateError"].includes(error.name)) return null
  throw error
}
