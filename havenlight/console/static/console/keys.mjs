// @ts-check
/** What a member may open: checked against what the organisation signed before her phrase opens anything. Neither page nor network. */

import { digest, follow } from "../chat/chain.mjs"
import { passkeyKek } from "../chat/making.mjs"
import { b64, SealBroken, unb64 } from "../chat/seal.mjs"
import { openConversation, openMember, phraseKek, readPrivate, senderOf, unwrapTeam } from "../chat/unlock.mjs"

/**
 * @typedef {import("./requests.mjs").Keys} Keys
 * @typedef {import("./requests.mjs").Conversation} Conversation
 * @typedef {import("../chat/chain.mjs").Manifest} Manifest
 * @typedef {import("../chat/unlock.mjs").Pair} Pair
 * @typedef {import("../chat/seal.mjs").Bytes} Bytes
 *
 * @typedef {object} Seen what this browser believed last
 * @property {string} org the organisation's key
 * @property {string} manifest digest of the last manifest
 *
 * @typedef {{phrase: string} | {credential: string, output: Bytes}} Secret what opens her key: words as she typed them, or her passkey
 *
 * @typedef {object} OpenKeys private halves cannot be read out again, and are gone with the page
 * @property {string} member whose they are
 * @property {string} sender how she is named as the sender of a message
 * @property {Map<number, Pair>} teams by epoch
 * @property {Pair} mine
 * @property {() => Promise<void>} renew asks for the team keys of today
 */

/** The keys are not to be used, or not by who typed the phrase. */
export class KeysRefused extends Error {
  /** @param {"manifest" | "demo" | "organisation" | "roster" | "team" | "phrase" | "passkey"} reason */
  constructor(reason) {
    super(`keys refused: ${reason}`)
    this.reason = reason
  }
}

/**
 * @param {Keys} keys as the server gave them
 * @param {string} organisationKey as the page knows it
 * @param {{demo: boolean, seen: Seen | null}} page whether it is the demo's, since keys that a server made are for no other
 * @returns {Promise<Manifest>} of today
 * @throws {KeysRefused}
 */
export async function checkSigned(keys, organisationKey, { demo, seen }) {
  // A demo's database may be made anew; the key of a real organisation never becomes another.
  if (seen && seen.org !== organisationKey && !demo) throw new KeysRefused("organisation")
  const last = seen?.org === organisationKey ? seen.manifest : null
  const manifest = await follow(keys.chain, last, unb64(organisationKey), true).catch(() => {
    throw new KeysRefused("manifest")
  })
  if (manifest.demo !== false && !demo) throw new KeysRefused("demo")
  return manifest
}

/** @param {Keys} keys whose manifest was believed @param {string} org @returns {Promise<Seen>} to keep for the next time */
export const seenOf = async (keys, org) => ({ org, manifest: await digest(keys.chain[keys.chain.length - 1]) })

/** @param {Keys} keys @param {Manifest} manifest @throws {KeysRefused} unless she stands on it, and has its team key */
export function checkHers(keys, manifest) {
  if (!manifest.members.some(({ id, key }) => id === keys.member && key === keys.key)) throw new KeysRefused("roster")
  const current = keys.teams.find(({ epoch }) => epoch === manifest.epoch)
  if (current?.key !== b64(manifest.team)) throw new KeysRefused("team")
}

/**
 * @param {Keys} keys @param {Secret} secret
 * @returns {Promise<Bytes>} her private key, to be read or put under another secret, and wiped
 * @throws {KeysRefused}
 */
export async function openMine(keys, secret) {
  if ("phrase" in secret) return refusedAs("phrase", openMember(unb64(keys.wrap), await phraseKek(secret.phrase, keys.kdf), keys.member))
  const wrap = keys.passkeys.find(({ credential }) => credential === secret.credential)?.wrap ?? ""
  const { open } = await passkeyKek(secret.output, keys.member)
  return refusedAs("passkey", openMember(unb64(wrap), open, keys.member))
}

/**
 * @param {Keys} keys after `checkHers`
 * @param {Secret} secret
 * @param {() => Promise<Keys>} renewed keys of a later time, after the same checks
 * @returns {Promise<OpenKeys>}
 * @throws {KeysRefused}
 */
export async function openKeys(keys, secret, renewed) {
  const { member } = keys
  const mine = await readPrivate(await openMine(keys, secret), unb64(keys.key))
  const teams = new Map()
  const take = async (/** @type {Keys["teams"]} */ given) => {
    for (const { epoch, key, wrap } of given)
      if (!teams.has(epoch)) teams.set(epoch, await refusedAs("team", unwrapTeam(unb64(wrap), mine, member, epoch, unb64(key))))
  }
  await take(keys.teams)
  return { member, sender: await senderOf(mine.public), teams, mine, renew: async () => take((await renewed()).teams) }
}

/**
 * @template T
 * @param {"team" | "phrase" | "passkey"} reason
 * @param {Promise<T>} opening
 */
const refusedAs = (reason, opening) =>
  opening.catch((error) => {
    throw error instanceof SealBroken ? new KeysRefused(reason) : error
  })

/**
 * @param {OpenKeys} keys
 * @returns {{epoch: number, pair: Pair}} what is to be kept for the team is sealed to this
 */
export function newestTeam({ teams }) {
  const epoch = Math.max(...teams.keys())
  const pair = teams.get(epoch)
  if (!pair) throw new KeysRefused("team")
  return { epoch, pair }
}

/**
 * @param {OpenKeys} keys @param {number} epoch
 * @returns {Promise<Pair | undefined>} asked for anew when an epoch began while she was at work
 */
export async function teamOf(keys, epoch) {
  if (!keys.teams.has(epoch) && epoch > newestTeam(keys).epoch) await keys.renew().catch(reportError)
  return keys.teams.get(epoch)
}

/**
 * @param {Conversation} conversation
 * @param {OpenKeys} keys
 * @returns the conversation, or null when it was not sealed to a key of hers: said on the desk, since she can only hand it on
 */
export async function openHers(conversation, keys) {
  const team = await teamOf(keys, conversation.epoch)
  if (!team) return null
  return openConversation(conversation, team, keys.sender).catch((error) => {
    if (error instanceof SealBroken) return null
    throw error
  })
}
