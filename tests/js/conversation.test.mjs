// @ts-check
import assert from "node:assert/strict"
import { test } from "node:test"
import { Conversation } from "../../havenlight/chat/static/chat/conversation.mjs"
import { newId, newKey, TextRefused } from "../../havenlight/chat/static/chat/seal.mjs"

const ANNA = "c:00000000000000aa"
const BRAM = "c:00000000000000bb"

/** A conversation as several tabs keep it, and the log that a server would: `post` appends, `read` brings a tab up to date. */
function makeLog() {
  const [conv, key] = [newId(), newKey()]
  /** @type {any[]} */
  const log = []
  return {
    /** @param {string} sender */
    open: (sender) => Conversation.open(key, conv, sender),
    /** @param {string} from @param {import("../../havenlight/chat/static/chat/conversation.mjs").Entry} entry */
    post: (from, entry) => log.push({ conv, seq: log.length + 1, from, at: 1, ...entry }),
    /** @param {Conversation} tab */
    read: (tab) => Promise.all(log.slice(tab.seq).map((message) => tab.receive(message))),
  }
}

test("both sides read each other, in order, with nothing missing", async () => {
  const log = makeLog()
  const [visitor, anna] = [await log.open("v"), await log.open(ANNA)]
  for (const [tab, text] of /** @type {[Conversation, string][]} */ ([[visitor, "hoi"], [anna, "hallo"], [visitor, "ik"], [visitor, "nog iets"]])) {
    log.post(tab.sender, await tab.say(text))
    await log.read(visitor)
    await log.read(anna)
  }
  const fresh = await log.open(ANNA)
  const readings = await log.read(fresh)
  assert.deepEqual(
    readings.map((reading) => [reading?.text, reading?.mine, reading?.missing]),
    [["hoi", false, false], ["hallo", true, false], ["ik", false, false], ["nog iets", false, false]],
  )
})

test("what is said at once gets counters in the order in which it was said", async () => {
  const visitor = await makeLog().open("v")
  const entries = await Promise.all(["een", "twee", "drie"].map((text) => visitor.say(text)))
  assert.deepEqual(entries.map((entry) => entry.n), [1, 2, 3])
  assert.deepEqual(await visitor.restore(entries), ["een", "twee", "drie"])
})

test("a text that is refused uses up no counter", async () => {
  const visitor = await makeLog().open("v")
  await assert.rejects(visitor.say(""), TextRefused)
  assert.equal((await visitor.say("hoi")).n, 1)
})

test("half a character is replaced, not refused", async () => {
  const visitor = await makeLog().open("v")
  assert.deepEqual(await visitor.restore([await visitor.say("a\ud83d")]), ["a\ufffd"])
})

test("messages that wait unsent count as seen when they arrive", async () => {
  const log = makeLog()
  const [visitor, anna] = [await log.open("v"), await log.open(ANNA)]
  const waiting = [await visitor.say("een"), await visitor.say("twee"), await visitor.say("drie")]
  log.post(ANNA, await anna.say("ben je er?"))
  for (const entry of waiting) log.post("v", entry)
  assert.ok((await log.read(anna)).every((reading) => reading?.outcome === "read" && !reading.missing))
})

test("two tabs of one sender: the one that came too late seals again and loses nothing", async () => {
  const log = makeLog()
  const [first, second] = [await log.open(ANNA), await log.open(ANNA)]
  const late = [await second.say("twee"), await second.say("drie")]
  log.post(ANNA, await first.say("een"))
  await log.read(second)
  const fresh = await second.reseal(late)
  assert.deepEqual(fresh.map(({ id, n }) => [id, n]), [[late[0].id, 2], [late[1].id, 3]])
  for (const entry of fresh) log.post(ANNA, entry)
  const readings = await log.read(await log.open("v"))
  assert.deepEqual(readings.map((reading) => [reading?.text, reading?.missing]), [["een", false], ["twee", false], ["drie", false]])
})

test("a tab that was reloaded goes on after what it had sealed", async () => {
  const log = makeLog()
  const before = await log.open("v")
  log.post("v", await before.say("een"))
  const unanswered = [await before.say("twee"), await before.say("drie")]
  const after = await log.open("v")
  await log.read(after)
  assert.deepEqual(await after.restore(unanswered), ["twee", "drie"])
  for (const entry of [...unanswered, await after.say("vier")]) log.post("v", entry)
  const readings = await log.read(await log.open(BRAM))
  assert.deepEqual(readings.map((reading) => [reading?.text, reading?.missing]), [["een", false], ["twee", false], ["drie", false], ["vier", false]])
})

test("a message that was kept from one side shows as missing once the other side mentions it", async () => {
  const log = makeLog()
  const [visitor, anna, bram] = [await log.open("v"), await log.open(ANNA), await log.open(BRAM)]
  const withheld = await visitor.say("help")
  await anna.receive({ conv: anna.conv, seq: 1, from: "v", at: 1, ...withheld })
  log.post(ANNA, await anna.say("ik ben bij je"))
  assert.deepEqual((await log.read(bram)).map((reading) => reading?.missing), [true])
})
