// @ts-check
/** Runs the checks and the cross-check in the page of a real browser, and hands the outcome to the test that opened it. */
import { checks } from "./checks.mjs"
import { answer } from "./peer.mjs"

/** @param {string} path */
const load = async (path) => (await fetch(path)).json()

/** @returns {Promise<Record<string, string>>} what failed, and how */
async function failures() {
  const all = checks(await load("/tests/vectors/seal.json"), await load("/tests/vectors/rfc9180.json"))
  /** @type {Record<string, string>} */
  const failed = { "no check ran": "" }
  for (const [name, check] of Object.entries(all)) {
    delete failed["no check ran"]
    await check().catch((error) => (failed[name] = String(error)))
  }
  return failed
}

async function outcome() {
  const { vectors, sealed } = await load("/given")
  return { failures: await failures(), answer: await answer(vectors, sealed) }
}

const body = JSON.stringify(await outcome().catch((error) => ({ failures: { page: String(error.stack) } })))
await fetch("/outcome", { method: "POST", body })
