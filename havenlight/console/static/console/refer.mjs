// @ts-check
/** The panel beside a conversation by which a visitor is referred: who, what, her answer, and the sealed package when she said yes. */

import { Lost, Refused } from "../chat/link.mjs"
import { newestTeam } from "./keys.mjs"
import { makeAsk } from "./refer_ask.mjs"
import { find, keyed, stamp, write } from "./page.mjs"
import { timeOfDay } from "./minutes.mjs"
import { sealFor, WithdrawnMeanwhile } from "./refer_seal.mjs"

/**
 * @typedef {import("../chat/card.mjs").Consent} Consent
 * @typedef {import("./held.mjs").Held} Held
 * @typedef {import("./queue.mjs").Say} Say
 * @typedef {import("./requests.mjs").Referral} Referral
 * @typedef {import("./requests.mjs").Link} Link
 * @typedef {ReturnType<typeof import("./requests.mjs").makeRequests>} Requests
 */

const SENT = ["made", "waiting", "arrived", "refused"]

/**
 * @param {object} options
 * @param {HTMLElement} options.pane
 * @param {Held} options.held
 * @param {Say} options.say
 * @param {Requests} options.requests
 * @param {import("./keys.mjs").OpenKeys} options.keys
 * @returns {() => void} draws
 */
export function makeRefer({ pane, held, say, requests, keys }) {
  const panel = stamp("refer")
  const toggle = find(pane, "refer-open")
  const notice = find(panel, "refer-notice")
  /** @type {Map<string, Referral>} as the server has them */
  const known = new Map()
  /** @type {Map<string, Link>} each is shown by the desk that made it, and kept nowhere */
  const links = new Map()
  /** @type {Set<string>} */
  const busy = new Set()
  const drawAsked = keyed(find(panel, "asked"), ({ sharing }) => sharing.ref, makeRow)
  const ask = makeAsk({ panel, held, say, requests, onOffered: take })
  panel.hidden = true
  find(pane, "messages").after(panel)
  toggle.addEventListener("click", () => open(Boolean(panel.hidden)))
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    open(false)
    toggle.focus()
  })

  /** @param {boolean} isOpen */
  async function open(isOpen) {
    panel.hidden = !isOpen
    toggle.setAttribute("aria-expanded", String(isOpen))
    if (!isOpen) return
    draw()
    await attempt(async () => {
      take((await requests.referrals(held.conv)).referrals)
      await ask.open()
    })
  }

  /** @param {Referral[]} referrals */
  function take(referrals) {
    for (const referral of referrals) known.set(referral.ref, referral)
    draw()
  }

  /** @param {() => Promise<void>} work */
  async function attempt(work) {
    write(notice, "")
    try {
      await work()
    } catch (error) {
      write(notice, say(reason(error)))
    }
    draw()
  }

  /** @param {string} ref @param {() => Promise<void>} work one at a time for each */
  async function once(ref, work) {
    if (busy.has(ref)) return
    busy.add(ref)
    await attempt(work)
    busy.delete(ref)
    draw()
  }

  /** @param {string} ref */
  const send = (ref) =>
    once(ref, async () => {
      const [referral, current] = [known.get(ref), () => held.consents.get(ref)]
      if (!referral) throw new WithdrawnMeanwhile()
      links.set(ref, await requests.refer(ref, await sealFor({ referral, current, team: newestTeam(keys), helpline: helpline() })))
      known.set(ref, { ...referral, state: "made" })
    })

  /** @param {string} ref */
  const relink = (ref) => once(ref, async () => void links.set(ref, await requests.renewLink(ref)))

  /** @param {string} ref */
  const withdraw = (ref) =>
    once(ref, async () => {
      await requests.withdraw(ref)
      const referral = known.get(ref)
      if (referral) known.set(ref, { ...referral, state: "withdrawn" })
      links.delete(ref)
    })

  /** @param {Consent} consent */
  function makeRow({ sharing: { ref, name, items } }) {
    const element = stamp("asked-row")
    write(find(element, "asked-name"), name)
    write(find(element, "asked-items"), items.join(" · "))
    for (const [part, act] of /** @type {const} */ ([["send", send], ["relink", relink], ["withdraw", withdraw]]))
      find(element, part).addEventListener("click", () => act(ref))
    return { element, update: (/** @type {Consent} */ consent) => update(element, consent) }
  }

  /** @param {HTMLElement} element @param {Consent} consent */
  function update(element, consent) {
    const { ref } = consent.sharing
    const state = standing(consent, known.get(ref)?.state)
    const link = state === "withdrawn" ? undefined : links.get(ref)
    const sent = SENT.includes(state)
    write(find(element, "asked-state"), say(`refer_${state}`, { time: timeOfDay(consent.answeredAt ?? consent.askedAt) }))
    write(find(element, "asked-link"), link ? say("refer_link", { link: link.link, until: link.until }) : "")
    find(element, "send").hidden = state !== "accepted" || busy.has(ref)
    find(element, "relink").hidden = !sent || Boolean(link) || busy.has(ref)
    find(element, "withdraw").hidden = !["accepted", "made", "waiting"].includes(state) || busy.has(ref)
  }

  function draw() {
    if (!known.size && held.consents.all().length && !busy.has("all")) {
      busy.add("all")
      attempt(async () => take((await requests.referrals(held.conv)).referrals))
    }
    if (!panel.hidden) drawAsked(held.consents.all())
    ask.draw()
    toggle.classList.toggle("answered", held.consents.all().some((one) => standing(one, known.get(one.sharing.ref)?.state) === "accepted"))
  }

  return draw
}

/**
 * How it stands: what she said is believed from her own sealed words; what became of it, from the server.
 * @param {Consent} consent
 * @param {string | undefined} server
 */
function standing({ yes, withdrawn }, server) {
  if (withdrawn || server === "withdrawn") return "withdrawn"
  if (yes === null) return "offered"
  if (!yes) return "declined"
  return server && SENT.includes(server) ? server : "accepted"
}

/** @param {unknown} error @returns {string} a word */
function reason(error) {
  if (error instanceof WithdrawnMeanwhile) return "refer_withdrawn_meanwhile"
  if (error instanceof Refused && error.code === "ended") return "refer_withdrawn_meanwhile"
  if (error instanceof Refused && error.code === "too_large") return "refer_too_large"
  if (error instanceof Refused || error instanceof Lost) return "refer_not_done"
  throw error
}

const helpline = () => find(document, "page").dataset.organisation ?? ""
