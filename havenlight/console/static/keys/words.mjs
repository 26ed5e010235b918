// @ts-check
/** Six words that a member writes down: drawn here, shown once, and typed again before they hold. */

import { draw } from "../chat/code.mjs"
import { wordsOf } from "../chat/under.mjs"
import { find, write } from "../console/page.mjs"

/** @param {string} address of the list @returns {Promise<string[]>} */
export async function wordList(address) {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error("the list of words did not come")
  return (await answer.text()).split(/\s+/).filter(Boolean)
}

/**
 * Show a fresh phrase in `root`, and wait until it was typed without a mistake.
 * @param {HTMLElement} root made of keys/_phrase.html
 * @param {string[]} list
 * @param {ReturnType<typeof import("../console/page.mjs").readWords>} say
 * @returns {Promise<string>} the phrase; nothing of it is left in the page
 */
export function newPhrase(root, list, say) {
  const words = draw(list)
  const shown = find(root, "six")
  const typed = find(root, "typed", HTMLInputElement)
  const form = find(root, "typing", HTMLFormElement)
  const written = find(root, "written", HTMLButtonElement)
  shown.replaceChildren(...words.map((word) => Object.assign(document.createElement("li"), { textContent: word })))

  /** @param {boolean} typing whether she types, with the words out of sight */
  function step(typing) {
    find(root, "showing").hidden = typing
    form.hidden = !typing
    write(find(root, "phrase-note"), "")
    const next = typing ? typed : written
    next.focus()
  }
  root.hidden = false
  step(false)
  written.onclick = () => step(true)
  find(root, "again", HTMLButtonElement).onclick = () => step(false)

  return new Promise((resolve) => {
    form.onsubmit = (event) => {
      event.preventDefault()
      const said = wordsOf(typed.value)
      const wrong = words.findIndex((word, at) => word !== said[at])
      if (wrong >= 0 || said.length !== words.length) return write(find(root, "phrase-note"), say("phrase_wrong", { number: (wrong < 0 ? words.length : wrong) + 1 }))
      typed.value = ""
      shown.replaceChildren()
      root.hidden = true
      resolve(words.join(" "))
    }
  })
}
