// @ts-check
/**
 * Lighthouse on the visitor's page, as it opens or, for "chat", after its button was pressed; prints {"performance": 1, ...}, and what it
 * finds wanting beside that.
 * usage: node bench/lighthouse.mjs start|chat ADDRESS CHROMIUM FLAG...
 *
 * Its own defaults are what is asked for: a phone on slow 4G with a CPU four times as slow, both simulated.
 */
import lighthouse from "lighthouse"
import { launch } from "puppeteer-core"

const CATEGORIES = ["performance", "accessibility", "best-practices"]
const [screen, address, executablePath, ...args] = process.argv.slice(2)

const browser = await launch({ executablePath, args })
try {
  const page = await browser.newPage()
  if (screen === "chat") {
    await page.goto(address)
    await page.locator("[data-part=begin]").click()
    // The tab stores the key of the chat only when its page is left, and shows the chat when it is loaded again.
    await page.waitForFunction('(dispatchEvent(new Event("pagehide")), sessionStorage.length)')
  }
  const flags = { disableStorageReset: screen === "chat", onlyCategories: CATEGORIES }
  const result = await lighthouse(address, flags, undefined, page)
  if (!result) throw new Error("Lighthouse gave no result")
  const { audits, categories } = result.lhr
  for (const { id, score, scoreDisplayMode } of Object.values(audits))
    if (score !== null && score < 1 && scoreDisplayMode !== "informative") console.error(`${screen}: ${id} ${score}`)
  console.log(JSON.stringify(Object.fromEntries(CATEGORIES.map((id) => [id, categories[id].score]))))
} finally {
  await browser.close()
}
