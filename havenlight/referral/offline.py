"""The page by which a recipient makes its key and opens packages: one file that needs no network.

Its script is made of the same modules that the desk and the tests run, each as a function of its
own, so that nothing is written twice and names do not meet.
"""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

MODULES = (
    "chat/seal.mjs",
    "chat/open.mjs",
    "chat/under.mjs",
    "referral/package.mjs",
    "referral/recipient_key.mjs",
    "referral/opener.mjs",
)
_IMPORT = re.compile(r'^import (\{[^}]*\}|\* as \w+) from "[./\w]*?(\w+)\.mjs"$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


def page(language: str) -> str:
    """The whole page in `language`, with a policy that allows its own script and style alone."""
    script, style = _script(), _source("referral/opener.css")
    with translation.override(language):
        context = {
            "lang": language,
            "script": script,
            "style": style,
            "script_hash": _hash(script),
            "style_hash": _hash(style),
        }
        return render_to_string("referral/opener.html", context)


def _script() -> str:
    return '"use strict"\n' + "\n".join(_as_function(name) for name in MODULES)


def _as_function(name: str) -> str:
    """A module as `const name = (() => {...})()`, with its imports taken from those before it."""
    source = _source(name)
    exports = ", ".join(found[1] for found in _EXPORT.findall(source))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(_taken, source))
    return f"const {Path(name).stem}_module = (() => {{\n{body}\nreturn {{ {exports} }}\n}})()"


def _taken(found: re.Match[str]) -> str:
    names, module = found[1].removeprefix("* as ").replace(" as ", ": "), found[2]
    return f"const {names} = {module}_module"


def _source(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    return f"sha256-{b64encode(sha256(source.encode()).digest()).decode()}"
