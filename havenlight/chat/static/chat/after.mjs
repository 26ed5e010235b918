// @ts-check
/** Two questions when the chat has ended, each skippable; what is tapped goes at once, for the figures alone. */
import { post } from "./link.mjs"
import { morePart } from "./more.mjs"
import { part, say, show } from "./talk.mjs"

/** @param {HTMLButtonElement} pressed */
function press(pressed) {
  for (const other of pressed.parentElement?.querySelectorAll("button") ?? []) other.setAttribute("aria-pressed", String(other === pressed))
}

/** @param {string} bearer the last token of the chat */
export async function ask(bearer) {
  const panel = await morePart("after", part("closed"))
  panel.hidden = false
  part("after-object").onclick = () =>
    post("/mine/codes", { use: false }, { bearer }).then(
      () => show("after-note", say("back_codes_done")),
      () => show("after-note", say("after_lost_say")),
    )
  panel.addEventListener("click", async ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null
    const question = button?.closest("fieldset")?.dataset.after
    if (!button || !question) return
    press(button)
    const told = post("/chat/after", { [question]: button.value }, { bearer })
    // Not worth more of her time than this.
    await told.then(
      () => show("after-note", say("after_thanks")),
      () => show("after-note", say("after_lost")),
    )
  })
}
