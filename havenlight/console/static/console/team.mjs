// @ts-check
/** The team: its sealed room of the shift, calls for help, and for a coordinator the blocks to review. */

import { openAside, sealAside } from "./asides.mjs"
import { timeOfDay } from "./minutes.mjs"
import { find, keyed, stamp, write } from "./page.mjs"

/**
 * @typedef {import("./requests.mjs").RoomMessage} RoomMessage
 * @typedef {import("./requests.mjs").Call} Call
 * @typedef {import("./requests.mjs").Review} Review
 */

const ROOM = { kind: /** @type {const} */ ("room") }

/**
 * @param {object} options
 * @param {HTMLElement} options.page
 * @param {import("./keys.mjs").OpenKeys} options.keys
 * @param {import("./queue.mjs").Say} options.say
 * @param {import("./requests.mjs").Requests} options.requests
 * @param {() => string | null} options.current the conversation she works in, if any
 * @param {(word: string) => void} options.onFailed
 * @param {() => void} options.onChange
 */
export function makeTeam({ page, keys, say, requests, current, onFailed, onChange }) {
  const panel = find(page, "team")
  const opener = find(page, "open-team", HTMLButtonElement)
  const help = find(page, "call-help", HTMLButtonElement)
  const unread = find(page, "team-unread")
  const toReview = find(page, "reviews-count")
  const log = find(panel, "room-messages")
  const form = find(panel, "room-form", HTMLFormElement)
  const text = find(panel, "room-text", HTMLTextAreaElement)
  const notice = find(panel, "room-notice")
  /** @type {Map<string, {message: RoomMessage, text: string}>} */
  const said = new Map()
  /** @type {Call[]} */
  let calls = []
  let unseen = 0
  const drawLog = keyed(log, (/** @type {{message: RoomMessage, text: string}} */ one) => one.message.id, makeLine)
  const drawCalls = keyed(find(page, "calls"), (/** @type {Call} */ call) => String(call.id), makeCall)
  const drawReviews = keyed(find(panel, "reviews"), (/** @type {Review} */ one) => one.conv, makeReview)

  /** @param {{message: RoomMessage, text: string}} one */
  function makeLine({ message, text: words }) {
    const element = stamp("room-row")
    write(find(element, "room-by"), say("note_by", { author: message.alias, time: timeOfDay(message.at) }))
    write(find(element, "room-said"), words)
    return { element, update: () => undefined }
  }

  /** @param {Call} first */
  function makeCall({ id }) {
    const element = stamp("call-row")
    const words = find(element, "call-text")
    const answer = find(element, "call-answer")
    answer.addEventListener("click", () => attempt(() => requests.settleCall(id)))
    return {
      element,
      /** @param {Call} call */
      update({ member, alias, answered_by }) {
        const mine = member === keys.member
        element.classList.toggle("settled", answered_by !== null)
        if (answered_by === alias) write(words, say("call_over", { alias }))
        else if (answered_by !== null) write(words, say("call_answered", { alias: answered_by, other: alias }))
        else write(words, mine ? say("call_mine") : say("call", { alias }))
        write(answer, answered_by !== null ? "" : say(mine ? "call_back" : "come"))
      },
    }
  }

  /** @param {Review} first */
  function makeReview(first) {
    const element = stamp("review-row")
    const { by: alias, at, until, reason, conv } = first
    const values = { alias, time: timeOfDay(at), until: timeOfDay(until), reason: say(`block_${reason}`) }
    write(find(element, "review-text"), say("review", values))
    find(element, "uphold").addEventListener("click", () => attempt(() => requests.review(conv, "upheld")))
    find(element, "lift").addEventListener("click", () => attempt(() => requests.review(conv, "lifted")))
    return { element, update: () => undefined }
  }

  /** @param {() => Promise<unknown>} job */
  async function attempt(job) {
    try {
      await job()
    } catch {
      onFailed("not_done")
    }
  }

  /** @param {RoomMessage} message */
  async function add(message) {
    if (said.has(message.id)) return
    const words = (await openAside(message, ROOM, keys)) ?? say("aside_unreadable")
    said.set(message.id, { message, text: words })
    if (panel.hidden && message.member !== keys.member) unseen += 1
    draw()
  }

  function draw() {
    const end = log.scrollHeight - log.scrollTop - log.clientHeight < 40
    drawLog([...said.values()].sort((one, other) => one.message.at - other.message.at))
    if (end) log.scrollTop = log.scrollHeight
    write(unread, unseen ? String(unseen) : "")
    // One that is answered stays until the next change, so that all see who goes.
    drawCalls(calls)
  }

  function toggle() {
    panel.hidden = !panel.hidden
    opener.ariaExpanded = String(!panel.hidden)
    if (panel.hidden) return opener.focus()
    unseen = 0
    draw()
    log.scrollTop = log.scrollHeight
    text.focus()
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const written = text.value.trim()
    if (!written) return
    write(notice, "")
    try {
      await requests.sayInRoom(await sealAside(written, ROOM, keys))
      text.value = ""
    } catch {
      write(notice, say("not_done"))
    }
  })
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
  panel.addEventListener("keydown", (event) => event.key === "Escape" && toggle())
  find(panel, "team-close").addEventListener("click", toggle)
  opener.addEventListener("click", toggle)
  help.addEventListener("click", call)
  opener.hidden = help.hidden = false

  function call() {
    attempt(() => requests.callForHelp(current()))
  }

  return {
    toggle,
    call,
    /** Read what was said while the line was not open. */
    async load() {
      await attempt(async () => {
        const answer = await requests.room()
        calls = answer.calls
        for (const message of answer.messages) await add(message)
        draw()
        onChange()
      })
    },
    /** @param {any} data of an event `k` */
    take(data) {
      if (data.kind === "room") add(data)
      if (data.kind !== "help") return
      calls = data.calls
      draw()
      onChange()
    },
    /** @param {Review[]} reviews */
    review(reviews) {
      find(panel, "reviews-section").hidden = reviews.length === 0
      write(toReview, reviews.length ? say("reviews", { count: reviews.length }) : "")
      drawReviews(reviews)
    },
    /** Whether a colleague calls and nobody has come. */
    isCalled: () => calls.some(({ member, answered_by }) => member !== keys.member && answered_by === null),
  }
}
