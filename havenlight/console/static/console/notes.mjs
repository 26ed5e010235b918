// @ts-check
/** Notes on a visitor, from colleague to colleague. */

import { openAside, sealAside } from "./asides.mjs"
import { timeOfDay } from "./minutes.mjs"
import { find, stamp, write } from "./page.mjs"

/**
 * @param {object} options
 * @param {HTMLElement} options.element
 * @param {import("./held.mjs").Held} options.held
 * @param {import("./keys.mjs").OpenKeys} options.keys
 * @param {import("./queue.mjs").Say} options.say
 * @param {import("./requests.mjs").Requests} options.requests
 * @param {(text: string) => void} options.tell
 * @returns {import("./drawer.mjs").Opened}
 */
export function makeNotes({ element, held, keys, say, requests, tell }) {
  const list = find(element, "notes-list")
  const form = find(element, "notes-form", HTMLFormElement)
  const text = find(element, "notes-text", HTMLTextAreaElement)
  const about = { kind: /** @type {const} */ ("note"), subject: held.facts.thread }

  /** @param {import("./requests.mjs").Note} note */
  async function makeRow(note) {
    const row = stamp("note-row")
    write(find(row, "note-by"), say("note_by", { author: note.author, time: timeOfDay(note.at) }))
    write(find(row, "note-text"), (await openAside(note, about, keys)) ?? say("aside_unreadable"))
    return row
  }

  async function load() {
    const { notes } = await requests.notes(held.conv)
    list.replaceChildren(...(await Promise.all(notes.map(makeRow))))
    if (!notes.length) list.textContent = say("no_notes")
    list.scrollTop = list.scrollHeight
  }

  /** @param {() => Promise<void>} job */
  async function attempt(job) {
    tell("")
    try {
      await job()
    } catch {
      tell(say("not_done"))
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const written = text.value.trim()
    if (!written) return
    attempt(async () => {
      await requests.keepNote(held.conv, await sealAside(written, about, keys))
      // Only now: what could not be kept stays in the box.
      text.value = ""
      await load()
    })
  })
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })

  return {
    open() {
      text.focus()
      attempt(load)
    },
  }
}
