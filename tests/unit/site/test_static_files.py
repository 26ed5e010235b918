"""A visitor's scripts as they are served: bare, and otherwise as they were written."""

import pytest

from havenlight.site.static_files import copies

WRITTEN = b"""// @ts-check
/**
 * A page. /* within
 */
import { part } from "./talk.mjs"

/** @type {Chat | null} */
let chat = null // beside
/** @param {string} a */ const b = (a) => "// no comment"
const field = /** @type {HTMLElement} */ (part("text"))
  /** @type {string} */ (field.id)
function leave() {
  // Why.
  return `http://${chat}`
}
"""

SERVED = b"""import { part } from "./ce76.mjs"

let chat = null // beside
/** @param {string} a */ const b = (a) => "// no comment"
const field = /** @type {HTMLElement} */ (part("text"))
/** @type {string} */ (field.id)
function leave() {
return `http://${chat}`
}
"""


def test_comments_with_lines_of_their_own_are_not_served() -> None:
    [served] = copies({"chat/visit.mjs": WRITTEN, "console/desk.mjs": WRITTEN}).values()
    assert served == SERVED


def test_a_text_over_several_lines_is_refused_rather_than_changed() -> None:
    with pytest.raises(ValueError, match="several lines"):
        copies({"chat/visit.mjs": b"const a = `\n  // b\n`\n"})
