// @ts-check
/**
 * The browser's side of a cross-check: seals with the vectors' keys for Python to open, and opens what Python sealed.
 * In Node it reads {vectors, sealed} on standard input and writes what `answer` gives.
 */
import { begin, Conversation, resume, tabKey } from "../../havenlight/chat/static/chat/conversation.mjs"
import * as seal from "../../havenlight/chat/static/chat/seal.mjs"
import * as unlock from "../../havenlight/chat/static/chat/unlock.mjs"
import { memberOf } from "./checks.mjs"

/**
 * @param {any} vectors seal.json
 * @param {any} sealed what Python sealed: a conversation wrap, messages of the visitor, a team wrap and a member wrap
 * @returns {Promise<any>} what this side read, and sealed in turn
 */
export async function answer(vectors, sealed) {
  const { keys, epoch } = vectors
  const anna = await memberOf(seal.hex(seal.unb64(sealed.member_wrap)), sealed.phrase, sealed.kdf, keys.anna.id, keys.anna.public)
  const team = await unlock.unwrapTeam(seal.unb64(sealed.team_wrap), anna, keys.anna.id, epoch, seal.unhex(keys.team.public))
  const member = await unlock.openConversation({ conv: sealed.conv, epoch, wrap: sealed.wrap }, team, keys.anna.sender)
  const read = []
  for (const message of sealed.messages) read.push((await member.receive({ ...message, conv: sealed.conv, at: 1 }))?.text)
  return { read, replies: await replies(member), visitor: await visitor(vectors), manifest: await epochOf(vectors, sealed) }
}

/** @param {Conversation} conversation */
const replies = (conversation) => Promise.all(["hallo", "é 😊 \u0000", "x".repeat(2000)].map((text) => conversation.say(text)))

/** @param {any} vectors a conversation that this side begins, and goes on with after a reload */
async function visitor({ keys, epoch }) {
  const { conversation, secret, body } = await begin({ team: seal.unhex(keys.team.public), epoch }, "nl")
  const first = await conversation.say("eerste")
  const again = await resume(body.conv, secret, body.half)
  const texts = await again.restore([first])
  return { body, secret, tab_key: await tabKey(secret, body.conv), texts, entries: [first, await again.say("tweede")] }
}

/** @param {any} vectors @param {any} sealed */
const epochOf = async ({ keys }, sealed) => (await seal.verifyManifest(sealed.manifest, seal.unhex(keys.org.public), false)).epoch

if (typeof process === "object") {
  let input = ""
  for await (const piece of process.stdin) input += piece
  const { vectors, sealed } = JSON.parse(input)
  process.stdout.write(JSON.stringify(await answer(vectors, sealed)))
}
