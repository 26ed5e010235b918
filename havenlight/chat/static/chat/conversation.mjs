// @ts-check
/**
 * One conversation as its two sides keep it: counters, what was seen, what is missing (docs/protocol.md, section 2). Neither page nor network;
 * the visitor's page and the desk both use it.
 *
 *     const { conversation, secret, body } = await begin(manifest, lang)   visitor: POST body to /chat/start, keep secret (text) in the tab
 *     await tabKey(secret, conv)                                           after a reload: the `tab_key` of POST /chat/token ...
 *     await resume(conv, secret, half)                                     ... and the conversation again, with the `half` it answers
 *     await openConversation({ conv, epoch, wrap }, team, sender)          member: in unlock.mjs
 *
 *     const entry = await conversation.say(text, card)  {id, n, env}: sealed once, to be posted unchanged until answered
 *     const fresh = await conversation.reseal(entries)  after `n_used`, when the stream brought what came between
 *     const texts = await conversation.restore(entries) after a reload, what was not answered: their texts, in order
 *     const reading = await conversation.receive(m)   an `m` event; null when it is held already; throws GapFound: open the stream again
 *     conversation.seq                                the last `seq` held, for `since`
 *
 * Calls may overlap: each waits for the one before it.
 *
 * @typedef {import("./seal.mjs").Bytes} Bytes
 * @typedef {{id: string, n: number, env: string}} Entry
 * @typedef {{conv: string, seq: number, id: string, from: string, n: number, at: number, env: string}} Posted data of an `m` event
 *
 * @typedef {object} Reading one message after all checks
 * @property {number} seq
 * @property {string} id
 * @property {string} from
 * @property {boolean} mine from this sender, perhaps in another tab
 * @property {number} at the server's minute
 * @property {"read" | "repeated" | "unreadable"} outcome a repeat is refused; what does not open is shown as such, never skipped
 * @property {string | null} text only when it was read
 * @property {object} [card] what came with the text, for card.mjs
 * @property {boolean} missing before this one others are missing that were not reported yet: say so
 */
import * as seal from "./seal.mjs"

/** A message came before the one that goes before it: open the stream again from `seq`. */
export class GapFound extends Error {}

const thisMinute = () => Math.floor(Date.now() / 60_000)

/**
 * @param {{team: Bytes, epoch: number}} manifest verified
 * @param {string} lang
 */
export async function begin({ team, epoch }, lang) {
  const key = seal.newKey()
  const secret = seal.newKey()
  const conv = await idOf(secret)
  const credential = await seal.tabCredential(secret, conv)
  const body = {
    conv,
    epoch,
    wrap: seal.b64(await seal.wrapConversation(key, team, conv, epoch)),
    tab_key: seal.b64(credential),
    half: seal.b64(await seal.tabHalf(key, secret, conv)),
    lang,
  }
  return { conversation: await Conversation.open(key, conv, "v"), secret: seal.b64(secret), body }
}

/** Made of the tab's secret, so that the tab need not store it too. @param {seal.Bytes} secret */
const idOf = async (secret) => seal.hex((await seal.derive(secret, new Uint8Array(0), seal.join("havenlight/tab/1|id"))).slice(0, 16))

/** @param {string} secret @returns {Promise<string>} the conversation of a tab */
export const convOf = (secret) => idOf(seal.unb64(secret))

/** @param {string} secret @param {string} conv */
export const tabKey = async (secret, conv) => seal.b64(await seal.tabCredential(seal.unb64(secret), conv))

/** @param {string} conv @param {string} secret @param {string} half */
export async function resume(conv, secret, half) {
  const key = await seal.tabHalf(seal.unb64(half), seal.unb64(secret), conv)
  return Conversation.open(key, conv, "v")
}

export class Conversation {
  seq = 0
  /** Counter of the last message held, by sender. @type {Map<string, number>} */
  #lastN = new Map()
  /** Messages read, of the visitor and of the members. @type {[number, number]} */
  #held = [0, 0]
  /** The same, with those that are known and reported to be missing. */
  #accounted = [0, 0]
  /** Counter of the last message sealed here. */
  #sealed = 0
  /** @type {Promise<unknown>} */
  #before = Promise.resolve()
  #keys

  /** @param {string} conv @param {string} sender @param {import("./seal.mjs").MessageKeys} keys @param {Bytes} key K */
  constructor(conv, sender, keys, key) {
    this.conv = conv
    this.sender = sender
    /** K, for a visitor who takes a return code later. */
    this.key = sender === "v" ? key : null
    this.#keys = keys
  }

  /** @param {Bytes} key K, which only a visitor's side keeps @param {string} conv @param {string} sender */
  static async open(key, conv, sender) {
    return new Conversation(conv, sender, await seal.messageKeys(key, conv), key)
  }

  /**
   * @template T
   * @param {() => Promise<T>} job
   * @returns {Promise<T>}
   */
  #inTurn(job) {
    const turn = this.#before.then(job)
    this.#before = turn.catch(() => {})
    return turn
  }

  /**
   * @param {string} text half characters, as some keyboards leave them, become U+FFFD
   * @param {object} [card]
   * @returns {Promise<Entry>}
   * @throws {import("./seal.mjs").TextRefused}
   */
  say(text, card) {
    return this.#inTurn(() => this.#seal(seal.newId(), { text: text.replace(/\p{Surrogate}/gu, "\ufffd"), card }))
  }

  /** @param {string} id @param {{text: string, card?: object}} said */
  async #seal(id, { text, card }) {
    const n = Math.max(this.#sealed, this.#last(this.sender)) + 1
    const side = this.sender === "v" ? 0 : 1
    /** @type {[number, number]} */
    const seen = [...this.#held]
    // What waits in the outbox is stored before this one.
    seen[side] += n - 1 - this.#last(this.sender)
    const envelope = await seal.sealMessage({ text, seen, at: thisMinute(), card }, this.#place(this.sender, n, id), this.#keys)
    this.#sealed = n
    return { id, n, env: seal.b64(envelope) }
  }

  /**
   * Seal again what could not be stored, because another tab used its counter.
   * @param {Entry[]} entries all that are not answered, in order
   * @returns {Promise<Entry[]>}
   */
  reseal(entries) {
    return this.#inTurn(async () => {
      this.#sealed = 0
      const fresh = []
      for (const entry of entries) fresh.push(await this.#seal(entry.id, await this.#saidIn(entry)))
      return fresh
    })
  }

  /**
   * Go on with what was sealed before a reload.
   * @param {Entry[]} entries all that are not answered, in order
   * @returns {Promise<string[]>} their texts
   */
  restore(entries) {
    return this.#inTurn(async () => {
      const texts = []
      for (const entry of entries) texts.push((await this.#saidIn(entry)).text)
      this.#sealed = Math.max(this.#sealed, ...entries.map((entry) => entry.n))
      return texts
    })
  }

  /** @param {Entry} entry */
  #saidIn({ id, n, env }) {
    return seal.openMessage(seal.unb64(env), this.#place(this.sender, n, id), this.#keys)
  }

  /**
   * @param {Posted} message
   * @returns {Promise<Reading | null>}
   * @throws {GapFound}
   */
  receive(message) {
    return this.#inTurn(async () => {
      const { seq, id, from, n, at, env } = message
      if (seq <= this.seq) return null
      if (seq > this.seq + 1) throw new GapFound(`message ${seq} came after ${this.seq}`)
      this.seq = seq
      const said = await this.#open(env, this.#place(from, n, id))
      const reading = { seq, id, from, mine: from === this.sender, at, text: null, missing: false }
      if (!said) return { ...reading, outcome: "unreadable" }
      if (n <= this.#last(from)) return { ...reading, outcome: "repeated" }
      return { ...reading, outcome: "read", text: said.text, card: said.card, missing: this.#count(from, n, said.seen) }
    })
  }

  /** @param {string} env @param {import("./seal.mjs").Place} place */
  async #open(env, place) {
    try {
      return await seal.openMessage(seal.unb64(env), place, this.#keys)
    } catch {
      return null
    }
  }

  /**
   * Note a message that was read.
   * @param {string} from @param {number} n @param {[number, number]} seen
   * @returns {boolean} whether others are missing that were not reported yet
   */
  #count(from, n, seen) {
    const skipped = n > this.#last(from) + 1
    this.#lastN.set(from, n)
    this.#held[from === "v" ? 0 : 1] += 1
    const visitor = this.#last("v")
    const members = [...this.#lastN.values()].reduce((sum, last) => sum + last, -visitor)
    const accounted = [Math.max(this.#accounted[0], visitor), Math.max(this.#accounted[1], members)]
    this.#accounted = [Math.max(accounted[0], seen[0]), Math.max(accounted[1], seen[1])]
    return skipped || seen[0] > accounted[0] || seen[1] > accounted[1]
  }

  /** @param {string} sender */
  #last(sender) {
    return this.#lastN.get(sender) ?? 0
  }

  /** @param {string} sender @param {number} n @param {string} id */
  #place(sender, n, id) {
    return { conv: this.conv, sender, n, id }
  }
}
