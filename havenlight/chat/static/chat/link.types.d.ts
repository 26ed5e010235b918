/**
 * What link.mjs takes and gives: the network side of the live protocol (docs/protocol.md, sections 3 and 5 to 7), for visitor and desk
 * alike. It knows no key, no text and no page. In a file of its own, which no visitor has to load.
 *
 *     post(path, body, options)              once
 *     deliver(path, body, token, options)    until it is answered: the same bytes, through lost connections, 429 and 503
 *     makeToken(ask)                         a token in memory, renewed in time
 *     makeOutbox(options)                    a conversation's messages: in order, one in flight
 *     follow(options)                        the one stream of a page, held open through drops, refusals that pass, and networks that hold
 *                                            streams back (then by long poll)
 *
 * Thrown is `Refused` when the server said no, `Lost` when there was no answer to be understood.
 */
import type { Lost, Refused } from "./link.mjs"

export interface PostOptions {
  /** The token. */
  bearer?: string
  /** Send the session's cookie, as the desk must and a visitor never does. */
  cookies?: boolean
  /** Besides those of every request. */
  headers?: Record<string, string>
  /** The request outlives the page. */
  keepalive?: boolean
  signal?: AbortSignal
}

export interface DeliverOptions {
  /** Gives up, and Lost is thrown. */
  signal?: AbortSignal
  /** Told why it will be tried again. */
  onWait?: (reason: Refused | Lost) => void
}

export interface Grant {
  token: string
  /** Seconds. */
  expires_in: number
}

export interface Token {
  /** The token, renewed when two thirds of its life have passed. */
  get(): Promise<string>
  /** The token at hand, perhaps expired, or empty: for what cannot wait. */
  held(): string
  /** Ask for a new one now. */
  renew(): Promise<string>
  /** Take one that came with another answer. */
  put(answer: Grant): void
  /** Forget it, if it still is this one: it was refused. */
  drop(bearer: string): void
}

/** A message as it is posted. */
export interface Entry {
  id: string
  n: number
  env: string
}

export interface Kept {
  id: string
  seq: number
  at: number
}

export interface Outbox {
  add(entry: Entry): void
  /** What is not answered yet, in order. */
  entries(): Entry[]
  /** Start over with these: sealed again after `n_used`, or without the one that was refused. */
  replace(entries: Entry[]): void
  stop(): void
}

export interface OutboxOptions {
  conv: string
  token: Token
  /** Left from before a reload. */
  entries: Entry[]
  /** Entries came or went: keep them. */
  onChange(entries: Entry[]): void
  onAnswered(entry: Entry, answer: Kept): void
  /** Final; the outbox stands still until `replace` is called. */
  onRefused(entry: Entry, refused: Refused): void
  /** Told why a message is not answered yet. */
  onWait?: (reason: Refused | Lost) => void
}

export interface Stream {
  /** Open it anew at once, with `since` as it is now: after `g`, or a gap in `seq`. */
  again(): void
  stop(): void
}

export interface FollowOptions {
  token: Token
  /** "conv:seq,conv:seq", asked before each opening; empty for none. */
  since(): string
  /** In the order of the stream; `e` comes too, only to be told. */
  onEvent(name: string, data: any): void
  /** True when it brings something, false when it is lost and being tried again. */
  onState(open: boolean): void
  /** It ended for good: refused, or opened elsewhere too often. */
  onStop(reason: Refused | "replaced"): void
}
