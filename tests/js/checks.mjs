// @ts-check
/**
 * What seal, unlock and conversation must do with the vectors, by name. Node runs each as a test; a page of a real browser runs them all.
 */
import * as code from "../../havenlight/chat/static/chat/code.mjs"
import { Conversation, convOf, GapFound } from "../../havenlight/chat/static/chat/conversation.mjs"
import * as seal from "../../havenlight/chat/static/chat/seal.mjs"
import { openUnder, sealUnder } from "../../havenlight/chat/static/chat/under.mjs"
import * as unlock from "../../havenlight/chat/static/chat/unlock.mjs"
import * as making from "../../havenlight/chat/static/chat/making.mjs"
import * as chain from "../../havenlight/chat/static/chat/chain.mjs"
import { work } from "../../havenlight/chat/static/chat/work.mjs"

const { unhex, hex, unb64, b64 } = seal

/** @param {unknown} got @param {unknown} wanted */
function same(got, wanted) {
  const [is, should] = [JSON.stringify(got), JSON.stringify(wanted)]
  if (is !== should) throw new Error(`got ${is}, wanted ${should}`)
}

/** @param {Promise<unknown>} promise @param {new (...args: any[]) => Error} kind */
async function refuses(promise, kind) {
  const outcome = await promise.then(
    () => "nothing was refused",
    (error) => (error instanceof kind ? "" : `refused as ${error}`),
  )
  if (outcome) throw new Error(outcome)
}

/** @param {{public: string, private: string}} key of the vectors */
export const pairOf = (key) => unlock.readPrivate(unhex(key.private), unhex(key.public))

/**
 * @param {string} wrap in hexadecimal digits @param {string} phrase @param {any} kdf @param {string} member
 * @param {string} publicKey in hexadecimal digits
 */
export const memberOf = async (wrap, phrase, kdf, member, publicKey) =>
  unlock.readPrivate(await unlock.openMember(unhex(wrap), await unlock.phraseKek(phrase, kdf), member), unhex(publicKey))

/** @param {any} vectors @param {any} message */
const placeOf = (vectors, { sender, n, id }) => ({ conv: vectors.conversation, sender, n, id })

/** @param {any} vectors */
const keysOf = (vectors) => seal.messageKeys(unhex(vectors.conversation_key), vectors.conversation)

/** @param {any} v a vector of RFC 9180 @param {"E" | "R"} whose @returns {Promise<CryptoKey>} */
function rfcPrivate(v, whose) {
  const [d, pk] = [unhex(v[`sk${whose}m`]), unhex(v[`pk${whose}m`])]
  const jwk = { kty: "EC", crv: "P-256", d: b64(d), x: b64(pk.slice(1, 33)), y: b64(pk.slice(33)) }
  return crypto.subtle.importKey("jwk", jwk, seal.ECDH, false, ["deriveBits"])
}

/**
 * @param {any} vectors seal.json @param {any} rfc rfc9180.json
 * @returns {Record<string, () => Promise<void>>}
 */
export function checks(vectors, rfc) {
  const { keys, epoch } = vectors
  const conv = vectors.conversation
  /** @type {Record<string, () => Promise<void>>} */
  const all = {
    async "the key schedule gives the published ciphertext of RFC 9180, on both sides"() {
      const context = unhex(rfc.enc + rfc.pkRm)
      const additionalData = unhex(rfc.aad)
      const ours = await seal.schedule(await rfcPrivate(rfc, "E"), unhex(rfc.pkRm), context, unhex(rfc.info), "encrypt")
      const algorithm = { name: "AES-GCM", iv: ours.iv, additionalData }
      same(hex(new Uint8Array(await crypto.subtle.encrypt(algorithm, ours.key, unhex(rfc.pt)))), rfc.ct)
      const theirs = await seal.schedule(await rfcPrivate(rfc, "R"), unhex(rfc.enc), context, unhex(rfc.info), "decrypt")
      same(hex(theirs.iv), rfc.base_nonce)
      same(hex(await seal.decrypt(theirs.key, theirs.iv, unhex(rfc.ct), additionalData)), rfc.pt)
    },

    async "what is sealed to a key opens with it, under the same info alone"() {
      const [anna, bram] = [await pairOf(keys.anna), await pairOf(keys.bram)]
      const info = unhex("00ff")
      const sealed = await seal.sealTo(anna.public, info, unhex("0102"))
      same(hex(await unlock.openWith(anna, info, sealed)), "0102")
      await refuses(unlock.openWith(bram, info, sealed), seal.SealBroken)
      await refuses(unlock.openWith(anna, unhex("00"), sealed), seal.SealBroken)
      await refuses(unlock.openWith(anna, info, sealed.slice(0, -1)), seal.SealBroken)
      await refuses(unlock.openWith(anna, info, sealed.slice(0, 60)), seal.SealBroken)
      await refuses(unlock.openWith(anna, info, new Uint8Array(0)), seal.SealBroken)
    },

    async "bytes and identifiers have one spelling"() {
      const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
      same(hex(unb64(b64(bytes))), hex(bytes))
      for (const text of ["AA==", "AB", "A", "A A", "++", "//"]) await refuses((async () => unb64(text))(), seal.SealBroken)
      for (const id of ["", "0", "AB", "0g"]) await refuses((async () => unhex(id))(), seal.SealBroken)
    },

    async "a conversation wrap opens for the team, in its conversation and epoch alone"() {
      const team = await pairOf(keys.team)
      const wrap = b64(unhex(vectors.conversation_wrap.sealed))
      const message = vectors.messages[0]
      const opened = await unlock.openConversation({ conv, epoch, wrap }, team, keys.anna.sender)
      const reading = await opened.receive({ ...message, conv, seq: 1, from: message.sender })
      same(reading?.text, message.text)
      const other = { conv: vectors.other_conversation, epoch, wrap }
      await refuses(unlock.openConversation(other, team, keys.anna.sender), seal.SealBroken)
      await refuses(unlock.openConversation({ conv, epoch: epoch + 1, wrap }, team, keys.anna.sender), seal.SealBroken)
      await refuses(unlock.openConversation({ conv, epoch, wrap }, await pairOf(keys.anna), keys.anna.sender), seal.SealBroken)
    },

    async "a team wrap opens for its member and epoch alone, and cannot be read out again"() {
      const wrap = unhex(vectors.team_wrap.sealed)
      const [anna, bram] = [await pairOf(keys.anna), await pairOf(keys.bram)]
      const team = await unlock.unwrapTeam(wrap, anna, keys.anna.id, epoch, unhex(keys.team.public))
      same(team.private.extractable, false)
      const sealed = unhex(vectors.conversation_wrap.sealed)
      same(hex(await unlock.openWith(team, unhex(vectors.conversation_wrap.info), sealed)), vectors.conversation_key)
      await refuses(unlock.unwrapTeam(wrap, anna, keys.bram.id, epoch, team.public), seal.SealBroken)
      await refuses(unlock.unwrapTeam(wrap, anna, keys.anna.id, epoch + 1, team.public), seal.SealBroken)
      await refuses(unlock.unwrapTeam(wrap, bram, keys.bram.id, epoch, team.public), seal.SealBroken)
    },

    async "a member key opens with the phrase however it is typed, and with no other"() {
      const { wrap, typed, kdf, member } = vectors.member_wrap
      const anna = await memberOf(wrap, typed, kdf, member, keys.anna.public)
      same(anna.private.extractable, false)
      same(hex(await unlock.openWith(anna, unhex(vectors.team_wrap.info), unhex(vectors.team_wrap.sealed))), keys.team.private)
      const cheap = { ...kdf, iterations: 1 }
      await refuses(memberOf(wrap, typed, cheap, member, keys.anna.public), seal.SealBroken)
    },

    async "a member is named by the hash of her key"() {
      for (const { public: key, sender } of [keys.anna, keys.bram]) same(await unlock.senderOf(unhex(key)), sender)
    },

    async "the messages open, and only in their place"() {
      const messageKeys = await keysOf(vectors)
      for (const message of vectors.messages) {
        const place = placeOf(vectors, message)
        const { text, seen, at } = message
        same(await seal.openMessage(unb64(message.env), place, messageKeys), { text, seen, at })
        const elsewhere = [
          { ...place, conv: vectors.other_conversation },
          { ...place, sender: place.sender === "v" ? keys.anna.sender : "v" },
          { ...place, sender: keys.anna.sender === place.sender ? keys.bram.sender : keys.anna.sender },
          { ...place, n: place.n + 1 },
          { ...place, n: place.n + 2 ** 32 },
          { ...place, id: keys.anna.id },
        ]
        for (const other of elsewhere) await refuses(seal.openMessage(unb64(message.env), other, messageKeys), seal.SealBroken)
      }
    },

    async "an altered envelope is refused"() {
      const messageKeys = await keysOf(vectors)
      const place = placeOf(vectors, vectors.messages[0])
      const envelope = unb64(vectors.messages[0].env)
      for (const at of [0, 1, 12, 13, 100, envelope.length - 1]) {
        const altered = envelope.map((byte, i) => (i === at ? byte ^ 1 : byte))
        await refuses(seal.openMessage(altered, place, messageKeys), seal.SealBroken)
      }
      for (const size of [0, 1, 13, 28, envelope.length - 1]) {
        await refuses(seal.openMessage(envelope.slice(0, size), place, messageKeys), seal.SealBroken)
      }
    },

    async "a text of the wrong length is refused, and so is one whose envelope is too large"() {
      const messageKeys = await keysOf(vectors)
      const place = placeOf(vectors, vectors.messages[0])
      for (const text of ["", "x".repeat(2001), "\u0001".repeat(2000), "half \ud83d"]) {
        await refuses(seal.sealMessage({ text, seen: [0, 0], at: 29_650_000 }, place, messageKeys), seal.TextRefused)
      }
    },

    async "a return code gives its two values however it is typed, and opens its conversation"() {
      const { typed, lookup, key, wrap, tab } = vectors.code
      const stretched = await code.stretch(typed, unhex(keys.org.public))
      same([hex(stretched.lookup), hex(stretched.key)], [lookup, key])
      same(hex(await code.unwrap(unhex(wrap), stretched.key, conv)), vectors.conversation_key)
      await refuses(code.unwrap(unhex(wrap), stretched.key, vectors.other_conversation), seal.SealBroken)
      const sealed = await code.wrap(unhex(vectors.conversation_key), stretched.key, conv)
      same(hex(await code.unwrap(sealed, stretched.key, conv)), vectors.conversation_key)
      same(hex(await code.openInTab(unhex(tab), unhex(vectors.conversation_key), conv)), key)
    },

    async "work that was asked for is answered by the number that gives the target"() {
      same(await work(vectors.work.asked), { "X-Havenlight-Work": vectors.work.answer })
    },

    async "a code is six words of its list, and a text that holds six of them is noticed"() {
      const words = ["aap", "noot", "mies", "wim", "zus", "jet"]
      const made = code.draw(words)
      same(made.length, 6)
      same(made.every((word) => words.includes(word)), true)
      same(code.holdsCode("Mijn code: Aap, noot mies wim zus JET!", words), true)
      same(code.holdsCode("aap noot mies wim en zus jet", words), false)
    },

    async "the tab has its credential, and the half gives the key back"() {
      const { secret, id, credential, half } = vectors.tab
      same(await convOf(b64(unhex(secret))), id)
      same(hex(await seal.tabCredential(unhex(secret), conv)), credential)
      same(hex(await seal.tabHalf(unhex(vectors.conversation_key), unhex(secret), conv)), half)
      same(hex(await seal.tabHalf(unhex(half), unhex(secret), conv)), vectors.conversation_key)
    },

    async "a manifest is believed when the organisation signed it, a demo's only when allowed"() {
      const { signed, demo, fingerprint } = vectors.manifest
      const org = unhex(keys.org.public)
      const read = await seal.verifyManifest(signed, org, false)
      same([read.epoch, hex(read.team), read.members.length], [epoch, keys.team.public, 2])
      same((await seal.verifyManifest(demo, org, true)).demo, true)
      same(await unlock.fingerprint(org), fingerprint)
      await refuses(seal.verifyManifest(demo, org, false), seal.ManifestRefused)
      await refuses(seal.verifyManifest(signed, unhex(keys.bram.public), false), seal.ManifestRefused)
    },

    async "a member key opens with her passkey too, and is put under a new phrase"() {
      const { output, wrap } = vectors.passkey
      const { id, public: key, private: pkcs8 } = keys.anna
      const kek = await making.passkeyKek(unhex(output), id)
      same(hex(await openUnder(kek.open, unlock.memberAad(id), unhex(wrap))), pkcs8)
      const again = await sealUnder(kek.seal, unlock.memberAad(id), unhex(pkcs8))
      same(hex(await openUnder(kek.open, unlock.memberAad(id), again)), pkcs8)
      const locked = await making.lockMember(unhex(pkcs8), "one two three", id)
      const opened = await memberOf(hex(locked.wrap), " ONE two three", locked.kdf, id, key)
      same(hex(await unlock.openWith(opened, unhex(vectors.team_wrap.info), unhex(vectors.team_wrap.sealed))), keys.team.private)
    },

    async "the signing key opens from its file, and what it signs is believed"() {
      const { file, phrase } = vectors.signing
      const org = unhex(keys.org.public)
      const made = { public: org, pkcs8: unhex(keys.org.private) }
      const files = [file, await making.lockSigning(made, phrase)]
      const said = { ...(await chain.read(vectors.manifest.signed, org, false)), org: undefined }
      for (const one of files) {
        const signer = await making.unlockSigning(one, phrase.toUpperCase())
        same([signer.private.extractable, hex(signer.public)], [false, keys.org.public])
        const read = await seal.verifyManifest(await chain.sign(said, signer), org, false)
        same([read.epoch, hex(read.team), read.members], [epoch, keys.team.public, said.members])
      }
      await refuses(making.unlockSigning(file, "another phrase"), seal.SealBroken)
      await refuses(making.unlockSigning({ ...file, v: 2 }, phrase), seal.SealBroken)
    },

    async "the recovery key is read from paper, and opens the team key"() {
      const { code: printed, wrap } = vectors.recovery
      const recovery = unhex(keys.recovery.public)
      same(await making.recoveryCode({ public: recovery, pkcs8: unhex(keys.recovery.private) }), printed)
      for (const typed of [printed, printed.toLowerCase().replaceAll("-", " "), `Keep this: 31234 52345\n\n${printed}\n`, printed.replaceAll("O", "0")]) {
        const pair = await making.readRecoveryCode(typed, recovery)
        same(pair.private.extractable, false)
        same(hex(await unlock.openWith(pair, making.recoveryInfo(epoch), unhex(wrap.sealed))), keys.team.private)
      }
      const other = (printed[0] === "A" ? "B" : "A") + printed.slice(1)
      for (const wrong of [other, printed.slice(0, -5), "", "é"]) await refuses(making.readRecoveryCode(wrong, recovery), seal.SealBroken)
    },

    async "the chain of manifests is followed from what was seen, and not back"() {
      const { signed, follows } = vectors.manifest
      const org = unhex(keys.org.public)
      const [next] = Object.values(follows)
      const seen = await chain.digest(signed)
      same((await chain.follow([signed, next], seen, org, false)).members.length, 3)
      same((await chain.follow([signed], null, org, false)).epoch, epoch)
      for (const broken of [[], [next], [next, signed]]) await refuses(chain.follow(broken, seen, org, false), seal.ManifestRefused)
      await refuses(chain.follow([signed], await chain.digest(next), org, false), seal.ManifestRefused)
      await refuses(chain.follow([signed, signed], seen, org, false), seal.ManifestRefused)
    },

    async "a reader notices repeats, what does not open and what is missing"() {
      const conversation = await Conversation.open(unhex(vectors.conversation_key), conv, keys.bram.sender)
      for (const row of vectors.reading) {
        const { outcome, text, missing, ...message } = row
        const reading = await conversation.receive({ ...message, conv, at: 1 })
        same([row.seq, reading?.outcome, reading?.text, reading?.missing], [row.seq, outcome, text, missing])
      }
      const last = vectors.reading[vectors.reading.length - 1]
      same(await conversation.receive({ ...last, conv, at: 1 }), null)
      await refuses(conversation.receive({ ...last, conv, at: 1, seq: last.seq + 2 }), GapFound)
      same(conversation.seq, last.seq)
    },
  }

  const chained = (/** @type {string} */ signed) => chain.checkFollows(signed, vectors.manifest.signed, unhex(keys.org.public), true)
  for (const [what, signed] of Object.entries(vectors.manifest.follows)) {
    all[`a manifest takes the place of the former: ${what}`] = async () => void (await chained(/** @type {string} */ (signed)))
  }
  for (const [what, signed] of Object.entries(vectors.manifest.does_not_follow)) {
    all[`a manifest does not: ${what}`] = () => refuses(chained(/** @type {string} */ (signed)), seal.ManifestRefused)
  }
  for (const [what, signed] of Object.entries(vectors.manifest.refused)) {
    all[`a manifest is refused: ${what}`] = () =>
      refuses(seal.verifyManifest(/** @type {string} */ (signed), unhex(keys.org.public), true), seal.ManifestRefused)
  }
  for (const message of vectors.malformed) {
    all[`a message that opens is refused: ${message.what}`] = async () =>
      refuses(seal.openMessage(unb64(message.env), placeOf(vectors, message), await keysOf(vectors)), seal.SealBroken)
  }
  return all
}
