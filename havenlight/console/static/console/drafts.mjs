// @ts-check
/**
 * Registrations that are not finished: sealed here to the team key, then kept by the server, and by this browser until the server has them. So
 * neither a reload, a crash nor a lost network takes an answer away, and nobody reads one outside the team. Knows no page.
 */

import { backoff, Lost, pause, Refused } from "../chat/link.mjs"
import { b64, join, SealBroken, sealTo, u32, unb64, unhex } from "../chat/seal.mjs"
import { openWith } from "../chat/unlock.mjs"
import { openKept } from "./kept.mjs"
import { SIGNED_OUT } from "./requests.mjs"

/**
 * @typedef {import("../casework/rules.mjs").Answers} Answers
 *
 * @typedef {object} Draft
 * @property {string} id that of the registration it becomes
 * @property {string} conv
 * @property {string} codebook
 * @property {string | null} person the case it is about, "new", or null when there is nothing to choose
 * @property {Answers} answers
 * @property {number} version counts up with every change
 *
 * @typedef {{id: string, conv: string, epoch: number, version: number, sealed: string}} Sealed
 * @typedef {"saved" | "saving" | "lost" | "signed_out" | "refused"} Standing
 */

const STEP_BYTES = 1024
const AGAIN_MS = 5_000

/** @param {string} id @param {number} epoch */
const draftInfo = (id, epoch) => join("havenlight/draft/1|", unhex(id), u32(epoch))

/**
 * @param {object} options
 * @param {import("./keys.mjs").OpenKeys} options.keys
 * @param {(path: string, fields: object) => Promise<any>} options.post
 * @param {(standing: Standing) => void} options.onStanding
 */
export async function makeDrafts({ keys, post, onStanding }) {
  const kept = await openKept()
  const epoch = Math.max(...keys.teams.keys())
  /** @type {Map<string, Sealed>} those that the server does not have yet */
  const waiting = new Map()
  let sending = false
  /** @type {Promise<unknown>} */
  let before = Promise.resolve()

  /** @param {Draft} draft as it is now; it may change while it is sealed */
  function save(draft) {
    draft.version += 1
    const { id, conv, version } = draft
    const plain = padded(JSON.stringify({ ...draft }))
    onStanding("saving")
    before = before.then(async () => {
      const team = keys.teams.get(epoch)
      if (!team) throw new Error("the team has no key")
      await put({ id, conv, version, epoch, sealed: b64(await sealTo(team.public, draftInfo(id, epoch), plain)) })
    })
    return before
  }

  /** @param {Sealed} sealed */
  async function put(sealed) {
    await kept.put({ ...sealed, member: keys.member })
    waiting.set(sealed.id, sealed)
    send()
  }

  async function send() {
    if (sending) return
    sending = true
    for (let failures = 0; waiting.size > 0; ) {
      const [sealed] = waiting.values()
      const standing = await sent(sealed)
      failures = standing ? failures + 1 : 0
      if (standing) onStanding(standing)
      if (standing) await pause(standing === "lost" ? backoff(failures) : AGAIN_MS)
    }
    sending = false
    onStanding("saved")
  }

  /** @param {Sealed} sealed @returns {Promise<Standing | null>} null when the server has it, or something newer from here waits */
  async function sent(sealed) {
    try {
      const { id, conv, version, epoch, sealed: bytes } = sealed
      const { version: there } = await post(`/desk/conversations/${conv}/draft`, { draft: id, version, epoch, sealed: bytes })
      // Another window was ahead. What was written last holds, and that is this.
      if (there > version && waiting.get(id) === sealed) sealed.version = there + 1
      else if (waiting.get(id) === sealed) forget(id)
    } catch (error) {
      return whyNot(error, sealed)
    }
    return null
  }

  /** @param {unknown} error @param {Sealed} sealed @returns {Standing | null} */
  function whyNot(error, { id }) {
    if (error instanceof Lost || (error instanceof Refused && error.status >= 500)) return "lost"
    if (!(error instanceof Refused)) throw error
    if (error.code === SIGNED_OUT || error.code === "token") return "signed_out"
    // Its conversation has been erased meanwhile.
    if (error.code !== "unknown") return "refused"
    forget(id)
    return null
  }

  /** @param {string} id */
  function forget(id) {
    waiting.delete(id)
    kept.drop(id)
  }

  /** What this browser still has of hers, from before it was closed. @returns {Promise<Sealed[]>} */
  const left = async () => (await kept.all()).filter(({ member }) => member === keys.member)

  /** @param {Sealed} sealed @returns {Promise<Draft | null>} null when no key of hers opens it */
  async function open({ id, epoch: sealedTo, version, sealed }) {
    const team = keys.teams.get(sealedTo)
    if (!team) return null
    try {
      const plain = await openWith(team, draftInfo(id, sealedTo), unb64(sealed))
      return { ...JSON.parse(new TextDecoder().decode(plain)), version }
    } catch (error) {
      if (error instanceof SealBroken) return null
      throw error
    }
  }

  return {
    save,
    forget,
    /**
     * @param {Sealed[]} there those that the server has
     * @returns {Promise<Draft[]>} each as it was written last, here or there
     */
    async load(there) {
      const newest = new Map(there.map((sealed) => [sealed.id, sealed]))
      for (const mine of await left()) {
        if ((newest.get(mine.id)?.version ?? 0) >= mine.version) forget(mine.id)
        else newest.set(mine.id, mine) && (await put(mine))
      }
      const opened = await Promise.all([...newest.values()].map(open))
      return opened.flatMap((draft) => (draft ? [draft] : []))
    },
  }
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} with blanks behind it, which JSON passes over: its length tells little of the answers */
function padded(text) {
  const bytes = new TextEncoder().encode(text)
  return join(bytes, " ".repeat(-bytes.length & (STEP_BYTES - 1)))
}
