// @ts-check
/** What a first visit does not load: further parts and words of the page, and the list of words that codes are made of. */
import { part } from "./talk.mjs"

/** @type {Promise<Document> | null} */
let loading = null
/** @type {Promise<string[]> | null} */
let listing = null

/** @param {string} path @returns {Promise<Document>} parsed by the browser; no script of it would run */
const load = (path) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open("GET", path)
    request.responseType = "document"
    request.onload = () => (request.status === 200 && request.responseXML ? resolve(request.responseXML) : reject(new Error("no parts")))
    request.onerror = () => reject(new Error("no parts"))
    request.send()
  })

/** Put the further words with the others. */
async function loadAll() {
  const words = /** @type {HTMLTemplateElement} */ (part("words"))
  const found = await load(words.dataset.more ?? "")
  const more = /** @type {HTMLTemplateElement} */ (found.querySelector("[data-part=more-words]"))
  words.content.append(document.importNode(more.content, true))
  return found
}

/** @template T @param {Promise<T>} promise @param {() => void} forget what failed is tried again when it is asked for again */
function remembered(promise, forget) {
  promise.catch(forget)
  return promise
}

const loaded = () => (loading ??= remembered(loadAll(), () => (loading = null)))

/**
 * A part of the page, put in its place when it is first asked for.
 * @param {string} name @param {HTMLElement} parent
 * @returns {Promise<HTMLElement>}
 */
export async function morePart(name, parent) {
  const source = (await loaded()).querySelector(`[data-part="${name}"]`)
  if (!(source instanceof Element)) throw new Error(`there is no part "${name}"`)
  if (!parent.querySelector(`[data-part="${name}"]`)) parent.append(document.importNode(source, true))
  return part(name)
}

/** The words that codes are made of in the language of the page. */
export function codeWords() {
  const read = async () => {
    const source = /** @type {HTMLElement} */ ((await loaded()).querySelector("[data-words]"))
    const response = await fetch(source.dataset.words ?? "", { credentials: "omit" })
    if (!response.ok) throw new Error("no words")
    return (await response.text()).trim().split("\n")
  }
  return (listing ??= remembered(read(), () => (listing = null)))
}

/** Show one step of a part and no other. @param {HTMLElement} element @param {string} step */
export function showStep(element, step) {
  for (const one of element.querySelectorAll("[data-step]")) {
    /** @type {HTMLElement} */ (one).hidden = /** @type {HTMLElement} */ (one).dataset.step !== step
  }
}
