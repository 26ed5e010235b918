// @ts-check
/**
 * What is asked next, given the answers so far: havenlight/casework/answers.py in the browser. Knows no page. The server checks again; both
 * are held to tests/vectors/form.json.
 *
 * @typedef {string | number | string[]} Answer
 * @typedef {Record<string, Answer>} Answers
 * @typedef {{code: string, label: string, help: string, alone: boolean, at_least: number | null, at_most: number | null}} Code
 *
 * @typedef {object} Variable
 * @property {string} key
 * @property {string} section
 * @property {"one" | "several" | "number" | "months" | "date" | "key"} kind
 * @property {string} label
 * @property {string} help
 * @property {Code[]} codes
 * @property {{variable: string, any_of: string[]}[]} asked_when
 * @property {number | null} at_least
 * @property {number | null} at_most
 * @property {string | null} band_of
 *
 * @typedef {object} Codebook
 * @property {string} version
 * @property {{code: string, label: string, help: string}[]} absences
 * @property {{key: string, label: string}[]} sections
 * @property {Variable[]} variables
 */

const EARLIEST = "1970-01-01"

/**
 * @param {Codebook} codebook @param {Answers} answers
 * @returns {Set<string>} the variables to ask
 */
export function asked({ variables }, answers) {
  /** @type {Set<string>} */
  const keys = new Set()
  for (const { key, asked_when } of variables)
    if (asked_when.every(({ variable, any_of }) => keys.has(variable) && holds(answers[variable], any_of))) keys.add(key)
  return keys
}

/** @param {Answer | undefined} answer @param {string[]} anyOf */
const holds = (answer, anyOf) => (Array.isArray(answer) ? answer : [answer]).some((one) => anyOf.includes(String(one)))

/**
 * @param {Codebook} codebook @param {Answers} answers
 * @returns {Answers} after a change: bands follow their numbers, what is no longer asked goes
 */
export function settled(codebook, answers) {
  const kept = { ...answers }
  for (const variable of codebook.variables) {
    const band = bandOf(variable, kept)
    if (band) kept[variable.key] = band
  }
  const still = asked(codebook, kept)
  return Object.fromEntries(codebook.variables.flatMap(({ key }) => (still.has(key) && key in kept ? [[key, kept[key]]] : [])))
}

/**
 * @param {Variable} variable @param {Answers} answers
 * @returns {string | undefined} the band that follows from a number that was said
 */
export function bandOf({ band_of, codes }, answers) {
  const number = band_of ? answers[band_of] : undefined
  if (typeof number !== "number") return undefined
  return codes.find(({ at_least, at_most }) => Number(at_least) <= number && number <= Number(at_most))?.code
}

/**
 * A code is chosen or taken back in a question that allows several.
 * @param {Codebook} codebook @param {Variable} variable @param {Answer | undefined} answer @param {string} code
 * @returns {Answer | undefined} undefined when nothing is left
 */
export function toggled({ absences }, { codes }, answer, code) {
  const isAbsence = absences.some((absence) => absence.code === code)
  if (isAbsence) return answer === code ? undefined : code
  const before = Array.isArray(answer) ? answer : []
  const alone = new Set(codes.flatMap((one) => (one.alone ? [one.code] : [])))
  const rest = alone.has(code) ? [] : before.filter((one) => one !== code && !alone.has(one))
  const chosen = before.includes(code) ? rest : [...rest, code]
  return chosen.length ? codes.flatMap((one) => (chosen.includes(one.code) ? [one.code] : [])) : undefined
}

/**
 * What was typed into a question for a number, a key or a day.
 * @param {Variable} variable @param {string} typed @param {string} today after which no contact was
 * @returns {Answer | undefined | null} undefined when empty, null when it cannot be an answer
 */
export function read({ kind, at_least, at_most }, typed, today) {
  const text = typed.trim().toLowerCase()
  if (!text) return undefined
  if (kind === "date") return /^\d{4}-\d\d-\d\d$/.test(text) && EARLIEST <= text && text <= today ? text : null
  if (kind === "key") return /^[a-z0-9][a-z0-9_-]{0,39}$/.test(text) ? text : null
  const number = Number(text)
  const inside = /^\d{1,4}$/.test(text) && Number(at_least) <= number && number <= Number(at_most)
  return inside ? number : null
}
