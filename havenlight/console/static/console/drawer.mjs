// @ts-check
/** The tools of a conversation, one at a time above the message box: opened by a button or a key, left by Escape. */

import { find, write } from "./page.mjs"

/**
 * @typedef {"texts" | "notes" | "risk" | "agree" | "hand-over" | "abuse"} Tool
 * @typedef {{open: () => void, draw?: () => void}} Opened what a tool does when it is opened, and when its conversation changed
 */

/**
 * @param {object} options
 * @param {HTMLElement} options.element the pane
 * @param {() => void} options.back where the focus goes when a tool is left
 * @param {(leave: () => void, tell: (text: string) => void) => Record<Tool, Opened>} options.make
 */
export function makeDrawer({ element, back, make }) {
  const drawer = find(element, "drawer")
  const notice = find(drawer, "drawer-notice")
  const buttons = [...find(element, "tools").querySelectorAll("[data-opens]")].filter((one) => one instanceof HTMLButtonElement)
  const sections = [...drawer.querySelectorAll("[data-tool]")].filter((one) => one instanceof HTMLElement)
  /** @type {Tool | null} */
  let shown = null
  const tools = make(leave, tell)

  /** @param {string} text */
  function tell(text) {
    write(notice, text)
  }

  function show() {
    drawer.hidden = shown === null
    for (const section of sections) section.hidden = section.dataset.tool !== shown
    for (const button of buttons) button.ariaExpanded = String(button.dataset.opens === shown)
  }

  function leave() {
    shown = null
    tell("")
    show()
    back()
  }

  /** @param {Tool} tool again: leaves it */
  function toggle(tool) {
    if (shown === tool) return leave()
    shown = tool
    tell("")
    show()
    tools[tool].draw?.()
    tools[tool].open()
  }

  for (const button of buttons) button.addEventListener("click", () => toggle(/** @type {Tool} */ (button.dataset.opens)))
  drawer.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    event.preventDefault()
    leave()
  })

  return {
    toggle,
    draw() {
      if (shown) tools[shown].draw?.()
    },
  }
}
