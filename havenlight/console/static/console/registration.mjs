// @ts-check
/** The form beside the chat: it follows the conversation that is worked in, and holds those that are still to be registered. */

import { makeForm } from "../casework/form.mjs"
import { backoff, Lost, pause, Refused } from "../chat/link.mjs"
import { newId } from "../chat/seal.mjs"
import { makeDrafts } from "./drafts.mjs"
import { find, write } from "./page.mjs"
import { SIGNED_OUT } from "./requests.mjs"

/**
 * @typedef {import("./drafts.mjs").Draft} Draft
 * @typedef {import("./drafts.mjs").Answers} Answers
 *
 * @typedef {object} ToRegister a conversation of hers; times in minutes
 * @property {string} conv
 * @property {string} language
 * @property {string} contacted_on
 * @property {number} started_at
 * @property {number | null} ended_at
 * @property {number} registered how many persons were registered in it
 * @property {{case: string, first_seen_on: string}[]} cases whom its visitor's thread is about
 */

const dayAndTime = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" })
const NEW = "new"
/** The kinds of contact after which nothing more is asked. */
const KIND = "contact_kind"
const HELP = "help"
/** The section of the codebook that two persons in one conversation have in common. */
const CONTACT = "contact"

/**
 * @param {object} options
 * @param {HTMLElement} options.page
 * @param {import("./keys.mjs").OpenKeys} options.keys
 * @param {ReturnType<typeof import("./requests.mjs").makeRequests>} options.requests
 * @param {import("./queue.mjs").Say} options.say
 * @param {(conv: string) => string} options.nameOf the conversation as the desk names it, or ""
 */
export async function makeRegistration({ page, keys, requests, say, nameOf }) {
  const root = find(page, "registration")
  const parts = findParts(root)
  /** @type {import("../casework/rules.mjs").Codebook} */
  let codebook = await insist(() => requests.ask("/desk/codebook"))
  const newest = codebook.version
  let form = newForm()
  const drafts = await makeDrafts({ keys, post: requests.post, onStanding: (standing) => write(parts.standing, say(`draft_${standing}`)) })
  /** @type {Map<string, ToRegister>} */
  const conversations = new Map()
  /** @type {Map<string, Draft>} by conversation: the one that is being filled in */
  const open = new Map()
  /** @type {Map<string, Answers>} by conversation: what was registered last in it, since a second person was spoken of in the same contact */
  const before = new Map()
  /** @type {string | null} */
  let current = null
  /** @type {string | null} the one that is worked in on the desk; another may be chosen from the list meanwhile */
  let followed = null
  let finishing = false

  for (const { code, label } of codebook.variables.find(({ key }) => key === KIND)?.codes ?? [])
    if (code !== HELP) parts.shortcuts.append(shortcut(code, label))
  parts.finish.addEventListener("click", finish)
  parts.another.addEventListener("click", another)
  parts.person.addEventListener("change", choosePerson)
  parts.toggle.hidden = false
  parts.toggle.addEventListener("click", toggle)
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.ctrlKey || parts.form.hidden) return
    event.preventDefault()
    finish()
  })
  await insist(refresh)

  function newForm() {
    return makeForm({ root: parts.questions, codebook, say, onChange: changed, onEnd: () => parts.finish.focus() })
  }

  /** A draft is finished under the codebook it was begun with. @param {string} version */
  async function use(version) {
    if (version === codebook.version) return
    codebook = await requests.ask(`/desk/codebook?version=${version}`)
    form = newForm()
  }

  /** @param {string} code @param {string} label */
  function shortcut(code, label) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "button"
    button.textContent = label
    button.addEventListener("click", () => {
      form.set(KIND, code)
      parts.finish.focus()
    })
    return button
  }

  /** What is to be registered, as the server knows it and as this browser still does. */
  async function refresh() {
    const { unfinished, drafts: kept } = await requests.post("/desk/registrations")
    conversations.clear()
    for (const one of unfinished) conversations.set(one.conv, one)
    for (const draft of await drafts.load(kept)) {
      const here = open.get(draft.conv)
      if (!here || here.version < draft.version) open.set(draft.conv, draft)
    }
    drawList()
  }

  function drawList() {
    const rows = [...conversations.values()].filter(({ conv, registered }) => !registered || open.has(conv))
    write(parts.count, rows.length ? String(rows.length) : "")
    parts.none.hidden = rows.length > 0
    parts.list.replaceChildren(...rows.map(listRow))
  }

  /** @param {ToRegister} one */
  function listRow(one) {
    const row = document.createElement("li")
    const button = document.createElement("button")
    const answered = Object.keys(open.get(one.conv)?.answers ?? {}).length
    button.type = "button"
    button.className = "open"
    button.textContent = `${title(one)} · ${answered ? say("answered", { count: answered }) : say("not_begun")}`
    button.ariaCurrent = String(one.conv === current)
    button.addEventListener("click", () => choose(one.conv))
    row.append(button)
    return row
  }

  /** @param {ToRegister} one */
  function title({ conv, started_at }) {
    return nameOf(conv) || say("conversation_of", { time: dayAndTime.format(started_at * 60_000) })
  }

  /** @param {string} conv @returns {Promise<ToRegister | null>} null when it cannot be had now */
  async function known(conv) {
    const here = conversations.get(conv)
    if (here) return here
    const one = await told(requests.post(`/desk/conversations/${conv}/to-register`))
    if (one) conversations.set(conv, one)
    return one
  }

  /** @param {string} conv */
  async function choose(conv) {
    current = conv
    const one = await known(conv)
    // She may have gone on to another one while it was asked for.
    if (!one || current !== conv) return
    await show(one)
    form.focus()
  }

  /** @param {ToRegister} one */
  async function show(one) {
    if (!open.has(one.conv) && !one.registered) begin(one)
    await use(open.get(one.conv)?.codebook ?? newest)
    draw(one)
  }

  /** @param {ToRegister} one */
  function begin({ conv, contacted_on, language, registered, cases }) {
    const languages = codebook.variables.find(({ key }) => key === "language")?.codes ?? []
    const spoken = languages.some(({ code }) => code === language) ? language : "other"
    const person = registered ? NEW : (cases[0]?.case ?? null)
    open.set(conv, { id: newId(), conv, codebook: newest, person, version: 0, answers: { contacted_on, channel: "chat", language: spoken, ...aboutContact(conv) } })
  }

  /** What was said of the contact itself. @param {string} conv @returns {Answers} */
  function aboutContact(conv) {
    const contact = codebook.variables.filter(({ section }) => section === CONTACT).map(({ key }) => key)
    return Object.fromEntries(Object.entries(before.get(conv) ?? {}).filter(([key]) => contact.includes(key)))
  }

  /** @param {ToRegister} one */
  function draw(one) {
    const draft = open.get(one.conv)
    write(parts.title, title(one))
    write(parts.done, draft ? "" : say("registered", { count: one.registered }))
    write(parts.refused, "")
    parts.form.hidden = !draft
    parts.another.hidden = Boolean(draft)
    parts.herCase.hidden = true
    parts.askedBack.hidden = true
    drawPersons(one, draft)
    if (draft) form.show(draft.answers)
    drawCount()
    drawList()
  }

  /** @param {ToRegister} one @param {Draft} [draft] */
  function drawPersons({ cases }, draft) {
    const options = cases.map(({ case: id, first_seen_on }) => new Option(say("seen_first", { day: first_seen_on }), id))
    parts.person.replaceChildren(...options, new Option(say("someone_new"), NEW))
    parts.person.value = draft?.person ?? NEW
    parts.persons.hidden = cases.length === 0
  }

  function drawCount() {
    const { asked, answered } = form.count()
    write(parts.progress, say("progress", { answered, asked }))
  }

  function changed() {
    const draft = current && open.get(current)
    if (!draft) return
    draft.answers = form.answers()
    drafts.save(draft)
    drawCount()
    drawList()
  }

  function choosePerson() {
    const draft = current && open.get(current)
    if (!draft) return
    draft.person = parts.person.value
    drafts.save(draft)
  }

  /** @param {string} registration @param {string[]} questions about what seems to contradict itself: she may be right */
  function askBack(registration, questions) {
    parts.askedBack.hidden = questions.length === 0
    parts.correctIt.href = `/cases/registrations/${registration}`
    parts.askedBackList.replaceChildren(
      ...questions.map((question) => {
        const row = document.createElement("li")
        row.textContent = question
        return row
      }),
    )
  }

  /** There is nothing on the desk to register. */
  function clear() {
    for (const part of [parts.form, parts.another, parts.herCase, parts.askedBack]) part.hidden = true
    for (const part of [parts.title, parts.done, parts.refused]) write(part, "")
  }

  async function another() {
    const one = current && conversations.get(current)
    if (!one) return
    begin(one)
    await use(newest)
    draw(one)
    form.focus()
  }

  async function finish() {
    const draft = current && open.get(current)
    if (!draft || finishing) return
    finishing = true
    const { id, conv, codebook: version, person, answers } = draft
    const done = await told(requests.post(`/desk/conversations/${conv}/register`, { draft: id, codebook: version, person, answers }))
    finishing = false
    if (!done) return
    parts.herCase.href = `/cases/${done.case}`
    drafts.forget(id)
    open.delete(conv)
    before.set(conv, answers)
    conversations.delete(conv)
    const one = await known(conv)
    if (one && current === conv) draw(one)
    parts.herCase.hidden = !one || current !== conv
    if (!parts.herCase.hidden) askBack(id, done.questions)
    drawList()
    parts.another.focus()
  }

  /**
   * @template T
   * @param {Promise<T>} asked
   * @returns {Promise<T | null>} null when it was refused or lost, which is said
   */
  function told(asked) {
    return asked.catch((error) => {
      if (!(error instanceof Refused || error instanceof Lost)) throw error
      const isSignedOut = error instanceof Refused && error.code === SIGNED_OUT
      write(parts.refused, say(isSignedOut ? "refused_signed_out" : error instanceof Lost ? "refused_lost" : "refused_other"))
      return null
    })
  }

  function toggle() {
    root.hidden = !root.hidden
    // A class, since with `:has` every element that is shown or hidden in the room would style all of it anew.
    root.parentElement?.classList.toggle("registering", !root.hidden)
    parts.toggle.ariaExpanded = String(!root.hidden)
    if (root.hidden) return
    if (current) choose(current)
    // Without a conversation on the screen there is only this to do.
    else parts.later.open = true
  }

  return {
    toggle,
    /** @param {string | null} conv the one that is worked in on the desk */
    follow(conv) {
      if (conv === followed) return
      followed = conv
      current = conv
      if (!conv) clear()
      else if (!root.hidden) follow(conv)
    },
  }

  /** As `choose`, but the focus stays in the conversation. @param {string} conv */
  async function follow(conv) {
    const one = await known(conv)
    if (one && current === conv) await show(one)
  }
}

/**
 * At the beginning of a shift, ask until there is an answer; the line in the bar says meanwhile that there is none.
 * @template T
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
async function insist(ask) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Lost || error instanceof Refused)) throw error
      await pause(backoff(failures))
    }
  }
}

/** @param {HTMLElement} root */
const findParts = (root) => ({
  toggle: find(document, "registration-toggle"),
  title: find(root, "registration-title"),
  standing: find(root, "draft-standing"),
  refused: find(root, "registration-refused"),
  done: find(root, "registration-done"),
  form: find(root, "registration-form"),
  askedBack: find(root, "asked-back"),
  askedBackList: find(root, "asked-back-list"),
  correctIt: find(root, "correct-it", HTMLAnchorElement),
  progress: find(root, "registration-progress"),
  persons: find(root, "persons"),
  person: find(root, "person", HTMLSelectElement),
  shortcuts: find(root, "no-trafficking"),
  questions: find(root, "questions"),
  finish: find(root, "finish-registration"),
  another: find(root, "another-person"),
  herCase: find(root, "her-case", HTMLAnchorElement),
  later: find(root, "later", HTMLDetailsElement),
  list: find(root, "unfinished"),
  count: find(document, "unfinished-count"),
  none: find(root, "nothing-unfinished"),
})
