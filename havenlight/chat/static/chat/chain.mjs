// @ts-check
/**
 * Signing a manifest, and following the chain of them from the one that this browser saw last: docs/protocol.md, section 2.
 * Knows no page and no network.
 *
 * @typedef {import("./seal.mjs").Bytes} Bytes
 * @typedef {import("./seal.mjs").Manifest & {recovery: string | null, prev: string | null}} Manifest
 * @typedef {{id: string, key: string}} Entry
 */
import { b64, ManifestRefused, unb64, verifyManifest } from "./seal.mjs"

const { subtle } = crypto

/** @param {string} signed @returns {Promise<string>} what the next one holds as `prev` */
export const digest = async (signed) => b64(new Uint8Array(await subtle.digest("SHA-256", unb64(signed.split(".")[0]))))

/**
 * @param {object} said
 * @param {Bytes} said.team @param {string | null} said.recovery @param {Entry[]} said.members @param {number} said.epoch
 * @param {boolean} said.demo @param {string} said.from @param {string} said.to @param {string | null} said.prev
 * @param {import("./making.mjs").Signer} signer
 * @returns {Promise<string>} as it is published
 */
export async function sign({ team, recovery, members, epoch, demo, from, to, prev }, signer) {
  const fields = { v: 1, org: b64(signer.public), demo, epoch, team: b64(team), recovery, members, from, to, prev }
  const body = new TextEncoder().encode(JSON.stringify(fields))
  const signature = await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, signer.private, body)
  return `${b64(body)}.${b64(new Uint8Array(signature))}`
}

/** @param {string} signed @param {Bytes} org @param {boolean} allowDemo */
export const read = async (signed, org, allowDemo) => /** @type {Manifest} */ (await verifyManifest(signed, org, allowDemo))

/**
 * @param {string} signed @param {string} former @param {Bytes} org @param {boolean} allowDemo
 * @returns {Promise<Manifest>}
 * @throws {ManifestRefused} unless it may take the place of the former one
 */
export async function checkFollows(signed, former, org, allowDemo) {
  const [next, old] = [await read(signed, org, allowDemo), await read(former, org, allowDemo)]
  const kept = (/** @type {Manifest} */ { team, recovery, from, to }) => JSON.stringify([b64(team), recovery, from, to])
  const stays = old.members.every(({ id }) => next.members.some((member) => member.id === id))
  const inside = next.epoch === old.epoch && kept(next) === kept(old) && stays
  const renewed = next.epoch === old.epoch + 1 && b64(next.team) !== b64(old.team)
  if (next.prev !== (await digest(former)) || next.demo !== old.demo || !(inside || renewed))
    throw new ManifestRefused("it does not come after the one before it")
  return next
}

/**
 * @param {string[]} chain from the one that was seen last, or from any when none was, up to the one of today
 * @param {string | null} seen digest of the one that this browser saw last
 * @param {Bytes} org @param {boolean} allowDemo
 * @returns {Promise<Manifest>} that of today
 * @throws {ManifestRefused} when the server goes back behind what was seen, or shows another course of things
 */
export async function follow(chain, seen, org, allowDemo) {
  if (!chain.length || (seen !== null && (await digest(chain[0])) !== seen)) throw new ManifestRefused("it does not go on from what was seen")
  let today = await read(chain[0], org, allowDemo)
  for (let at = 1; at < chain.length; at += 1) today = await checkFollows(chain[at], chain[at - 1], org, allowDemo)
  return today
}
