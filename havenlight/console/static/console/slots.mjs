// @ts-check
/** Which conversations are on the screen: two side by side where there is room, else the one that is worked in. */

import { find } from "./page.mjs"

/** @typedef {import("./pane.mjs").Pane} Pane */

/**
 * @param {object} options
 * @param {HTMLElement} options.root
 * @param {(conv: string) => Pane} options.paneOf
 * @param {() => void} options.onChange
 */
export function makeSlots({ root, paneOf, onChange }) {
  const places = [find(root, "slot-0"), find(root, "slot-1")]
  const nothing = find(root, "nothing-open")
  const wide = matchMedia("(min-width: 70.01rem)")
  /** @type {(string | null)[]} */
  const convs = [null, null]
  let current = 0

  /** @param {number} index */
  const isShown = (index) => convs[index] !== null && (wide.matches || index === current)

  function lay() {
    places.forEach((place, index) => {
      const conv = convs[index]
      const element = conv === null ? null : paneOf(conv).element
      for (const other of place.children) if (other instanceof HTMLElement) other.hidden = other !== element
      if (element && element.parentElement !== place) place.append(element)
      if (element) element.hidden = false
      place.hidden = !isShown(index)
      place.classList.toggle("current", index === current && isShown(1 - index))
    })
    nothing.hidden = isShown(0) || isShown(1)
    onChange()
  }

  /** @param {string} conv @param {number} index */
  function put(conv, index) {
    convs[index] = conv
    current = index
    lay()
    paneOf(conv).focus()
  }

  /** @param {string} conv opens it where she works, or goes to it when it is on the screen */
  function open(conv) {
    const index = convs.indexOf(conv)
    put(conv, index >= 0 ? index : current)
  }

  /** @param {string} conv opens it in the other place */
  function beside(conv) {
    const free = convs.indexOf(null)
    if (convs.includes(conv) || !wide.matches) open(conv)
    else put(conv, free >= 0 ? free : 1 - current)
  }

  wide.addEventListener("change", lay)

  return {
    open,
    beside,
    /** @param {string} conv a new one takes a free place before it takes that of another */
    add: (conv) => (convs.includes(null) ? beside(conv) : open(conv)),
    /** @param {string} conv */
    close(conv) {
      const index = convs.indexOf(conv)
      if (index < 0) return
      convs[index] = null
      if (convs[1 - index] !== null) current = 1 - index
      lay()
    },
    /** @param {string} conv the focus went into it */
    work(conv) {
      const index = convs.indexOf(conv)
      if (index < 0 || index === current) return
      current = index
      lay()
    },
    other() {
      const conv = convs[1 - current]
      if (conv !== null) open(conv)
    },
    current: () => convs[current],
    shown: () => convs.flatMap((conv, index) => (conv !== null && isShown(index) ? [conv] : [])),
  }
}
