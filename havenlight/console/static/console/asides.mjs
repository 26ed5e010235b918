// @ts-check
/**
 * What members write for each other, sealed to the team key: docs/protocol.md, section 2. Neither page nor network.
 * Python's half is havenlight/core/seal/asides.py.
 *
 * @typedef {import("./keys.mjs").OpenKeys} OpenKeys
 * @typedef {{kind: "note" | "room" | "whisper", id: string, subject?: string}} About `subject` is the thread of a note or the conversation of a whisper
 * @typedef {{id: string, epoch: number, sealed: string}} Sealed as it is posted and given
 */

import { b64, join, newId, SealBroken, sealTo, TextRefused, u32, unb64, unhex } from "../chat/seal.mjs"
import { openWith } from "../chat/unlock.mjs"
import { teamOf } from "./keys.mjs"
import { now } from "./minutes.mjs"

export const MOST_CODE_POINTS = 4_000
const STEP_BYTES = 256

/** @param {About} about @param {number} epoch */
const info = ({ kind, id, subject }, epoch) =>
  join(`havenlight/${kind}/1|`, subject ? unhex(subject) : "", unhex(id), u32(epoch))

/**
 * @param {string} text
 * @param {Omit<About, "id">} about
 * @param {OpenKeys} keys
 * @returns {Promise<Sealed>}
 * @throws {TextRefused}
 */
export async function sealAside(text, about, keys) {
  const length = [...text].length
  if (length < 1 || length > MOST_CODE_POINTS) throw new TextRefused(`an aside has 1 to ${MOST_CODE_POINTS} characters`)
  const id = newId()
  const epoch = Math.max(...keys.teams.keys())
  const team = keys.teams.get(epoch)
  if (!team) throw new SealBroken("there is no team key")
  const body = new TextEncoder().encode(JSON.stringify({ t: text, at: now() }))
  const plain = join(u32(body.length), body)
  const padded = join(plain, new Uint8Array(-plain.length & (STEP_BYTES - 1)))
  return { id, epoch, sealed: b64(await sealTo(team.public, info({ ...about, id }, epoch), padded)) }
}

/**
 * @param {Sealed} aside
 * @param {Omit<About, "id">} about
 * @param {OpenKeys} keys
 * @returns {Promise<string | null>} null when no key of hers opens it
 */
export async function openAside({ id, epoch, sealed }, about, keys) {
  const team = await teamOf(keys, epoch)
  if (!team) return null
  try {
    const plain = await openWith(team, info({ ...about, id }, epoch), unb64(sealed))
    const length = new DataView(plain.buffer).getUint32(0)
    const { t } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(plain.slice(4, 4 + length)))
    return typeof t === "string" ? t : null
  } catch (error) {
    // Altered, moved or of another key: the reader is told that it cannot be read.
    if (error instanceof SealBroken || error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError) return null
    throw error
  }
}
