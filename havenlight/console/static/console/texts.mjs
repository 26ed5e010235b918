// @ts-check
/** Ready texts and cards: found by any of their words, put into the message by Enter. */

import { find, stamp, write } from "./page.mjs"

/**
 * @typedef {{id: number, lang: string, topic: string, text: string}} Ready
 * @typedef {Ready & {title: string, for_whom: string}} Card
 * @typedef {{texts: Ready[], cards: Card[]}} Library
 */

const SHOWN_MOST = 40

/** @param {string} text without accents and capitals, as people type when they search */
const plain = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase()

/**
 * @param {(Ready | Card)[]} all
 * @param {string} typed
 * @param {string} lang of the visitor: texts in it go first
 * @param {(topic: string) => string} topicName
 */
export function search(all, typed, lang, topicName) {
  const words = plain(typed).split(/\s+/).filter(Boolean)
  const found = all.filter((one) => {
    const where = plain([topicName(one.topic), "title" in one ? one.title : "", one.text].join(" "))
    return words.every((word) => where.includes(word))
  })
  return found.sort((one, other) => Number(other.lang === lang) - Number(one.lang === lang)).slice(0, SHOWN_MOST)
}

/**
 * @param {object} options
 * @param {HTMLElement} options.element
 * @param {import("./held.mjs").Held} options.held
 * @param {import("./queue.mjs").Say} options.say
 * @param {() => Promise<Library>} options.ask
 * @param {(text: string) => void} options.onChoose
 * @param {(text: string) => void} options.tell
 * @returns {import("./drawer.mjs").Opened}
 */
export function makeTexts({ element, held, say, ask, onChoose, tell }) {
  const box = find(element, "texts-search", HTMLInputElement)
  const list = find(element, "texts-list")
  const none = find(element, "texts-none")
  list.id = `texts-${held.conv}`
  box.setAttribute("aria-controls", list.id)
  /** @type {(Ready | Card)[]} */
  let all = []
  /** @type {(Ready | Card)[]} */
  let found = []
  let chosen = 0

  /** @param {Ready | Card} one @param {number} index */
  function makeRow(one, index) {
    const row = stamp("text-row")
    row.id = `${list.id}-${index}`
    const isCard = "title" in one
    write(find(row, "text-topic"), [isCard ? say("card") : "", say(`topic_${one.topic}`), one.lang].filter(Boolean).join(" · "))
    write(find(row, "text-title"), isCard ? one.title : "")
    write(find(row, "text-text"), one.text)
    row.lang = one.lang
    // Before the box loses the focus.
    row.addEventListener("mousedown", (event) => event.preventDefault())
    row.addEventListener("click", () => choose(one))
    return row
  }

  function draw() {
    found = search(all, box.value, held.facts.lang, (topic) => say(`topic_${topic}`))
    list.replaceChildren(...found.map(makeRow))
    none.hidden = found.length > 0
    move(0)
  }

  /** @param {number} to */
  function move(to) {
    chosen = Math.max(0, Math.min(found.length - 1, to))
    for (const [index, row] of [...list.children].entries()) row.ariaSelected = String(index === chosen)
    const row = list.children[chosen]
    box.setAttribute("aria-activedescendant", row?.id ?? "")
    row?.scrollIntoView({ block: "nearest" })
  }

  /** @param {Ready | Card | undefined} one */
  function choose(one) {
    if (!one) return
    onChoose("title" in one ? `${one.title}\n${one.text}` : one.text)
  }

  box.addEventListener("input", draw)
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 }[event.key]
    if (step) move(chosen + step)
    else if (event.key === "Enter" && !event.isComposing) choose(found[chosen])
    else return
    event.preventDefault()
  })

  return {
    async open() {
      box.value = ""
      box.focus()
      try {
        const { texts, cards } = await ask()
        all = [...texts, ...cards]
        draw()
      } catch {
        tell(say("not_done"))
      }
    },
  }
}
