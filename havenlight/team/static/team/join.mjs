// @ts-check
/** Moves the token of a link from the address, of which a server sees no fragment, into the form. */

const form = document.querySelector("form[data-join]")
const incomplete = document.querySelector("[data-part=incomplete]")
if (!(form instanceof HTMLFormElement)) throw new Error("the page has no form data-join")
if (!(incomplete instanceof HTMLElement)) throw new Error("the page has no part incomplete")
const field = form.elements.namedItem("token")
if (!(field instanceof HTMLInputElement)) throw new Error("the form has no field token")

field.value = location.hash.slice(1)
// Nobody who looks at the address or goes back finds it there.
history.replaceState(null, "", location.pathname)
form.hidden = field.value === ""
incomplete.hidden = field.value !== ""
if (field.value !== "") form.submit()
