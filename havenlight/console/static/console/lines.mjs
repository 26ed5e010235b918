// @ts-check
/** The lines of one conversation in their order: what was said, what is missing or could not be read, and how far each side has read. */

import { now } from "./minutes.mjs"

/**
 * @typedef {import("../chat/conversation.mjs").Reading} Reading
 *
 * @typedef {object} Line
 * @property {string} key
 * @property {number} place in the conversation: its `seq`; what is not stored yet stands last
 * @property {"said" | "missing" | "repeated" | "unreadable"} kind
 * @property {"visitor" | "me" | "colleague"} by
 * @property {string} text empty unless it was said
 * @property {number} at minute
 * @property {"" | "unsent" | "failed" | "arrived" | "seen"} standing of what our side wrote
 */

const NOT_STORED = Number.MAX_SAFE_INTEGER

export class Lines {
  /** @type {Line[]} */
  all = []
  #visitorRead = 0
  #memberRead = 0

  /** @param {Reading} reading */
  add({ id, seq, from, mine, at, outcome, text, missing }) {
    const by = mine ? "me" : from === "v" ? "visitor" : "colleague"
    if (missing) this.all.push({ key: `missing-${seq}`, place: seq - 0.5, kind: "missing", by, text: "", at, standing: "" })
    if (outcome === "read" && this.#find(id)) return this.stored(id, seq, at)
    const kind = outcome === "read" ? "said" : outcome
    // A repeat may carry the id of the message that it repeats.
    const key = outcome === "read" ? id : `${outcome}-${seq}`
    this.all.push({ key, place: seq, kind, by, text: text ?? "", at, standing: by === "visitor" ? "" : "arrived" })
    this.#arrange()
  }

  /** @param {string} id @param {string} text what this desk wrote and the server has not answered for */
  addOwn(id, text) {
    this.all.push({ key: id, place: NOT_STORED, kind: "said", by: "me", text, at: now(), standing: "unsent" })
  }

  /** @param {string} key */
  #find(key) {
    return this.all.find((line) => line.key === key)
  }

  /** @param {string} id @param {number} seq @param {number} at */
  stored(id, seq, at) {
    const line = this.#find(id)
    if (line?.place === NOT_STORED) Object.assign(line, { place: seq, at, standing: "arrived" })
    this.#arrange()
  }

  /** @param {string} id it will not be sent */
  fail(id) {
    const line = this.#find(id)
    if (line) line.standing = "failed"
  }

  /** @param {string} key */
  remove(key) {
    this.all = this.all.filter((line) => line.key !== key)
  }

  #arrange() {
    this.all.sort((one, other) => one.place - other.place)
    for (const line of this.all) if (line.standing === "arrived" && line.place <= this.#visitorRead) line.standing = "seen"
  }

  /** @param {number} seq the visitor has read up to here */
  visitorReadUpTo(seq) {
    this.#visitorRead = Math.max(this.#visitorRead, seq)
    this.#arrange()
  }

  /** @param {number} seq our side has read up to here */
  memberReadUpTo(seq) {
    this.#memberRead = Math.max(this.#memberRead, seq)
  }

  /** Messages of the visitor that nobody of our side has seen. */
  get unread() {
    return this.all.filter(({ by, place, kind }) => by === "visitor" && place > this.#memberRead && kind !== "missing").length
  }

  get unsent() {
    return this.all.some(({ standing }) => standing === "unsent")
  }

  /** The text said last, by whoever. */
  get lastText() {
    return [...this.all].reverse().find(({ text }) => text)?.text ?? ""
  }

  /** The minute of the visitor's first message that our side has not answered, or null. */
  get unansweredSince() {
    let since = null
    for (const { by, at, standing } of [...this.all].reverse()) {
      if (by === "visitor") since = at
      else if (standing !== "unsent" && standing !== "failed") break
    }
    return since
  }
}
