// @ts-check
/** A message that she leaves while nobody can answer: what becomes of it stands where the queue would be. */
import { morePart } from "./more.mjs"
import { part, say, show } from "./talk.mjs"

export async function write() {
  const panel = await morePart("letter-text", part("queue"))
  for (const one of part("queue").children) /** @type {HTMLElement} */ (one).hidden = one !== panel
  panel.onclick = ({ target }) => target instanceof HTMLButtonElement && part("code").click()
  show("title", say("title_letter"))
  show("leave", say("letter_done"))
}
