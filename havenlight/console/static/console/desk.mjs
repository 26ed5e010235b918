// @ts-check
/** The desk: puts queue, conversations, keys of the keyboard and the line to the server together. */

import { Refused } from "../chat/link.mjs"
import { makeAlarm } from "./alarm.mjs"
import { makeConnection } from "./connection.mjs"
import { makeDuty } from "./duty.mjs"
import { makeHers } from "./hers.mjs"
import { everyMinute, learnClock } from "./minutes.mjs"
import { makeAgreedList, makeLetters } from "./letters.mjs"
import { makeOffers } from "./offers.mjs"
import { coalesced, find, readWords, write } from "./page.mjs"
import { makePane } from "./pane.mjs"
import { unlock } from "./phrase.mjs"
import { makeQueue } from "./queue.mjs"
import { makeRegistration } from "./registration.mjs"
import { makeRequests } from "./requests.mjs"
import { makeShift } from "./shift.mjs"
import { listenForKeys } from "./shortcuts.mjs"
import { makeSlots } from "./slots.mjs"
import { makeTeam } from "./team.mjs"
import { makeWaiting } from "./waiting.mjs"

/** @typedef {import("./connection.mjs").Standing} Standing */

const page = find(document, "page")
const say = readWords()
const requests = makeRequests(page.dataset.csrf ?? "")

/** @type {Promise<import("./texts.mjs").Library> | null} */
let asked = null
/** Ready texts and cards, asked for once; again when that failed. */
const library = () =>
  (asked ??= requests.texts().catch((error) => {
    asked = null
    throw error
  }))

class Desk {
  /** @type {Standing} */
  #standing = "connecting"
  /** @type {Map<string, import("./pane.mjs").Pane>} */
  #panes = new Map()
  #typedAt = 0
  /** @type {Awaited<ReturnType<typeof makeRegistration>> | null} null until the codebook is there */
  #registration = null
  /** @type {import("./requests.mjs").Offer[]} */
  #offers = []
  /** @type {import("./requests.mjs").Agreed[]} */
  #agreed = []

  /** @param {import("./keys.mjs").OpenKeys} keys */
  constructor(keys) {
    const onQueue = coalesced(() => this.#drawWaiting())
    const onConversations = coalesced(() => this.#drawConversations())
    const onChange = () => {
      onQueue()
      onConversations()
    }
    this.connection = makeConnection({
      member: keys.member,
      requests,
      onHers: (granted) => this.#take(granted),
      onAccepted: (conversation) => this.shift.hold(conversation),
      onMe: (me) => this.duty.take(me),
      since: () => this.shift.since(),
      onEvent: (name, data) => this.#event(name, data),
      onStanding: (standing) => {
        if (standing === "open" && this.#standing !== "open") this.colleagues.load()
        this.#standing = standing
        onChange()
      },
    })
    const { token, accept, heal } = this.connection
    this.keys = keys
    this.colleagues = makeTeam({
      page,
      keys,
      say,
      requests,
      current: () => this.slots.current(),
      onFailed: (word) => tell(say(word)),
      onChange,
    })
    this.drawOffers = makeOffers({
      root: find(page, "room"),
      say,
      onTake: (offer) => this.#takeOver(offer),
      onDecline: ({ id }) => requests.decline(id).catch(() => tell(say("not_done"))),
    })
    this.shift = makeShift({ keys, token, onChange, onGap: heal, onFinished: (conv) => this.#putAway(conv) })
    this.duty = makeDuty({
      page,
      say,
      ask: requests.standing,
      load: (wrapUp) => this.shift.load(wrapUp),
      onFailed: (word) => tell(say(word)),
      onChange,
    })
    this.alarm = makeAlarm({ tick: find(page, "sound", HTMLInputElement), isWanted: () => this.#isWanted() })
    this.waiting = makeWaiting({ ask: accept, isHers: (conv) => Boolean(this.shift.get(conv)), onChange: onQueue })
    this.slots = makeSlots({ root: find(page, "panes"), paneOf: (conv) => this.#paneOf(conv), onChange: onConversations })
    this.drawQueue = makeQueue({ root: find(page, "queue"), say, onAccept: (conv) => this.#accept(conv) })
    this.drawLetters = makeLetters({ root: find(page, "room"), say, onAnswer: (conv) => this.#accept(conv) })
    this.drawAgreed = makeAgreedList({ root: find(page, "queue"), say })
    this.drawHers = makeHers({ root: find(page, "room"), say, onOpen: this.slots.open, onBeside: this.slots.beside })
    everyMinute(onChange)
    this.#register(keys)
  }

  /** @param {import("./keys.mjs").OpenKeys} keys */
  async #register(keys) {
    const nameOf = (/** @type {string} */ conv) => {
      const held = this.shift.get(conv)
      return held ? say("conversation", { number: held.number }) : ""
    }
    this.#registration = await makeRegistration({ page, keys, requests, say: readWords("registration-words"), nameOf })
    this.#followed()
  }

  /** What is practised is not registered. */
  #followed() {
    const conv = this.slots.current()
    this.#registration?.follow(conv && !this.shift.get(conv)?.facts.practice ? conv : null)
  }

  /** Go to work: from here on it is all events. */
  start() {
    listenForKeys(page, this.#commands())
    find(page, "accept-next").addEventListener("click", () => this.#acceptNext())
    find(page, "go-on").addEventListener("click", () => this.#goOn())
    page.addEventListener("input", () => (this.#typedAt = performance.now()))
    addEventListener("beforeunload", (event) => {
      // What is typed or not sent would be gone, and who talks with her would wait until the phrase is typed again.
      if (this.shift.all().some(({ state }) => state === "active")) event.preventDefault()
    })
    this.connection.open()
  }

  /** @param {string} conv */
  #paneOf(conv) {
    const held = this.shift.get(conv)
    if (!held) throw new Error("a conversation that is not hers has no pane")
    const onFocus = () => this.slots.work(conv)
    const onFinish = () => this.#finish(conv)
    const { keys } = this
    const pane = this.#panes.get(conv) ?? makePane({ held, say, requests, keys, library, onFinish, onFocus })
    this.#panes.set(conv, pane)
    return pane
  }

  #drawWaiting() {
    const beyond = this.waiting.beyond()
    this.drawQueue(this.waiting.offered(), beyond.waiting, this.#standing === "open")
    this.drawLetters(this.waiting.letters(), beyond.letters, this.#standing === "open")
    this.drawAgreed(this.#agreed)
    this.duty.draw()
    this.alarm.look()
    find(page, "queue").classList.toggle("alarm", this.alarm.isRinging())
    drawStanding(this.#standing)
    this.#drawTitle()
  }

  #drawConversations() {
    const all = this.shift.all()
    this.drawHers(all, this.slots.shown())
    for (const conv of this.slots.shown()) this.#paneOf(conv).draw()
    this.#followed()
    this.#drawTitle()
  }

  /** @param {string} name @param {any} data of an event of the stream */
  #event(name, data) {
    if (name === "w") this.#takeQueue(data)
    else if (name === "k" && data.kind === "whisper") this.#whispered(data)
    else if (name === "k") this.colleagues.take(data)
    else this.shift.take(name, data)
  }

  /** @param {import("./requests.mjs").Whisper} whisper */
  #whispered(whisper) {
    const held = this.shift.get(whisper.conv)
    if (!held) return
    this.#paneOf(whisper.conv).whisper(whisper)
    if (!this.slots.shown().includes(whisper.conv)) tell(say("whispered", { alias: whisper.alias, number: held.number }))
  }

  /** @param {import("./requests.mjs").Granted} granted */
  async #take({ conversations, offers, reviews }) {
    await this.shift.reconcile(conversations, offers)
    this.#offers = offers
    this.drawOffers(offers)
    this.colleagues.review(reviews)
  }

  /** @param {import("./requests.mjs").Offer} offer */
  async #takeOver({ id, conv }) {
    tell("")
    try {
      await this.connection.takeOver(id)
      this.slots.add(conv)
    } catch (error) {
      tell(say(error instanceof Refused && error.code === "capacity" ? "capacity" : "not_done"))
    }
  }

  /**
   * @param {import("./waiting.mjs").Queue & {now: number, agreed: import("./requests.mjs").Agreed[]}} queue
   */
  #takeQueue(queue) {
    learnClock(queue.now)
    this.#agreed = queue.agreed
    this.waiting.take(queue)
  }

  /** Whether someone waits for her: a colleague, or a visitor whom she, of all on duty, could take. */
  #isWanted() {
    if (this.#standing !== "open" || !this.duty.isOn()) return false
    if (this.colleagues.isCalled() || this.#offers.some(({ mine }) => !mine)) return true
    return (this.waiting.offered() ?? []).some(({ practice, in_danger }) => !practice && (in_danger || this.duty.hasRoom()))
  }

  /** What is seen of the desk while another window is in front. */
  #drawTitle() {
    const unread = this.shift.all().filter(({ lines }) => lines.unread).length
    const waiting = (this.waiting.offered()?.length ?? 0) + this.waiting.beyond().waiting
    const title = say(unread || waiting ? "title" : "title_quiet", { unread, waiting })
    if (document.title !== title) document.title = title
  }

  /** @param {string} conv */
  async #accept(conv) {
    const askedAt = performance.now()
    tell("")
    const outcome = await this.waiting.accept(conv)
    if (outcome) tell(say(outcome))
    // The answer may take its time, and she may be writing to someone by then: her next words must not land in another conversation.
    else if (this.#typedAt > askedAt) tell(say("accepted_in_list"))
    else this.slots.add(conv)
  }

  #acceptNext() {
    const next = this.waiting.offered()?.[0]
    if (next && this.#standing === "open") this.#accept(next.conv)
  }

  /** @param {string} conv it has ended and she is done with it */
  async #finish(conv) {
    tell("")
    try {
      await requests.finish(conv)
    } catch (error) {
      // Finished in another window already.
      if (!(error instanceof Refused && error.code === "unknown")) return tell(say("not_done"))
    }
    this.#putAway(conv)
  }

  /** @param {string} conv */
  #putAway(conv) {
    this.slots.close(conv)
    this.#panes.get(conv)?.remove()
    this.#panes.delete(conv)
    this.shift.putAway(conv)
  }

  #goOn() {
    this.shift.resume()
    this.connection.open()
  }

  /** @returns {import("./shortcuts.mjs").Commands} */
  #commands() {
    const { shift, slots } = this
    const paneOf = (/** @type {string} */ conv) => this.#paneOf(conv)
    /** @param {import("./held.mjs").Held | null | undefined} held */
    const open = (held) => held && slots.open(held.conv)
    return {
      acceptNext: () => this.#acceptNext(),
      pause: () => this.duty.pause(),
      end() {
        const conv = slots.current()
        if (conv) paneOf(conv).end()
      },
      tool(name) {
        const conv = slots.current()
        if (conv) paneOf(conv).tool(name)
      },
      takeOver: () => {
        const offer = this.#offers.find(({ mine }) => !mine)
        if (offer) this.#takeOver(offer)
      },
      team: () => this.colleagues.toggle(),
      help: () => this.colleagues.call(),
      waitsLongest: () => open(shift.waitsLongest()),
      open: (number) => open(shift.all().find((held) => held.number === number)),
      step: (step) => open(shift.beside(slots.current(), step)),
      other: slots.other,
      register: () => this.#registration?.toggle(),
      write() {
        const conv = slots.current()
        if (conv) slots.open(conv)
      },
    }
  }
}

/** @param {string} text about the queue; stays until the next attempt to accept */
function tell(text) {
  write(find(page, "notice"), text)
}

/** @param {Standing} standing */
function drawStanding(standing) {
  const ended = !["connecting", "open", "lost"].includes(standing)
  const line = find(page, "line")
  line.dataset.line = ended ? "stopped" : standing
  write(find(line, "line-text"), say(`line_${standing}`))
  find(page, "sign-in").hidden = standing !== "signed_out"
  find(page, "go-on").hidden = !ended || standing === "other_member"
}

// A page that the browser kept would come back with its keys: it is loaded anew, without them. So is one signed out in another window.
addEventListener("pageshow", (event) => event.persisted && location.reload())
const windows = new BroadcastChannel("desk-signed-out")
windows.onmessage = () => location.reload()
find(page, "sign-out").addEventListener("submit", () => windows.postMessage(null))

const keys = await unlock({ page, ask: requests.keys, say })
find(page, "locked").hidden = true
find(page, "room").hidden = false
new Desk(keys).start()
