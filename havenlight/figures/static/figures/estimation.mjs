// @ts-check
/**
 * Eases the page on estimating, which works without it: reads a file into the field, says when a
 * table is too large to send, copies the report, and goes to the outcome when it is there.
 */

// What the server takes of a form is 16 kB; the rest of the form needs some of it.
const MOST_BYTES = 15_500

/**
 * @template {HTMLElement} T
 * @param {string} part
 * @param {new () => T} kind
 * @returns {T}
 */
function find(part, kind) {
  const found = document.querySelector(`[data-part="${part}"]`)
  if (!(found instanceof kind)) throw new Error(`the page has no ${part}`)
  return found
}

/** @param {HTMLFormElement} form @returns {number} bytes of the form as it is sent */
function sizeOf(form) {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value).replace(/\r?\n/g, "\r\n")])
  return new URLSearchParams(fields).toString().length
}

function prepareForm() {
  const form = find("form", HTMLFormElement)
  const table = form.querySelector("textarea")
  if (table === null) throw new Error("the form has no field for a table")
  const tooLarge = find("too-large", HTMLElement)
  const check = () => (tooLarge.hidden = sizeOf(form) <= MOST_BYTES)
  const file = find("file", HTMLInputElement)
  find("from-file", HTMLElement).hidden = false
  file.addEventListener("change", async () => {
    const [chosen] = file.files ?? []
    if (chosen === undefined) return
    table.value = await chosen.text()
    check()
  })
  table.addEventListener("input", check)
  form.addEventListener("submit", (event) => {
    check()
    if (!tooLarge.hidden) event.preventDefault()
  })
}

function prepareCopying() {
  const report = find("report", HTMLTextAreaElement)
  const copy = find("copy", HTMLButtonElement)
  const copied = find("copied", HTMLElement)
  // A page without TLS, other than on this machine, has no clipboard.
  if (!navigator.clipboard) return
  copy.hidden = false
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(report.value)
    copied.hidden = false
  })
}

prepareForm()
if (document.querySelector("[data-part=report]")) prepareCopying()
// A module runs when the page is there to its end, and the outcome with it.
if (document.querySelector("[data-part=outcome]")) {
  const wrong = document.querySelector("[aria-invalid=true]")
  if (wrong instanceof HTMLElement) wrong.focus()
  else find("title", HTMLElement).focus()
}
