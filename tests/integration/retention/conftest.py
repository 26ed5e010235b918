"""Installations that tests of retention may fill, empty, stop and restore."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

import psycopg
import pytest

from tests.servers.installation import Installation

FILL = """
from datetime import timedelta
from uuid import UUID
from django.utils import timezone
from havenlight.chat.models import Conversation, Message, Thread, Wrap
from havenlight.team.models import Member
for name, wrap, said, days in {kept!r}:
    ago = timezone.now() - timedelta(days=days)
    one = Conversation.objects.create(id=UUID(name), thread=Thread.objects.create(started_at=ago),
        language="nl", epoch=1, tab_check=bytes(32), state="ended", started_at=ago,
        accepted_at=ago, counsellor=Member.objects.first(), ended_at=ago, ended_by="member")
    Wrap.objects.create(conversation=one, kind="team", sealed=bytes.fromhex(wrap))
    Message.objects.create(conversation=one, seq=1, message_id=one.id, sender="v", n=1,
        said_at=ago, envelope=bytes.fromhex(said))
"""


@dataclass
class Kept:
    """A conversation that ended some days ago, with bytes that are like nothing else."""

    installation: Installation
    days: int
    id: str = field(default_factory=lambda: os.urandom(16).hex())
    wrap: bytes = field(default_factory=lambda: os.urandom(113))
    said: bytes = field(default_factory=lambda: os.urandom(285))

    def is_there(self) -> bool:
        """Whether its key is still a row."""
        asked = "SELECT count(*) FROM chat_wrap WHERE conversation_id = "
        if self.installation.postgres:
            url = self.installation.postgres.url(self.installation.database_name)
            with psycopg.connect(url) as server:
                found = server.execute(f"{asked} '{self.id}'".encode()).fetchone()
        else:
            with closing(sqlite3.connect(self.installation.database)) as file:
                found = file.execute(f"{asked} ?", [self.id]).fetchone()
        return found == (1,)


Keep = Callable[..., list[Kept]]


@pytest.fixture
def keep(own: Installation) -> Keep:
    """Puts conversations into `own` that ended so many days ago: `keep(400, 1)`."""

    def new(*days: int) -> list[Kept]:
        made = [Kept(own, ago) for ago in days]
        rows = [(one.id, one.wrap.hex(), one.said.hex(), one.days) for one in made]
        own.run("shell", "-c", FILL.format(kept=rows))
        return made

    return new


@pytest.fixture(params=["sqlite", "postgres"])
def own(
    request: pytest.FixtureRequest, new_installation: Callable[..., Installation]
) -> Installation:
    """An installation of this test alone, on either store."""
    return new_installation(request.param)
