// @ts-check
/**
 * What goes from one organisation to another, sealed (docs/protocol.md, section 8): the package for a recipient, what comes in for us, and the
 * consent that is kept of it. Knows no page and no network; the offline page carries it too.
 *
 * @typedef {import("../chat/seal.mjs").Bytes} Bytes
 * @typedef {import("../chat/open.mjs").Pair} Pair
 *
 * @typedef {object} Package exactly what the visitor agreed to; times in minutes
 * @property {string} from the organisation that refers
 * @property {string} to
 * @property {string[]} items
 * @property {string} wording how she was asked about this recipient
 * @property {number} asked_at
 * @property {number} agreed_at
 * @property {number} made_at
 */
import { openWith } from "../chat/open.mjs"
import { join, pad, sealTo, SealBroken, u32, unhex } from "../chat/seal.mjs"

/** @param {string} ref */
const packageInfo = (ref) => join("havenlight/referral/1|", unhex(ref))
/** @param {string} ref @param {number} epoch */
const consentInfo = (ref, epoch) => join("havenlight/consent/1|", unhex(ref), u32(epoch))
/** @param {string} id @param {number} epoch */
const incomingInfo = (id, epoch) => join("havenlight/incoming/1|", unhex(id), u32(epoch))

/** @param {object} content @returns {Bytes} */
const write = (content) => pad(new TextEncoder().encode(JSON.stringify(content)))

/** @param {Bytes} padded @returns {any} */
function read(padded) {
  try {
    const size = new DataView(padded.buffer, padded.byteOffset).getUint32(0)
    const content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(padded.slice(4, 4 + size)))
    if (typeof content === "object" && content !== null) return content
  } catch {
    // Said below, in one way for all.
  }
  throw new SealBroken("what was opened is not a package")
}

/** @param {Package} content @param {Bytes} recipient public @param {string} ref */
export const sealPackage = (content, recipient, ref) => sealTo(recipient, packageInfo(ref), write(content))

/** @param {Bytes} sealed @param {Pair} pair @param {string} ref @returns {Promise<Package>} @throws {SealBroken} */
export const openPackage = async (sealed, pair, ref) => read(await openWith(pair, packageInfo(ref), sealed))

/** @param {object} content @param {Bytes} team public @param {string} ref @param {number} epoch */
export const sealConsent = (content, team, ref, epoch) => sealTo(team, consentInfo(ref, epoch), write(content))

/** @param {Bytes} sealed @param {Pair} team @param {string} ref @param {number} epoch @returns {Promise<any>} @throws {SealBroken} */
export const openConsent = async (sealed, team, ref, epoch) => read(await openWith(team, consentInfo(ref, epoch), sealed))

/** @param {object} content @param {Bytes} team public @param {string} id @param {number} epoch */
export const sealIncoming = (content, team, id, epoch) => sealTo(team, incomingInfo(id, epoch), write(content))

/** @param {Bytes} sealed @param {Pair} team @param {string} id @param {number} epoch @returns {Promise<any>} @throws {SealBroken} */
export const openIncoming = async (sealed, team, id, epoch) => read(await openWith(team, incomingInfo(id, epoch), sealed))
