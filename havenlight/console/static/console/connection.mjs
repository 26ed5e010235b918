// @ts-check
/** The one line to the server: token and stream together, and what the member is told of it. */

import { backoff, follow, Lost, makeToken, pause, Refused } from "../chat/link.mjs"
import { unb64 } from "../chat/seal.mjs"
import { learnClock } from "./minutes.mjs"
import { SIGNED_OUT } from "./requests.mjs"

/**
 * @typedef {import("./requests.mjs").Grant} Grant
 * @typedef {import("./requests.mjs").Conversation} Conversation
 * @typedef {"connecting" | "open" | "lost" | "replaced" | "signed_out" | "other_member" | "refused"} Standing
 */

const GAP_HEALED_AFTER_MS = 1_000
const OTHER_MEMBER = /** @type {const} */ ("other_member")

/**
 * In one browser a colleague may sign in after her: what is granted to the one must not be done with the keys of the other.
 * @param {Grant} grant
 * @param {string} member
 * @throws {Refused}
 */
function checkIsFor({ token }, member) {
  const [, subject] = JSON.parse(new TextDecoder().decode(unb64(token.split(".")[0])))
  if (subject !== member) throw new Refused(403, OTHER_MEMBER, null)
}

/**
 * @param {object} options
 * @param {string} options.member whose keys are open
 * @param {ReturnType<typeof import("./requests.mjs").makeRequests>} options.requests
 * @param {(granted: import("./requests.mjs").Granted) => Promise<void>} options.onHers all of hers, before a token for them is used
 * @param {(conversation: Conversation) => Promise<void>} options.onAccepted the same, for one more
 * @param {(me: import("./requests.mjs").Me) => void} options.onMe
 * @param {() => string} options.since
 * @param {(name: string, data: any) => void} options.onEvent
 * @param {(standing: Standing) => void} options.onStanding
 */
export function makeConnection({ member, requests, onHers, onAccepted, onMe, since, onEvent, onStanding }) {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve()
  const token = makeToken(() => inTurn(ask))
  /** @type {import("../chat/link.mjs").Stream | null} */
  let stream = null
  let healing = 0

  /**
   * One grant after the other, each taken in before the next is asked for: the token that is held must be what the server granted last.
   * @template T
   * @param {() => Promise<T>} job
   * @returns {Promise<T>}
   */
  function inTurn(job) {
    const mine = last.then(job)
    last = mine.catch(() => undefined)
    return mine
  }

  async function ask() {
    const answer = await requests.token()
    checkIsFor(answer, member)
    learnClock(answer.now)
    await onHers(answer)
    onMe(answer.me)
    return answer
  }

  function open() {
    onStanding("connecting")
    stream = follow({
      token,
      since,
      onEvent: (name, data) => (name === "g" ? regrant() : onEvent(name, data)),
      onState: (isOpen) => onStanding(isOpen ? "open" : "lost"),
      onStop: (reason) => onStanding(reason === "replaced" ? reason : standingAfter(reason)),
    })
  }

  /** @param {() => Promise<Grant & {conversation: Conversation}>} asking */
  async function take(asking) {
    const answer = await asking()
    checkIsFor(answer, member)
    await onAccepted(answer.conversation)
    onMe(answer.me)
    token.put(answer)
    stream?.again()
  }

  /** @param {() => Promise<Grant & {conversation: Conversation}>} asking for one more conversation */
  async function getOneMore(asking) {
    try {
      await inTurn(() => take(asking))
    } catch (error) {
      if (error instanceof Refused && error.status === 403) stop(error)
      throw error
    }
  }

  /** @param {Refused} reason */
  function stop(reason) {
    stream?.stop()
    onStanding(standingAfter(reason))
  }

  async function regrant() {
    // What is on its way may have been granted before the change. The pause lets its token be put away, so that another one is asked for.
    await inTurn(() => new Promise((resolve) => setTimeout(resolve)))
    for (let failures = 0; ; failures += 1) {
      try {
        await token.renew()
        break
      } catch (error) {
        if (error instanceof Refused && !error.passing) return stop(error)
        if (!(error instanceof Refused || error instanceof Lost)) throw error
        await pause(backoff(failures))
      }
    }
    stream?.again()
  }

  return {
    token,
    open,
    /** @param {string} conv */
    accept: (conv) => getOneMore(() => requests.accept(conv)),
    /** @param {number} offer of a colleague */
    takeOver: (offer) => getOneMore(() => requests.take(offer)),
    /** Heal a gap; not at once, so that a server in error is not pressed. */
    heal() {
      clearTimeout(healing)
      healing = setTimeout(() => stream?.again(), GAP_HEALED_AFTER_MS)
    },
  }
}

/** @param {Refused} reason @returns {Standing} */
function standingAfter({ code }) {
  if (code === OTHER_MEMBER) return OTHER_MEMBER
  return code === SIGNED_OUT || code === "token" ? SIGNED_OUT : "refused"
}
