// @ts-check
/** The sealed package of a referral: exactly what the visitor agreed to, taken from the question she saw. Neither page nor network. */

import { questionOf } from "../chat/card.mjs"
import { b64, unb64 } from "../chat/seal.mjs"
import { sealConsent, sealPackage } from "../referral/package.mjs"
import { now } from "./minutes.mjs"

/** @typedef {import("../chat/card.mjs").Consent} Consent */

/** She said no before it was sealed, or while it was. */
export class WithdrawnMeanwhile extends Error {}

/** @param {Consent | undefined} consent */
function agreed(consent) {
  if (!consent?.yes || consent.answeredAt === null) throw new WithdrawnMeanwhile()
  return { ...consent, answeredAt: consent.answeredAt }
}

/** How one recipient was asked about: not what others would be told. @param {Consent} consent */
function wordingFor({ wording, sharing }) {
  const intro = wording.split("\n\n")[0]
  return questionOf(intro, [sharing]).text
}

/**
 * @param {object} options
 * @param {import("./requests.mjs").Referral} options.referral
 * @param {() => Consent | undefined} options.current how her consent stands now
 * @param {ReturnType<typeof import("./keys.mjs").newestTeam>} options.team
 * @param {string} options.helpline
 * @throws {WithdrawnMeanwhile}
 */
export async function sealFor({ referral, current, team, helpline }) {
  const consent = agreed(current())
  const { sharing, askedAt, answeredAt } = consent
  const wording = wordingFor(consent)
  const asked = { wording, asked_at: askedAt, agreed_at: answeredAt }
  const content = { from: helpline, to: sharing.name, items: sharing.items, ...asked, made_at: now() }
  const sealed = {
    package: b64(await sealPackage(content, unb64(referral.key), referral.ref)),
    consent: b64(await sealConsent({ to: sharing.name, ...asked }, team.pair.public, referral.ref, team.epoch)),
    epoch: team.epoch,
  }
  agreed(current())
  return sealed
}
