// @ts-check
import { readFile } from "node:fs/promises"
import { test } from "node:test"
import { checks } from "./checks.mjs"

/** @param {string} name */
const vectors = async (name) => JSON.parse(await readFile(new URL(`../vectors/${name}`, import.meta.url), "utf8"))

const all = checks(await vectors("seal.json"), await vectors("rfc9180.json"))
for (const [name, check] of Object.entries(all)) test(name, check)
