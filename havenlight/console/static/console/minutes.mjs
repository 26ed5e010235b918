// @ts-check
/** Times as people of the desk see them: whole minutes, by the server's clock. */

let aheadMs = 0

/**
 * Learn the server's clock, so that a desk whose own clock is wrong does not show a wrong wait.
 * @param {number} seconds since 1970, as the server has just said
 */
export function learnClock(seconds) {
  aheadMs = seconds * 1_000 - Date.now()
}

/** @returns {number} the minute as in `at` of the protocol */
export const now = () => Math.floor((Date.now() + aheadMs) / 60_000)

/**
 * @param {number} at a minute
 * @returns {number} whole minutes since, never less than 0
 */
export const since = (at) => Math.max(0, now() - at)

/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
// Made once: making one takes longer than all else that a line on the screen needs.
const clock = new Intl.DateTimeFormat(document.documentElement.lang, CLOCK)
const clockAndDay = new Intl.DateTimeFormat(document.documentElement.lang, { ...CLOCK, weekday: "short" })

/**
 * @param {number} at a minute
 * @returns {string} the time of day, with the day when it is another than today
 */
export function timeOfDay(at) {
  const date = new Date(at * 60_000)
  const isToday = date.toDateString() === new Date(now() * 60_000).toDateString()
  return (isToday ? clock : clockAndDay).format(date)
}

/**
 * Call `tick` whenever a new minute begins.
 * @param {() => void} tick
 */
export function everyMinute(tick) {
  let last = now()
  setInterval(() => {
    if (now() === last) return
    last = now()
    tick()
  }, 2_000)
}
