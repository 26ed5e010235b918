// @ts-check
/** One question of a form: its codes, or a box to type in, and the four absences. */

/**
 * @typedef {import("./rules.mjs").Variable} Variable
 * @typedef {import("./rules.mjs").Answer} Answer
 *
 * @typedef {object} Question
 * @property {Variable} variable
 * @property {HTMLElement} element
 * @property {(state: {shown: boolean, answer: Answer | undefined, follows: boolean}) => void} draw
 * @property {() => boolean} follows whether its answer follows from a number, so that nothing is to be answered
 * @property {() => void} focus
 * @property {() => void} forget what was typed and could not be an answer
 */

/** One key for each code, in order; the letters leave out those of the absences. */
const CODE_KEYS = "123456789abcdefghijklm"
/** @type {Record<string, string>} */
const ABSENCE_KEYS = { unknown: "u", not_asked: "n", refused: "r", not_applicable: "x" }
let made = 0

/**
 * @param {object} options
 * @param {Variable} options.variable
 * @param {import("./rules.mjs").Codebook["absences"]} options.absences
 * @param {(name: string, values?: Record<string, string | number>) => string} options.say
 * @param {(code: string) => boolean} options.onChoose a code or an absence; true when that was all
 * @param {(variable: Variable, typed: string) => boolean} options.onType false when it cannot be an answer
 * @param {(variable: Variable, step: 1 | -1) => void} options.onStep
 * @returns {Question}
 */
export function makeQuestion({ variable, absences, say, onChoose, onType, onStep }) {
  const id = `question-${(made += 1)}`
  const element = make("fieldset", "question")
  const hint = make("p", "hint", variable.help)
  const fault = make("p", "fault")
  const box = variable.codes.length ? null : makeBox(variable, id)
  const type = variable.kind === "several" ? "checkbox" : "radio"
  const choices = [
    ...variable.codes.map((code, at) => makeChoice({ ...code, key: CODE_KEYS[at], type, id })),
    ...absences.map((absence) => makeChoice({ ...absence, key: ABSENCE_KEYS[absence.code], type, id })),
  ]
  let isDerived = false

  element.dataset.variable = variable.key
  hint.id = `${id}-hint`
  fault.setAttribute("role", "alert")
  fault.hidden = true
  element.setAttribute("aria-describedby", hint.id)
  const codes = row("codes", choices.slice(0, variable.codes.length))
  element.append(make("legend", "", variable.label), hint)
  element.append(...(box ? [box] : [codes]), row("absences", choices.slice(variable.codes.length)), fault)

  for (const { input, code } of choices) input.addEventListener("change", () => onChoose(code))
  box?.addEventListener("input", () => typed(box))
  // For who works with a pointer: the absences of a question are there once it has the focus.
  element.addEventListener("click", () => element.contains(document.activeElement) || focus())
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return
    if (event.key === "Enter") step(event)
    else if (!isDerived) byKey(event)
  })

  /** @param {HTMLInputElement} from */
  function typed(from) {
    const fits = onType(variable, from.value)
    from.setAttribute("aria-invalid", String(!fits))
    // Only once she goes on: a number is not wrong while it is being typed.
    if (fits) fault.hidden = true
    return fits
  }

  /** @param {KeyboardEvent} event */
  function step(event) {
    event.preventDefault()
    if (box?.value && !event.shiftKey && !typed(box)) return tell()
    onStep(variable, event.shiftKey ? -1 : 1)
  }

  function tell() {
    const { at_least, at_most } = variable
    fault.textContent = at_least === null ? say(`fault_${variable.kind}`) : say("fault_number", { at_least, at_most: Number(at_most) })
    fault.hidden = false
  }

  /** @param {KeyboardEvent} event */
  function byKey(event) {
    // Where words are typed, letters are words.
    if (event.target === box && !["number", "months"].includes(variable.kind)) return
    const chosen = choices.find(({ key }) => key === event.key.toLowerCase())
    if (!chosen || (event.target === box && !Object.values(ABSENCE_KEYS).includes(chosen.key))) return
    event.preventDefault()
    if (box) box.value = ""
    if (onChoose(chosen.code)) onStep(variable, 1)
    else chosen.input.focus()
  }

  function focus() {
    const first = choices.find(({ input }) => input.checked) ?? choices[0]
    ;(box ?? first.input).focus()
    element.scrollIntoView({ block: "nearest" })
  }

  return {
    variable,
    element,
    follows: () => isDerived,
    draw({ shown, answer, follows }) {
      isDerived = follows
      element.hidden = !shown
      element.classList.toggle("answered", answer !== undefined)
      const held = Array.isArray(answer) ? answer : [answer]
      for (const { input, code } of choices) {
        input.checked = held.includes(code)
        input.disabled = follows
      }
      const isAbsence = absences.some(({ code }) => code === answer)
      if (box && document.activeElement !== box) box.value = isAbsence || answer === undefined ? "" : String(answer)
      else if (box && isAbsence) box.value = ""
    },
    focus,
    forget() {
      if (box) box.value = ""
      box?.setAttribute("aria-invalid", "false")
      fault.hidden = true
    },
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {string} name of its class @param {string} [text]
 * @returns {HTMLElementTagNameMap[T]}
 */
function make(tag, name, text = "") {
  const element = document.createElement(tag)
  if (name) element.className = name
  if (text) element.textContent = text
  return element
}

/** @param {string} name @param {{label: HTMLElement}[]} choices */
function row(name, choices) {
  const element = make("div", name)
  element.append(...choices.map(({ label }) => label))
  return element
}

/** @param {Variable} variable @param {string} id */
function makeBox({ kind, label }, id) {
  const box = make("input", "box")
  box.id = `${id}-box`
  box.type = kind === "date" ? "date" : "text"
  if (kind === "number" || kind === "months") box.inputMode = "numeric"
  box.autocomplete = "off"
  box.setAttribute("aria-label", label)
  return box
}

/** @param {{code: string, label: string, help: string, key: string, type: string, id: string}} options */
function makeChoice({ code, label: words, help, key, type, id }) {
  const label = make("label", "choice")
  const input = make("input", "")
  const sign = make("kbd", "", key)
  input.type = type
  input.name = id
  input.value = code
  input.setAttribute("aria-keyshortcuts", key)
  sign.setAttribute("aria-hidden", "true")
  if (help) label.title = help
  label.append(input, sign, make("span", "", words))
  return { code, key, label, input }
}
