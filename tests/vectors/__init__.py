"""The protocol's test vectors as the tests read them; seal.json is written by make_seal.py."""

import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent

SEAL: dict[str, Any] = json.loads((_HERE / "seal.json").read_text(encoding="ascii"))
STREAM: dict[str, Any] = json.loads((_HERE / "stream.json").read_text(encoding="utf-8"))
RFC9180: dict[str, Any] = json.loads((_HERE / "rfc9180.json").read_text(encoding="ascii"))
