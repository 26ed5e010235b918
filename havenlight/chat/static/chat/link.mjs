// @ts-check
/**
 * The network side of docs/protocol.md, for visitor and desk alike; explained in link.types.d.ts.
 *
 * @typedef {import("./link.types.js").Token} Token
 * @typedef {import("./link.types.js").Entry} Entry
 * @typedef {import("./link.types.js").Stream} Stream
 */

const POST_SECONDS = 20
const FIRST_BYTES_SECONDS = 10
const SILENCE_SECONDS = 45
const LONGEST_WAIT_MS = 30_000
// A stream that still brings something this long after it opened is not held back on the way.
const FLOWING_AFTER_MS = 5_000
const BARREN_STREAMS_BEFORE_POLL = 2
const BETWEEN_STREAMS_MS = 1_000

/** The server said no, in a code of docs/protocol.md section 7. */
export class Refused extends Error {
  /** @param {number} status of HTTP @param {string} code empty when a proxy answered @param {number | null} retryAfter seconds @param {any} [work] that opens the way at once */
  constructor(status, code, retryAfter, work) {
    super(`refused with ${status} ${code}`)
    this.status = status
    this.code = code
    this.retryAfter = retryAfter
    this.work = work
    /** Whether the same request may be answered later. An unknown code goes by its status. */
    this.passing = status === 429 || status >= 500
  }
}

/** No answer, or one that is not ours (a hotel's sign-in page): it may have been done or not. */
export class Lost extends Error {}

/** Told when a stream opens: the server is there again. @type {Set<() => void>} */
const pausing = new Set()

/**
 * Wait, but not longer than needed: the network coming back or the page coming into view ends it.
 * @param {number} ms @param {AbortSignal} [signal] @param {boolean} [early] false when the server asked for the wait
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

/** Doubling, and with jitter, so that not all come back at once. @param {number} failures before this one @param {number} [firstMs] */
export function backoff(failures, firstMs = 1_000) {
  const longest = Math.min(LONGEST_WAIT_MS, firstMs * 2 ** failures)
  return failures === 0 ? longest : longest * (0.5 + Math.random() / 2)
}

/**
 * @param {string} path @param {object} body @param {import("./link.types.js").PostOptions} [options]
 * @returns {Promise<any>} the answer's object; empty for 204
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
  return new Refused(response.status, typeof said.code === "string" ? said.code : "", retryAfter, said.work)
}

/** AbortSignal.any and .timeout are too young for old phones. @param {AbortSignal | undefined} outer @param {number} seconds */
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

/** @param {() => Promise<import("./link.types.js").Grant>} ask @returns {Token} */
export function makeToken(ask) {
  let held = ""
  let renewAt = 0
  let endsAt = 0
  /** @type {Promise<string> | null} */
  let asking = null

  /** @param {import("./link.types.js").Grant} answer */
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
 * Through lost connections, 429 and 503; only a final refusal is thrown.
 * @param {string} path @param {object} body @param {Token | null} token null when the body proves itself
 * @param {import("./link.types.js").DeliverOptions} [options]
 * @returns {Promise<any>}
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

/** @param {import("./link.types.js").OutboxOptions} options @returns {import("./link.types.js").Outbox} */
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
 * @param {(name: string, data: any) => void} onEvent @param {(ms: number) => void} onRetry
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
 * Through drops, refusals that pass, and networks that hold streams back (then by long poll).
 * @param {import("./link.types.js").FollowOptions} options
 * @returns {Stream}
 */
export function follow({ token, since, onEvent, onState, onStop }) {
  let stopped = false
  let round = new AbortController()
  let retryMs = 2_000
  let failures = 0
  let barren = 0
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
    // Without a network nothing would come of another one; when it is back, `returned` asks at once.
    if (round.signal.aborted && navigator.onLine) return 0
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
      renew()
      if (!stopped) await pause(wait, round.signal)
      renew()
    }
  }

  function renew() {
    if (round.signal.aborted) round = new AbortController()
  }

  // Another network, or none: what was open is dead and only does not know it yet.
  const again = () => round.abort()
  const returned = () => {
    barren = 0
    again()
  }
  const dropped = () => {
    again()
    onState(false)
  }
  addEventListener("online", returned)
  addEventListener("offline", dropped)
  function stop() {
    stopped = true
    removeEventListener("online", returned)
    removeEventListener("offline", dropped)
    round.abort()
  }

  run()
  return { again, stop }
}

/** Nothing came for too long, which may be the network holding streams back. */
class Silent extends Lost {}

/**
 * @param {string} path @param {string} bearer @param {AbortSignal} outer @param {number} firstSeconds for the first bytes
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
