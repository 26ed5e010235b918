// @ts-check
/** The little that every part of the desk needs of the page: finding, stamping, and redrawing no more than has changed. */

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} name the element is the one with that `data-part`
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function find(root, name, kind) {
  const element = root.querySelector(`[data-part="${name}"]`)
  if (!(element instanceof (kind ?? HTMLElement))) throw new Error(`the page has no ${name}`)
  return /** @type {T} */ (element)
}

/**
 * A fresh copy of the one element in the template of that name.
 * @param {string} name
 * @returns {HTMLElement}
 */
export function stamp(name) {
  const copy = find(document, name, HTMLTemplateElement).content.firstElementChild?.cloneNode(true)
  if (!(copy instanceof HTMLElement)) throw new Error(`the template ${name} is empty`)
  return copy
}

/**
 * The words of the page, which a template holds in the reader's language. Scripts only name them.
 * @param {string} [template]
 * @returns {(name: string, values?: Record<string, string | number>) => string}
 */
export function readWords(template = "words") {
  const words = new Map()
  for (const element of find(document, template, HTMLTemplateElement).content.querySelectorAll("[data-word]"))
    words.set(element.getAttribute("data-word"), element.textContent?.trim())
  return (name, values = {}) => {
    const text = words.get(name)
    if (text === undefined) throw new Error(`the page has no words for ${name}`)
    return text.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ key) => String(values[key]))
  }
}

/**
 * Write text only where it changed, so that nothing is laid out or read out for nothing. Text is only ever text.
 * @param {HTMLElement} element
 * @param {string} text empty hides the element
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text
  if (element.hidden !== !text) element.hidden = !text
}

/**
 * @template T
 * @typedef {{element: HTMLElement, update: (item: T) => void}} Row
 */

/**
 * Keep the children of `list` in step with items: rows come, go, move and change, and what stays the same is not touched.
 * @template T
 * @param {HTMLElement} list
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => Row<T>} make
 * @returns {(items: T[]) => void}
 */
export function keyed(list, keyOf, make) {
  /** @type {Map<string, Row<T>>} */
  const rows = new Map()

  /** @param {T[]} items */
  function removeOthers(items) {
    const staying = new Set(items.map(keyOf))
    for (const [key, row] of rows) {
      if (staying.has(key)) continue
      row.element.remove()
      rows.delete(key)
    }
  }

  return (items) => {
    const focused = document.activeElement
    const wasInside = list.contains(focused)
    removeOthers(items)
    let place = list.firstElementChild
    for (const item of items) {
      const row = rows.get(keyOf(item)) ?? make(item)
      rows.set(keyOf(item), row)
      if (row.element === place) place = place.nextElementSibling
      else list.insertBefore(row.element, place)
      row.update(item)
    }
    if (wasInside && document.activeElement !== focused) refocus(list, focused)
  }
}

/**
 * A row that moved takes the focus along. One that went leaves it to the list, never to another row: the next press of a key must not
 * do to that one what was meant for the first.
 * @param {HTMLElement} list can take the focus: `tabindex="-1"`
 * @param {Element | null} focused
 */
function refocus(list, focused) {
  const next = focused && list.contains(focused) ? focused : list
  if (next instanceof HTMLElement) next.focus({ preventScroll: true })
}

const FRAME_MS = 16

/**
 * Run `draw` once soon, however often it was asked for. Not by animation frames, which stand still in a tab that is not looked at:
 * its title must still count.
 * @param {() => void} draw
 * @returns {() => void}
 */
export function coalesced(draw) {
  let asked = false
  return () => {
    if (asked) return
    asked = true
    setTimeout(() => {
      asked = false
      draw()
    }, FRAME_MS)
  }
}
