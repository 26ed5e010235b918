// @ts-check
import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { test } from "node:test"
import { makeParser } from "../../havenlight/chat/static/chat/link.mjs"

const { text, retry, events } = JSON.parse(await readFile(new URL("../vectors/stream.json", import.meta.url), "utf8"))

for (const size of [1, 2, 3, 7, 50, 10_000]) {
  test(`a stream is read alike in pieces of ${size} bytes`, () => {
    /** @type {any[]} */
    const found = []
    /** @type {number[]} */
    const retries = []
    const parse = makeParser((name, data) => found.push([name, data]), (ms) => retries.push(ms))
    const bytes = new TextEncoder().encode(text)
    const decoder = new TextDecoder()
    for (let at = 0; at < bytes.length; at += size) parse(decoder.decode(bytes.slice(at, at + size), { stream: true }))
    assert.deepEqual(found, events)
    assert.deepEqual(retries, [retry])
  })
}
