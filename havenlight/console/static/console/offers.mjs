// @ts-check
/** What colleagues offer her to take over. */

import { find, keyed, stamp, write } from "./page.mjs"

/** @typedef {import("./requests.mjs").Offer} Offer */

/**
 * @param {object} options
 * @param {HTMLElement} options.root
 * @param {import("./queue.mjs").Say} options.say
 * @param {(offer: Offer) => void} options.onTake
 * @param {(offer: Offer) => void} options.onDecline
 * @returns {(offers: Offer[]) => void} draws
 */
export function makeOffers({ root, say, onTake, onDecline }) {
  const list = find(root, "offers")
  const draw = keyed(list, (/** @type {Offer} */ offer) => String(offer.id), makeRow)

  /** @param {Offer} offer */
  function makeRow(offer) {
    const element = stamp("offer-row")
    const danger = [offer.in_danger ? say("in_danger") : "", offer.under_18 ? say("under_18") : ""].filter(Boolean)
    const words = say("offer", { alias: offer.by, reason: say(`reason_${offer.reason}`) })
    write(find(element, "offer-text"), [words, ...danger].join(" · "))
    find(element, "take").addEventListener("click", () => onTake(offer))
    find(element, "decline").addEventListener("click", () => onDecline(offer))
    return { element, update: () => undefined }
  }

  return (offers) => {
    const toMe = offers.filter(({ mine }) => !mine)
    list.hidden = toMe.length === 0
    draw(toMe)
  }
}
