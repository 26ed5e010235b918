// @ts-check
/** The conversations of a member while she is at her desk: which are hers, under which number, and which event is for which. Knows no page. */

import { Held } from "./held.mjs"
import { openHers } from "./keys.mjs"
import { since } from "./minutes.mjs"

/** @param {Held[]} some */
const sum = (some) => some.reduce((total, { weight }) => total + weight, 0)

/**
 * @typedef {import("./requests.mjs").Conversation} Conversation
 *
 * @param {object} options
 * @param {import("./keys.mjs").OpenKeys} options.keys
 * @param {import("../chat/link.mjs").Token} options.token
 * @param {() => void} options.onChange
 * @param {() => void} options.onGap
 * @param {(conv: string) => void} options.onFinished it was finished in another window of hers, or a colleague took it over
 */
export function makeShift({ keys, token, onChange, onGap, onFinished }) {
  /** @type {Map<string, Held>} */
  const held = new Map()

  /** The lowest number that is free, so that the keys 1 to 9 reach as many as they can. */
  function freeNumber() {
    const taken = new Set([...held.values()].map(({ number }) => number))
    let number = 1
    while (taken.has(number)) number += 1
    return number
  }

  /** @param {Conversation} conversation */
  async function hold(conversation) {
    if (held.has(conversation.conv)) return
    const opened = await openHers(conversation, keys)
    // Another answer may have brought it while it was being opened.
    if (held.has(conversation.conv)) return
    held.set(conversation.conv, new Held({ conversation, opened, number: freeNumber(), token, onChange, onGap }))
    onChange()
  }

  /** In the order of their numbers. */
  const all = () => [...held.values()].sort((one, other) => one.number - other.number)

  return {
    hold,
    all,
    /**
     * Take the whole list of hers, as it comes with a token: what is new is opened, what is gone is finished or no longer hers.
     * @param {Conversation[]} conversations
     * @param {import("./requests.mjs").Offer[]} offers
     */
    async reconcile(conversations, offers) {
      const hers = new Set(conversations.map(({ conv }) => conv))
      for (const one of all()) {
        if (hers.has(one.conv)) continue
        if (one.state === "ended" || one.offeredTo !== null) onFinished(one.conv)
        else one.close()
      }
      for (const conversation of conversations) {
        held.get(conversation.conv)?.update(conversation)
        await hold(conversation)
      }
      for (const one of all()) one.offeredTo = offers.find(({ conv, mine }) => mine && conv === one.conv)?.to ?? null
    },
    /** @param {string} name @param {any} data of an event of the stream */
    take: (name, data) => held.get(data.conv)?.take(name, data),
    /** Where the stream is to begin for each, as in `since` of the protocol. */
    since: () => [...held.values()].map(({ conv, seq }) => `${conv}:${seq}`).join(","),
    /** @param {number} wrapUp minutes that an ended one keeps its place @returns {number} what all that she has in hand weighs */
    load: (wrapUp) => sum(all().filter(({ endedAt }) => endedAt === null || since(endedAt) < wrapUp)),
    /** @param {string} conv */
    get: (conv) => held.get(conv),
    /** @returns {Held | null} the one whose visitor has waited longest for her answer */
    waitsLongest() {
      const waits = all().filter(({ state, waitsSince }) => state === "active" && waitsSince !== null)
      return waits.sort((one, other) => Number(one.waitsSince) - Number(other.waitsSince))[0] ?? null
    },
    /** @param {string | null} conv @param {1 | -1} step @returns {Held | null} the next in the list, or the one before */
    beside(conv, step) {
      const list = all()
      const here = list.findIndex((one) => one.conv === conv)
      return list[(here + step + list.length) % list.length] ?? null
    },
    /** @param {string} conv it has ended and is done with */
    putAway(conv) {
      held.get(conv)?.stop()
      held.delete(conv)
      onChange()
    },
    resume: () => held.forEach((one) => one.resume()),
  }
}
