// @ts-check
/** What a member may open: checked against what the organisation signed before her phrase opens anything. Neither page nor network. */

import { b64, SealBroken, unb64, verifyManifest } from "../chat/seal.mjs"
import { openConversation, senderOf, unwrapMember, unwrapTeam } from "../chat/unlock.mjs"

/**
 * @typedef {import("./requests.mjs").Keys} Keys
 * @typedef {import("./requests.mjs").Conversation} Conversation
 * @typedef {import("../chat/seal.mjs").Manifest} Manifest
 * @typedef {import("../chat/unlock.mjs").Pair} Pair
 *
 * @typedef {object} OpenKeys private halves cannot be read out again, and are gone with the page
 * @property {string} member whose they are
 * @property {string} sender how she is named as the sender of a message
 * @property {Map<number, Pair>} teams by epoch
 */

/** The keys are not to be used, or not by who typed the phrase. */
export class KeysRefused extends Error {
  /** @param {"manifest" | "demo" | "roster" | "team" | "phrase"} reason */
  constructor(reason) {
    super(`keys refused: ${reason}`)
    this.reason = reason
  }
}

/**
 * @param {Keys} keys as the server gave them
 * @param {string} organisationKey as the page knows it
 * @param {{demo: boolean}} page whether the page is the demo's; keys that a server made are for no other
 * @throws {KeysRefused}
 */
export async function checkKeys(keys, organisationKey, page) {
  const manifest = await verifyManifest(keys.manifest, unb64(organisationKey), true).catch(() => {
    throw new KeysRefused("manifest")
  })
  if (manifest.demo !== false && !page.demo) throw new KeysRefused("demo")
  if (!manifest.members.some(({ id, key }) => id === keys.member && key === keys.key)) throw new KeysRefused("roster")
  const current = keys.teams.find(({ epoch }) => epoch === manifest.epoch)
  if (current?.key !== b64(manifest.team)) throw new KeysRefused("team")
}

/**
 * @param {Keys} keys after `checkKeys`
 * @param {string} phrase as it was typed
 * @returns {Promise<OpenKeys>}
 * @throws {KeysRefused}
 */
export async function openKeys(keys, phrase) {
  const { member } = keys
  const mine = await refusedAs("phrase", unwrapMember(unb64(keys.wrap), phrase, keys.kdf, member, unb64(keys.key)))
  const teams = new Map()
  for (const { epoch, key, wrap } of keys.teams)
    teams.set(epoch, await refusedAs("team", unwrapTeam(unb64(wrap), mine, member, epoch, unb64(key))))
  return { member, sender: await senderOf(mine.public), teams }
}

/**
 * @template T
 * @param {"team" | "phrase"} reason
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
 * @param {Conversation} conversation
 * @param {OpenKeys} keys
 * @returns the conversation, or null when it was not sealed to a key of hers: said on the desk, since she can only hand it on
 */
export async function openHers(conversation, keys) {
  const team = keys.teams.get(conversation.epoch)
  if (!team) return null
  return openConversation(conversation, team, keys.sender).catch((error) => {
    if (error instanceof SealBroken) return null
    throw error
  })
}
