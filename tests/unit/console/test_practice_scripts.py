"""Stories to practise on: all of them go on or end, in both languages, whatever is answered."""

from collections import deque
from dataclasses import replace

import pytest

from havenlight.chat.codes import TAPS, ForWhom
from havenlight.console.practice.errors import ScriptBroken
from havenlight.console.practice.scripts import (
    ENDINGS,
    FIRST,
    LANGUAGES,
    Story,
    _check,
    all_stories,
)

STORIES = all_stories()
SWEET = STORIES["sweet_boy"]


def reached(story: Story) -> set[str]:
    """Every step that some answers lead to."""
    found, to_see = {FIRST}, deque([FIRST])
    while to_see:
        step = story.steps[to_see.popleft()]
        leads = {course.to for course in step.courses} | ({step.next} if step.next else set())
        to_see.extend(leads - found)
        found |= leads
    return found


@pytest.mark.parametrize("story", STORIES.values(), ids=list(STORIES))
def test_every_step_of_a_story_can_be_reached_and_it_ends_in_time(story: Story) -> None:
    assert reached(story) == story.steps.keys()
    for language in LANGUAGES:
        name = FIRST
        for _ in range(len(story.steps)):
            name = story.steps[name].after("mm", language) or name
        assert story.steps[name].ends in ENDINGS


@pytest.mark.parametrize("story", STORIES.values(), ids=list(STORIES))
def test_a_story_says_as_much_in_both_languages_and_taps_what_can_be_tapped(story: Story) -> None:
    for step in story.steps.values():
        assert len(step.says["nl"]) == len(step.says["en"]) > 0
        for course in step.courses:
            for language in LANGUAGES:
                assert all(word == word.casefold() for word in course.words[language])
    assert story.taps.keys() <= set(TAPS)
    assert story.taps.get("for_whom", "self") in set(ForWhom)


def test_what_the_member_says_decides_the_course() -> None:
    small = SWEET.steps["small"]
    assert small.after("Wat DAPPER dat je dit vertelt", "nl") == "more"
    assert small.after("Je moet naar de politie. Wat dapper!", "nl") == "gone"
    assert small.after("Hm.", "nl") == "pushed"
    assert small.after("Je moet naar de politie", "en") == "pushed"


@pytest.mark.parametrize(
    "broken",
    [
        {"next": "nowhere"},
        {"next": ""},
        {"ends": "leave"},
        {"ends": "shouting", "next": "", "courses": ()},
        {"next": "", "ends": "leave"},
    ],
)
def test_a_script_that_does_not_go_on_is_refused(broken: dict[str, object]) -> None:
    steps = dict(SWEET.steps) | {"small": replace(SWEET.steps["small"], **broken)}
    with pytest.raises(ScriptBroken, match="small"):
        _check("sweet_boy", steps)
