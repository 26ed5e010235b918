"""What a made-up visitor tells, and how it goes on from what the member answers; pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from havenlight.console.practice import stories
from havenlight.console.practice.errors import ScriptBroken

LANGUAGES = ("nl", "en")
FIRST = "begin"
ENDINGS = frozenset({"leave", "exit"})

Words = Mapping[str, tuple[str, ...]]
"""By language."""


@dataclass(frozen=True, slots=True)
class Course:
    """Where it goes when the member says any of `words`, in whatever case and with any ending."""

    to: str
    words: Words


@dataclass(frozen=True, slots=True)
class Step:
    """What she says in one go; then she waits for an answer, or ends it by `ends`."""

    says: Words
    courses: tuple[Course, ...]
    next: str
    ends: str

    def after(self, answer: str, language: str) -> str:
        """The name of the step that follows on `answer`: the first course it fits, or `next`."""
        heard = answer.casefold()
        for course in self.courses:
            if any(word in heard for word in course.words[language]):
                return course.to
        return self.next


@dataclass(frozen=True, slots=True)
class Story:
    """One made-up visitor: what she taps while she waits, and her steps by name."""

    name: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    taps: Mapping[str, Any]
    steps: Mapping[str, Step]
    unanswered: Words
    """What she says once when no answer comes."""


def _story(name: str, read: Mapping[str, Any]) -> Story:
    steps = {key: _step(fields) for key, fields in read["steps"].items()}
    _check(name, steps)
    return Story(
        name=name,
        title=read["title"],
        about=read["about"],
        taps=read["taps"],
        steps=steps,
        unanswered=_words(read["unanswered"]),
    )


def _step(fields: Mapping[str, Any]) -> Step:
    courses = (Course(one["to"], _words(one)) for one in fields.get("courses", ()))
    return Step(_words(fields), tuple(courses), fields.get("next", ""), fields.get("ends", ""))


def _words(fields: Mapping[str, Any]) -> Words:
    return {language: tuple(fields[language]) for language in LANGUAGES}


def _check(name: str, steps: Mapping[str, Step]) -> None:
    """Raise ScriptBroken unless every step leads to one that is there, or ends it."""
    for key, step in steps.items():
        leads = {course.to for course in step.courses} | ({step.next} if step.next else set())
        if not leads <= steps.keys() or bool(leads) is bool(step.ends):
            raise ScriptBroken(name, key)
        if step.ends and step.ends not in ENDINGS:
            raise ScriptBroken(name, key)
        if step.courses and not step.next:
            raise ScriptBroken(name, key)
    if FIRST not in steps:
        raise ScriptBroken(name, FIRST)


@cache
def all_stories() -> Mapping[str, Story]:
    """Every story by its name, in the order of their names."""
    found = (file for file in files(stories).iterdir() if file.name.endswith(".toml"))
    read = {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))
        for file in found
    }
    return {name: _story(name, read[name]) for name in sorted(read)}
