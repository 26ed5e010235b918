// @ts-check
/**
 * Seal in the browser: docs/protocol.md, section 2. WebCrypto does the work; what is here is HPKE (RFC 9180, base mode, one suite) put together
 * from it, and the byte formats. Knows no page and no network. What only a member needs is in unlock.mjs; Python's half is havenlight/core/seal.
 *
 *     b64(bytes) unb64(text) hex(bytes) unhex(text) newId() newKey()
 *     sealTo(public, info, plaintext) wrapConversation(key, team, conv, epoch)
 *     messageKeys(key, conv) sealMessage(said, place, keys) openMessage(envelope, place, keys)
 *     tabCredential(secret, conv) tabHalf(key, secret, conv)
 *     verifyManifest(signed, org, allowDemo)
 *
 * Ids are 32 hexadecimal digits, as on the wire; everything else that is bytes is a Uint8Array.
 *
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 * @typedef {{conv: string, sender: string, n: number, id: string}} Place where a message belongs; sender is "v" or "c:" and its key's id
 * @typedef {{text: string, seen: [number, number], at: number, card?: object}} Said seen counts messages of the visitor and of the members; at in minutes
 * @typedef {{v: CryptoKey, c: CryptoKey}} MessageKeys one of each direction
 * @typedef {{org: Bytes, demo: boolean, epoch: number, team: Bytes, members: {id: string, key: string}[], from: string, to: string}} Manifest
 */

/** A sealed value does not open here: another key, another place, or altered bytes. */
export class SealBroken extends Error {}
/** A text cannot be sent as one message. */
export class TextRefused extends Error {}
/** A manifest is not vouched for by the organisation, or not meant for this page. */
export class ManifestRefused extends Error {}

export const MOST_CODE_POINTS = 2000
const MOST_ENVELOPE_BYTES = 12_288
const STEP_BYTES = 256
export const ECDH = { name: "ECDH", namedCurve: "P-256" }
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }
const KEM_SUITE = join("KEM", Uint8Array.of(0, 0x10))
const HPKE_SUITE = join("HPKE", Uint8Array.of(0, 0x10, 0, 1, 0, 2))
const { subtle } = crypto

/**
 * @param {...(string | Uint8Array)} parts strings are ASCII
 * @returns {Bytes}
 */
export function join(...parts) {
  const all = parts.map((part) => (typeof part === "string" ? new TextEncoder().encode(part) : part))
  const joined = new Uint8Array(all.reduce((size, part) => size + part.length, 0))
  let end = 0
  for (const part of all) {
    joined.set(part, end)
    end += part.length
  }
  return joined
}

/** @param {unknown} value */
const isU32 = (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32

/** @param {number} number in 4 bytes, big-endian */
export function u32(number) {
  // DataView would wrap it around, and one message would have many counters.
  if (!isU32(number)) throw new SealBroken("does not fit in 4 bytes")
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

/** @param {Uint8Array} bytes */
export const b64 = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "")

/**
 * @param {string} text base64url without padding, in its one canonical spelling
 * @returns {Bytes}
 */
export function unb64(text) {
  let raw = ""
  try {
    raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"))
  } catch {
    // Not even base64: nothing was read, which is not what was written.
  }
  const bytes = Uint8Array.from(raw, (c) => c.charCodeAt(0))
  if (b64(bytes) !== text) throw new SealBroken("not canonical base64url")
  return bytes
}

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")

/** @param {string} id */
export function unhex(id) {
  if (!/^([0-9a-f]{2})+$/.test(id)) throw new SealBroken("not lowercase hexadecimal digits")
  return Uint8Array.from(id.match(/../g) ?? [], (digits) => parseInt(digits, 16))
}

export const newId = () => hex(crypto.getRandomValues(new Uint8Array(16)))
/** A conversation key, or a tab's secret. */
export const newKey = () => crypto.getRandomValues(new Uint8Array(32))

/** @param {Bytes} key @param {Bytes} data @returns {Promise<Bytes>} */
async function hmac(key, data) {
  // WebCrypto takes no empty HMAC key; HMAC itself pads with zeros, so that this is the same key.
  const raw = key.length ? key : new Uint8Array(32)
  const imported = await subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
  return new Uint8Array(await subtle.sign("HMAC", imported, data))
}

/**
 * HKDF-SHA-256 for at most 32 bytes, which is one round of its expansion.
 * @param {Bytes} secret @param {Bytes} salt @param {Bytes} info
 */
export const derive = async (secret, salt, info) => hmac(await hmac(salt, secret), join(info, Uint8Array.of(1)))

/** @param {Bytes} raw @param {"encrypt" | "decrypt"} usage */
export const aesKey = (raw, usage) => subtle.importKey("raw", raw, "AES-GCM", false, [usage])

/**
 * @param {CryptoKey} key @param {Bytes} iv @param {Bytes} sealed @param {Bytes} [additionalData]
 * @returns {Promise<Bytes>}
 */
export async function decrypt(key, iv, sealed, additionalData = new Uint8Array(0)) {
  try {
    return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, sealed))
  } catch {
    throw new SealBroken("does not open with this key in this place")
  }
}

/**
 * The key schedule of RFC 9180, sections 4.1 and 5.1, base mode.
 * @param {CryptoKey} privateKey one's own @param {Bytes} peer the other's public key @param {Bytes} context enc | recipient
 * @param {Bytes} info
 * @param {"encrypt" | "decrypt"} usage
 */
export async function schedule(privateKey, peer, context, info, usage) {
  const none = new Uint8Array(0)
  /** @param {Bytes} suite @param {Bytes} salt @param {string} label @param {Bytes} ikm */
  const extract = (suite, salt, label, ikm) => hmac(salt, join("HPKE-v1", suite, label, ikm))
  /** @param {Bytes} suite @param {Bytes} prk @param {string} label @param {Bytes} about @param {number} size */
  const expand = async (suite, prk, label, about, size) =>
    (await hmac(prk, join(Uint8Array.of(0, size), "HPKE-v1", suite, label, about, Uint8Array.of(1)))).slice(0, size)

  const other = await subtle.importKey("raw", peer, ECDH, false, [])
  const dh = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: other }, privateKey, 256))
  const shared = await expand(KEM_SUITE, await extract(KEM_SUITE, none, "eae_prk", dh), "shared_secret", context, 32)
  const pskHash = await extract(HPKE_SUITE, none, "psk_id_hash", none)
  const about = join(Uint8Array.of(0), pskHash, await extract(HPKE_SUITE, none, "info_hash", info))
  const secret = await extract(HPKE_SUITE, shared, "secret", none)
  const key = await aesKey(await expand(HPKE_SUITE, secret, "key", about, 32), usage)
  return { key, iv: await expand(HPKE_SUITE, secret, "base_nonce", about, 12) }
}

/**
 * @param {Bytes} publicKey @param {Bytes} info @param {Bytes} plaintext
 * @returns {Promise<Bytes>} enc (65) | ciphertext
 */
export async function sealTo(publicKey, info, plaintext) {
  const pair = await subtle.generateKey(ECDH, false, ["deriveBits"])
  const enc = new Uint8Array(await subtle.exportKey("raw", pair.publicKey))
  const { key, iv } = await schedule(pair.privateKey, publicKey, join(enc, publicKey), info, "encrypt")
  return join(enc, new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, key, plaintext)))
}

/** @param {string} conv @param {number} epoch */
export const convInfo = (conv, epoch) => join("havenlight/conv/1|", unhex(conv), u32(epoch))

/** @param {Bytes} key @param {Bytes} team public @param {string} conv @param {number} epoch */
export const wrapConversation = (key, team, conv, epoch) => sealTo(team, convInfo(conv, epoch), key)

/**
 * @param {Bytes} key K @param {string} conv
 * @returns {Promise<MessageKeys>} K itself is needed no more
 */
export async function messageKeys(key, conv) {
  /** @param {string} side */
  const one = async (side) => {
    const raw = await derive(key, unhex(conv), join("havenlight/msgkey/1|", side))
    return subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"])
  }
  return { v: await one("v"), c: await one("c") }
}

/** @param {Place} place */
const messageAad = ({ conv, sender, n, id }) => join("havenlight/msg/1|", unhex(conv), sender, u32(n), unhex(id))

/** @param {Place} place @param {MessageKeys} keys */
const keyFor = ({ sender }, keys) => (sender === "v" ? keys.v : keys.c)

/** @param {string} text */
const fits = (text) => text !== "" && [...text].length <= MOST_CODE_POINTS && !/\p{Surrogate}/u.test(text)

/** @param {unknown} card what it says is read by card.mjs */
const isCard = (card) => card === undefined || (typeof card === "object" && card !== null && !Array.isArray(card))

/** @param {Bytes} plaintext @returns {Bytes} a length that says little about the length of the text */
export function pad(plaintext) {
  const body = join(u32(plaintext.length), plaintext)
  return join(body, new Uint8Array(-body.length & (STEP_BYTES - 1)))
}

/**
 * @param {Said} said @param {Place} place @param {MessageKeys} keys
 * @returns {Promise<Bytes>} the envelope: 01 | nonce (12) | ciphertext
 * @throws {TextRefused}
 */
export async function sealMessage({ text, seen, at, card }, place, keys) {
  if (!fits(text)) throw new TextRefused(`a text has 1 to ${MOST_CODE_POINTS} characters`)
  const padded = pad(new TextEncoder().encode(JSON.stringify({ t: text, seen, at, card })))
  if (padded.length + 29 > MOST_ENVELOPE_BYTES) throw new TextRefused(`the envelope is over ${MOST_ENVELOPE_BYTES} bytes`)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const algorithm = { name: "AES-GCM", iv, additionalData: messageAad(place) }
  return join(Uint8Array.of(1), iv, new Uint8Array(await subtle.encrypt(algorithm, keyFor(place, keys), padded)))
}

/**
 * @param {Bytes} envelope @param {Place} place @param {MessageKeys} keys
 * @returns {Promise<Said>}
 * @throws {SealBroken} unless it was sealed for exactly this place
 */
export async function openMessage(envelope, place, keys) {
  if (envelope[0] !== 1) throw new SealBroken("the version of the envelope is not known")
  const padded = await decrypt(keyFor(place, keys), envelope.slice(1, 13), envelope.slice(13), messageAad(place))
  try {
    const plaintext = padded.slice(4, 4 + new DataView(padded.buffer).getUint32(0))
    const { t, seen, at, card } = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext))
    const sound = typeof t === "string" && fits(t) && seen.length === 2 && [...seen, at].every(isU32) && isCard(card)
    // One plaintext has one padded form: whatever else is in there was not put there by us.
    if (sound && hex(pad(plaintext)) === hex(padded)) return { text: t, seen, at, card }
  } catch {
    // Said below, in one way for all.
  }
  throw new SealBroken("the plaintext is not that of a message")
}

/** @param {Bytes} secret @param {string} conv @returns {Promise<Bytes>} what the tab shows to be given its half */
export const tabCredential = (secret, conv) => derive(secret, new Uint8Array(0), join("havenlight/tab/1|auth|", unhex(conv)))

/** @param {Bytes} key K, or its half, which gives K back @param {Bytes} secret @param {string} conv @returns {Promise<Bytes>} */
export async function tabHalf(key, secret, conv) {
  const mask = await derive(secret, new Uint8Array(0), join("havenlight/tab/1|mask|", unhex(conv)))
  return mask.map((byte, i) => byte ^ key[i])
}

/**
 * @param {string} signed @param {Bytes} org the organisation's key as the page knows it, not as the manifest says
 * @param {boolean} allowDemo true only on the demo's own page
 * @returns {Promise<Manifest>}
 * @throws {ManifestRefused}
 */
export async function verifyManifest(signed, org, allowDemo) {
  try {
    const [body, signature, ...more] = signed.split(".").map(unb64)
    const key = await subtle.importKey("raw", org, ECDSA, false, ["verify"])
    if (more.length || !(await subtle.verify(ECDSA, key, signature, body))) throw new ManifestRefused("the signature is not the organisation's")
    const said = JSON.parse(new TextDecoder().decode(body))
    const team = unb64(said.team)
    await subtle.importKey("raw", team, ECDH, false, [])
    const meant = said.v === 1 && said.org === b64(org) && isU32(said.epoch) && said.epoch > 0
    if (!meant || typeof said.demo !== "boolean" || (said.demo && !allowDemo)) throw new ManifestRefused("not meant for this page")
    return { ...said, org, team }
  } catch (error) {
    throw error instanceof ManifestRefused ? error : new ManifestRefused("not a manifest")
  }
}
