// @ts-check
/** A member's own key: made here, closed with six words that only she knows, and opened by a passkey too if she likes. */

import { lockMember, newPair, passkeyKek } from "../chat/making.mjs"
import { b64, unb64 } from "../chat/seal.mjs"
import { sealUnder } from "../chat/under.mjs"
import { fingerprint, memberAad, readPrivate } from "../chat/unlock.mjs"
import { KeysRefused, openMine } from "../console/keys.mjs"
import { find, readWords, write } from "../console/page.mjs"
import { askPasskey, knowsPasskeys, makePasskey } from "../console/passkey.mjs"
import { askSecret, askSigned } from "../console/phrase.mjs"
import { makeAsks } from "./asks.mjs"
import { checkPair } from "./signing.mjs"
import { working } from "./unlocking.mjs"
import { newPhrase, wordList } from "./words.mjs"

const SALT_BYTES = 32

const page = find(document, "page")
const say = readWords()
const asks = makeAsks(page.dataset.csrf ?? "")
const { member = "", alias = "", wordList: list = "" } = page.dataset

/** Whoever asks for a key of six words: they are shown in the place of everything else. */
async function phraseOfHers() {
  const words = await wordList(list)
  find(page, "overview").hidden = true
  return newPhrase(find(page, "phrase-card"), words, say)
}

/** @param {() => void} busy */
async function make(busy) {
  const phrase = await phraseOfHers()
  busy()
  const made = await newPair()
  const { wrap, kdf } = await lockMember(made.pkcs8, phrase, member)
  made.pkcs8.fill(0)
  await asks.make({ key: b64(made.public), wrap: b64(wrap), salt: kdf.salt, iterations: kdf.iterations })
  await showNumber(made.public)
}

/**
 * The number that a coordinator compares: of the key that is hers, never of one that the server calls hers.
 * @param {Uint8Array<ArrayBuffer>} publicKey
 */
async function showNumber(publicKey) {
  for (const name of ["overview", "phrase-card", "open-first"]) find(page, name).hidden = true
  find(page, "waiting").hidden = false
  write(find(page, "number"), await fingerprint(publicKey))
}

async function findNumber() {
  const { key, raw } = await opened()
  const pair = await readPrivate(raw, unb64(key))
  await checkPair(pair)
  await showNumber(pair.public)
}

/** @returns {Promise<{key: string, raw: Uint8Array<ArrayBuffer>}>} her private key, once she has opened it, to be wiped; and what the server says is its public half */
async function opened() {
  find(page, "overview").hidden = true
  find(page, "open-first").hidden = false
  const ask = async () => (await askSigned(page, asks.keys)).keys
  const found = await askSecret({ page, ask, say, open: async (keys, secret) => ({ key: keys.key, raw: await openMine(keys, secret) }) })
  find(page, "open-first").hidden = true
  return found
}

/** @param {() => void} busy */
async function changePhrase(busy) {
  const { raw } = await opened()
  const phrase = await phraseOfHers()
  busy()
  const { wrap, kdf } = await lockMember(raw, phrase, member)
  raw.fill(0)
  await asks.lockAgain({ wrap: b64(wrap), salt: kdf.salt, iterations: kdf.iterations })
  location.reload()
}

/**
 * One passkey is less to lose than two: the one by which she signs in opens her key too, where it is at hand and has PRF.
 * @param {string} salt
 */
async function outputOfSignIn(salt) {
  const hers = find(page, "add-passkey").dataset.signIn?.split(" ").filter(Boolean) ?? []
  return hers.length ? askPasskey(hers.map((credential) => ({ credential, salt }))) : null
}

async function addPasskey() {
  const { raw } = await opened()
  find(page, "overview").hidden = false
  const salt = b64(crypto.getRandomValues(new Uint8Array(SALT_BYTES)))
  const output = (await outputOfSignIn(salt)) ?? (await makePasskey({ member, alias, salt }))
  if (!output) {
    raw.fill(0)
    throw new KeysRefused("passkey")
  }
  const { seal } = await passkeyKek(output.output, member)
  await asks.addPasskey({ credential: output.credential, salt, wrap: b64(await sealUnder(seal, memberAad(member), raw)) })
  raw.fill(0)
  location.reload()
}

/** @param {string} name @param {(busy: () => void) => Promise<void>} work */
function offer(name, work) {
  const button = page.querySelector(`[data-part="${name}"]`)
  if (!(button instanceof HTMLButtonElement)) return
  button.disabled = false
  button.addEventListener("click", () => working(page, button, say, work))
}

offer("make", make)
offer("make-anew", make)
offer("find-number", findNumber)
offer("change-phrase", changePhrase)
if (knowsPasskeys()) offer("add-passkey", addPasskey)
for (const button of page.querySelectorAll("button[data-credential]")) {
  if (!(button instanceof HTMLButtonElement)) continue
  button.addEventListener("click", () =>
    working(page, button, say, async () => {
      await asks.dropPasskey(button.dataset.credential ?? "")
      location.reload()
    }),
  )
}
