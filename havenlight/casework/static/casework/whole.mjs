// @ts-check
/** A whole registration on a page of its own, to correct it or to code a person again. Its answers go with the page's form. */

import { makeForm } from "./form.mjs"

/**
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @returns {T}
 */
function find(selector, kind) {
  const element = document.querySelector(selector)
  if (!(element instanceof kind)) throw new Error(`the page has no ${selector}`)
  return element
}

/** @param {string} id of a block of data */
const data = (id) => JSON.parse(find(`#${id}`, HTMLScriptElement).textContent ?? "")

const words = find("[data-part=words]", HTMLTemplateElement).content
/** @param {string} name @param {Record<string, string | number>} [values] */
const say = (name, values = {}) =>
  (words.querySelector(`[data-word=${name}]`)?.textContent ?? "").replace(/\{(\w+)\}/g, (_, key) => String(values[key]))

const answers = find("[name=answers]", HTMLInputElement)
const form = makeForm({
  root: find("[data-part=questions]", HTMLElement),
  codebook: data("codebook"),
  say,
  onChange: write,
  onEnd: () => find("[data-part=send]", HTMLButtonElement).focus(),
})

function write() {
  answers.value = JSON.stringify(form.answers())
}

form.show(data("answers"))
write()
