// @ts-check
/** The one line to the server: token and stream together, and what the member is told of it. */

import { backoff, follow, Lost, makeToken, pause, Refused } from "../chat/link.mjs"

/**
 * @typedef {"connecting" | "open" | "lost" | "replaced" | "signed_out" | "refused"} Standing
 *
 * @typedef {object} Connection
 * @property {import("../chat/link.mjs").Token} token
 * @property {() => void} open
 * @property {() => void} again opens the stream anew: a token with more in it, or a gap
 * @property {() => Promise<void>} regrant asks for a new token first, because what it grants has changed
 */

const GAP_HEALED_AFTER_MS = 1_000

/**
 * @param {object} options
 * @param {ReturnType<typeof import("./requests.mjs").makeRequests>} options.requests
 * @param {(conversations: import("./requests.mjs").Conversation[]) => Promise<void>} options.onHers before the token is used
 * @param {() => string} options.since
 * @param {(name: string, data: any) => void} options.onEvent
 * @param {(standing: Standing) => void} options.onStanding
 */
export function makeConnection({ requests, onHers, since, onEvent, onStanding }) {
  const token = makeToken(async () => {
    const answer = await requests.token()
    await onHers(answer.conversations)
    return answer
  })
  /** @type {import("../chat/link.mjs").Stream | null} */
  let stream = null
  let healing = 0

  function open() {
    onStanding("connecting")
    stream = follow({
      token,
      since,
      onEvent: (name, data) => (name === "g" ? regrant() : onEvent(name, data)),
      onState: (isOpen) => onStanding(isOpen ? "open" : "lost"),
      onStop: (reason) => onStanding(standingAfter(reason)),
    })
  }

  async function regrant() {
    // A request on its way may have been decided before the change.
    await requests.settled()
    for (let failures = 0; ; failures += 1) {
      try {
        await token.renew()
        break
      } catch (error) {
        if (error instanceof Refused && !error.passing) break
        if (!(error instanceof Refused || error instanceof Lost)) throw error
        await pause(backoff(failures))
      }
    }
    stream?.again()
  }

  return {
    token,
    open,
    regrant,
    again: () => stream?.again(),
    /** Heal a gap; not at once, so that a server in error is not pressed. */
    heal() {
      clearTimeout(healing)
      healing = setTimeout(() => stream?.again(), GAP_HEALED_AFTER_MS)
    },
  }
}

/** @param {Refused | "replaced"} reason @returns {Standing} */
function standingAfter(reason) {
  if (reason === "replaced") return "replaced"
  return reason.status === 401 || reason.status === 403 ? "signed_out" : "refused"
}
