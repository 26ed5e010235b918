// @ts-check
/** The page of referrals: opens, with the member's phrase, what other organisations sealed for the team. */

import { SealBroken, unb64 } from "../chat/seal.mjs"
import { openConsent, openIncoming } from "../referral/package.mjs"
import { find, readWords, write } from "./page.mjs"
import { unlock } from "./phrase.mjs"
import { makeRequests } from "./requests.mjs"

const page = find(document, "page")
const requests = makeRequests(page.dataset.csrf ?? "")
const say = readWords()

/**
 * @param {HTMLElement} row
 * @param {import("./keys.mjs").OpenKeys} keys
 */
async function open(row, keys) {
  const { id = "", epoch = "", sealed = "" } = row.dataset
  const team = keys.teams.get(Number(epoch))
  const said = find(row, "said")
  const take = find(row, "take", HTMLButtonElement)
  try {
    if (!team) throw new SealBroken("sealed to a key that she does not hold")
    const { about, reach } = await openIncoming(unb64(sealed), team, id, Number(epoch))
    write(said, `${about}\n\n${reach}`)
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    return write(said, say("not_opened"))
  }
  take.hidden = Boolean(find(row, "taken").textContent?.trim())
  take.addEventListener("click", async () => {
    take.disabled = true
    await requests.takeIncoming(id).then(
      () => location.reload(),
      () => (take.disabled = false),
    )
  })
}

/**
 * What she agreed to, and when, as the team keeps it.
 * @param {HTMLElement} row
 * @param {import("./keys.mjs").OpenKeys} keys
 */
async function showConsent(row, keys) {
  const { id = "", epoch = "", sealed = "" } = row.dataset
  const team = keys.teams.get(Number(epoch))
  if (!team || !sealed) return
  const { wording, agreed_at } = await openConsent(unb64(sealed), team, id, Number(epoch))
  const time = new Date(agreed_at * 60_000).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" })
  write(find(row, "said"), `${wording}\n\n${say("refer_accepted", { time })}`)
}

/** @param {string} name @returns {HTMLElement[]} */
const all = (name) => [...document.querySelectorAll(`[data-part="${name}"]`)].filter((row) => row instanceof HTMLElement)

const rows = all("incoming")
const outgoing = all("outgoing")
if (rows.length || outgoing.length) {
  const keys = await unlock({ page, ask: requests.keys, say })
  find(page, "locked").hidden = true
  for (const row of rows) await open(row, keys)
  for (const row of outgoing) await showConsent(row, keys)
}
