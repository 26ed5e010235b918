"""A process that is going down says so to whoever still reaches it."""

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from havenlight.core import tokens
from havenlight.core.ids import new_id
from havenlight.core.refusals import Refused
from havenlight.live.app import Live
from havenlight.live.streams import Stream


class Asked:
    """A request that came over a connection which was open before."""

    body = b""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, object]]] = []

    def reply(self, status: int, body: bytes) -> None:
        """Note the answer."""
        self.answers.append((status, json.loads(body)))

    def refuse(self, refusal: Refused) -> None:
        """Note the refusal."""
        self.answers.append((refusal.status, refusal.as_json()))

    def begin_stream(self, stream: Stream, first: bytes) -> None:
        """No stream is begun any more."""
        raise AssertionError("a stream was begun")


async def test_no_stream_is_opened_on_a_process_that_is_going_down(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = str(tmp_path / "database")
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE chat_message (id)")
    live = Live()
    await live.start()
    live.close_streams()
    conv = new_id()
    grant = tokens.grant(conv, "v", [conv], settings.TOKEN_SECRET, time.time())
    headers = {b"authorization": f"Bearer {grant['token']}".encode()}
    asked = Asked()
    live.take(asked, b"GET", "/live/events", "", headers)
    await live.stop()
    assert asked.answers == [(503, {"code": "stopping", "retry_after": 2})]
