// @ts-check
/** The desk: puts queue, conversations, keys of the keyboard and the line to the server together. */

import { Lost, Refused } from "../chat/link.mjs"
import { makeConnection } from "./connection.mjs"
import { makeHers } from "./hers.mjs"
import { everyMinute } from "./minutes.mjs"
import { coalesced, find, readWords, write } from "./page.mjs"
import { makePane } from "./pane.mjs"
import { unlock } from "./phrase.mjs"
import { makeQueue } from "./queue.mjs"
import { makeRequests } from "./requests.mjs"
import { makeShift } from "./shift.mjs"
import { listenForKeys } from "./shortcuts.mjs"
import { makeSlots } from "./slots.mjs"

/** @typedef {import("./connection.mjs").Standing} Standing */
/** @typedef {import("./requests.mjs").Waiting} Waiting */

const page = find(document, "page")
const say = readWords()
const requests = makeRequests(page.dataset.csrf ?? "")

/** @param {import("./keys.mjs").OpenKeys} keys */
function work(keys) {
  /** @type {Waiting[] | null} */
  let waiting = null
  /** @type {Standing} */
  let standing = "connecting"
  /** @type {Map<string, import("./pane.mjs").Pane>} */
  const panes = new Map()
  /** @type {Set<string>} asked for and not answered yet */
  const accepting = new Set()
  let typedAt = 0

  const drawSoon = coalesced(draw)
  const connection = makeConnection({
    member: keys.member,
    requests,
    onHers: (conversations) => shift.reconcile(conversations),
    onAccepted: (conversation) => shift.hold(conversation),
    since: () => shift.since(),
    onEvent: take,
    onStanding(now) {
      standing = now
      drawSoon()
    },
  })
  const shift = makeShift({ keys, token: connection.token, onChange: drawSoon, onGap: connection.heal })
  const slots = makeSlots({ root: find(page, "panes"), paneOf, onChange: drawSoon })
  const drawQueue = makeQueue({ root: find(page, "queue"), say, onAccept: accept })
  const drawHers = makeHers({ root: find(page, "room"), say, onOpen: slots.open, onBeside: slots.beside })

  /** @param {string} name @param {any} data */
  function take(name, data) {
    if (name === "w") waiting = data.waiting
    else shift.take(name, data)
    drawSoon()
  }

  /** @param {string} conv */
  function paneOf(conv) {
    const held = shift.get(conv)
    if (!held) throw new Error("a conversation that is not hers has no pane")
    const pane = panes.get(conv) ?? makePane({ held, say, onPutAway: () => putAway(conv), onFocus: () => slots.work(conv) })
    panes.set(conv, pane)
    return pane
  }

  /** Without those that are hers or may be: pressing twice must not ask twice. */
  const acceptable = () => waiting?.filter(({ conv }) => !accepting.has(conv) && !shift.get(conv)) ?? null

  function draw() {
    drawQueue(acceptable(), standing === "open")
    drawHers(shift.all(), slots.shown())
    for (const conv of slots.shown()) paneOf(conv).draw()
    drawStanding(standing)
    drawTitle(shift.all().filter(({ lines }) => lines.unread).length, acceptable()?.length ?? 0)
  }

  /** @param {string} conv */
  async function accept(conv) {
    const askedAt = performance.now()
    tell("")
    accepting.add(conv)
    drawSoon()
    try {
      await connection.accept(conv)
      // The answer may take its time, and she may be writing to someone by then: her next words must not land in another conversation.
      if (typedAt > askedAt) tell(say("accepted_in_list"))
      else slots.add(conv)
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Lost)) throw error
      tell(say(notAccepted(error)))
      // Taken or gone, it is nobody's to take here. The next queue says the same.
      if (error instanceof Refused && [404, 409].includes(error.status)) waiting = waiting?.filter((other) => other.conv !== conv) ?? null
    } finally {
      accepting.delete(conv)
      drawSoon()
    }
  }

  /** @param {string} conv */
  function putAway(conv) {
    slots.close(conv)
    panes.get(conv)?.element.remove()
    panes.delete(conv)
    shift.putAway(conv)
  }

  function goOn() {
    shift.resume()
    connection.open()
  }

  listenForKeys(page, {
    acceptNext: () => find(page, "accept-next").click(),
    waitsLongest() {
      const all = shift.all().filter(({ state, waitsSince }) => state === "active" && waitsSince !== null)
      const first = all.sort((one, other) => (one.waitsSince ?? 0) - (other.waitsSince ?? 0))[0]
      if (first) slots.open(first.conv)
    },
    open(number) {
      const held = shift.all().find((one) => one.number === number)
      if (held) slots.open(held.conv)
    },
    step(step) {
      const all = shift.all()
      const here = all.findIndex(({ conv }) => conv === slots.current())
      const next = all[(here + step + all.length) % all.length]
      if (next) slots.open(next.conv)
    },
    other: slots.other,
    write() {
      const conv = slots.current()
      if (conv) paneOf(conv).focus()
    },
  })
  find(page, "accept-next").addEventListener("click", () => {
    const next = acceptable()?.[0]
    if (next) accept(next.conv)
  })
  find(page, "go-on").addEventListener("click", goOn)
  page.addEventListener("input", () => (typedAt = performance.now()))
  everyMinute(drawSoon)
  addEventListener("beforeunload", (event) => {
    // What is typed or not sent would be gone, and those who talk with her would wait until the phrase is typed again.
    if (shift.all().some(({ state }) => state === "active")) event.preventDefault()
  })
  connection.open()
  draw()
}

/** @param {Refused | Lost} error @returns {string} the name of the words for it */
function notAccepted(error) {
  if (error instanceof Lost) return "not_accepted_lost"
  if (error.code === "taken") return "taken"
  return ["ended", "unknown"].includes(error.code) ? "gone" : "not_accepted"
}

/** @param {string} text about the queue; stays until the next attempt to accept */
function tell(text) {
  write(find(page, "notice"), text)
}

/** What is seen of the desk while another window is in front. @param {number} unread conversations @param {number} waiting */
function drawTitle(unread, waiting) {
  document.title = say(unread || waiting ? "title" : "title_quiet", { unread, waiting })
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
work(keys)
