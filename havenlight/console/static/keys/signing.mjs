// @ts-check
/** The next manifest and what follows from it: team keys sealed to members, open conversations sealed to a new key. No page. */

import { digest, sign } from "../chat/chain.mjs"
import { newPair, recoveryInfo } from "../chat/making.mjs"
import { b64, convInfo, SealBroken, sealTo, unb64 } from "../chat/seal.mjs"
import { openWith, teamInfo } from "../chat/unlock.mjs"

/**
 * @typedef {import("../chat/chain.mjs").Manifest} Manifest
 * @typedef {import("../chat/chain.mjs").Entry} Entry
 * @typedef {import("../chat/making.mjs").Made} Made
 * @typedef {import("../chat/making.mjs").Signer} Signer
 * @typedef {import("../chat/seal.mjs").Bytes} Bytes
 * @typedef {import("../chat/unlock.mjs").Pair} Pair
 * @typedef {import("./asks.mjs").Asks} Asks
 * @typedef {import("./asks.mjs").State} State
 * @typedef {(epoch: number) => Promise<Bytes | null>} Source the team key of an epoch in the clear, to be sealed and wiped; null when it is not held
 */

/** Few enough for one body. */
const WRAPS_AT_ONCE = 12
const DAY_MS = 86_400_000

/** @param {number} days from today @returns {string} */
export const dayFrom = (days) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)

/**
 * @param {Manifest} manifest of today @param {State} state @param {Entry[]} added those whose keys were looked at
 * @returns {{members: Entry[], left: boolean}} who goes on, and whether somebody does not
 */
export function nextRoster(manifest, { holders }, added) {
  const may = new Set(holders.map(({ member }) => member))
  const staying = manifest.members.filter(({ id }) => may.has(id) && !added.some((one) => one.id === id))
  const left = manifest.members.some(({ id }) => !may.has(id))
  return { members: [...staying, ...added], left }
}

/**
 * @param {object} options
 * @param {Manifest} options.manifest of today @param {string} options.signed its text
 * @param {State} options.state @param {Entry[]} options.added
 * @param {boolean} options.renew whether a new epoch begins; it does anyway when somebody left
 * @param {Signer} options.signer
 * @param {{member: string, public: Bytes}} options.me
 * @returns {Promise<{next: import("./asks.mjs").Signed, members: Entry[], epoch: number, team: Made | null}>} `team` to be wiped
 */
export async function prepare({ manifest, signed, state, added, renew, signer, me }) {
  const { members, left } = nextRoster(manifest, state, added)
  const { demo, recovery, epoch, from, to } = manifest
  const prev = await digest(signed)
  if (!renew && !left) {
    const same = { team: manifest.team, recovery, members, epoch, demo, from, to, prev }
    return { next: { manifest: await sign(same, signer), team_wrap: null, recovery_wrap: null }, members, epoch, team: null }
  }
  const team = await newPair()
  // Who made another key that nobody looked at yet waits until somebody has.
  const known = new Map(state.holders.map(({ member, key }) => [member, key]))
  const going = members.filter(({ id, key }) => known.get(id) === key)
  const said = { team: team.public, recovery, members: going, epoch: epoch + 1, demo, from: dayFrom(0), to: dayFrom(state.days), prev }
  const next = { manifest: await sign(said, signer), ...(await sealNew(team, epoch + 1, me, recovery)) }
  return { next, members: going, epoch: epoch + 1, team }
}

/**
 * A new team key, for who makes it and for the recovery key.
 * @param {Made} team @param {number} epoch @param {{member: string, public: Bytes}} me @param {string | null} recovery
 */
export async function sealNew(team, epoch, me, recovery) {
  return {
    team_wrap: b64(await sealTo(me.public, teamInfo(me.member, epoch), team.pkcs8)),
    recovery_wrap: recovery === null ? null : b64(await sealTo(unb64(recovery), recoveryInfo(epoch), team.pkcs8)),
  }
}

/**
 * Seal every team key that is held to every member who lacks it and stands on the roster.
 * @param {Asks} asks @param {Entry[]} members as they were signed; the server's word is not taken for a key
 * @param {Source} source
 * @returns {Promise<number>} how many
 */
export async function sealMissing(asks, members, source) {
  const signed = new Map(members.map(({ id, key }) => [id, key]))
  const wraps = []
  for (const { member, epoch } of (await asks.state()).missing) {
    const key = signed.get(member)
    const team = key ? await source(epoch) : null
    if (!key || !team) continue
    wraps.push({ member, epoch, wrap: b64(await sealTo(unb64(key), teamInfo(member, epoch), team)) })
    team.fill(0)
  }
  for (let at = 0; at < wraps.length; at += WRAPS_AT_ONCE) await asks.seal(wraps.slice(at, at + WRAPS_AT_ONCE))
  return wraps.length
}

/**
 * Seal the conversations that go on to the new team key, so that who left cannot open what she has not opened yet.
 * @param {Asks} asks @param {Map<number, Pair>} teams @param {{epoch: number, public: Bytes}} newest
 * @returns {Promise<number>} how many
 */
export async function sealOpenOnes(asks, teams, newest) {
  let count = 0
  for (;;) {
    const { conversations } = await asks.behind()
    const wraps = []
    for (const { conv, epoch, wrap } of conversations) {
      const team = teams.get(epoch)
      const key = team && (await openWith(team, convInfo(conv, epoch), unb64(wrap)).catch(brokenIsNull))
      if (key) wraps.push({ conv, epoch, wrap: b64(await sealTo(newest.public, convInfo(conv, newest.epoch), key)) })
    }
    const done = wraps.length ? (await asks.renew(wraps)).count : 0
    // What does not open here would come again and again.
    if (!done) return count
    count += done
  }
}

/** @param {unknown} error @returns {null} */
function brokenIsNull(error) {
  if (error instanceof SealBroken) return null
  throw error
}

/**
 * That a public key belongs to a private one: the server says which is hers, and nobody has signed it yet.
 * @param {Pair} pair
 * @throws {SealBroken}
 */
export async function checkPair(pair) {
  await openWith(pair, new Uint8Array(0), await sealTo(pair.public, new Uint8Array(0), new Uint8Array(1)))
}
