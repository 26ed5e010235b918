// @ts-check
import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { test } from "node:test"
import { asked, read, settled, toggled } from "../../havenlight/casework/static/casework/rules.mjs"

const { codebook, cases } = JSON.parse(await readFile(new URL("../vectors/form.json", import.meta.url), "utf8"))

/** @param {string} key @returns {import("../../havenlight/casework/static/casework/rules.mjs").Variable} */
const variable = (key) => codebook.variables.find((/** @type {any} */ one) => one.key === key)

test("the browser asks what the server asks, and keeps what it keeps", () => {
  for (const one of cases) {
    assert.deepEqual([...asked(codebook, one.answers)], one.asked)
    assert.deepEqual(settled(codebook, one.answers), one.settled)
  }
})

test("a code that stands alone puts the others out, and they put it out", () => {
  const known = variable("known_to")
  assert.deepEqual(toggled(codebook, known, ["care", "police"], "nobody"), ["nobody"])
  assert.deepEqual(toggled(codebook, known, ["nobody"], "police"), ["police"])
  assert.deepEqual(toggled(codebook, known, ["police"], "care"), ["care", "police"])
})

test("an absence takes the place of all codes, and pressed again nothing is answered", () => {
  const forms = variable("forms")
  assert.equal(toggled(codebook, forms, ["sexual"], "refused"), "refused")
  assert.equal(toggled(codebook, forms, "refused", "refused"), undefined)
  assert.deepEqual(toggled(codebook, forms, "refused", "sexual"), ["sexual"])
  assert.equal(toggled(codebook, forms, ["sexual"], "sexual"), undefined)
})

for (const [key, typed, answer] of /** @type {[string, string, any][]} */ ([
  ["age", "", undefined],
  ["age", " 15 ", 15],
  ["age", "121", null],
  ["age", "-1", null],
  ["age", "1e2", null],
  ["age", "vijftien", null],
  ["duration_months", "1200", 1200],
  ["campaign", "Spring_2026", "spring_2026"],
  ["campaign", "two words", null],
  ["contacted_on", "2026-01-31", "2026-01-31"],
  ["contacted_on", "2026-02-01", null],
  ["contacted_on", "0026-01-31", null],
]))
  test(`"${typed}" in ${key} is ${JSON.stringify(answer)}`, () => assert.equal(read(variable(key), typed, "2026-01-31"), answer))
