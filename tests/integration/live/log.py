"""The append log of one store, below the protocol: its writer, reader and conversations."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import dj_database_url
from django.db import connections, transaction

from havenlight.chat.models import Conversation, Thread
from havenlight.chat.states import State
from havenlight.core.ids import new_id
from havenlight.core.seal.encoding import b64
from havenlight.live.jobs import Append, Facts, Glance, Read, Reader, Stored, Write, Writer, Written
from havenlight.live.stores.postgres import PostgresReader, PostgresWriter
from havenlight.live.stores.sqlite import SqliteReader, SqliteWriter
from havenlight.team.codes import Role
from havenlight.team.models import Member
from tests.servers.installation import Installation

ANNA = "a" * 32
"""A member whom every log knows, with one id on all of them."""


def new_writer(installation: Installation, now: Callable[[], float] = time.time) -> Writer:
    """One more writer of an installation's log, as another process has it."""
    if installation.store == "sqlite":
        return SqliteWriter(str(installation.database), now)
    return PostgresWriter(installation.environment["DATABASE_URL"], now)


class Log:
    """The log of an installation. `now` is what its clock shows, in seconds since 1970."""

    def __init__(self, installation: Installation, alias: str) -> None:
        self.installation = installation
        self.now = 1_800_000_000.0
        self._alias = alias
        self.writer = self.new_writer()
        self.reader = self._new_reader()

    def new_writer(self) -> Writer:
        """One more writer, with the same clock."""
        return new_writer(self.installation, lambda: self.now)

    def _new_reader(self) -> Reader:
        if self.installation.store == "sqlite":
            return SqliteReader(str(self.installation.database))
        return PostgresReader(self.installation.environment["DATABASE_URL"])

    def conversation(self, state: State = State.ACTIVE, conv: str = "") -> str:
        """A new conversation; Anna's when it is active."""
        moment = datetime.now(UTC)
        accepted: dict[str, Any] = {"accepted_at": moment, "counsellor_id": UUID(ANNA)}
        conversation = Conversation.objects.using(self._alias).create(
            id=UUID(conv or new_id()),
            thread=Thread.objects.using(self._alias).create(),
            state=state,
            language="nl",
            epoch=1,
            tab_check=secrets.token_bytes(32),
            **(accepted if state is State.ACTIVE else {}),
        )
        return conversation.pk.hex

    def change(self, conv: str, **values: object) -> None:
        """Change a conversation's row as the actions do."""
        Conversation.objects.using(self._alias).filter(pk=UUID(conv)).update(**values)

    def changing(self) -> AbstractContextManager[None]:
        """A transaction around changes, which others wait for."""
        return transaction.atomic(using=self._alias)

    def execute(self, statements: str) -> None:
        """Run statements of the store itself."""
        with connections[self._alias].cursor() as cursor:
            cursor.execute(statements)

    def add_anna(self) -> None:
        """Make the member whom every log knows."""
        values = {"email": f"{ANNA}@example.org", "alias": "Anna", "role": Role.COUNSELLOR}
        Member.objects.using(self._alias).get_or_create(id=UUID(ANNA), defaults=values)

    def write(self, *group: Write) -> list[Written]:
        """Write one group."""
        return self.writer.write(list(group))

    def facts(self, conv: str) -> Facts:
        """What a stream is told first."""
        return self._sight(conv, None)[0]

    def messages(self, conv: str) -> list[Stored]:
        """All that is kept of a conversation, page by page, as a stream reads it."""
        found: list[Stored] = []
        while page := self._sight(conv, found[-1].seq if found else 0)[1]:
            found += page
        return found

    def _sight(self, conv: str, after: int | None) -> tuple[Facts, tuple[Stored, ...]]:
        (sight,) = self.reader.read([Glance(conv, after)])
        assert not isinstance(sight, Exception)
        return sight.facts, sight.messages

    def close(self) -> None:
        """Let go of the database."""
        self.writer.close()
        self.reader.close()
        connections[self._alias].close()


@contextmanager
def log_of(installation: Installation) -> Iterator[Log]:
    """The log of an installation that is served at the same time."""
    alias = f"log-{installation.store}"
    database = dj_database_url.parse(installation.environment["DATABASE_URL"])
    both = {"default": connections.settings["default"], alias: database}
    connections.settings[alias] = connections.configure_settings(both)[alias]
    log = Log(installation, alias)
    try:
        log.add_anna()
        yield log
    finally:
        log.close()
        del connections[alias]
        del connections.settings[alias]


def said(conv: str, n: int = 1, *, sender: str = "v", **changed: Any) -> Append:
    """A message of the visitor, or of Anna when the sender is a member's key."""
    subject = conv if sender == "v" else ANNA
    given: dict[str, Any] = {"id": new_id(), "subject": subject, "env": secrets.token_bytes(40)}
    given |= changed
    return Append(conv=conv, sender=sender, n=n, text=b64(given["env"]), **given)


def read_up_to(conv: str, seq: int, *, who: str = "v", subject: str = "") -> Read:
    """A read mark of that side."""
    return Read(conv, who, subject or (conv if who == "v" else ANNA), seq)
