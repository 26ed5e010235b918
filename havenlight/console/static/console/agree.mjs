// @ts-check
/** Agreeing with a visitor on a time to talk again: a half hour within the hours, in the helpline's time zone. */

import { find, write } from "./page.mjs"

/** @typedef {Record<"day" | "time", Intl.DateTimeFormatOptions>} Formats */
/** @type {Formats} */
const FORMATS = {
  day: { weekday: "long", day: "numeric", month: "long" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
}

/** @param {number} at minute @param {string} zone @param {"day" | "time"} what @param {string} lang */
const told = (at, zone, what, lang) => new Intl.DateTimeFormat(lang, { ...FORMATS[what], timeZone: zone }).format(at * 60_000)

/**
 * @param {object} options
 * @param {HTMLElement} options.element
 * @param {import("./held.mjs").Held} options.held
 * @param {import("./queue.mjs").Say} options.say
 * @param {import("./requests.mjs").Requests} options.requests
 * @param {(text: string) => void} options.tell
 * @param {(text: string) => void} options.onAgreed with what she may send to the visitor, in her language
 * @returns {import("./drawer.mjs").Opened}
 */
export function makeAgree({ element, held, say, requests, tell, onAgreed }) {
  const form = find(element, "agree-form", HTMLFormElement)
  const day = find(form, "agree-day", HTMLSelectElement)
  const time = find(form, "agree-time", HTMLSelectElement)
  const button = find(form, "agree-button", HTMLButtonElement)
  const back = find(form, "agree-back")
  const { lang } = document.documentElement
  /** @type {import("./requests.mjs").Times} */
  let times = { slots: [], zone: "UTC", agreed_at: null, has_code: true }

  /** @param {number} at @param {"day" | "time"} what */
  const here = (at, what) => told(at, times.zone, what, lang)

  function showTimes() {
    const ofDay = times.slots.filter((at) => here(at, "day") === day.value)
    time.replaceChildren(...ofDay.map((at) => new Option(here(at, "time"), String(at))))
  }

  function show() {
    const { agreed_at, slots, has_code } = times
    const days = [...new Set(slots.map((at) => here(at, "day")))]
    day.replaceChildren(...days.map((one) => new Option(one, one)))
    showTimes()
    const agreed = agreed_at === null ? say("agreed_none") : say("agreed_now", { time: `${here(agreed_at, "day")} ${here(agreed_at, "time")}` })
    write(find(form, "agree-now"), slots.length ? agreed : say("agree_no_slots"))
    write(find(form, "agree-no-code"), has_code ? "" : say("agree_no_code"))
    button.disabled = !slots.length
    back.hidden = agreed_at === null
  }

  /** @param {() => Promise<unknown>} job */
  async function attempt(job) {
    tell("")
    try {
      await job()
    } catch {
      tell(say("not_done"))
    }
  }

  async function load() {
    times = await requests.times(held.conv)
    show()
    day.focus()
  }

  async function agree() {
    const at = Number(time.value)
    await requests.agree(held.conv, at)
    const theirs = held.facts.lang
    onAgreed(say(`agree_text_${theirs}`, { day: told(at, times.zone, "day", theirs), time: told(at, times.zone, "time", theirs) }))
  }

  day.addEventListener("change", showTimes)
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    attempt(agree)
  })
  back.addEventListener("click", () => attempt(() => requests.agree(held.conv, null).then(load)))

  return { open: () => void attempt(load) }
}
