// @ts-check
/** What a coordinator who reads along and the counsellor tell each other: sealed to the team key, never on the visitor's channel. */

import { openAside, sealAside } from "./asides.mjs"
import { timeOfDay } from "./minutes.mjs"
import { find, keyed, stamp, write } from "./page.mjs"

/**
 * @typedef {import("./requests.mjs").Whisper} Whisper
 *
 * @param {object} options
 * @param {HTMLElement} options.root
 * @param {string} options.conv
 * @param {import("./keys.mjs").OpenKeys} options.keys
 * @param {import("./queue.mjs").Say} options.say
 * @param {import("./requests.mjs").Requests} options.requests
 */
export function makeWhispers({ root, conv, keys, say, requests }) {
  const panel = find(root, "whispers")
  const log = find(panel, "whispered")
  const form = find(panel, "whispers-form", HTMLFormElement)
  const text = find(panel, "whispers-text", HTMLInputElement)
  const notice = find(panel, "whispers-notice")
  const about = { kind: /** @type {const} */ ("whisper"), subject: conv }
  /** @type {Map<string, {whisper: Whisper, text: string}>} */
  const said = new Map()
  const draw = keyed(log, (/** @type {{whisper: Whisper, text: string}} */ one) => one.whisper.id, ({ whisper, text: words }) => {
    const element = stamp("note-row")
    write(find(element, "note-by"), say("note_by", { author: whisper.alias, time: timeOfDay(whisper.at) }))
    write(find(element, "note-text"), words)
    return { element, update: () => undefined }
  })
  let isThere = false

  /** @param {Whisper} whisper */
  async function take(whisper) {
    if (said.has(whisper.id)) return
    said.set(whisper.id, { whisper, text: (await openAside(whisper, about, keys)) ?? say("aside_unreadable") })
    draw([...said.values()].sort((one, other) => one.whisper.at - other.whisper.at))
    log.hidden = false
    log.scrollTop = log.scrollHeight
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const written = text.value.trim()
    if (!written) return
    write(notice, "")
    try {
      await requests.whisper(conv, await sealAside(written, about, keys))
      text.value = ""
    } catch {
      write(notice, say("not_done"))
    }
  })

  return {
    take,
    /** @param {string} who the words that say who reads along; empty while nobody does */
    show(who) {
      write(find(panel, "whispers-who"), who)
      // What was whispered can still be read when she has gone.
      panel.hidden = !who && said.size === 0
      form.hidden = !who
      if (Boolean(who) === isThere) return
      isThere = Boolean(who)
      if (isThere) requests.whispers(conv).then(({ whispers }) => whispers.forEach(take), () => write(notice, say("not_done")))
    },
  }
}
