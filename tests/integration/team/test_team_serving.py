"""When `havenlight serve` will not serve, and what it says then."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.installation import Installation
from tests.servers.process import free_port


def serve(installation: Installation, *, without: str = "", **changed: str) -> tuple[int, str]:
    """What `havenlight serve` answers and says when settings are changed or left out."""
    port = changed.pop("port", str(free_port()))
    code, said, complained = installation.answer(
        "serve", "--port", port, without=without, changed=changed
    )
    return code, said + complained


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def check_is_said_plainly(said: str) -> None:
    assert "Traceback" not in said
    assert 'File "' not in said


def test_demo_keys_are_refused_outside_the_demo_with_what_to_do(installation: Installation) -> None:
    code, said = serve(installation, DEMO="0")
    assert code == 1
    assert "this database holds the demo organisation, whose keys the server made" in said
    assert "Use a new database for the helpline" in said
    check_is_said_plainly(said)


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_database_that_was_never_migrated_is_refused_with_what_to_do(
    installation: Installation, tmp_path: Path
) -> None:
    code, said = serve(installation, DATABASE_URL=f"sqlite:///{tmp_path}/new.sqlite3")
    assert code == 1
    assert "Run: havenlight migrate" in said
    check_is_said_plainly(said)


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEMO", "perhaps"),
        ("LIVE_BURST", "many"),
        ("LIVE_STREAMS", "0"),
        ("ACTIVE_GRACE_SECONDS", "-1"),
        ("SECRET_KEY", ""),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name_without_its_value(
    installation: Installation, name: str, value: str
) -> None:
    code, said = serve(installation, **{name: value})
    assert code == 1
    assert re.search(rf"^havenlight: {name}\b", said, re.MULTILINE)
    assert not value or value not in said.replace(name, "").replace("1 or more", "")
    check_is_said_plainly(said)


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_secret_that_is_not_given_is_asked_for_by_name(
    installation: Installation,
) -> None:
    code, said = serve(installation, without="SECRET_KEY")
    assert code == 1
    assert said.startswith("havenlight: SECRET_KEY is not set")


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_second_process_on_sqlite_is_refused_and_the_first_goes_on(
    installation: Installation,
) -> None:
    code, said = serve(installation)
    assert code == 1
    assert "another process serves" in said
    assert "several need PostgreSQL and REDIS_URL" in said
    check_is_said_plainly(said)
    host, port = installation.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5):
        pass


@pytest.mark.parametrize("installation", ["postgres"], indirect=True)
def test_a_port_in_use_is_told_with_another_way(
    installation: Installation,
) -> None:
    with taken_port() as port:
        code, said = serve(installation, port=str(port))
    assert code == 1
    assert said.strip().endswith("give another with --port")
    assert f"port {port} of 127.0.0.1 cannot be used" in said
    check_is_said_plainly(said)
