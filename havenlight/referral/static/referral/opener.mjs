// @ts-check
/**
 * The page of a recipient, which works without a network: makes its key pair, keeps it in a file under a passphrase, and opens packages. It is
 * built into one file (offline.py). What is opened stays on the screen; nothing is sent or stored.
 */
import { fingerprint } from "../chat/open.mjs"
import { SealBroken, unb64 } from "../chat/seal.mjs"
import { openPackage } from "./package.mjs"
import { makeKey, openKey } from "./recipient_key.mjs"

/** @typedef {import("../chat/open.mjs").Pair} Pair */
/** @typedef {import("./package.mjs").Package} Package */

const lang = document.documentElement.lang

/** @template {HTMLElement} [T=HTMLElement] @param {string} name @param {new () => T} [kind] @returns {T} */
function part(name, kind) {
  const found = document.querySelector(`[data-part="${name}"]`)
  if (!(found instanceof (kind ?? HTMLElement))) throw new Error(`the page has no ${name}`)
  return /** @type {T} */ (found)
}

/** @param {string} name */
const say = (name) => part("words", HTMLTemplateElement).content.querySelector(`[data-word="${name}"]`)?.textContent?.trim() ?? ""

/** @param {string} name @param {string} text empty hides it */
function show(name, text) {
  part(name).textContent = text
  part(name).hidden = !text
}

/** @param {string} name @returns {Promise<any>} what the chosen file says; null when it is not JSON */
async function readFile(name) {
  const file = part(name, HTMLInputElement).files?.[0]
  try {
    return JSON.parse((await file?.text()) ?? "null")
  } catch {
    return null
  }
}

/** @param {string} name @param {object} content */
function save(name, content) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([JSON.stringify(content)], { type: "application/json" }))
  link.download = name
  link.click()
}

/** @type {Pair | null} */
let pair = null

/** @param {Pair} opened @param {string} publicKey */
async function showKey(opened, publicKey) {
  pair = opened
  show("public-key", publicKey)
  show("number", await fingerprint(unb64(publicKey)))
  part("key").hidden = false
  part("open-section").hidden = false
}

async function make() {
  const [first, again] = ["new-passphrase", "new-passphrase-again"].map((name) => part(name, HTMLInputElement).value)
  if (first !== again) return show("make-refused", say("not_the_same"))
  show("make-refused", "")
  const { file, pair: made } = await makeKey(first)
  save("havenlight-key.json", file)
  part("make", HTMLFormElement).reset()
  await showKey(made, file.public)
}

async function unlock() {
  show("unlock-refused", "")
  try {
    const file = await readFile("key-file")
    await showKey(await openKey(file, part("passphrase", HTMLInputElement).value), file.public)
    part("unlock", HTMLFormElement).reset()
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    show("unlock-refused", say("key_not_opened"))
  }
}

/** @param {number} minute */
const when = (minute) => new Date(minute * 60_000).toLocaleString(lang, { dateStyle: "long", timeStyle: "short" })

/** @param {Package} content */
function showPackage(content) {
  show("from", content.from)
  show("to", content.to)
  show("made-at", when(content.made_at))
  show("wording", content.wording)
  show("asked-at", when(content.asked_at))
  show("agreed-at", when(content.agreed_at))
  part("items").replaceChildren(
    ...content.items.map((text) => {
      const item = document.createElement("li")
      item.textContent = text
      item.dir = "auto"
      return item
    }),
  )
  part("package").hidden = false
  part("package-title").focus()
}

async function open() {
  show("open-refused", "")
  part("package").hidden = true
  const file = await readFile("package-file")
  try {
    if (!pair || file?.havenlight !== "referral" || file.v !== 1) throw new SealBroken("not a package")
    showPackage(await openPackage(unb64(file.sealed), pair, file.referral))
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    show("open-refused", say("package_not_opened"))
  }
}

/** @param {string} name @param {() => Promise<void>} work */
function wire(name, work) {
  const form = part(name, HTMLFormElement)
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const button = form.querySelector("button")
    if (button) button.disabled = true
    await work().finally(() => button && (button.disabled = false))
  })
}

wire("make", make)
wire("unlock", unlock)
wire("open", open)
document.body.dataset.ready = ""
