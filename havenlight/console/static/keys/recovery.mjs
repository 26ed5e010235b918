// @ts-check
/**
 * When nobody can open the team key any more: the recovery key, typed from paper or read from its file, opens it in this browser, and it is
 * sealed to the new key of the coordinator who works here.
 */

import { readRecoveryCode, recoveryInfo } from "../chat/making.mjs"
import { b64, ManifestRefused, unb64 } from "../chat/seal.mjs"
import { openWith, readPrivate } from "../chat/unlock.mjs"
import { openMine } from "../console/keys.mjs"
import { find, readWords } from "../console/page.mjs"
import { askSecret, askSigned } from "../console/phrase.mjs"
import { makeAsks } from "./asks.mjs"
import { checkPair, prepare, sealMissing } from "./signing.mjs"
import { askSigner, working } from "./unlocking.mjs"

const page = find(document, "page")
const say = readWords()
const asks = makeAsks(page.dataset.csrf ?? "")
const code = find(page, "code", HTMLTextAreaElement)

/** @param {import("../chat/unlock.mjs").Pair} mine */
async function recover(mine) {
  const signer = await askSigner(page)
  const { keys, manifest } = await askSigned(page, asks.keys)
  if (manifest.recovery === null) throw new ManifestRefused("a demo has no recovery key")
  const recovery = await readRecoveryCode(code.value, unb64(manifest.recovery))
  const state = await asks.state()
  const me = { member: keys.member, public: mine.public }
  const added = [{ id: keys.member, key: b64(mine.public) }]
  const signed = keys.chain[keys.chain.length - 1]
  const { next, members, epoch, team } = await prepare({ manifest, signed, state, added, renew: false, signer, me })
  await asks.sign(next)
  const wraps = new Map(state.epochs.map((one) => [one.epoch, one.recovery]))
  await sealMissing(asks, members, async (number) => {
    if (team && number === epoch) return new Uint8Array(team.pkcs8)
    const wrap = wraps.get(number)
    return wrap ? openWith(recovery, recoveryInfo(number), unb64(wrap)) : null
  })
  team?.pkcs8.fill(0)
  code.value = ""
  find(page, "work").hidden = true
  find(page, "done").hidden = false
}

find(page, "code-file", HTMLInputElement).addEventListener("change", async ({ target }) => {
  const [file] = /** @type {HTMLInputElement} */ (target).files ?? []
  if (file) code.value = await file.text()
})

const ask = async () => (await askSigned(page, asks.keys)).keys
const mine = await askSecret({
  page,
  ask,
  say,
  open: async (keys, secret) => {
    const pair = await readPrivate(await openMine(keys, secret), unb64(keys.key))
    // Nobody has signed this key yet; the team key must not go to another one that the server calls hers.
    await checkPair(pair)
    return pair
  },
})
find(page, "open-first").hidden = true
find(page, "work").hidden = false
const button = find(page, "recover-button", HTMLButtonElement)
button.disabled = false
find(page, "recover", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault()
  working(page, button, say, (busy) => {
    busy()
    return recover(mine)
  })
})
