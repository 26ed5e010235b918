// @ts-check
/** What the pages of keys ask of the server: docs/protocol.md, section 4. */

import { makeRequests } from "../console/requests.mjs"

/**
 * @typedef {{member: string, alias: string, key: string}} Holder
 * @typedef {{epoch: number, key: string, recovery: string | null}} Epoch
 * @typedef {{manifest: string, holders: Holder[], missing: {member: string, epoch: number}[], epochs: Epoch[], days: number}} State
 * @typedef {{key: string, wrap: string, salt: string, iterations: number}} Locked
 * @typedef {{manifest: string, team_wrap: string | null, recovery_wrap: string | null}} Signed
 * @typedef {{conv: string, epoch: number, wrap: string}} Sealed
 * @typedef {ReturnType<typeof makeAsks>} Asks
 */

/** @param {string} csrf the token of the page */
export function makeAsks(csrf) {
  const { ask, post, keys } = makeRequests(csrf)
  return {
    keys,
    /** @returns {Promise<State>} */
    state: () => ask("/keys/state"),
    /** @param {Locked} locked */
    make: (locked) => post("/keys/make", locked),
    /** @param {Omit<Locked, "key">} locked */
    lockAgain: (locked) => post("/keys/phrase", locked),
    /** @param {{credential: string, salt: string, wrap: string}} passkey */
    addPasskey: (passkey) => post("/keys/passkeys/add", passkey),
    /** @param {string} credential */
    dropPasskey: (credential) => post("/keys/passkeys/drop", { credential }),
    /** @param {Signed & {key: string}} signed */
    begin: (signed) => post("/keys/begin", signed),
    /** @param {Signed} signed */
    sign: (signed) => post("/keys/sign", signed),
    /** @param {{member: string, epoch: number, wrap: string}[]} wraps */
    seal: (wraps) => post("/keys/seal", { wraps }),
    /** @returns {Promise<{conversations: Sealed[]}>} */
    behind: () => ask("/keys/behind"),
    /** @param {Sealed[]} wraps @returns {Promise<{count: number}>} */
    renew: (wraps) => post("/keys/renew", { wraps }),
  }
}
