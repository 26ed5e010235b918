// @ts-check
/**
 * What a message may carry beside its text (docs/protocol.md, section 2): a question for consent, and its answers. Knows no page.
 *
 * The text of the same message says the same in words, for who has no script for it. Answers may change: the last one counts, so a no after
 * a yes withdraws it.
 *
 * @typedef {{ref: string, name: string, items: string[]}} Sharing one recipient: its referral, its name, and what exactly it would be told
 * @typedef {{kind: "question", intro: string, sharings: Sharing[]}} Question
 * @typedef {{kind: "answer", ref: string, yes: boolean}} Answer
 * @typedef {import("./conversation.mjs").Reading} Reading
 *
 * @typedef {object} Consent how it stands for one recipient
 * @property {Sharing} sharing
 * @property {string} wording the question as the visitor saw it
 * @property {number} askedAt minute
 * @property {boolean | null} yes null while she has not answered
 * @property {number | null} answeredAt minute
 * @property {boolean} withdrawn she said yes before
 */

const MOST_SHARINGS = 8
const MOST_ITEMS = 20

/** @param {unknown} value */
const isText = (value) => typeof value === "string" && value !== ""
/** @param {unknown} value */
const isRef = (value) => typeof value === "string" && /^[0-9a-f]{32}$/.test(value)

/** @param {any} sharing */
const isSharing = (sharing) =>
  isRef(sharing?.ref) && isText(sharing.name) && Array.isArray(sharing.items) && sharing.items.length <= MOST_ITEMS && sharing.items.every(isText)

/** @param {any} card @returns {Question | null} null when it is none, or not one that this page knows */
export function readQuestion(card) {
  const sound = card?.kind === "question" && isText(card.intro) && Array.isArray(card.sharings) && card.sharings.length <= MOST_SHARINGS
  return sound && card.sharings.every(isSharing) ? card : null
}

/** @param {any} card @returns {Answer | null} */
export const readAnswer = (card) => (card?.kind === "answer" && isRef(card.ref) && typeof card.yes === "boolean" ? card : null)

/** @param {string} ref @param {boolean} yes @returns {Answer} */
export const answerTo = (ref, yes) => ({ kind: "answer", ref, yes })

/** @param {string} intro @param {Sharing[]} sharings @returns {{text: string, card: Question}} a message */
export function questionOf(intro, sharings) {
  const listed = sharings.map(({ name, items }) => [`${name}:`, ...items.map((item) => `– ${item}`)].join("\n"))
  return { text: [intro, ...listed].join("\n\n"), card: { kind: "question", intro, sharings } }
}

/** All consents of one conversation, as its sealed messages tell. */
export class ConsentRecord {
  /** @type {Map<string, Consent>} */
  #all = new Map()

  /** @param {Reading} reading in the order of the conversation */
  take({ card, from, at, text }) {
    const question = from === "v" ? null : readQuestion(card)
    for (const sharing of question?.sharings ?? [])
      // A second question about the same referral would change what was agreed to.
      if (!this.#all.has(sharing.ref))
        this.#all.set(sharing.ref, { sharing, wording: text ?? "", askedAt: at, yes: null, answeredAt: null, withdrawn: false })
    // Nobody but she answers.
    const answer = from === "v" ? readAnswer(card) : null
    const consent = answer && this.#all.get(answer.ref)
    if (consent) Object.assign(consent, { withdrawn: Boolean(consent.yes || consent.withdrawn) && !answer.yes, yes: answer.yes, answeredAt: at })
  }

  all() {
    return [...this.#all.values()]
  }

  /** @param {string} ref */
  get(ref) {
    return this.#all.get(ref)
  }
}
