// @ts-check
/**
 * The chat on the visitor's screen: what the stream brings is shown, what she writes is sealed and goes to the outbox. All words come from the
 * page (`data-word`).
 *
 * @typedef {import("./conversation.mjs").Conversation} Conversation
 * @typedef {import("./link.mjs").Entry} Entry
 * @typedef {import("./link.mjs").Token} Token
 * @typedef {import("./consent.mjs").Consents} Consents
 * @typedef {{element: HTMLElement, state: HTMLElement, mine: boolean, seq: number, at: number, failed: boolean}} Row `seq` is Infinity until it arrived
 */
import { GapFound } from "./conversation.mjs"
import { deliver, follow, makeOutbox, post, Refused } from "./link.mjs"

const TYPING_EVERY_MS = 3_000
const TYPING_SHOWN_MS = 6_000
const LOST_SHOWN_AFTER_MS = 1_500
const GAP_HEALED_AFTER_MS = 1_000
// The state comes before the messages, so the last ones may still be on their way when the chat has ended.
const LAST_WORDS_MS = 3_000
const TOKEN_LOOKED_AT_EVERY_MS = 60_000
// The chat cannot go on after these; after another refusal only that message cannot.
const ENDING = ["ended", "unknown", "token", "origin", "epoch"]
const ENDED_BY_SOMEONE = ["closed_member", "closed_visitor"]
const lang = document.documentElement.lang

/** @param {string} name @returns {HTMLElement} */
export function part(name) {
  const found = document.querySelector(`[data-part="${name}"]`)
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no part "${name}"`)
  return found
}

const words = /** @type {HTMLTemplateElement} */ (part("words")).content

/** @param {string} name */
const hasWord = (name) => Boolean(words.querySelector(`[data-word~="${name}"]`))

/** @param {string} name @param {Record<string, string | number>} [values] for the names in braces */
export function say(name, values = {}) {
  const found = words.querySelector(`[data-word~="${name}"]`)
  if (!found) throw new Error(`the page has no word "${name}"`)
  return (found.textContent ?? "").trim().replace(/\{(\w+)\}/g, (_, key) => String(values[key]))
}

/** @param {string} code one that is new to this page has words too */
const sayRefused = (code) => say(hasWord(`refused_${code}`) ? `refused_${code}` : "refused")

/** Put words where they are read out, and only when they changed. @param {string} name @param {string} text */
export function show(name, text) {
  const element = part(name)
  if (element.textContent !== text) element.textContent = text
}

/** @param {string} title a word */
export function showTalk(title) {
  document.body.dataset.screen = "talk"
  part("start").hidden = true
  part("talk").hidden = false
  show("title", say(title))
  part("title").focus()
}

/** Say why the chat is not, or no longer, here. @param {string} why a word that has a title too */
export function showClosed(why) {
  const word = hasWord(`${why}_title`) ? why : "closed_broken"
  showTalk("title_opening")
  for (const name of ["bar", "queue", "composer"]) part(name).hidden = true
  // What another tab holds, this one cannot start anew.
  part("anew").hidden = why === "closed_elsewhere"
  part("closed").hidden = false
  part("scroll").hidden = !part("log").hasChildNodes()
  show("closed-title", say(`${word}_title`))
  show("closed-text", say(word))
  part("closed-title").focus()
}

/** @param {string} tag @param {string} name @param {string} [text] */
export function make(tag, name, text = "") {
  const element = document.createElement(tag)
  element.className = name
  element.textContent = text
  return element
}

/** The stream tells the same as this refusal. @param {unknown} error */
export function unlessRefused(error) {
  if (!(error instanceof Refused)) throw error
}

/** The messages on the screen in the order of `seq`; what has not arrived stands last. */
class Log {
  /** @type {Map<string, Row>} */
  #rows = new Map()
  #seen = 0

  /** @param {string} id @param {{mine: boolean, who: string, text: string, seq?: number, at?: number}} said */
  add(id, { mine, who, text, seq = Infinity, at = 0 }) {
    const element = make("div", mine ? "said hers" : "said")
    const spoken = make("p", "text", text)
    spoken.dir = "auto"
    const row = { element, state: make("p", "state"), mine, seq, at, failed: false }
    element.append(make("p", "unseen", `${who}:`), spoken, row.state)
    this.#tell(row)
    this.place(element, seq)
    this.#rows.set(id, row)
    return element
  }

  /** @param {HTMLElement} element @param {number} seq where it belongs: an answer may be known before what was written ahead of it */
  place(element, seq) {
    const later = [...part("log").children].find((other) => Number(/** @type {HTMLElement} */ (other).dataset.seq) > seq)
    element.dataset.seq = String(seq)
    part("log").insertBefore(element, later ?? null)
    part("scroll").hidden = false
    if (seq === Infinity) part("scroll").scrollTop = part("scroll").scrollHeight
  }

  /** @param {string} id @param {number} seq @param {number} at @returns {boolean} whether it was there */
  arrived(id, seq, at) {
    const row = this.#rows.get(id)
    if (row?.seq === Infinity) {
      Object.assign(row, { seq, at })
      row.element.dataset.seq = String(seq)
      this.#tell(row)
    }
    return Boolean(row)
  }

  /** @param {number} seq */
  seenUpTo(seq) {
    this.#seen = Math.max(this.#seen, seq)
    this.#rows.forEach((row) => this.#tell(row))
  }

  /** What has not arrived never will. @param {string} [only] this one, or else all */
  fail(only) {
    for (const [id, row] of this.#rows) {
      if (row.seq < Infinity || (only && id !== only)) continue
      row.failed = true
      row.element.classList.add("failed")
      this.#tell(row)
    }
  }

  /** @param {Row} row */
  #tell({ state, mine, seq, at, failed }) {
    const clock = new Date(at * 60_000).toLocaleTimeString(lang, { hour: "numeric", minute: "2-digit" })
    const word = say(seq <= this.#seen ? "seen" : "arrived")
    const text = failed ? say("failed") : seq === Infinity ? say("unsent") : mine ? `${clock} · ${word}` : clock
    if (state.textContent !== text) state.textContent = text
  }
}

/** One conversation, from the line to its end. */
export class Chat {
  log = new Log()
  #state = ""
  #alias = ""
  #memberHere = true
  #closed = false
  #over = new AbortController()
  /** @type {Promise<void>} */
  #handled = Promise.resolve()
  /** @type {Promise<unknown>} */
  #tapped = Promise.resolve()
  /** @type {Promise<Consents> | null} */
  #consent = null
  #heard = 0
  #marked = 0
  /** Counter of the last own message that the stream brought, and of one that another tab had used. */
  #own = { n: 0, used: 0 }
  #typedAt = 0
  /** Since when nothing comes, and nothing goes; a stream may seem open long after the network went. */
  #lostAt = { coming: 0, going: 0 }
  #timers = { typing: 0, lost: 0, gap: 0, token: 0 }

  /**
   * @param {Conversation} conversation @param {Token} token
   * @param {Entry[]} entries not answered before a reload
   * @param {(entries: Entry[] | null) => void} keep these for a reload; null when the chat is over
   */
  constructor(conversation, token, entries, keep) {
    this.conversation = conversation
    this.token = token
    this.keep = keep
    this.outbox = makeOutbox({
      conv: conversation.conv,
      token,
      entries,
      onChange: (left) => {
        if (!left.length) this.#connected("going", true)
        if (!this.#closed) keep(left)
      },
      onAnswered: ({ id }, { seq, at }) => this.#answered(id, seq, at),
      onRefused: (entry, refused) => this.#refused(entry, refused.code),
      onWait: (reason) => this.#waits(reason),
    })
    this.stream = follow({
      token,
      since: () => (conversation.seq ? `${conversation.conv}:${conversation.seq}` : ""),
      onEvent: (name, data) => this.#take(name, data),
      onState: (open) => this.#connected("coming", open),
      onStop: (reason) => this.close(reason === "replaced" ? "closed_elsewhere" : `refused_${reason.code}`),
    })
    // The exit cannot wait for a new token, so one is always at hand.
    this.#timers.token = setInterval(() => token.get().catch(() => {}), TOKEN_LOOKED_AT_EVERY_MS)
  }

  get over() {
    return this.#closed
  }

  /** @param {string} id @param {string} text */
  showUnsent(id, text) {
    this.log.add(id, { mine: true, who: say("you"), text })
  }

  /** @param {string} text @param {object} [card] */
  async send(text, card) {
    const entry = await this.conversation.say(text, card)
    this.showUnsent(entry.id, text)
    this.outbox.add(entry)
  }

  /** @param {string} id @param {number} seq @param {number} at */
  #answered(id, seq, at) {
    this.#connected("going", true)
    show("note", "")
    this.log.arrived(id, seq, at)
  }

  /** @param {Error} reason why an entry is sent again later */
  #waits(reason) {
    this.#connected("going", reason instanceof Refused)
    if (reason instanceof Refused) show("note", sayRefused(reason.code))
  }

  /** @param {Entry} entry @param {string} code */
  async #refused(entry, code) {
    this.#connected("going", true)
    if (ENDING.includes(code)) return this.close(`refused_${code}`)
    if (code === "n_used") {
      this.#own.used = entry.n
      return this.#sealAgain()
    }
    this.log.fail(entry.id)
    show("note", sayRefused(code))
    // Those behind it counted on it.
    this.outbox.replace(await this.conversation.reseal(this.outbox.entries().filter(({ id }) => id !== entry.id)))
  }

  /** After `n_used`, once the stream has brought what used the counter. */
  async #sealAgain() {
    if (!this.#own.used || this.#own.n < this.#own.used) return
    this.#own.used = 0
    this.outbox.replace(await this.conversation.reseal(this.outbox.entries()))
  }

  /** One event after the other, though opening a message takes its time. @param {string} name @param {any} data */
  #take(name, data) {
    /** @type {Record<string, (data: any) => unknown>} */
    const handlers = {
      m: (message) => this.#message(message),
      s: (state) => this.#stateIs(state),
      r: ({ who, seq }) => (who === "c" ? this.log.seenUpTo(seq) : (this.#marked = Math.max(this.#marked, seq))),
      a: ({ who, on }) => who === "c" && this.#memberIs(on),
      t: ({ who }) => who === "c" && this.#typing(true),
      q: ({ wait_from, wait_to }) => this.#showWait(wait_from, wait_to),
    }
    const handled = this.#handled.then(() => handlers[name]?.(data))
    this.#handled = handled.then(() => {}, (error) => this.#failed(error))
  }

  /** @param {unknown} error while an event was handled */
  #failed(error) {
    if (!(error instanceof GapFound)) {
      // A defect of the page must be seen, and must not end the chat.
      return queueMicrotask(() => {
        throw error
      })
    }
    clearTimeout(this.#timers.gap)
    this.#timers.gap = setTimeout(() => this.stream.again(), GAP_HEALED_AFTER_MS)
  }

  /** @param {import("./conversation.mjs").Posted} message */
  async #message(message) {
    const reading = await this.conversation.receive(message)
    if (!reading) return
    const { seq, id, mine, at, outcome, text } = reading
    if (reading.missing) this.log.place(make("p", "event", say("missing")), seq)
    if (mine) this.#own.n = Math.max(this.#own.n, message.n)
    else this.#typing(false)
    if (!mine || !this.log.arrived(id, seq, at)) {
      const shown = outcome === "read" && text !== null ? text : say("unreadable")
      const row = this.log.add(mine ? id : `${seq}`, { mine, who: mine ? say("you") : this.#alias, text: shown, seq, at })
      if (reading.card && !mine) this.#consents((consents) => consents.ask(reading, row))
    }
    if (reading.card && mine) this.#consents((consents) => consents.answered(reading))
    if (!mine) this.#heard = seq
    this.markRead()
    await this.#sealAgain()
  }

  /** What asks for her consent comes seldom: its script is loaded with the first one. @param {(consents: Consents) => void} use */
  #consents(use) {
    this.#consent ??= import("./consent.mjs").then(({ Consents }) => new Consents(this))
    // Without its script the question stands there as text, and she can answer it in words.
    this.#consent.then(use).catch(() => (this.#consent = null))
  }

  /** Tell how far she has read, when she can have. */
  async markRead() {
    const seq = this.#heard
    if (this.#closed || seq <= this.#marked || document.visibilityState !== "visible") return
    this.#marked = seq
    await this.#deliver(this.#path("r"), { seq })
  }

  /** @param {string} what */
  #path(what) {
    return `/live/conv/${this.conversation.conv}/${what}`
  }

  /** @param {string} path @param {object} body */
  #deliver(path, body) {
    const { signal } = this.#over
    return deliver(path, body, this.token, { signal }).catch((error) => signal.aborted || unlessRefused(error))
  }

  /** @param {{state: string, by: string | null, alias: string | null, reader: string | null}} event */
  #stateIs({ state, by, alias, reader }) {
    if (alias) this.#alias = alias
    show("reader", reader ? say("reader", { name: reader }) : "")
    if (state === this.#state) return
    this.#state = state
    if (state === "ended" || state === "abandoned") return this.close(`closed_${by === "exit" ? "visitor" : by}`)
    part("queue").hidden = state === "active"
    part("wait").hidden = state !== "waiting"
    if (state === "left") return import("./letter.mjs").then(({ write }) => write())
    show("title", say(`title_${state}`, { name: this.#alias }))
    if (state === "active") this.log.place(make("p", "event", say("here", { name: this.#alias })), this.conversation.seq)
  }

  /** @param {number | null} from @param {number | null} to minutes */
  #showWait(from, to) {
    if (from === null || to === null) return show("wait", say("wait_unknown"))
    show("wait", say(to === 1 ? "wait_one" : from === 0 ? "wait_up_to" : "wait_range", { from, to }))
  }

  /** @param {boolean} here */
  #memberIs(here) {
    this.#memberHere = here
    this.#showConnection()
  }

  /** @param {"coming" | "going"} way @param {boolean} open */
  #connected(way, open) {
    clearTimeout(this.#timers.lost)
    if (open) this.#lostAt[way] = 0
    else this.#lostAt[way] ||= Date.now()
    this.#showConnection()
    // A stream that is opened again at once was never lost to her.
    if (this.#lostAt.coming || this.#lostAt.going) this.#timers.lost = setTimeout(() => this.#showConnection(), LOST_SHOWN_AFTER_MS)
  }

  #showConnection() {
    const since = Math.min(...Object.values(this.#lostAt).filter(Boolean))
    const lost = Date.now() - since >= LOST_SHOWN_AFTER_MS
    const away = this.#state === "active" && !this.#memberHere
    show("connection", this.#closed ? "" : lost ? say("lost") : away ? say("member_away", { name: this.#alias }) : "")
  }

  /** @param {boolean} on */
  #typing(on) {
    clearTimeout(this.#timers.typing)
    part("typing").hidden = !on
    show("typing", say("typing", { name: this.#alias }))
    if (on) this.#timers.typing = setTimeout(() => this.#typing(false), TYPING_SHOWN_MS)
  }

  /** Tell the counsellor that she types, not what. */
  typed() {
    if (this.#state !== "active" || Date.now() - this.#typedAt < TYPING_EVERY_MS) return
    this.#typedAt = Date.now()
    // Too small a thing to try twice.
    post(this.#path("t"), {}, { bearer: this.token.held() }).catch(() => {})
  }

  /** @param {string} name @param {string | boolean | null} value null takes it back */
  tap(name, value) {
    // One request at a time, so that the last word is the last to arrive.
    this.#tapped = this.#tapped.then(() => this.#deliver("/chat/taps", { [name]: value }))
  }

  leave() {
    deliver(this.#path("leave"), { how: "leave" }, this.token).catch(unlessRefused)
    const letter = this.#state === "left" && part("log").hasChildNodes()
    this.close(this.#state === "active" ? "closed_visitor" : letter ? "closed_letter" : "closed_left")
  }

  /** Gone within this turn of the page; the request outlives it. */
  exit() {
    const bearer = this.token.held()
    this.#stop()
    this.stream.stop()
    if (bearer) post(this.#path("leave"), { how: "exit" }, { bearer, keepalive: true }).catch(() => {})
  }

  #stop() {
    this.#closed = true
    this.#over.abort()
    this.outbox.stop()
    Object.values(this.#timers).forEach(clearTimeout)
  }

  /** @param {string} why a word */
  close(why) {
    if (this.#closed) return
    this.#stop()
    // What another tab goes on with is not over.
    if (why !== "closed_elsewhere") this.keep(null)
    setTimeout(() => this.stream.stop(), LAST_WORDS_MS)
    this.log.fail()
    part("log").querySelectorAll("fieldset").forEach((question) => (question.disabled = true))
    this.#showConnection()
    this.#typing(false)
    showClosed(why)
    if (ENDED_BY_SOMEONE.includes(why) && this.#alias) import("./after.mjs").then(({ ask }) => ask(this.token.held()))
  }
}
