// @ts-check
/**
 * The beginning: the first coordinator's browser makes the keys of the organisation. The signing key and the recovery key leave this page as
 * files of hers and in no other way; the server is given public halves, and the rest sealed.
 */

import { sign } from "../chat/chain.mjs"
import { lockMember, lockSigning, newPair, recoveryCode, signerOf } from "../chat/making.mjs"
import { b64 } from "../chat/seal.mjs"
import { fingerprint } from "../chat/unlock.mjs"
import { find, readWords, write } from "../console/page.mjs"
import { makeAsks } from "./asks.mjs"
import { download } from "./files.mjs"
import { dayFrom, sealNew } from "./signing.mjs"
import { working } from "./unlocking.mjs"
import { newPhrase, wordList } from "./words.mjs"

const STEPS = ["begin", "signing", "recovery", "own", "done"]

const page = find(document, "page")
const say = readWords()
const asks = makeAsks(page.dataset.csrf ?? "")
const { member = "", days = "", wordList: list = "" } = page.dataset

/** @param {string} step */
function show(step) {
  for (const name of STEPS) find(page, `step-${name}`).hidden = name !== step
  find(page, `step-${step}`).querySelector("h2")?.focus()
}

/** @param {string} name @returns {Promise<void>} when that button was pressed */
const pressed = (name) =>
  new Promise((resolve) => find(page, name, HTMLButtonElement).addEventListener("click", () => resolve(), { once: true }))

/** @param {string} button @param {string} next @param {() => void} save @returns {Promise<void>} when it was saved, and she goes on */
async function saved(button, next, save) {
  const on = find(page, next, HTMLButtonElement)
  find(page, button).onclick = () => {
    save()
    on.disabled = false
  }
  await pressed(next)
}

/** @param {string[]} words */
async function makeSigning(words) {
  const made = await newPair()
  const number = await fingerprint(made.public)
  for (const place of ["fingerprint", "fingerprint-again"]) write(find(page, place), number)
  const phrase = await newPhrase(find(page, "signing-phrase"), words, say)
  const file = JSON.stringify(await lockSigning(made, phrase), null, 1)
  find(page, "signing-save").hidden = false
  await saved("download-signing", "signing-saved", () => download("havenlight-signing-key.json", file, "application/json"))
  return { signer: await signerOf(made.pkcs8, made.public), number }
}

/** @param {string} number the fingerprint */
async function makeRecovery(number) {
  const made = await newPair()
  const code = await recoveryCode(made)
  write(find(page, "recovery-code"), code)
  const text = [say("recovery_title"), say("recovery_about"), "", say("recovery_number", { number }), "", code, ""].join("\n")
  await saved("download-recovery", "recovery-saved", () => download("havenlight-recovery-key.txt", text, "text/plain"))
  write(find(page, "recovery-code"), "")
  made.pkcs8.fill(0)
  return made.public
}

/** @param {string[]} words */
async function makeOwn(words) {
  const made = await newPair()
  const phrase = await newPhrase(find(page, "own-phrase"), words, say)
  const { wrap, kdf } = await lockMember(made.pkcs8, phrase, member)
  made.pkcs8.fill(0)
  return { public: made.public, locked: { key: b64(made.public), wrap: b64(wrap), salt: kdf.salt, iterations: kdf.iterations } }
}

/**
 * @param {import("../chat/making.mjs").Signer} signer @param {Uint8Array<ArrayBuffer>} recovery
 * @param {Awaited<ReturnType<typeof makeOwn>>} own
 */
async function begin(signer, recovery, own) {
  const team = await newPair()
  const me = { member, public: own.public }
  const said = {
    team: team.public,
    recovery: b64(recovery),
    members: [{ id: member, key: b64(own.public) }],
    epoch: 1,
    demo: false,
    from: dayFrom(0),
    to: dayFrom(Number(days)),
    prev: null,
  }
  const wraps = await sealNew(team, 1, me, said.recovery)
  team.pkcs8.fill(0)
  await asks.make(own.locked)
  await asks.begin({ key: b64(signer.public), manifest: await sign(said, signer), ...wraps })
}

const words = await wordList(list)
find(page, "start", HTMLButtonElement).disabled = false
await pressed("start")
// What is made is lost with the page, and would have to be made anew.
const staying = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault()
addEventListener("beforeunload", staying)
show("signing")
const { signer, number } = await makeSigning(words)
show("recovery")
const recovery = await makeRecovery(number)
show("own")
const own = await makeOwn(words)
const finish = find(page, "finish", HTMLButtonElement)
find(page, "finishing").hidden = false
finish.focus()
finish.addEventListener("click", () =>
  working(page, finish, say, async (busy) => {
    busy()
    await begin(signer, recovery, own)
    removeEventListener("beforeunload", staying)
    show("done")
  }),
)
