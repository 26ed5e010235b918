"""Work before a chat: done once, in time, and by nobody who was not asked."""

import pytest

from havenlight.core import work
from havenlight.core.seal.encoding import b64

SECRET, NOW = b"s" * 32, 1_800_000_000.0


@pytest.fixture(scope="module")
def answer() -> str:
    return work.do(**work.ask(SECRET, NOW))


def test_who_finds_the_number_is_let_through_for_five_minutes(answer: str) -> None:
    assert work.check(answer, SECRET, NOW) == work.check(answer, SECRET, NOW + 299)
    with pytest.raises(work.WorkRefused):
        work.check(answer, SECRET, NOW + 300)


def test_work_is_other_work_each_time() -> None:
    one, other = work.ask(SECRET, NOW), work.ask(SECRET, NOW)
    assert one["salt"] != other["salt"]


def test_another_number_is_refused(answer: str) -> None:
    salt, _, number = answer.partition(".")
    with pytest.raises(work.WorkRefused):
        work.check(f"{salt}.{(int(number) + 1) % work.MOST}", SECRET, NOW)


def test_work_of_another_installation_or_of_ones_own_making_is_refused(answer: str) -> None:
    with pytest.raises(work.WorkRefused):
        work.check(answer, b"t" * 32, NOW)
    with pytest.raises(work.WorkRefused):
        work.check(f"{b64(bytes(32))}.0", SECRET, NOW)


@pytest.mark.parametrize("sent", ["", ".", "AA.1", "\xff.1", f"{b64(bytes(32))}.-1", "x" * 5_000])
def test_what_is_no_answer_at_all_is_refused(sent: str) -> None:
    with pytest.raises(work.WorkRefused):
        work.check(sent, SECRET, NOW)


def test_work_that_has_no_answer_is_given_up() -> None:
    with pytest.raises(work.WorkRefused):
        work.do(b64(bytes(32)), 1, 5, b64(bytes(32)))
