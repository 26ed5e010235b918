// @ts-check
/** Where a coordinator signs who may hold the team key, and her browser seals it to them; or begins a new one. */

import { unb64 } from "../chat/seal.mjs"
import { fingerprint, openWith, readPrivate, teamInfo } from "../chat/unlock.mjs"
import { newestTeam } from "../console/keys.mjs"
import { find, readWords, write } from "../console/page.mjs"
import { askSigned, unlock } from "../console/phrase.mjs"
import { makeAsks } from "./asks.mjs"
import { prepare, sealMissing, sealOpenOnes } from "./signing.mjs"
import { askSigner, working } from "./unlocking.mjs"

const page = find(document, "page")
const say = readWords()
const asks = makeAsks(page.dataset.csrf ?? "")

/** @returns {{id: string, key: string}[]} whose numbers she compared */
const ticked = () =>
  [...page.querySelectorAll("input[data-key]:checked")].map((box) => {
    const { member = "", key = "" } = /** @type {HTMLInputElement} */ (box).dataset
    return { id: member, key }
  })

/** @param {import("../console/keys.mjs").OpenKeys} keys */
async function signAndSeal(keys) {
  const signer = await askSigner(page)
  const { keys: given, manifest } = await askSigned(page, asks.keys)
  const me = { member: keys.member, public: keys.mine.public }
  const renew = find(page, "renew", HTMLInputElement).checked
  const signed = given.chain[given.chain.length - 1]
  const { next, members, epoch, team } = await prepare({ manifest, signed, state: await asks.state(), added: ticked(), renew, signer, me })
  await asks.sign(next)
  if (team) keys.teams.set(epoch, await readPrivate(new Uint8Array(team.pkcs8), team.public))
  const wraps = new Map(given.teams.map(({ epoch: number, wrap }) => [number, unb64(wrap)]))
  const handed = await sealMissing(asks, members, async (number) => {
    if (team && number === epoch) return new Uint8Array(team.pkcs8)
    const wrap = wraps.get(number)
    return wrap ? openWith(keys.mine, teamInfo(me.member, number), wrap) : null
  })
  team?.pkcs8.fill(0)
  const newest = newestTeam(keys)
  const anew = await sealOpenOnes(asks, keys.teams, { epoch: newest.epoch, public: newest.pair.public })
  // What is listed has changed; a second press must not sign it again.
  find(page, "work").hidden = true
  find(page, "due").hidden = true
  find(page, "done").hidden = false
  write(find(page, "done-text"), say(team ? "renewed" : "given", { keys: handed, conversations: anew }))
}

/** The numbers to compare, made here of the keys that would be signed: what the server writes beside them proves nothing. */
async function showNumbers() {
  for (const box of page.querySelectorAll("input[data-key]")) {
    const { member = "", key = "" } = /** @type {HTMLInputElement} */ (box).dataset
    write(find(page, `number-${member}`), await fingerprint(unb64(key)))
  }
}

await showNumbers()
const keys = await unlock({ page, ask: asks.keys, say })
find(page, "open-first").hidden = true
find(page, "work").hidden = false
const form = find(page, "sign", HTMLFormElement)
const button = find(page, "sign-button", HTMLButtonElement)
button.disabled = false
form.addEventListener("submit", (event) => {
  event.preventDefault()
  working(page, button, say, (busy) => {
    busy()
    return signAndSeal(keys)
  })
})
