// @ts-check
/**
 * What this browser keeps of drafts until the server has them. In IndexedDB, whose writes are with the system when they are done: Chromium may
 * hold those of `localStorage` back for a minute, and a crash takes them along. Knows no page.
 *
 * @typedef {import("./drafts.mjs").Sealed & {member: string}} Kept
 */

const NAME = "drafts"
const STORE = "sealed"

/** @returns {Promise<{put: (one: Kept) => Promise<unknown>, drop: (id: string) => Promise<unknown>, all: () => Promise<Kept[]>}>} */
export async function openKept() {
  const opening = indexedDB.open(NAME, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id" })
  const database = await done(opening)
  // In the order they are begun, also when nobody waits for them.
  const store = (/** @type {IDBTransactionMode} */ mode) => database.transaction(STORE, mode).objectStore(STORE)
  return {
    put: (one) => done(store("readwrite").put(one)),
    drop: (id) => done(store("readwrite").delete(id)),
    all: () => done(store("readonly").getAll()),
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
