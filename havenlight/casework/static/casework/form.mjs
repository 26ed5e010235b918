// @ts-check
/**
 * A codebook as a form for one who types: a digit or letter answers, Enter goes on. Nothing has to be answered. Knows neither network nor
 * whether the answers are a draft, a correction or a second coding.
 */

import { asked, bandOf, read, settled, toggled } from "./rules.mjs"
import { makeQuestion } from "./question.mjs"

/**
 * @typedef {import("./rules.mjs").Codebook} Codebook
 * @typedef {import("./rules.mjs").Answers} Answers
 * @typedef {import("./rules.mjs").Answer} Answer
 *
 * @typedef {object} Form
 * @property {(answers: Answers) => void} show other answers
 * @property {() => Answers} answers
 * @property {() => {asked: number, answered: number}} count
 * @property {() => void} focus goes to the first question without an answer, or to the end
 * @property {(key: string, answer: Answer) => void} set
 */

/**
 * @param {object} options
 * @param {HTMLElement} options.root
 * @param {Codebook} options.codebook
 * @param {(name: string, values?: Record<string, string | number>) => string} options.say
 * @param {() => void} options.onChange
 * @param {() => void} options.onEnd she went on after the last question
 * @returns {Form}
 */
export function makeForm({ root, codebook, say, onChange, onEnd }) {
  /** @type {Answers} */
  let answers = {}
  const sections = codebook.sections.map(makeSection)
  const questions = codebook.variables.map((variable) => {
    const question = makeQuestion({ variable, absences: codebook.absences, say, onChoose: (code) => choose(variable, code), onType, onStep })
    sections.find(({ key }) => key === variable.section)?.element.append(question.element)
    return question
  })
  root.replaceChildren(...sections.map(({ element }) => element))

  /** @param {Codebook["sections"][number]} section */
  function makeSection({ key, label }) {
    const element = document.createElement("section")
    const title = document.createElement("h3")
    title.textContent = label
    element.append(title)
    return { key, element }
  }

  function draw() {
    const shown = asked(codebook, answers)
    for (const { variable, draw } of questions)
      draw({ shown: shown.has(variable.key), answer: answers[variable.key], follows: bandOf(variable, answers) !== undefined })
    for (const { key, element } of sections)
      element.hidden = !codebook.variables.some((variable) => variable.section === key && shown.has(variable.key))
  }

  /** @param {string} key @param {Answer | undefined} answer */
  function set(key, answer) {
    const { [key]: _before, ...rest } = answers
    answers = settled(codebook, answer === undefined ? rest : { ...rest, [key]: answer })
    draw()
    onChange()
  }

  /**
   * @param {import("./rules.mjs").Variable} variable @param {string} code or an absence
   * @returns {boolean} whether she is done with this question
   */
  function choose(variable, code) {
    const { key, kind } = variable
    const isAbsence = codebook.absences.some((absence) => absence.code === code)
    set(key, kind === "several" ? toggled(codebook, variable, answers[key], code) : answers[key] === code ? undefined : code)
    return (kind !== "several" || isAbsence) && answers[key] === code
  }

  /** @param {import("./rules.mjs").Variable} variable @param {string} typed @returns {boolean} whether it can be an answer */
  function onType(variable, typed) {
    const answer = read(variable, typed, today())
    set(variable.key, answer ?? undefined)
    return answer !== null
  }

  /** @param {import("./rules.mjs").Variable} variable @param {1 | -1} step */
  function onStep(variable, step) {
    const open = questions.filter(({ element, follows }) => !element.hidden && !follows())
    const here = open.findIndex((question) => question.variable === variable)
    // Forward to what is still open; back to whatever she answered before.
    const next = step === 1 ? open.slice(here + 1).find((question) => !(question.variable.key in answers)) : open[here - 1]
    if (next) next.focus()
    else if (step === 1) onEnd()
  }

  return {
    show(others) {
      answers = settled(codebook, others)
      for (const question of questions) question.forget()
      draw()
    },
    answers: () => answers,
    count: () => ({ asked: asked(codebook, answers).size, answered: Object.keys(answers).length }),
    focus() {
      const next = questions.find(({ element, variable }) => !element.hidden && !(variable.key in answers))
      if (next) next.focus()
      else onEnd()
    },
    set,
  }
}

/** As codebooks write a day; Swedes do too. */
const today = () => new Date().toLocaleDateString("sv")
