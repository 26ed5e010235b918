// @ts-check
/** What a member asks of the server outside the hot path (docs/protocol.md, section 4), with her session. */

import { Lost, Refused } from "../chat/link.mjs"
/**
 * @typedef {object} Waiting a conversation as the queue tells of it; times in minutes as `at`
 * @property {string} conv
 * @property {string} state
 * @property {number} epoch
 * @property {string} lang
 * @property {"self" | "other" | null} for_whom
 * @property {boolean | null} in_danger
 * @property {boolean | null} under_18
 * @property {number} waiting_since
 * @property {number | null} accepted_at
 * @property {boolean} away
 * @property {string} thread
 * @property {boolean} returning she was here before
 * @property {{member: string, alias: string} | null} wish by whom she would like to be answered
 * @property {number | null} ended_at
 * @property {string | null} by
 * @property {number} weight
 * @property {boolean} server_sealed written without scripts: the server sealed what she wrote
 * @property {boolean} practice a member trains on a made-up visitor
 * @property {string[] | null} risk steps done, or null while no risk is flagged
 * @property {string} insincere the reason, or empty
 * @property {boolean} letter left to find an answer later
 * @property {boolean} has_code she took six words, so that she can find an answer
 * @property {number | null} agreed_at when they talk again
 *
 * @typedef {Waiting & {wrap: string}} Conversation one of hers
 * @typedef {"on" | "break" | "off"} Standing
 * @typedef {{standing: Standing, load: number, capacity: number, beyond: number, wrap_up: number}} Me how she stands; `beyond`: how many that ended come to her desk when others are finished; `wrap_up` in minutes
 * @typedef {{token: string, expires_in: number, now: number, me: Me}} Grant `now` in seconds since 1970
 * @typedef {{id: string, name: string, about: string, usable: boolean}} Recipient
 * @typedef {{ref: string, recipient: string, name: string, contact: string, key: string, state: string}} Referral
 * @typedef {{link: string, until: string}} Link
 *
 * @typedef {{id: number, conv: string, by: string, to: string, mine: boolean, reason: string, at: number, lang: string, in_danger: boolean | null, under_18: boolean | null}} Offer
 * @typedef {{thread: string, at: number, member: string, alias: string, lang: string, here: boolean}} Agreed a time of this shift at which somebody may come back
 * @typedef {{slots: number[], zone: string, agreed_at: number | null, has_code: boolean}} Times what can be agreed on, in minutes, and what was
 * @typedef {{conv: string, by: string, reason: string, at: number, until: number}} Review a block that a coordinator is to review
 * @typedef {Grant & {conversations: Conversation[], offers: Offer[], reviews: Review[]}} Granted
 * @typedef {{id: string, epoch: number, author: string, at: number, sealed: string}} Note
 * @typedef {{id: string, epoch: number, member: string, alias: string, at: number, sealed: string}} RoomMessage
 * @typedef {RoomMessage & {conv: string}} Whisper
 * @typedef {object} Read a conversation that is read: `messages` when it has ended, else a token to read along with
 * @property {Conversation} conversation
 * @property {import("../chat/conversation.mjs").Posted[]} [messages]
 * @property {string} [token]
 * @property {number} [expires_in]
 * @typedef {{id: number, member: string, alias: string, conv: string | null, at: number, answered_by: string | null}} Call
 * @typedef {{member: string, alias: string, standing: Standing, load: number, capacity: number}} Colleague
 * @typedef {import("./asides.mjs").Sealed} Sealed
 * @typedef {ReturnType<typeof makeRequests>} Requests
 *
 * @typedef {object} Keys all that her phrase and the organisation's signature are needed for
 * @property {string} member
 * @property {string} key
 * @property {string} wrap
 * @property {{name: string, salt: string, iterations: number}} kdf
 * @property {{epoch: number, key: string, wrap: string}[]} teams
 * @property {{credential: string, salt: string, wrap: string}[]} passkeys
 * @property {string} manifest of today
 * @property {string[]} chain manifests from the one that was seen to that of today
 */

const ANSWER_MS = 20_000

/** The session has ended, here or elsewhere: nothing but signing in again helps. */
export const SIGNED_OUT = /** @type {const} */ ("signed_out")

/**
 * @param {string} csrf the token of the page; a cookie goes before it, since signing in again in another tab changes it
 */
export function makeRequests(csrf) {
  /** @param {string} path @param {object} [body] @param {boolean} [keepalive] it outlives the page @returns {Promise<any>} */
  const post = (path, body = {}, keepalive = false) =>
    ask(path, {
      method: "POST",
      keepalive,
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") ?? csrf },
    })

  return {
    ask: (/** @type {string} */ path) => ask(path, {}),
    post,
    /** @param {string} seen digest of the manifest that this browser believed last, or empty @returns {Promise<Keys>} */
    keys: (seen) => ask(seen ? `/desk/keys?${new URLSearchParams({ seen })}` : "/desk/keys", {}),
    /** @returns {Promise<Granted>} */
    token: () => post("/desk/token"),
    /** @param {string} conv @returns {Promise<Grant & {conversation: Conversation}>} */
    accept: (conv) => post(`/desk/conversations/${conv}/accept`),
    /** @param {string} conv */
    finish: (conv) => post(`/desk/conversations/${conv}/finish`),
    /** @param {string} conv @param {number} weight */
    weigh: (conv, weight) => post(`/desk/conversations/${conv}/weight`, { weight }),
    /** @param {string} conv @param {string[] | null} steps */
    risk: (conv, steps) => post(`/desk/conversations/${conv}/risk`, { steps }),
    /** @param {string} conv @param {string | null} reason */
    insincere: (conv, reason) => post(`/desk/conversations/${conv}/insincere`, { reason }),
    /** @param {string} conv @param {string} reason @param {number} hours */
    block: (conv, reason, hours) => post(`/desk/conversations/${conv}/block`, { reason, hours }),
    /** @param {string} conv @param {"upheld" | "lifted"} verdict */
    review: (conv, verdict) => post(`/desk/conversations/${conv}/review`, { verdict }),
    /** @param {string} conv @returns {Promise<Times>} */
    times: (conv) => post(`/desk/conversations/${conv}/times`),
    /** @param {string} conv @param {number | null} at null takes it back */
    agree: (conv, at) => post(`/desk/conversations/${conv}/agree`, { at }),
    /** @param {string} conv @returns {Promise<{notes: Note[]}>} */
    notes: (conv) => post(`/desk/conversations/${conv}/notes`),
    /** @param {string} conv @param {Sealed} note */
    keepNote: (conv, note) => post(`/desk/conversations/${conv}/notes/keep`, note),
    /** @param {string} conv @param {string} to @param {string} reason */
    handOver: (conv, to, reason) => post(`/desk/conversations/${conv}/hand-over`, { to, reason }),
    /** @param {string} conv */
    keepAfterAll: (conv) => post(`/desk/conversations/${conv}/keep`),
    /** @param {number} id @returns {Promise<Grant & {conversation: Conversation}>} */
    take: (id) => post(`/desk/hand-overs/${id}/take`),
    /** @param {number} id */
    decline: (id) => post(`/desk/hand-overs/${id}/decline`),
    /** @returns {Promise<{colleagues: Colleague[]}>} */
    colleagues: () => post("/desk/colleagues"),
    /** @returns {Promise<import("./texts.mjs").Library>} */
    texts: () => post("/desk/texts"),
    /** @returns {Promise<{messages: RoomMessage[], calls: Call[]}>} */
    room: () => post("/desk/room"),
    /** @param {Sealed} message */
    sayInRoom: (message) => post("/desk/room/say", message),
    /** @param {string} conv @param {string} reason @returns {Promise<Read>} */
    read: (conv, reason) => post(`/desk/conversations/${conv}/read`, { reason }),
    /** @param {string} conv she reads along still @returns {Promise<{token: string, expires_in: number}>} */
    readOn: (conv) => post(`/desk/conversations/${conv}/read/on`),
    /** @param {string} conv */
    readNoMore: (conv) => post(`/desk/conversations/${conv}/read/stop`, {}, true),
    /** @param {string} conv @returns {Promise<{whispers: Whisper[]}>} */
    whispers: (conv) => post(`/desk/conversations/${conv}/whispers`),
    /** @param {string} conv @param {Sealed} sealed */
    whisper: (conv, sealed) => post(`/desk/conversations/${conv}/whisper`, sealed),
    /** @param {string | null} conv */
    callForHelp: (conv) => post("/desk/help", { conv }),
    /** @param {number} id */
    settleCall: (id) => post(`/desk/help/${id}/settle`),
    /** @param {Standing} standing @returns {Promise<{me: Me}>} */
    standing: (standing) => post("/desk/standing", { standing }),
    /** @param {Record<string, string>} search @returns {Promise<{recipients: Recipient[], regions: string[], forms: [string, string][]}>} */
    recipients: (search) => ask(`/desk/recipients?${new URLSearchParams(search)}`, {}),
    /** @param {string} conv @returns {Promise<{referrals: Referral[]}>} */
    referrals: (conv) => ask(`/desk/conversations/${conv}/referrals`, {}),
    /** @param {string} conv @param {{ref: string, recipient: string}[]} offers @returns {Promise<{referrals: Referral[]}>} */
    offer: (conv, offers) => post(`/desk/conversations/${conv}/offer`, { offers }),
    /** @param {string} ref @param {{package: string, consent: string, epoch: number}} sealed @returns {Promise<Link>} */
    refer: (ref, sealed) => post(`/desk/referrals/${ref}/send`, sealed),
    /** @param {string} ref @returns {Promise<Link>} */
    renewLink: (ref) => post(`/desk/referrals/${ref}/link`),
    /** @param {string} ref */
    withdraw: (ref) => post(`/desk/referrals/${ref}/withdraw`),
    /** @param {string} id */
    takeIncoming: (id) => post(`/desk/incoming/${id}/take`),
  }
}

/**
 * @param {string} path
 * @param {RequestInit} init
 * @returns {Promise<any>}
 * @throws {Refused | Lost}
 */
async function ask(path, init) {
  const response = await fetch(path, {
    ...init,
    cache: "no-store",
    credentials: "same-origin",
    // The only page that the server sends a member to is the one to sign in.
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((error) => {
    throw new Lost(String(error))
  })
  if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403)
    throw new Refused(403, SIGNED_OUT, null)
  if (response.status === 204) return {}
  const said = await response.json().catch(() => ({}))
  if (!response.ok) throw new Refused(response.status, said.code ?? "", said.retry_after ?? null)
  return said
}

/** @param {string} name @returns {string | undefined} */
const cookie = (name) =>
  document.cookie
    .split("; ")
    .find((one) => one.startsWith(`${name}=`))
    ?.slice(name.length + 1)
