// @ts-check
/** The script's side of the cross-check of packages: opens what Python sealed, and seals the same for Python to open. Runs in Node. */
import { readPrivate } from "../../havenlight/chat/static/chat/open.mjs"
import { b64, unb64 } from "../../havenlight/chat/static/chat/seal.mjs"

// The server serves all packages' static files as one tree; on the disk they are three.
const { registerHooks } = await import("node:module")
registerHooks({
  resolve(specifier, context, next) {
    const served = specifier.match(/^\.\.\/(chat|referral)\/(.+)$/)
    if (!served) return next(specifier, context)
    const [, domain, name] = served
    return next(new URL(`../../havenlight/${domain}/static/${domain}/${name}`, import.meta.url).href, context)
  },
})
const packages = await import("../../havenlight/referral/static/referral/package.mjs")
const { openKey } = await import("../../havenlight/referral/static/referral/recipient_key.mjs")

let input = ""
for await (const piece of process.stdin) input += piece
const { ref, epoch, public: publicKey, private: pkcs8, package: sealed, incoming, recipient } = JSON.parse(input)
const pair = await readPrivate(unb64(pkcs8), unb64(publicKey))
const read = [await packages.openPackage(unb64(sealed), pair, ref), await packages.openIncoming(unb64(incoming), pair, ref, epoch)]
process.stdout.write(
  JSON.stringify({
    read,
    recipient: b64((await openKey(recipient.file, recipient.typed)).public),
    package: b64(await packages.sealPackage(read[0], pair.public, ref)),
    consent: b64(await packages.sealConsent(read[0], pair.public, ref, epoch)),
    incoming: b64(await packages.sealIncoming(read[0], pair.public, ref, epoch)),
  }),
)
