// @ts-check
/**
 * What only a member opens: her own key with her phrase, the team's key with hers, a conversation with the team's. For the desk; the visitor's
 * page does not load it. Keys that were opened stay with this page and cannot be read out again.
 *
 *     const raw = await openMember(unb64(keys.wrap), await phraseKek(phrase, keys.kdf), keys.member)         from GET /desk/keys; slow
 *     const mine = await readPrivate(raw, unb64(keys.key))
 *     const team = await unwrapTeam(unb64(t.wrap), mine, keys.member, t.epoch, unb64(t.key))                 for each of keys.teams
 *     const conversation = await openConversation({ conv, epoch, wrap }, team, await senderOf(mine.public))  with the team of that epoch
 *     await fingerprint(org)                                                                                 to show
 *
 * All throw `SealBroken` when a wrap does not open here: another phrase, another member, or altered bytes.
 *
 * @typedef {import("./seal.mjs").Bytes} Bytes
 * @typedef {import("./open.mjs").Pair} Pair
 * @typedef {{name: string, salt: string, iterations: number}} Kdf
 */
import { Conversation } from "./conversation.mjs"
import { openWith, readPrivate } from "./open.mjs"
import { convInfo, hex, join, SealBroken, u32, unb64, unhex } from "./seal.mjs"
import { openUnder, stretched, wordsOf } from "./under.mjs"

export { fingerprint, openWith, readPrivate } from "./open.mjs"

const { subtle } = crypto

/**
 * @param {{conv: string, epoch: number, wrap: string}} answered by /desk/token or accept
 * @param {Pair} team of that epoch
 * @param {string} sender the member's, from `senderOf`
 */
export async function openConversation({ conv, epoch, wrap }, team, sender) {
  const key = await openWith(team, convInfo(conv, epoch), unb64(wrap))
  if (key.length !== 32) throw new SealBroken("the wrap holds no conversation key")
  return Conversation.open(key, conv, sender)
}

/** @param {string} member @param {number} epoch @returns {Bytes} what a team wrap is bound to */
export const teamInfo = (member, epoch) => join("havenlight/team/1|", u32(epoch), unhex(member))

/**
 * @param {Bytes} wrap @param {Pair} memberPair @param {string} member @param {number} epoch
 * @param {Bytes} publicKey the team's
 * @throws {SealBroken}
 */
export async function unwrapTeam(wrap, memberPair, member, epoch, publicKey) {
  return readPrivate(await openWith(memberPair, teamInfo(member, epoch), wrap), publicKey)
}

/** @param {string} member what a wrap of her key is bound to */
export const memberAad = (member) => join("havenlight/member/1|", unhex(member))

/** @param {string} phrase as it was typed @param {Kdf} kdf */
export const phraseKek = (phrase, kdf) => stretched(wordsOf(phrase).join(" "), unb64(kdf.salt), kdf.iterations)

/**
 * @param {Bytes} wrap @param {CryptoKey} kek of her phrase or her passkey @param {string} member
 * @returns {Promise<Bytes>} her private key, to be read and wiped
 * @throws {SealBroken} when the phrase or the passkey is another
 */
export const openMember = (wrap, kek, member) => openUnder(kek, memberAad(member), wrap)

/** @param {Bytes} publicKey a member's @returns {Promise<string>} how she is named as the sender of a message */
export const senderOf = async (publicKey) => `c:${hex(new Uint8Array(await subtle.digest("SHA-256", publicKey))).slice(0, 16)}`
