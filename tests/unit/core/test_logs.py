"""A log line never holds what was being handled."""

import logging
from collections.abc import Callable

import pytest

from havenlight.core.logs import QuietFormatter

CONTENT = "her words, her address"


def logged(fail: Callable[[], None]) -> str:
    """What the log says of an exception that `fail` raises."""
    formatter = QuietFormatter("{levelname} {message}", style="{")
    with pytest.raises(BaseException) as raised:  # noqa: PT011 -- each fails in a way of its own
        fail()
    kind = (raised.type, raised.value, raised.tb)
    record = logging.LogRecord("live", logging.ERROR, __file__, 1, "failed", None, kind)
    return formatter.format(record)


def fail_simply() -> None:
    raise ValueError(CONTENT)


def fail_because_of_another() -> None:
    try:
        fail_simply()
    except ValueError as error:
        raise RuntimeError(CONTENT) from error


def fail_with_notes() -> None:
    error = KeyError(CONTENT)
    error.add_note(CONTENT)
    raise error


def fail_in_a_group() -> None:
    raise ExceptionGroup(CONTENT, [ValueError(CONTENT)])


def fail_with_content_in_a_local() -> None:
    said = CONTENT
    int(said)


@pytest.mark.parametrize(
    "fail",
    [
        fail_simply,
        fail_because_of_another,
        fail_with_notes,
        fail_in_a_group,
        fail_with_content_in_a_local,
    ],
)
def test_an_exception_is_logged_without_anything_it_says(fail: Callable[[], None]) -> None:
    line = logged(fail)
    assert CONTENT not in line
    assert "her words" not in line


def test_an_exception_is_logged_by_its_type_and_place() -> None:
    line = logged(fail_simply)
    assert line.startswith("ERROR failed\n")
    assert "builtins.ValueError" in line
    assert "test_logs.py" in line
    assert "fail_simply" in line


def test_a_line_without_an_exception_is_as_it_was_written() -> None:
    formatter = QuietFormatter("{levelname} {message}", style="{")
    record = logging.LogRecord("live", logging.WARNING, __file__, 1, "it waits", None, None)
    assert formatter.format(record) == "WARNING it waits"


def test_log_exception_outside_a_handler_says_nothing_more() -> None:
    formatter = QuietFormatter("{message}", style="{")
    nothing = (None, None, None)
    record = logging.LogRecord("live", logging.ERROR, __file__, 1, "failed", None, nothing)
    assert formatter.format(record).strip() == "failed"
