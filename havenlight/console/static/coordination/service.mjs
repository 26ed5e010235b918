// @ts-check
/** Keeps what is said about this moment up to date. */

const EVERY_MS = 15_000

const root = document.querySelector("[data-part=now]")
if (!(root instanceof HTMLElement) || !root.dataset.address) throw new Error("the page has no part now")
const address = root.dataset.address

/** While the line is away the numbers stay, marked as old. */
async function renew() {
  const answer = await fetch(address).catch(() => null)
  root?.classList.toggle("stale", !answer?.ok)
  if (!answer?.ok) return
  /** @type {Record<string, number>} */
  const now = await answer.json()
  for (const place of root?.querySelectorAll("[data-now]") ?? []) {
    if (place instanceof HTMLElement) place.textContent = String(now[place.dataset.now ?? ""] ?? "")
  }
}

setInterval(() => {
  if (document.visibilityState === "visible") renew()
}, EVERY_MS)
