"""Chromium as Debian packages it, without a word to anyone outside, and two sizes of screen."""

from typing import Any

CHROMIUM = "/usr/bin/chromium"

# Loopback never goes through a proxy; everything else ends at a port where nobody listens.
NOWHERE = "127.0.0.1:9"
CHROMIUM_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--proxy-server={NOWHERE}",
]

PROFILES: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}
