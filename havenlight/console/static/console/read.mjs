// @ts-check
/** The page on which a conversation that is not hers is read: along with both who talk, who are told so, or after it has ended. */

import { GapFound } from "../chat/conversation.mjs"
import { follow, makeToken, Refused } from "../chat/link.mjs"
import { openHers } from "./keys.mjs"
import { Lines } from "./lines.mjs"
import { makeMessages } from "./messages.mjs"
import { coalesced, find, readWords, write } from "./page.mjs"
import { unlock } from "./phrase.mjs"
import { makeRequests } from "./requests.mjs"
import { makeWhispers } from "./whispers.mjs"

/** Sooner than reading along lapses, and often enough for its token. */
const STILL_HERE_EVERY_MS = 60_000

const page = find(document, "page")
const conv = page.dataset.conv ?? ""
const common = readWords()
const say = readWords("reading-words")
const requests = makeRequests(page.dataset.csrf ?? "")
const notice = find(page, "notice")
const stop = find(page, "stop", HTMLButtonElement)

class Reading {
  lines = new Lines()
  state = "active"
  #before = Promise.resolve()
  /** @type {import("../chat/link.mjs").Stream | null} */
  #stream = null
  #stillHere = 0

  /** @param {import("./requests.mjs").Read} read @param {import("./keys.mjs").OpenKeys} keys @param {NonNullable<Awaited<ReturnType<typeof openHers>>>} opened */
  constructor(read, keys, opened) {
    this.facts = read.conversation
    this.opened = opened
    this.whispers = makeWhispers({ root: page, conv, keys, say: common, requests })
    this.draw = coalesced(makeMessages(find(page, "reading"), this, common, new AbortController().signal))
  }

  tellSeen() {}
  forget() {}

  /** One after the other: opening takes its time. @param {import("../chat/conversation.mjs").Posted} message */
  message(message) {
    this.#before = this.#before.then(async () => {
      try {
        const reading = await this.opened.receive(message)
        if (reading) this.lines.add(reading)
        this.draw()
      } catch (error) {
        if (!(error instanceof GapFound)) throw error
        this.#stream?.again()
      }
    })
    return this.#before
  }

  /** @param {{token: string, expires_in: number}} granted */
  along(granted) {
    const token = makeToken(() => requests.readOn(conv))
    token.put(granted)
    this.#stream = follow({
      token,
      since: () => `${conv}:${this.opened.seq}`,
      onEvent: (name, data) => this.#take(name, data),
      onState: (isOpen) => write(notice, isOpen ? "" : say("read_lost")),
      onStop: () => this.end("read_stopped"),
    })
    this.whispers.show(say("you_read"))
    stop.hidden = false
    stop.addEventListener("click", () => this.leave())
    addEventListener("pagehide", () => this.leave())
    this.#stillHere = setInterval(() => requests.readOn(conv).catch((error) => error instanceof Refused && this.end("read_stopped")), STILL_HERE_EVERY_MS)
  }

  /** @param {string} name @param {any} data */
  #take(name, data) {
    if (name === "m") this.message(data)
    else if (name === "k" && data.kind === "whisper" && data.conv === conv) this.whispers.take(data)
    else if (name === "s" && data.state !== "active") this.end("read_ended")
  }

  leave() {
    if (stop.hidden) return
    requests.readNoMore(conv).catch(() => undefined)
    this.end("read_stopped")
  }

  /** @param {string} why a word */
  end(why) {
    if (stop.hidden) return
    stop.hidden = true
    clearInterval(this.#stillHere)
    this.#stream?.stop()
    this.whispers.show("")
    write(notice, say(why))
  }
}

/** @param {import("./keys.mjs").OpenKeys} keys @param {string} reason */
async function read(keys, reason) {
  const answer = await requests.read(conv, reason)
  const opened = await openHers(answer.conversation, keys)
  if (!opened) return write(notice, common("not_opened"))
  const reading = new Reading(answer, keys, opened)
  find(page, "reason-form").hidden = true
  find(page, "reading").hidden = false
  const { token, expires_in, messages } = answer
  if (token && expires_in) reading.along({ token, expires_in })
  for (const message of messages ?? []) await reading.message(message)
  if (messages?.length === 0) write(notice, say("nothing_said"))
  find(page, "messages").focus()
}

// As at the desk: a page that the browser kept, or one signed out in another window, is loaded anew, without its keys.
addEventListener("pageshow", (event) => event.persisted && location.reload())
new BroadcastChannel("desk-signed-out").onmessage = () => location.reload()

const keys = await unlock({ page, ask: requests.keys, say: common })
find(page, "locked").hidden = true
find(page, "room").hidden = false
find(page, "reason").focus()
find(page, "reason-form").addEventListener("submit", (event) => {
  event.preventDefault()
  write(notice, "")
  read(keys, find(page, "reason", HTMLSelectElement).value).catch((error) => {
    if (!(error instanceof Refused)) throw error
    write(notice, say("read_refused"))
  })
})
