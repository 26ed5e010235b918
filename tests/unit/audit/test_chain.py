"""The chain of the audit shows what was done to it: a line gone, changed, moved, or its end cut."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenlight.audit.chain import BEGIN, START, Line, Place, check_chain
from havenlight.audit.errors import ChainBroken

AT = datetime(2026, 11, 22, 23, 15, 30, 5, tzinfo=UTC)
ANNA = UUID("6b3f2f7a-3f7a-4f0e-9f51-0f6a5f0c7b11")

Chain = list[tuple[Line, bytes]]


def chain_of(length: int) -> Chain:
    former, chain = BEGIN, []
    for number in range(1, length + 1):
        line = Line(number, AT, ANNA, "accepted", "chat.conversation", str(number), "", former)
        former = line.digest()
        chain.append((line, former))
    return chain


def end_of(chain: Chain) -> Place:
    return Place(chain[-1][0].number, chain[-1][1]) if chain else START


def test_the_bytes_of_a_line_are_these() -> None:
    line = Line(1, AT, ANNA, "ended", "chat.conversation", "7", "naïve", BEGIN)
    assert line.canonical() == (
        b"havenlight/audit/1\n"
        b'[1,"2026-11-22T23:15:30.000005Z","6b3f2f7a3f7a4f0e9f510f6a5f0c7b11","ended",'
        b'"chat.conversation","7","na\xc3\xafve","' + b"0" * 64 + b'"]'
    )
    elsewhere = replace(line, at=AT.astimezone(timezone(timedelta(hours=1))))
    assert elsewhere.digest() == line.digest()


@pytest.mark.parametrize("length", [0, 1, 5])
def test_a_chain_as_it_was_written_is_whole(length: int) -> None:
    chain = chain_of(length)
    check_chain(chain, end_of(chain), [end_of(chain), START])


@given(st.integers(1, 8), st.data())
def test_any_line_that_was_taken_out_changed_or_moved_is_found(
    length: int, data: st.DataObject
) -> None:
    chain = chain_of(length)
    end = end_of(chain)
    at = data.draw(st.integers(0, length - 1))
    line, stored = chain[at]
    changes = {
        "verb": "ended",
        "reason": "none",
        "member_id": None,
        "subject": "other",
        "at": AT + timedelta(microseconds=1),
        "kind": "team.member",
    }
    name = data.draw(st.sampled_from([*changes, "gone", "moved"]))
    if name == "gone":
        del chain[at]
    elif name == "moved":
        other = data.draw(st.integers(0, length - 1).filter(lambda n: n != at or length == 1))
        chain[at], chain[other] = chain[other], chain[at]
        if length == 1:
            chain = []
    else:
        chain[at] = (replace(line, **{name: changes[name]}), stored)
    with pytest.raises(ChainBroken):
        check_chain(chain, end)


def test_an_end_that_was_cut_off_is_found_by_the_head_and_by_what_was_noted() -> None:
    chain = chain_of(5)
    noted = end_of(chain)
    with pytest.raises(ChainBroken, match=r"line 4 .* cut off"):
        check_chain(chain[:3], noted)
    with pytest.raises(ChainBroken, match="line 5 was noted"):
        check_chain(chain[:3], end_of(chain[:3]), [noted])


def test_a_chain_that_was_written_anew_is_found_by_what_was_noted() -> None:
    noted = end_of(chain_of(5)[:4])
    former, anew = BEGIN, []
    for line, _ in chain_of(6):
        other = replace(line, verb="ended", former=former)
        former = other.digest()
        anew.append((other, former))
    check_chain(anew, end_of(anew))
    with pytest.raises(ChainBroken, match=r"line 4 .* not the one that was noted"):
        check_chain(anew, end_of(anew), [noted])
