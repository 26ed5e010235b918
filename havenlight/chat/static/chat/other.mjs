// @ts-check
/** For who is worried about someone else: other words, and a card of what helps. */
import { morePart } from "./more.mjs"
import { part, say } from "./talk.mjs"

/** What the questions said before. @type {Map<Element, string>} */
const before = new Map()

/** @param {boolean} other whether it is about someone else */
export async function aboutOther(other) {
  const card = await morePart("other", part("queue"))
  card.hidden = !other
  for (const name of ["in_danger", "under_18"]) {
    const legend = /** @type {Element} */ (document.querySelector(`[data-tap=${name}] legend`))
    if (!before.has(legend)) before.set(legend, legend.textContent ?? "")
    legend.textContent = other ? say(`other_${name}`) : (before.get(legend) ?? "")
  }
}
