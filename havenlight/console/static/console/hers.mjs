// @ts-check
/** The list of a member's own conversations: which waits for her and since when, what is unread, which are open beside it. */

import { since } from "./minutes.mjs"
import { find, keyed, stamp, write } from "./page.mjs"

/** @typedef {import("./held.mjs").Held} Held */
/** @typedef {import("./queue.mjs").Say} Say */

/**
 * How a conversation stands, in words short enough for a list.
 * @param {Held} held
 * @param {Say} say
 * @returns {string}
 */
function standing(held, say) {
  if (held.state !== "active") return say(`ended_${held.by ?? "unknown"}`)
  if (held.waitsSince !== null) return say("waits_for_you", { minutes: since(held.waitsSince) })
  if (held.typing) return say("typing_short")
  if (held.away) return say("away")
  return held.lines.all.length ? say("you_wrote_last") : say("nothing_written")
}

/**
 * @param {object} options
 * @param {HTMLElement} options.root
 * @param {Say} options.say
 * @param {(conv: string) => void} options.onOpen
 * @param {(conv: string) => void} options.onBeside
 * @returns {(all: Held[], shown: string[]) => void} draws
 */
export function makeHers({ root, say, onOpen, onBeside }) {
  const count = find(root, "hers-count")
  const empty = find(root, "hers-empty")
  /** @type {string[]} */
  let open = []
  const draw = keyed(find(root, "hers"), (/** @type {Held} */ held) => held.conv, makeRow)

  /** @param {Held} first */
  function makeRow({ conv, number }) {
    const element = stamp("hers-row")
    const button = find(element, "open", HTMLButtonElement)
    const unread = find(element, "unread")
    const beside = find(element, "beside")
    const stands = find(element, "standing")
    const last = find(element, "last")
    write(find(element, "number"), String(number))
    if (number < 10) button.setAttribute("aria-keyshortcuts", `Alt+${number}`)
    button.addEventListener("click", () => onOpen(conv))
    beside.addEventListener("click", () => onBeside(conv))

    /** @param {boolean} isOpen */
    function show(isOpen) {
      if (button.ariaCurrent === String(isOpen)) return
      button.ariaCurrent = String(isOpen)
      beside.hidden = isOpen
      if (isOpen) element.scrollIntoView({ block: "nearest" })
    }

    return {
      element,
      /** @param {Held} held */
      update(held) {
        element.classList.toggle("waits", held.state === "active" && held.waitsSince !== null)
        show(open.includes(conv))
        write(stands, standing(held, say))
        write(unread, held.lines.unread ? say("unread", { count: held.lines.unread }) : "")
        write(last, held.lines.lastText)
      },
    }
  }

  return (all, shown) => {
    open = shown
    draw(all)
    write(count, all.length ? String(all.length) : "")
    empty.hidden = all.length > 0
  }
}
