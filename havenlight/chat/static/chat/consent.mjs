// @ts-check
/**
 * The question for consent on the visitor's screen: each recipient with what it would be told, yes, and no. She can change her answer as long as
 * the chat is open. Loaded with the first question.
 *
 * Her answer goes two ways: sealed into the chat, where it is kept with its wording; and as a bare yes or no to the server, so that what is
 * withdrawn is destroyed at once, also when nobody is at the desk.
 */
import { answerTo, ConsentRecord, readQuestion } from "./card.mjs"
import { deliver } from "./link.mjs"
import { make, say, unlessRefused } from "./talk.mjs"

/** @typedef {import("./card.mjs").Sharing} Sharing */
/** @typedef {import("./conversation.mjs").Reading} Reading */
/** @typedef {{yes: HTMLButtonElement, no: HTMLButtonElement, state: HTMLElement}} Buttons */

const lang = document.documentElement.lang

export class Consents {
  #record = new ConsentRecord()
  /** @type {Map<string, Buttons>} */
  #buttons = new Map()
  /** One request after the other, so that the last word is the last to arrive. @type {Promise<unknown>} */
  #told = Promise.resolve()

  /** @param {import("./talk.mjs").Chat} chat */
  constructor(chat) {
    this.chat = chat
  }

  /** @param {Reading} reading @param {HTMLElement} row where its text stands */
  ask(reading, row) {
    const question = readQuestion(reading.card)
    if (!question) return
    this.#record.take(reading)
    const intro = row.querySelector(".text")
    if (intro) intro.textContent = question.intro
    row.classList.add("question")
    intro?.after(...question.sharings.map((sharing) => this.#sharing(sharing)))
  }

  /** @param {Reading} reading an answer of hers, from another tab too */
  answered(reading) {
    this.#record.take(reading)
    this.#buttons.forEach((_, ref) => this.#draw(ref))
  }

  /** @param {Sharing} sharing */
  #sharing({ ref, name, items }) {
    const box = document.createElement("fieldset")
    const list = document.createElement("ul")
    list.append(...items.map((item) => make("li", "", item)))
    list.dir = "auto"
    const yes = this.#button(ref, name, true)
    const no = this.#button(ref, name, false)
    const state = make("p", "state")
    state.setAttribute("role", "status")
    box.append(make("legend", "", say("consent_to", { name })), list, yes, no, state)
    this.#buttons.set(ref, { yes, no, state })
    this.#draw(ref)
    return box
  }

  /** @param {string} ref @param {string} name @param {boolean} isYes */
  #button(ref, name, isYes) {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = say(isYes ? "consent_yes" : "consent_no")
    button.addEventListener("click", () => this.#answer(ref, name, isYes))
    return button
  }

  /** @param {string} ref */
  #draw(ref) {
    const { yes = null, answeredAt = null } = this.#record.get(ref) ?? {}
    const buttons = this.#buttons.get(ref)
    if (!buttons) return
    buttons.yes.setAttribute("aria-pressed", String(yes === true))
    buttons.no.setAttribute("aria-pressed", String(yes === false))
    if (yes === null || answeredAt === null) return
    const time = new Date(answeredAt * 60_000).toLocaleTimeString(lang, { hour: "numeric", minute: "2-digit" })
    const words = say(yes ? "consent_is_yes" : "consent_is_no", { time })
    if (buttons.state.textContent !== words) buttons.state.textContent = words
  }

  /** @param {string} ref @param {string} name @param {boolean} yes */
  async #answer(ref, name, yes) {
    if (this.chat.over || this.#record.get(ref)?.yes === yes) return
    this.#told = this.#told.then(() => deliver("/referral/answer", { referral: ref, yes }, this.chat.token).catch(unlessRefused))
    await this.chat.send(say(yes ? "consent_said_yes" : "consent_said_no", { name }), answerTo(ref, yes))
  }
}
