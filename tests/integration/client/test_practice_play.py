"""A made-up visitor at a real server goes where the member's words lead her."""

import asyncio

import pytest

from havenlight.client import Member, Message, Queue, State
from havenlight.console.practice.play import Pace, Told, play
from havenlight.console.practice.scripts import all_stories
from havenlight.core.ids import new_id
from tests.integration.client.people import People, until, waits_in

QUICK = Pace(a_character=0, at_most=0, quiet=0.3, answered_within=20)


async def heard(member: Member, conv: str, texts: tuple[str, ...]) -> None:
    """Return once she has said all of `texts`."""
    for text in texts:
        await until(member, Message, lambda one, text=text: (one.conv, one.text) == (conv, text))


@pytest.mark.parametrize(
    ("said", "follows"), [("Wat moedig dat je dit vertelt.", "more"), ("Bel de politie.", "gone")]
)
async def test_a_story_takes_the_course_that_the_member_chooses(
    people: People, said: str, follows: str
) -> None:
    anna, story, conv = await people.member(), all_stories()["sweet_boy"], new_id()
    address = people.installation.address
    playing = asyncio.create_task(
        play(address, conv, Told(story, "nl"), allow_demo=True, pace=QUICK)
    )
    await waits_in(anna, conv)
    await anna.accept(conv)
    await heard(anna, conv, story.steps["begin"].says["nl"])
    await anna.say(conv, "Ja, ik ben een mens.")
    await heard(anna, conv, story.steps["small"].says["nl"])
    await anna.say(conv, said)
    await heard(anna, conv, story.steps[follows].says["nl"])
    if story.steps[follows].ends:
        await until(anna, State, lambda one: (one.conv, one.state) == (conv, "ended"))
    else:
        await anna.end(conv)
    await asyncio.wait_for(playing, 20)


async def test_she_asks_once_whether_anybody_is_there_and_then_goes(people: People) -> None:
    told = Told(all_stories()["worried_friend"], "en")
    pace = Pace(a_character=0, at_most=0, accepted_within=4, answered_within=0.2)
    anna, conv = await people.member(), new_id()
    playing = asyncio.create_task(
        play(people.installation.address, conv, told, allow_demo=True, pace=pace)
    )
    await waits_in(anna, conv)
    await until(anna, Queue, lambda queue: all(one["conv"] != conv for one in queue.waiting))
    await asyncio.wait_for(playing, 60)
