"""The product's own settings, with what an administrator would give: for tests and checks alone."""

import atexit
import os
import secrets
import shutil
import tempfile

_data = tempfile.mkdtemp(prefix="havenlight-tests-")
atexit.register(shutil.rmtree, _data, ignore_errors=True)

os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
os.environ.setdefault("DATA_DIR", _data)
os.environ.setdefault("DEMO", "1")

from tests.servers.settings import *  # noqa: E402, F403 -- after what it reads
