// @ts-check
/**
 * She comes back by her return code: the words are asked for and stretched here, and what was said before is shown above the new chat.
 *
 * @typedef {import("./talk.mjs").Chat} Chat
 * @typedef {import("./visit.mjs").Back} Back
 * @typedef {{conv: string, at: number, alias: string | null, last_seq: number, letter: boolean, wrap: string}} Former
 */
import { openInTab, sealForTab, stretch, unwrap, wrap } from "./code.mjs"
import { Conversation } from "./conversation.mjs"
import { deliver, Refused } from "./link.mjs"
import { codeWords, morePart, showStep } from "./more.mjs"
import { b64, unb64 } from "./seal.mjs"
import { make, part, say, show } from "./talk.mjs"

const WORDS = 6
const { lang } = document.documentElement

/** @param {string} text */
const wordsOf = (text) => text.normalize("NFKC").toLowerCase().match(/[^ \t\r\n]+/g) ?? []

/** @param {string[]} words @returns {Promise<string>} which word may be wrong, for one who mistyped */
async function hint(words) {
  const list = new Set(await codeWords())
  const strange = words.filter((word) => !list.has(word))
  // All of them strange: a code of another language.
  return strange.length && strange.length < words.length ? say("back_spelling", { words: strange.join(", ") }) : say("back_unknown")
}

/**
 * What she can decide with her words alone, each asked twice.
 * @type {Record<string, {path: string, body: object}>}
 */
const DECISIONS = {
  erase: { path: "/erase/mine", body: {} },
  consent: { path: "/mine/consent", body: {} },
  codes: { path: "/mine/codes", body: { use: false } },
}

/**
 * @param {string} what one of DECISIONS
 * @param {string[]} words
 * @returns {Promise<string>} what became of it
 */
async function decide(what, words) {
  const code = await stretch(words.join(" "), unb64(document.body.dataset.organisationKey ?? ""))
  const { path, body } = DECISIONS[what]
  try {
    await deliver(path, { ...body, lookup: b64(code.lookup) }, null, { onWait: () => show("back-note", say("back_busy")) })
    return say(`back_${what}_done`)
  } catch (error) {
    if (error instanceof Refused && error.code === "unknown") return hint(words)
    throw error
  }
}

/**
 * @param {string[]} words
 * @returns {Promise<{lookup: string, key: import("./seal.mjs").Bytes, alias: string | null} | null>} null when they open nothing
 */
async function find(words) {
  const code = await stretch(words.join(" "), unb64(document.body.dataset.organisationKey ?? ""))
  const lookup = b64(code.lookup)
  try {
    const { alias } = await deliver("/chat/back", { lookup }, null, { onWait: () => show("back-note", say("back_busy")) })
    return { lookup, key: code.key, alias }
  } catch (error) {
    if (error instanceof Refused && error.code === "unknown") return null
    throw error
  }
}

/** Ask for the words in place of the start. @param {(back: Back) => void} start */
export async function ask(start) {
  const panel = await morePart("come-back", /** @type {HTMLElement} */ (part("start").parentElement))
  const typed = /** @type {HTMLTextAreaElement} */ (part("back-typed"))
  /** @type {Awaited<ReturnType<typeof find>>} */
  let found = null
  /** For what, and for which words, she pressed once. */
  let sure = ""

  /** @param {boolean} open */
  function swap(open) {
    typed.value = ""
    panel.hidden = !open
    part("start").hidden = open
  }
  /** @param {boolean} wish */
  function go(wish) {
    if (!found) return
    swap(false)
    start({ lookup: found.lookup, key: found.key, wish })
  }
  /** @returns {string[] | null} null when they are not six, which she is told */
  function six() {
    const words = wordsOf(typed.value)
    if (words.length === WORDS) return words
    show("back-note", say("back_count", { count: words.length }))
    return null
  }
  /** @template T @param {Promise<T>} work */
  async function working(work) {
    show("back-note", say("back_working"))
    part("back-progress").hidden = false
    return work.finally(() => (part("back-progress").hidden = true))
  }
  /** @param {string} what one of DECISIONS */
  async function decideFor(what) {
    const words = six()
    if (!words) return
    const asked = [what, ...words].join(" ")
    if (sure !== asked) {
      sure = asked
      return show("back-note", say(`back_${what}_sure`))
    }
    sure = ""
    show("back-note", await working(decide(what, words)))
    typed.value = ""
  }
  async function look() {
    const words = six()
    if (!words) return
    found = await working(find(words))
    if (!found) return show("back-note", await hint(words))
    if (!found.alias) return go(false)
    show("back-last", say("back_last", { name: found.alias }))
    show("back-same", say("back_same", { name: found.alias }))
    showStep(panel, "wish")
    part("back-same").focus()
  }
  panel.onclick = ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null
    const what = button?.dataset.do
    if (what === "close") swap(false)
    else if (what && what in DECISIONS) decideFor(what)
    else if (what) go(what === "same")
  }
  panel.onsubmit = (event) => {
    event.preventDefault()
    look()
  }
  show("back-note", "")
  showStep(panel, "words")
  swap(true)
  typed.focus()
}

/**
 * Add what a return needs to the start of a conversation.
 * @param {Back} back @param {Conversation} conversation @param {Record<string, unknown>} body of POST /chat/start
 * @returns {Promise<string>} the code's key as the tab keeps it
 */
export async function add({ lookup, key, wish }, conversation, body) {
  const mine = /** @type {import("./seal.mjs").Bytes} */ (conversation.key)
  body.back = { lookup, wrap: b64(await wrap(mine, key, conversation.conv)), wish }
  return b64(await sealForTab(key, mine, conversation.conv))
}

/** @param {Former} former @param {import("./seal.mjs").Bytes} codeKey @param {Chat} chat */
async function read({ conv, last_seq, wrap: sealed }, codeKey, chat) {
  const conversation = await Conversation.open(await unwrap(unb64(sealed), codeKey, conv), conv, "v")
  const readings = []
  while (conversation.seq < last_seq) {
    const { messages } = await deliver("/chat/former", { conv, after: conversation.seq }, chat.token)
    if (!messages.length) break
    for (const message of messages) readings.push(await conversation.receive({ ...message, conv }))
  }
  return readings
}

/**
 * Show what was said before, above all else; in this way also after a reload.
 * @param {Chat} chat @param {string} code the code's key as the tab keeps it
 */
export async function showFormer(chat, code) {
  const { conv, key } = chat.conversation
  await morePart("come-back", /** @type {HTMLElement} */ (part("start").parentElement))
  try {
    const codeKey = await openInTab(unb64(code), /** @type {import("./seal.mjs").Bytes} */ (key), conv)
    const { conversations, agreed_at, zone } = await deliver("/chat/former", {}, chat.token)
    const read_ = await Promise.all(conversations.map((/** @type {Former} */ former) => read(former, codeKey, chat)))
    lay(chat, conversations, read_)
    if (agreed_at) chat.log.place(make("p", "event", agreedOn(new Date(agreed_at * 60_000), zone)), 0)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    chat.log.place(make("p", "event", say("former_failed")), 0)
  }
}

/**
 * By the helpline's clock, as the message says it: Tor Browser has another one than her phone.
 * @param {Date} at @param {string} timeZone @returns {string} that they talk again then
 */
function agreedOn(at, timeZone) {
  const time = at.toLocaleTimeString(lang, { hour: "numeric", minute: "2-digit", timeZone })
  return say("former_agreed", { date: dayOf(at, timeZone), time })
}

/** @param {Date} at @param {string} [timeZone] hers without it */
const dayOf = (at, timeZone) => at.toLocaleDateString(lang, { weekday: "long", day: "numeric", month: "long", timeZone })

/** @param {Chat} chat @param {Former[]} conversations @param {(import("./conversation.mjs").Reading | null)[][]} readings of each */
function lay({ log }, conversations, readings) {
  // Below the first number of the new conversation, in the order in which it was said.
  let seq = -readings.flat().length - readings.length
  for (const [i, { at, alias, letter }] of conversations.entries()) {
    const date = dayOf(new Date(at * 60_000))
    const word = letter ? "former_letter" : alias ? "former_with" : "former_alone"
    log.place(make("p", "event", say(word, { date, name: alias ?? "" })), seq++)
    for (const reading of readings[i]) {
      if (!reading) continue
      const { id, mine, text, at: minute } = reading
      log.add(`${conversations[i].conv}${id}`, { mine, who: mine ? say("you") : (alias ?? ""), text: text ?? say("unreadable"), seq: seq++, at: minute })
    }
  }
  if (conversations.length) log.place(make("p", "event", say("former_now")), 0)
}
