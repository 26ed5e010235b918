// @ts-check
/** Putting the question for consent together: organisations that fit, what each may know line by line, and how it is asked. */

import { questionOf } from "../chat/card.mjs"
import { newId } from "../chat/seal.mjs"
import { Lost, Refused } from "../chat/link.mjs"
import { find, keyed, stamp, write } from "./page.mjs"

/**
 * @typedef {import("./requests.mjs").Recipient} Recipient
 * @typedef {import("./held.mjs").Held} Held
 * @typedef {import("./queue.mjs").Say} Say
 */

const TEXT_CODE_POINTS = 2_000
const SEARCH_AFTER_MS = 300

/**
 * @param {object} options
 * @param {HTMLElement} options.panel
 * @param {Held} options.held
 * @param {Say} options.say
 * @param {import("./refer.mjs").Requests} options.requests
 * @param {(referrals: import("./requests.mjs").Referral[]) => void} options.onOffered
 */
export function makeAsk({ panel, held, say, requests, onOffered }) {
  const form = find(panel, "ask", HTMLFormElement)
  const intro = find(panel, "intro", HTMLTextAreaElement)
  const rows = [...find(panel, "items").children].map(itemRow)
  /** @type {Map<string, Recipient>} */
  const chosen = new Map()
  /** @type {Recipient[]} */
  let found = []
  let searching = 0
  const drawFound = keyed(find(panel, "found"), (/** @type {Recipient} */ { id }) => id, makeFound)
  const refuse = (/** @type {string} */ word) => write(find(panel, "ask-refused"), word && say(word))

  find(panel, "region").parentElement?.parentElement?.addEventListener("input", () => {
    clearTimeout(searching)
    searching = setTimeout(() => search().catch(failed), SEARCH_AFTER_MS)
  })
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    refuse("")
    submit().catch(failed)
  })

  /** @param {unknown} error */
  function failed(error) {
    if (error instanceof Refused && error.code === "unknown") return refuse("refer_no_key")
    if (!(error instanceof Refused || error instanceof Lost)) throw error
    refuse("refer_not_done")
  }

  async function search() {
    const [region, age, form] = ["region", "age", "form-of"].map((name) => /** @type {HTMLInputElement} */ (find(panel, name)).value)
    const answer = await requests.recipients({ region, age, form })
    addOptions(find(panel, "region", HTMLSelectElement), answer.regions.map((name) => [name, name]))
    addOptions(find(panel, "form-of", HTMLSelectElement), answer.forms)
    found = answer.recipients
    drawChoice()
  }

  function drawChoice() {
    // Who is chosen stays on the list, also when another search does not find her.
    const listed = [...chosen.values(), ...found.filter(({ id }) => !chosen.has(id))]
    drawFound(listed)
    find(panel, "none-found").hidden = listed.length > 0
    for (const row of rows) row.draw([...chosen.values()])
  }

  /** @param {Recipient} recipient */
  function makeFound(recipient) {
    const element = stamp("found-row")
    const choose = find(element, "choose", HTMLInputElement)
    write(find(element, "found-name"), recipient.name)
    write(find(element, "found-about"), recipient.usable ? recipient.about : say("refer_has_no_key"))
    choose.disabled = !recipient.usable
    choose.addEventListener("change", () => {
      if (choose.checked) chosen.set(recipient.id, recipient)
      else chosen.delete(recipient.id)
      drawChoice()
    })
    return { element, update: () => (choose.checked = chosen.has(recipient.id)) }
  }

  async function submit() {
    const picked = [...chosen.values()].map(({ id, name }) => ({ ref: newId(), recipient: id, name, items: itemsFor(id) }))
    if (!picked.length || picked.some(({ items }) => !items.length)) return refuse("refer_nothing")
    const sharings = picked.map(({ ref, name, items }) => ({ ref, name, items }))
    const { text, card } = questionOf(oneParagraph(intro.value), sharings)
    if ([...text].length > TEXT_CODE_POINTS) return refuse("refer_too_long")
    const offers = picked.map(({ ref, recipient }) => ({ ref, recipient }))
    onOffered((await requests.offer(held.conv, offers)).referrals)
    await held.say(text, card)
    chosen.clear()
    for (const row of rows) row.clear()
    drawChoice()
    // Her answers come above.
    panel.scrollTo(0, 0)
  }

  /** @param {string} recipient */
  const itemsFor = (recipient) => rows.map((row) => row.textFor(recipient)).filter(Boolean)

  return {
    async open() {
      intro.value ||= say(`refer_intro_${held.facts.lang}`)
      await search()
    },
    draw() {
      form.hidden = held.state !== "active" || !held.opened
    },
  }
}

/** @param {HTMLSelectElement} select @param {[string, string][]} options value and name of what it should offer too */
function addOptions(select, options) {
  const offered = [...select.options].map(({ value }) => value)
  for (const [value, name] of options) if (!offered.includes(value)) select.add(new Option(name, value))
}

/** Paragraphs part the recipients from each other. @param {string} text */
const oneParagraph = (text) => text.trim().replace(/\n\s*\n/g, "\n")

/** One line of what may be shared, with a tick for each recipient. @param {Element} element */
function itemRow(element) {
  const input = /** @type {HTMLInputElement} */ (element.querySelector("input"))
  const ticks = /** @type {HTMLElement} */ (element.querySelector(".ticks"))
  /** @type {Map<string, HTMLInputElement>} */
  const boxes = new Map()

  /** @param {Recipient} recipient */
  function makeTick({ id, name }) {
    const label = stamp("tick-row")
    const box = find(label, "may-know", HTMLInputElement)
    write(find(label, "tick-name"), name)
    boxes.set(id, box)
    return { element: label, update: () => undefined }
  }

  const draw = keyed(ticks, (/** @type {Recipient} */ { id }) => id, makeTick)
  return {
    draw,
    /** @param {string} recipient */
    textFor: (recipient) => (boxes.get(recipient)?.checked ? input.value.trim() : ""),
    clear() {
      input.value = ""
      boxes.forEach((box) => (box.checked = false))
    },
  }
}
