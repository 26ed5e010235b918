// @ts-check
/** One conversation as this desk holds it: its lines, its state, and what is still to be sent. Knows no page. */

import { ConsentRecord } from "../chat/card.mjs"
import { GapFound } from "../chat/conversation.mjs"
import { deliver, Lost, makeOutbox, pause, post, Refused } from "../chat/link.mjs"
import { Lines } from "./lines.mjs"
import { now } from "./minutes.mjs"
import { SIGNED_OUT } from "./requests.mjs"

/**
 * @typedef {import("../chat/conversation.mjs").Conversation} Opened
 * @typedef {import("../chat/conversation.mjs").Posted} Posted
 * @typedef {import("../chat/link.mjs").Entry} Entry
 *
 * @typedef {object} HeldOptions
 * @property {import("./requests.mjs").Conversation} conversation
 * @property {Opened | null} opened null when no key of hers opens it
 * @property {number} number by which she knows it
 * @property {import("../chat/link.mjs").Token} token
 * @property {() => void} onChange
 * @property {() => void} onGap the stream must be opened again
 */

const TYPING_EVERY_MS = 3_000
const TYPING_SHOWN_MS = 6_000
const GOODBYE_MS = 15_000
/** Refusals after which nothing more of a conversation can be sent. */
const CLOSED = ["ended", "unknown"]
/** Refusals that signing in again puts right. */
const PAUSED = [SIGNED_OUT, "token"]

export class Held {
  lines = new Lines()
  consents = new ConsentRecord()
  /** @type {"active" | "ended"} */
  state = "active"
  /** @type {string | null} who ended it */
  by = null
  /** She ended it, and the server has not answered yet. */
  ending = false
  typing = false
  /** @type {string | null} the alias of a coordinator who reads along */
  reader = null
  #typingTimer = 0
  #typedAt = 0
  #seen = 0
  #seenPosted = 0
  #posting = false
  /** Counter of the last message of ours that came. */
  #ownN = 0
  /** Counter that another tab used first, until what it wrote has come. */
  #usedN = 0
  /** @type {(() => void)[]} who waits until all that she wrote has arrived */
  #whenSent = []
  /** @type {Promise<unknown>} */
  #before = Promise.resolve()
  #opened
  #token
  #outbox
  #onChange
  #onGap

  /** @param {HeldOptions} options */
  constructor({ conversation, opened, number, token, onChange, onGap }) {
    this.facts = conversation
    this.conv = conversation.conv
    this.acceptedAt = conversation.accepted_at ?? now()
    this.away = conversation.away
    this.weight = conversation.weight
    this.risk = conversation.risk
    this.insincere = conversation.insincere
    /** @type {string | null} the alias of the colleague to whom it is offered */
    this.offeredTo = null
    this.endedAt = conversation.ended_at
    if (conversation.ended_at !== null) this.#stateIs("ended", conversation.by)
    this.number = number
    this.#opened = opened
    this.#token = token
    this.#onChange = onChange
    this.#onGap = onGap
    this.#outbox = makeOutbox({
      conv: this.conv,
      token,
      entries: [],
      onChange,
      onAnswered: ({ id }, { seq, at }) => {
        this.lines.stored(id, seq, at)
        if (!this.lines.unsent) this.#whenSent.splice(0).forEach((done) => done())
      },
      onRefused: (entry, refused) => this.#inTurn(() => this.#refused(entry, refused)),
    })
  }

  /** Whether a key of hers opens it. */
  get opened() {
    return this.#opened !== null
  }

  /** The last `seq` held. */
  get seq() {
    return this.#opened?.seq ?? 0
  }

  /** The minute since which the visitor waits for an answer, or null when our side wrote last. */
  get waitsSince() {
    const since = this.lines.unansweredSince
    // What she wrote in the queue began to wait for this member when she accepted.
    return since === null ? null : Math.max(since, this.acceptedAt)
  }

  /**
   * One after the other: opening and sealing take their time, and order is all.
   * @template T
   * @param {() => T | Promise<T>} job
   */
  #inTurn(job) {
    const turn = this.#before.then(job)
    this.#before = turn.catch(() => undefined).then(() => this.#onChange())
    return turn
  }

  /**
   * Take an event of the stream that is about this conversation.
   * @param {string} name
   * @param {any} data
   */
  take(name, data) {
    return this.#inTurn(async () => {
      if (name === "m") await this.#message(data)
      else if (name === "s") {
        this.reader = data.reader
        this.#stateIs(data.state, data.by)
      }
      else if (name === "a" && data.who === "v") this.away = !data.on
      else if (name === "r") this.#readUpTo(data.who, data.seq)
      else if (name === "t" && data.who === "v") this.#showTyping()
    })
  }

  /** @param {Posted} message */
  async #message(message) {
    try {
      const reading = await this.#opened?.receive(message)
      if (!reading) return
      this.lines.add(reading)
      if (reading.card) this.consents.take(reading)
      if (reading.mine) this.#ownN = Math.max(this.#ownN, message.n)
      else this.#stopTyping()
    } catch (error) {
      if (!(error instanceof GapFound)) throw error
      this.#onGap()
    }
    await this.#resealWhenKnown()
  }

  /** @param {string} who @param {number} seq */
  #readUpTo(who, seq) {
    if (who === "v") return this.lines.visitorReadUpTo(seq)
    this.#seen = Math.max(this.#seen, seq)
    this.#seenPosted = Math.max(this.#seenPosted, seq)
    this.lines.memberReadUpTo(seq)
  }

  /** @param {string} state @param {string | null} by */
  #stateIs(state, by) {
    if (state === "active" || this.state === "ended") return
    this.state = "ended"
    this.by = by
    this.endedAt ??= now()
    this.#stopTyping()
  }

  /** Take what the list of hers says of it. @param {import("./requests.mjs").Conversation} conversation */
  update(conversation) {
    this.weight = conversation.weight
    this.risk = conversation.risk
    this.insincere = conversation.insincere
    const ended = conversation.ended_at !== null
    return this.#inTurn(() => ended && this.#stateIs("ended", conversation.by))
  }

  /** It is no longer among hers, and nobody said why. */
  close() {
    return this.#inTurn(() => this.#stateIs("ended", null))
  }

  #showTyping() {
    this.#stopTyping()
    this.typing = true
    this.#typingTimer = setTimeout(() => {
      this.typing = false
      this.#onChange()
    }, TYPING_SHOWN_MS)
  }

  #stopTyping() {
    clearTimeout(this.#typingTimer)
    this.typing = false
  }

  /** @param {string} text 1 to 2,000 code points @param {object} [card] */
  say(text, card) {
    this.#typedAt = 0
    return this.#inTurn(async () => {
      const entry = await this.#opened?.say(text, card)
      if (!entry) return
      this.lines.addOwn(entry.id, text)
      this.#outbox.add(entry)
    })
  }

  /** @param {Entry} entry @param {Refused} refused */
  async #refused(entry, { code }) {
    if (PAUSED.includes(code)) return
    if (code === "n_used") {
      this.#usedN = entry.n
      this.#onGap()
      return this.#resealWhenKnown()
    }
    const failed = CLOSED.includes(code) ? this.#outbox.entries() : [entry]
    for (const { id } of failed) this.lines.fail(id)
    await this.#reseal(this.#outbox.entries().filter((other) => !failed.some(({ id }) => id === other.id)))
  }

  async #resealWhenKnown() {
    if (!this.#usedN || this.#ownN < this.#usedN) return
    this.#usedN = 0
    await this.#reseal(this.#outbox.entries())
  }

  /** @param {Entry[]} entries */
  async #reseal(entries) {
    this.#outbox.replace((await this.#opened?.reseal(entries)) ?? [])
  }

  /** Signed in again: what stood still goes on. */
  resume() {
    this.#postSeen()
    return this.#inTurn(() => this.#outbox.replace(this.#outbox.entries()))
  }

  /** Take a line that could not be sent off the screen. @param {string} key */
  forget(key) {
    this.lines.remove(key)
    this.#onChange()
  }

  /** She is typing; what she types goes nowhere before she sends it. */
  async tellTyping() {
    if (Date.now() - this.#typedAt < TYPING_EVERY_MS) return
    this.#typedAt = Date.now()
    await answered(this.#token.get().then((bearer) => post(`/live/conv/${this.conv}/t`, {}, { bearer })))
  }

  /** All that is here has been on her screen. */
  tellSeen() {
    if (this.seq <= this.#seen) return
    this.#seen = this.seq
    this.lines.memberReadUpTo(this.seq)
    this.#onChange()
    return this.#postSeen()
  }

  async #postSeen() {
    if (this.#posting) return
    this.#posting = true
    while (this.state === "active" && this.#seenPosted < this.#seen) {
      const seq = this.#seen
      if (!(await answered(deliver(`/live/conv/${this.conv}/r`, { seq }, this.#token)))) break
      this.#seenPosted = seq
    }
    this.#posting = false
  }

  /**
   * End it from our side; asked again until it is answered.
   * @param {string} goodbye said first, unless it is empty
   */
  async end(goodbye = "") {
    this.ending = true
    this.#onChange()
    if (goodbye) {
      await this.say(goodbye)
      // The end must not overtake it; but neither may a message that cannot be sent keep a conversation open.
      if (this.lines.unsent) await Promise.race([new Promise((done) => this.#whenSent.push(() => done(undefined))), pause(GOODBYE_MS)])
    }
    const ended = await answered(deliver(`/live/conv/${this.conv}/leave`, { how: "leave" }, this.#token))
    this.ending = false
    await this.#inTurn(() => ended && this.#stateIs("ended", "member"))
  }

  /** Nothing more is sent: it has ended and is put away. */
  stop() {
    this.#outbox.stop()
    this.#stopTyping()
  }
}

/**
 * @param {Promise<unknown>} asked
 * @returns {Promise<boolean>} false when it was refused or lost, of which the state of the line tells
 */
const answered = (asked) =>
  asked.then(
    () => true,
    (error) => {
      if (error instanceof Refused || error instanceof Lost) return false
      throw error
    },
  )
