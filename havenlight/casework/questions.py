"""Answers that contradict each other: asked back as questions, because life can be like that."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

from havenlight.casework.answers import asked
from havenlight.casework.codebook import Absence, Answers, Codebook, Publish, Text
from havenlight.casework.loading import Reader, parsed

WORDS = "questions.toml"
PARENTS = frozenset({"father", "mother", "step_or_foster_parent"})


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask back, and about which variables."""

    key: str
    variables: tuple[str, ...]
    text: Text


def questions(codebook: Codebook, answers: Answers) -> tuple[Question, ...]:
    """What these answers make one ask; empty when nothing contradicts, never a refusal."""
    words = _words()
    facts = Facts(codebook, answers)
    return tuple(
        Question(key, variables, words[key])
        for key, (variables, contradicts) in RULES.items()
        if all(variable in codebook.variables for variable in variables) and contradicts(facts)
    )


def missing(codebook: Codebook, answers: Answers) -> tuple[str, ...]:
    """The variables that came up, go into tables, and were not asked: often known by now."""
    return tuple(
        key
        for key in asked(codebook, answers)
        if codebook.variables[key].publish is not Publish.NEVER
        and answers.get(key, Absence.NOT_ASKED) == Absence.NOT_ASKED
    )


def _words() -> dict[str, Text]:
    content = files("havenlight.casework").joinpath(WORDS).read_bytes()
    read = Reader(WORDS)
    return {key: read.text(value, key) for key, value in parsed(WORDS, content).items()}


@dataclass(frozen=True, slots=True)
class Facts:
    """Answers as the rules look at them; what is absent contradicts nothing."""

    codebook: Codebook
    answers: Answers

    def has(self, variable: str, *codes: str) -> bool:
        """Whether the answer is, or holds, one of these codes."""
        return bool(self.codes(variable).intersection(codes))

    def codes(self, variable: str) -> frozenset[str]:
        """The codes of the answer."""
        answer = self.answers.get(variable)
        if isinstance(answer, tuple):
            return frozenset(answer)
        return frozenset({answer}) if isinstance(answer, str) else frozenset()

    def number(self, variable: str) -> int | None:
        """The number, when it was said."""
        answer = self.answers.get(variable)
        return answer if isinstance(answer, int) else None

    def most(self, variable: str, band: str) -> int | None:
        """The number, or the highest of the band it is in."""
        return self._bound(variable, band, highest=True)

    def least(self, variable: str, band: str) -> int | None:
        """The number, or the lowest of the band it is in."""
        return self._bound(variable, band, highest=False)

    def _bound(self, variable: str, band: str, *, highest: bool) -> int | None:
        said = self.number(variable)
        answer = self.answers.get(band)
        if said is not None or not isinstance(answer, str):
            return said
        code = self.codebook.variables[band].code(answer)
        if code is None:
            return None
        return code.at_most if highest else code.at_least


def _months_lived(facts: Facts) -> int | None:
    # Someone of 15 has lived less than 16 years.
    years = facts.most("age", "age_band")
    return None if years is None else (years + 1) * 12


def _longer_than_life(facts: Facts) -> bool:
    lived, months = _months_lived(facts), facts.least("duration_months", "duration_band")
    return lived is not None and months is not None and months >= lived


def _began_later(facts: Facts) -> bool:
    age, began = facts.most("age", "age_band"), facts.number("age_at_start")
    return age is not None and began is not None and began > age


def _began_and_lasted(facts: Facts) -> bool:
    lived, began = _months_lived(facts), facts.number("age_at_start")
    months = facts.least("duration_months", "duration_band")
    if lived is None or began is None or months is None:
        return False
    return not _began_later(facts) and not _longer_than_life(facts) and began * 12 + months >= lived


RULES: dict[str, tuple[tuple[str, ...], Callable[[Facts], bool]]] = {
    "duration_longer_than_life": (
        ("age", "age_band", "duration_months", "duration_band"),
        _longer_than_life,
    ),
    "began_later_than_now": (("age", "age_band", "age_at_start"), _began_later),
    "began_and_lasted_too_long": (
        ("age", "age_band", "age_at_start", "duration_months", "duration_band"),
        _began_and_lasted,
    ),
    "one_perpetrator_two_relations": (
        ("perpetrators", "relation"),
        lambda facts: (
            facts.has("perpetrators", "one") and len(facts.codes("relation") & PARENTS) > 1
        ),
    ),
    "established_by_no_one": (
        ("trafficking_status", "status_source"),
        lambda facts: (
            facts.has("trafficking_status", "actual", "not")
            and facts.has("status_source", "herself", "bystander")
        ),
    ),
    "not_a_victim_with_forms": (
        ("trafficking_status", "forms"),
        lambda facts: (
            facts.has("trafficking_status", "not") and isinstance(facts.answers.get("forms"), tuple)
        ),
    ),
    "first_time_but_known": (
        ("first_disclosure", "known_to"),
        lambda facts: (
            facts.has("first_disclosure", "yes")
            and facts.has("known_to", "care", "police", "school", "family_or_friends")
        ),
    ),
    "began_online_grew_up": (
        ("recruitment_place", "recruitment_how"),
        lambda facts: (
            facts.has("recruitment_place", "online") and facts.has("recruitment_how", "born_into")
        ),
    ),
}
"""Each rule by the key of its words, with the variables that it looks at."""
