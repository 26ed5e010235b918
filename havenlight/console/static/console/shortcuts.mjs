// @ts-check
/** The keys of the desk. All but one are with Alt, so that none is met while writing or by speaking to the computer. */

import { find } from "./page.mjs"

/**
 * @typedef {object} Commands
 * @property {() => void} acceptNext
 * @property {() => void} waitsLongest
 * @property {(number: number) => void} open
 * @property {(step: 1 | -1) => void} step
 * @property {() => void} other
 * @property {() => void} write
 * @property {(name: import("./drawer.mjs").Tool) => void} tool of the conversation she works in
 * @property {() => void} takeOver what a colleague offers
 * @property {() => void} team
 * @property {() => void} help she needs it now
 * @property {() => void} pause on duty or a break
 * @property {() => void} end the conversation she works in, or be done with it when it has ended
 * @property {() => void} register
 */

/** Letters go by what the key says; where Alt makes another sign of it (a Mac), by where it is. @param {KeyboardEvent} event */
const letter = (event) => (/^[a-z]$/i.test(event.key) ? event.key.toUpperCase() : event.code.replace(/^Key/, ""))

/**
 * @param {Commands} commands
 * @param {KeyboardEvent} event
 * @returns {(() => void) | undefined}
 */
function commandOf(commands, event) {
  const digit = /^Digit([1-9])$/.exec(event.code)
  if (digit) return () => commands.open(Number(digit[1]))
  return {
    A: commands.acceptNext,
    W: commands.waitsLongest,
    O: commands.other,
    M: commands.write,
    P: commands.pause,
    T: () => commands.tool("texts"),
    N: () => commands.tool("notes"),
    S: () => commands.tool("risk"),
    G: () => commands.tool("agree"),
    H: () => commands.tool("hand-over"),
    B: () => commands.tool("abuse"),
    J: commands.takeOver,
    C: commands.team,
    U: commands.help,
    X: commands.end,
    R: commands.register,
    ArrowDown: () => commands.step(1),
    ArrowUp: () => commands.step(-1),
  }[letter(event)]
}

/**
 * @param {HTMLElement} page
 * @param {Commands} commands
 */
export function listenForKeys(page, commands) {
  const list = find(document, "shortcuts", HTMLDialogElement)
  const help = find(page, "help", HTMLButtonElement)
  const show = () => list.open || list.showModal()
  help.hidden = false
  help.addEventListener("click", show)

  document.addEventListener("keydown", (event) => {
    const writing = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement
    const asks = event.key === "?" && (event.altKey || !writing)
    const alone = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && !list.open
    const command = asks ? show : alone ? commandOf(commands, event) : undefined
    if (!command) return
    event.preventDefault()
    command()
  })
}
