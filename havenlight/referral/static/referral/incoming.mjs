// @ts-check
/** The page on which another organisation refers someone to us: what is written is sealed here, to the team key that our organisation signed. */
import { deliver, Lost, Refused } from "../chat/link.mjs"
import { b64, ManifestRefused, newId, unb64, verifyManifest } from "../chat/seal.mjs"
import { sealIncoming } from "./package.mjs"

/** @template {HTMLElement} [T=HTMLElement] @param {string} name @param {new () => T} [kind] @returns {T} */
function part(name, kind) {
  const found = document.querySelector(`[data-part="${name}"]`)
  if (!(found instanceof (kind ?? HTMLElement))) throw new Error(`the page has no ${name}`)
  return /** @type {T} */ (found)
}

/** @param {string} name */
const say = (name) => part("words", HTMLTemplateElement).content.querySelector(`[data-word="${name}"]`)?.textContent?.trim() ?? ""

/** @param {string} text empty hides it */
function refuse(text) {
  part("refused").textContent = text
  part("refused").hidden = !text
}

const { manifest = "", organisationKey = "", demo, send = "", sender = "" } = part("page").dataset
// One id however often it is pressed: what arrived already is not kept twice.
const id = newId()
/** @type {{about: string, reach: string, body: object} | null} the same words are sent as the same bytes */
let sealed = null

async function seal() {
  const about = part("about", HTMLTextAreaElement).value.trim()
  const reach = part("reach", HTMLTextAreaElement).value.trim()
  if (sealed?.about === about && sealed.reach === reach) return sealed.body
  const { team, epoch } = await verifyManifest(manifest, unb64(organisationKey), demo === "yes")
  const content = { from: sender, about, reach, agreed: true, made_at: Math.floor(Date.now() / 60_000) }
  const ref = sealed ? newId() : id
  sealed = { about, reach, body: { id: ref, epoch, sealed: b64(await sealIncoming(content, team, ref, epoch)) } }
  return sealed.body
}

/** @param {unknown} error @returns {string} a word */
function reason(error) {
  if (error instanceof ManifestRefused) return "unsafe"
  if (error instanceof Refused && error.code === "unknown") return "ended"
  if (error instanceof Refused && ["epoch", "too_large"].includes(error.code)) return error.code
  if (error instanceof Refused || error instanceof Lost) return "lost"
  throw error
}

part("form").addEventListener("submit", async (event) => {
  event.preventDefault()
  const button = part("send", HTMLButtonElement)
  button.disabled = true
  refuse("")
  try {
    await deliver(send, await seal(), null)
    part("form").hidden = true
    part("sent").hidden = false
    part("sent").focus()
  } catch (error) {
    button.disabled = false
    refuse(say(reason(error)))
  }
})
part("send", HTMLButtonElement).disabled = false
