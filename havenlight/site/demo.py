"""What the demo needs before settings can be read: a secret of its own and a place for its data."""

import json
import os
import secrets
from pathlib import Path

DEFAULT_DATA_DIR = "var"
SIGN_IN_FILE = "demo-sign-in.json"
SIGNING_FILE = "demo-signing-key.json"
SIGNING_PHRASE_FILE = "demo-signing-phrase"


def prepare(port: int) -> None:
    """Set the environment of a demo that listens on `port`, where nothing else was set."""
    data = Path(os.environ.setdefault("DATA_DIR", DEFAULT_DATA_DIR))
    data.mkdir(parents=True, exist_ok=True)
    os.environ["DEMO"] = "1"
    # The name first: browsers make no passkey for an address, and links begin with the first.
    os.environ.setdefault("ORIGINS", f"http://localhost:{port},http://127.0.0.1:{port}")
    if "SECRET_KEY" not in os.environ and "SECRET_KEY_FILE" not in os.environ:
        os.environ["SECRET_KEY_FILE"] = str(_secret_file(data))


def _secret_file(data: Path) -> Path:
    path = data / "demo-secret-key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48))
    return path


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def read_sign_ins(data: Path) -> list[dict[str, str]]:
    """What the demo's members type, as it was written when they were made."""
    found: list[dict[str, str]] = json.loads((data / SIGN_IN_FILE).read_text(encoding="utf-8"))
    return found


def read_signing_phrase(data: Path) -> str | None:
    """What opens the file of the demo's signing key; None in a demo made before it had one."""
    path = data / SIGNING_PHRASE_FILE
    return path.read_text(encoding="utf-8") if path.exists() else None
