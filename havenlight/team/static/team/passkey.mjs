// @ts-check
/**
 * Passkeys: a form that is sent first asks the browser for one, and carries what it answers.
 *
 * The options are beside the form, or are fetched when they must be fresh.
 */

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!(form instanceof HTMLFormElement)) throw new Error("data-passkey is not on a form")
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    void answer(form)
  })
}

/** @param {HTMLFormElement} form */
async function answer(form) {
  show(form, "refused", false)
  if (!("PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential)) {
    show(form, "cannot", true)
    return
  }
  try {
    const credential = await ask(form.dataset.passkey, await options(form))
    field(form).value = JSON.stringify(credential)
  } catch {
    // She closed the browser's window, or it knows no passkey for this site.
    show(form, "refused", true)
    return
  }
  form.submit()
}

/**
 * @param {string | undefined} what "create" or "get"
 * @param {any} publicKey as the server wrote it
 * @returns {Promise<unknown>} the credential, to be written as JSON
 */
async function ask(what, publicKey) {
  if (what === "create") {
    const asked = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey)
    // The same passkey may later open her key: only one that is made so can.
    asked.extensions = { ...asked.extensions, prf: {} }
    return navigator.credentials.create({ publicKey: asked })
  }
  const asked = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey)
  return navigator.credentials.get({ publicKey: asked })
}

/**
 * @param {HTMLFormElement} form
 * @returns {Promise<any>}
 */
async function options(form) {
  const from = form.dataset.optionsFrom
  if (from) {
    const answered = await fetch(from, { headers: { "X-Requested-With": "XMLHttpRequest" } })
    return (await answered.json()).request_options.publicKey
  }
  const beside = form.querySelector("script[type='application/json']")
  if (!beside) throw new Error("the form has no options for a passkey")
  return JSON.parse(beside.textContent ?? "").publicKey
}

/**
 * @param {HTMLFormElement} form
 * @returns {HTMLInputElement}
 */
function field(form) {
  const found = form.elements.namedItem("credential")
  if (!(found instanceof HTMLInputElement)) throw new Error("the form has no field credential")
  return found
}

/**
 * @param {HTMLFormElement} form
 * @param {string} part
 * @param {boolean} shown
 */
function show(form, part, shown) {
  const found = form.querySelector(`[data-part=${part}]`)
  if (!(found instanceof HTMLElement)) throw new Error(`the form has no part ${part}`)
  found.hidden = !shown
}
