"""A full night: sixty visitors, five members, and nothing in the log."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from havenlight.client import Link, Member, Message, Queue, State, Visitor, cookie_jar
from havenlight.client import organisation_of as organisation_at
from havenlight.client.errors import ServerRefused
from tests.servers.installation import Installation

VISITORS = 60
MEMBERS = 5
ROUNDS = 5
AT_ONCE = 6


@dataclass
class Night:
    """What happened: how often each said something that the other side read."""

    visitors_done: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    finished: set[str] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture
def helpline(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path, counsellors=MEMBERS)
    installation.start()
    yield installation
    installation.stop()


async def visit(link: Link, organisation: bytes, number: int, night: Night) -> None:
    """One visitor: waits, talks for some rounds, and goes in one of three ways."""
    visitor = await Visitor.start(link, organisation, allow_demo=True, lang="nl")
    if number % 7 == 0:
        await visitor.tap(in_danger=True, under_18=True)
    await visitor.say(f"bezoeker {number}")
    heard = 0
    async for event in visitor.events:
        if not isinstance(event, Message) or event.is_mine:
            continue
        assert not event.reading.missing
        heard += 1
        await visitor.read(event.reading.seq)
        if heard == ROUNDS:
            break
        if number % 5 == heard:
            visitor.drop()
        await visitor.say(f"antwoord {heard}")
    await visitor.leave("exit" if number % 3 == 0 else "leave")
    visitor.close()
    night.visitors_done += 1


async def counsel(member: Member, night: Night) -> None:
    """One member: takes who waits as long as she has room, answers each message, finishes."""
    hers: set[str] = set()
    async for event in member:
        match event:
            case Queue():
                for row in event.waiting:
                    if len(hers) < AT_ONCE and await accepts(member, row["conv"]):
                        hers.add(row["conv"])
            case Message(is_mine=False, conv=conv) if conv in hers:
                assert not event.reading.missing
                night.answered[conv] += 1
                await answer(member, event)
            case State(state="ended", conv=conv) if conv in hers:
                hers.discard(conv)
                await member.finish(conv)
                night.finished.add(conv)
        if len(night.finished) == VISITORS:
            night.over.set()


async def accepts(member: Member, conv: str) -> bool:
    """Whether she was the first who took it, and who waited is still there."""
    try:
        await member.accept(conv)
    except ServerRefused as refused:
        if refused.code not in {"taken", "ended"}:
            raise
        return False
    return True


async def answer(member: Member, message: Message) -> None:
    """Say something back, unless the visitor has gone meanwhile."""
    try:
        await member.read(message.conv, message.reading.seq)
        await member.say(message.conv, f"ik lees: {message.text}")
    except ServerRefused as refused:
        if refused.code not in {"ended", "unknown"}:
            raise


@pytest.mark.long
async def test_a_full_night_leaves_nothing_in_the_log(helpline: Installation) -> None:
    night = Night()
    signs_in = [one for one in helpline.sign_ins if one["phrase"]][:MEMBERS]
    async with Link(helpline.address) as link:
        organisation = await organisation_at(link)
        desks = [Link(helpline.address, cookies=cookie_jar()) for _ in signs_in]
        try:
            members = []
            for desk, sign_in in zip(desks, signs_in, strict=True):
                await desk.__aenter__()
                member = await Member.sign_in(desk, sign_in["email"], sign_in["password"])
                await member.unlock(sign_in["phrase"], organisation, allow_demo=True)
                members.append(member)
            async with asyncio.timeout(400), asyncio.TaskGroup() as work:
                shifts = [work.create_task(counsel(member, night)) for member in members]
                for number in range(VISITORS):
                    work.create_task(visit(link, organisation, number, night))
                await night.over.wait()
                for member in members:
                    member.close()
                await asyncio.gather(*shifts)
        finally:
            for desk in desks:
                await desk.__aexit__(None, None, None)
    assert night.visitors_done == len(night.finished) == VISITORS
    # Each visitor said one thing before she was answered and one in each round but the last.
    assert set(night.answered.values()) == {ROUNDS}
    printed = helpline.output()
    assert [line for line in printed.splitlines() if "ERROR" in line or "WARNING" in line] == []
    assert "Traceback" not in printed
