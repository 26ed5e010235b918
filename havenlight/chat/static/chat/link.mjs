// @ts-check
/**
 * The network side of the live protocol (docs/protocol.md, sections 3 and 5 to 7), for visitor and desk alike. It knows no key, no text
 * and no page: sealed envelopes go up, events come down, and what fails is tried again until it is answered. It is one file, though long,
 * because each file is another request on a slow phone.
 *
 *     const token = makeToken(() => post("/desk/token", {}, { cookies: true, headers: { "X-CSRFToken": csrf } }))
 *     const stream = follow({ token, since: () => "conv:12,conv:3", onEvent, onState, onStop })
 *     stream.again()                       // opens it anew, after `g` or a gap in `seq`
 *     const outbox = makeOutbox({ conv, token, entries: [], onChange, onAnswered, onRefused })
 *     outbox.add({ id, n, env })           // in order, one in flight, the same bytes until answered
 *     await deliver(`/live/conv/${conv}/r`, { seq }, token)    // one request, repeated until answered
 *     await post(`/live/conv/${conv}/t`, {}, { bearer })       // one request, once
 *
 * What is thrown: `Refused` when the server said no (`code`, `status`, `retryAfter`), `Lost` when there was no answer to be understood.
 */

const POST_SECONDS = 20
const FIRST_BYTES_SECONDS = 10
const SILENCE_SECONDS = 45
const LONGEST_WAIT_MS = 30_000
// A stream that still brings something this long after it opened is not held back on the way.
const FLOWING_AFTER_MS = 5_000
const BARREN_STREAMS_BEFORE_POLL = 2
const POLLS_BEFORE_STREAM = 20
const BETWEEN_STREAMS_MS = 1_000

/** The server said no, in a code of docs/protocol.md section 7. */
export class Refused extends Error {
  /** @param {number} status of HTTP @param {string} code empty when a proxy answered @param {number | null} retryAfter seconds */
  constructor(status, code, retryAfter) {
    super(`refused with ${status} ${code}`)
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
    /** Whether the same request may be answered later. An unknown code goes by its status. */
    this.passing = status === 429 || status >= 500
  }
}

/** No answer, or one that is not ours (a hotel's sign-in page): what was asked may have been done or not. */
export class Lost extends Error {}

/** Who waits and would rather go on: told when a stream opens, which shows that the server is there again. @type {Set<() => void>} */
const pausing = new Set()

/**
 * Wait, but not longer than needed: the network coming back or the page coming into view ends the wait.
 * @param {number} ms @param {AbortSignal} [signal] ends it as well @param {boolean} [early] false when the server asked for the wait
 * @returns {Promise<void>}
 */
export function pause(ms, signal, early = true) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    const shown = () => document.visibilityState === "visible" && done()
    function done() {
      clearTimeout(timer)
      removeEventListener("online", done)
      document.removeEventListener("visibilitychange", shown)
      pausing.delete(done)
      signal?.removeEventListener("abort", done)
      resolve()
    }
    if (signal?.aborted) return done()
    signal?.addEventListener("abort", done)
    if (!early) return
    addEventListener("online", done)
    document.addEventListener("visibilitychange", shown)
    pausing.add(done)
  })
}

/**
 * How long to wait after so many failures in a row (0 after the first): doubling, and with jitter, so that not all come back at once.
 * @param {number} failures @param {number} [firstMs]
 */
export function backoff(failures, firstMs = 1_000) {
  const longest = Math.min(LONGEST_WAIT_MS, firstMs * 2 ** failures)
  return failures === 0 ? longest : longest * (0.5 + Math.random() / 2)
}

/**
 * @typedef {object} PostOptions
 * @property {string} [bearer] the token
 * @property {boolean} [cookies] true sends the session cookie (desk); a visitor never sends one
 * @property {Record<string, string>} [headers] besides those of every request
 * @property {boolean} [keepalive] the request outlives the page
 * @property {AbortSignal} [signal]
 */

/**
 * Send JSON, once.
 * @param {string} path @param {object} body @param {PostOptions} [options]
 * @returns {Promise<any>} the answer's object; empty for 204
 * @throws {Refused | Lost}
 */
export async function post(path, body, options = {}) {
  const { signal, end } = limited(options.signal, POST_SECONDS)
  try {
    const response = await fetch(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", ...bearing(options.bearer), ...options.headers },
      keepalive: options.keepalive ?? false,
      signal,
      ...plain(options.cookies ?? false),
    })
    if (!response.ok) throw await refusal(response)
    return response.status === 204 ? {} : await response.json()
  } catch (error) {
    throw error instanceof Refused ? error : new Lost(String(error))
  } finally {
    end()
  }
}

/** @param {string} [bearer] @returns {Record<string, string>} */
const bearing = (bearer) => (bearer ? { Authorization: `Bearer ${bearer}` } : {})

/** A redirect is never ours, so it counts as no answer. @param {boolean} cookies @returns {RequestInit} */
const plain = (cookies) => ({ cache: "no-store", credentials: cookies ? "same-origin" : "omit", redirect: "error" })

/** @param {Response} response */
async function refusal(response) {
  const said = await response.json().catch(() => ({}))
  const retryAfter = typeof said.retry_after === "number" ? said.retry_after : null
  return new Refused(response.status, typeof said.code === "string" ? said.code : "", retryAfter)
}

/**
 * A signal that ends with `outer`, or when nobody put it off for `seconds`. (AbortSignal.any and .timeout are too young for old phones.)
 * @param {AbortSignal | undefined} outer @param {number} seconds
 */
function limited(outer, seconds) {
  const controller = new AbortController()
  const abort = () => controller.abort()
  let timer = setTimeout(abort, seconds * 1000)
  if (outer?.aborted) abort()
  outer?.addEventListener("abort", abort)
  return {
    signal: controller.signal,
    /** @param {number} more seconds, from now */
    putOff(more) {
      clearTimeout(timer)
      timer = setTimeout(abort, more * 1000)
    },
    end() {
      clearTimeout(timer)
      outer?.removeEventListener("abort", abort)
    },
  }
}

/**
 * @typedef {object} Token
 * @property {() => Promise<string>} get the token, renewed when two thirds of its life have passed
 * @property {() => string} held the token at hand, perhaps expired, or empty; for what cannot wait
 * @property {() => Promise<string>} renew asks for a new one now
 * @property {(answer: {token: string, expires_in: number}) => void} put takes one that came with another answer
 * @property {(bearer: string) => void} drop forgets it, if it still is this one: it was refused
 */

/**
 * Hold a token in memory.
 * @param {() => Promise<{token: string, expires_in: number}>} ask one request for a new token
 * @returns {Token}
 */
export function makeToken(ask) {
  let held = ""
  let renewAt = 0
  let endsAt = 0
  /** @type {Promise<string> | null} */
  let asking = null

  /** @param {{token: string, expires_in: number}} answer */
  function put({ token, expires_in }) {
    held = token
    renewAt = Date.now() + (expires_in * 2000) / 3
    endsAt = Date.now() + expires_in * 1000
  }

  function renew() {
    if (asking) return asking
    const done = () => (asking = null)
    asking = ask().then((answer) => (put(answer), answer.token))
    asking.then(done, done)
    return asking
  }

  async function get() {
    if (held && Date.now() < renewAt) return held
    try {
      return await renew()
    } catch (error) {
      const final = error instanceof Refused && !error.passing
      if (!final && held && Date.now() < endsAt) return held
      throw error
    }
  }

  return { get, held: () => held, renew, put, drop: (bearer) => void (bearer === held && (held = "")) }
}

/**
 * Post the same bytes until they are answered, through lost connections, 429 and 503.
 * @param {string} path @param {object} body
 * @param {Token | null} token null when the body proves itself
 * @param {{signal?: AbortSignal, onWait?: (reason: Refused | Lost) => void}} [options] `signal` gives up, and throws Lost; `onWait` is told why
 *   it will be tried again
 * @returns {Promise<any>} the answer
 * @throws {Refused} when the refusal is final
 */
export async function deliver(path, body, token, { signal, onWait } = {}) {
  let failures = 0
  let renewed = false
  for (;;) {
    let bearer = ""
    try {
      bearer = (await token?.get()) ?? ""
      return await post(path, body, { bearer, signal })
    } catch (error) {
      if (signal?.aborted) throw new Lost("given up")
      const refused = error instanceof Refused ? error : null
      if (!refused && !(error instanceof Lost)) throw error
      if (refused && !refused.passing) {
        if (refused.code !== "token" || renewed) throw error
        renewed = true
        token?.drop(bearer)
        continue
      }
      renewed = false
      onWait?.(refused ?? /** @type {Lost} */ (error))
      const asked = refused?.retryAfter ? refused.retryAfter * 1000 * (1 + Math.random() / 4) : 0
      await pause(Math.max(asked, backoff(failures++)), signal, asked === 0)
    }
  }
}

/**
 * @typedef {{id: string, n: number, env: string}} Entry a message as it is posted
 *
 * @typedef {object} Outbox
 * @property {(entry: Entry) => void} add puts one at the end
 * @property {() => Entry[]} entries what is not answered yet, in order
 * @property {(entries: Entry[]) => void} replace starts over with these, after `n_used` or the user's removal
 * @property {() => void} stop sends nothing more
 */

/**
 * Send one conversation's messages in order, one in flight, each with the same bytes until it is answered.
 * @param {object} options
 * @param {string} options.conv
 * @param {Token} options.token
 * @param {Entry[]} options.entries left from before
 * @param {(entries: Entry[]) => void} options.onChange whenever entries come or go, to keep them
 * @param {(entry: Entry, answer: {id: string, seq: number, at: number}) => void} options.onAnswered
 * @param {(entry: Entry, refused: Refused) => void} options.onRefused final; the outbox stands still until `replace` is called
 * @param {(reason: Refused | Lost) => void} [options.onWait] told why a message is not answered yet
 * @returns {Outbox}
 */
export function makeOutbox({ conv, token, entries, onChange, onAnswered, onRefused, onWait }) {
  let waiting = [...entries]
  let running = new AbortController()
  let busy = false
  let stuck = false

  async function run() {
    if (busy || stuck || !waiting.length || running.signal.aborted) return
    const { signal } = running
    const entry = waiting[0]
    busy = true
    try {
      const answer = await deliver(`/live/conv/${conv}/m`, entry, token, { signal, onWait })
      if (signal.aborted) return
      waiting = waiting.slice(1)
      busy = false
      onChange([...waiting])
      onAnswered(entry, answer)
      run()
    } catch (error) {
      if (signal.aborted) return
      busy = false
      stuck = true
      if (!(error instanceof Refused)) throw error
      onRefused(entry, error)
    }
  }

  run()
  return {
    add(entry) {
      waiting.push(entry)
      onChange([...waiting])
      run()
    },
    entries: () => [...waiting],
    replace(fresh) {
      running.abort()
      running = new AbortController()
      waiting = [...fresh]
      busy = stuck = false
      onChange([...waiting])
      run()
    },
    stop: () => running.abort(),
  }
}

/**
 * Read a text/event-stream as it comes in pieces.
 * @param {(name: string, data: any) => void} onEvent data is parsed JSON
 * @param {(ms: number) => void} onRetry
 * @returns {(piece: string) => void} throws SyntaxError for data that is not JSON
 */
export function makeParser(onEvent, onRetry) {
  let rest = ""
  let name = ""
  /** @type {string[]} */
  let data = []

  /** @param {string} line */
  function take(line) {
    if (line === "") {
      if (data.length) onEvent(name || "message", JSON.parse(data.join("\n")))
      name = ""
      data = []
      return
    }
    const colon = line.indexOf(":")
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "")
    if (field === "event") name = value
    else if (field === "data") data.push(value)
    else if (field === "retry" && /^\d+$/.test(value)) onRetry(Number(value))
  }

  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ""
    lines.forEach(take)
  }
}

/**
 * @typedef {{again: () => void, stop: () => void}} Stream `again` opens it anew at once, with `since` as it is now; `stop` closes it for good
 */

/**
 * Hold the one stream of this page open, through drops, refusals that pass, and networks that hold streams back (then by long poll).
 * @param {object} options
 * @param {Token} options.token
 * @param {() => string} options.since "conv:seq,conv:seq", asked before each opening; empty for none
 * @param {(name: string, data: any) => void} options.onEvent in the order of the stream; `e` comes here too, only to be told
 * @param {(open: boolean) => void} options.onState true when it brings something, false when it is lost and being tried again
 * @param {(reason: Refused | "replaced") => void} options.onStop it ended for good: refused, or opened elsewhere too often
 * @returns {Stream}
 */
export function follow({ token, since, onEvent, onState, onStop }) {
  let stopped = false
  let round = new AbortController()
  let retryMs = 2_000
  let failures = 0
  let barren = 0
  let polls = 0
  let renewed = false
  let closing = ""

  /** @param {string} name @param {any} data */
  function take(name, data) {
    if (name === "e") closing = data.code
    if (stopped || round.signal.aborted) return
    try {
      onEvent(name, data)
    } catch (error) {
      // A defect of the page must be seen, and must not look like a lost connection.
      queueMicrotask(() => {
        throw error
      })
    }
  }

  function opened() {
    renewed = false
    if (failures) for (const done of pausing) done()
    failures = 0
    onState(true)
  }

  async function open() {
    const polling = barren >= BARREN_STREAMS_BEFORE_POLL
    const bearer = await token.get()
    const query = [since() && `since=${since()}`, polling && "poll=1"].filter(Boolean).join("&")
    const openedAt = Date.now()
    let brought = false
    const parse = makeParser(take, (ms) => (retryMs = ms))
    try {
      await read(`/live/events?${query}`, bearer, round.signal, polling ? SILENCE_SECONDS : FIRST_BYTES_SECONDS, (piece) => {
        if (!brought) opened()
        brought = true
        if (!polling && Date.now() - openedAt > FLOWING_AFTER_MS) barren = 0
        parse(piece)
      })
    } catch (error) {
      if (error instanceof Refused && error.code === "token") token.drop(bearer)
      if (error instanceof Silent && !polling) barren += 1
      throw error
    }
    if (!brought && !polling) barren += 1
    if (polling && ++polls % POLLS_BEFORE_STREAM === 0) barren = BARREN_STREAMS_BEFORE_POLL - 1
    if (closing === "token") token.drop(bearer)
    return polling && brought
  }

  /** @returns {Promise<number>} milliseconds until the next opening */
  async function once() {
    closing = ""
    try {
      // After a poll, and after these two, all is well: only another is asked for.
      if ((await open()) || closing === "token" || closing === "slow") return BETWEEN_STREAMS_MS
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Lost)) throw error
      if (error instanceof Refused && !error.passing) {
        if (error.code !== "token" || renewed) return stopFor(error)
        renewed = true
        return 0
      }
      if (error instanceof Refused && error.retryAfter) retryMs = Math.max(retryMs, error.retryAfter * 1000)
    }
    if (closing === "replaced") return stopFor("replaced")
    if (round.signal.aborted) return 0
    onState(false)
    return backoff(failures++, retryMs)
  }

  /** @param {Refused | "replaced"} reason */
  function stopFor(reason) {
    stop()
    onStop(reason)
    return 0
  }

  async function run() {
    while (!stopped) {
      const wait = await once()
      if (!stopped && !round.signal.aborted) await pause(wait, round.signal)
      if (round.signal.aborted) round = new AbortController()
    }
  }

  // Another network, or none: what was open is dead and only does not know it yet.
  const again = () => round.abort()
  const dropped = () => {
    again()
    onState(false)
  }
  addEventListener("online", again)
  addEventListener("offline", dropped)
  function stop() {
    stopped = true
    removeEventListener("online", again)
    removeEventListener("offline", dropped)
    round.abort()
  }

  run()
  return { again, stop }
}

/** Nothing came for too long, which may be the network holding streams back. */
class Silent extends Lost {}

/**
 * Read one answer to its end.
 * @param {string} path @param {string} bearer @param {AbortSignal} outer
 * @param {number} firstSeconds how long the first bytes may take
 * @param {(piece: string) => void} onPiece
 * @throws {Refused | Lost}
 */
async function read(path, bearer, outer, firstSeconds, onPiece) {
  const limit = limited(outer, firstSeconds)
  try {
    const response = await fetch(path, {
      headers: { Accept: "text/event-stream", ...bearing(bearer) },
      signal: limit.signal,
      ...plain(false),
    })
    if (!response.ok) throw await refusal(response)
    if (!response.body || !response.headers.get("Content-Type")?.startsWith("text/event-stream")) throw new Lost("not a stream")
    const reader = response.body.getReader()
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      limit.putOff(SILENCE_SECONDS)
      onPiece(decoder.decode(value, { stream: true }))
    }
  } catch (error) {
    if (error instanceof Refused || error instanceof Lost) throw error
    throw limit.signal.aborted && !outer.aborted ? new Silent(String(error)) : new Lost(String(error))
  } finally {
    limit.end()
  }
}
