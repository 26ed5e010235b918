"""Counting: what adds up, what is apart, and files that cannot be counted."""

import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenlight.casework.answers import asked, finished
from havenlight.casework.codebook import Absence, Answer, Answers
from havenlight.figures import reading, tabulation
from havenlight.figures.errors import NothingToCount, RegistrationsRefused
from tests.unit.casework.answering import answer_to
from tests.unit.figures import counting
from tests.unit.figures.counting import BOOK, CODEBOOK, victim

WANTED = tabulation.wanted(BOOK)
HELP: Answers = {
    "contacted_on": date(2021, 5, 5),
    "contact_kind": "help",
    "role": "victim",
    "help_question": ("trafficking",),
}


def count(path: Path, year: int = 2021) -> dict[tuple[str, int], tabulation.Counted]:
    return tabulation.tabulate(BOOK, reading.read(path, CODEBOOK, WANTED), [year])


def test_base_and_absences_add_up_to_the_population_for_every_figure(tmp_path: Path) -> None:
    for counted in counting.counted(tmp_path, 2021).values():
        check_adds_up(counted)


def check_adds_up(counted: tabulation.Counted) -> None:
    assert counted.base + sum(counted.absent.values()) == counted.population
    figure = BOOK.figures[counted.figure]
    if figure.exclusive and len(figure.parts) > 1:
        assert sum(counted.parts.values()) == counted.base, counted.figure
    assert all(part <= counted.base for part in counted.parts.values())


@st.composite
def somebody(draw: st.DrawFn) -> Answers:
    """A victim of whom some questions were answered, and answered again, as the form allows."""
    answers: dict[str, Answer] = {}
    for key in draw(st.lists(st.sampled_from(sorted(CODEBOOK.variables)), max_size=25)):
        if key in asked(CODEBOOK, {**HELP, **answers}) and key not in HELP:
            answers[key] = draw(answer_to(CODEBOOK.variables[key]))
    return finished(CODEBOOK, {**HELP, **answers})


def summed(counted: tabulation.Counted) -> Counter[str]:
    absent = {absence.value: persons for absence, persons in counted.absent.items()}
    sizes = {"population": counted.population, "base": counted.base}
    return Counter({**sizes, **absent, **{f"part {key}": n for key, n in counted.parts.items()}})


@settings(deadline=None, max_examples=20)
@given(st.lists(somebody(), min_size=1, max_size=4), st.lists(somebody(), min_size=1, max_size=4))
def test_whatever_was_answered_the_counts_of_two_groups_add_up_to_those_of_all(
    one: list[Answers], other: list[Answers]
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "registrations.csv"
        whole, *parts = (count(counting.write(path, rows)) for rows in (one + other, one, other))
    for name, counted in whole.items():
        check_adds_up(counted)
        assert summed(counted) == summed(parts[0][name]) + summed(parts[1][name]), name


def test_a_person_with_two_forms_counts_once_in_all_and_once_in_each(tmp_path: Path) -> None:
    rows = [victim(forms=("sexual", "criminal")), victim(forms=("criminal",))]
    forms = count(counting.write(tmp_path / "registrations.csv", rows))["forms", 2021]
    assert (forms.base, forms.parts["sexual"], forms.parts["criminal"]) == (2, 1, 2)


def test_unknown_is_beside_the_base_and_never_counted_as_no(tmp_path: Path) -> None:
    rows = [victim(still_going_on=each) for each in ("yes", "no", "unknown", "refused")]
    going_on = count(counting.write(tmp_path / "registrations.csv", rows))["still_exploited", 2021]
    assert (going_on.population, going_on.base, going_on.share("still_exploited")) == (4, 2, 0.5)
    assert going_on.absent == {Absence.UNKNOWN: 1, Absence.REFUSED: 1}


def test_whom_a_question_does_not_concern_is_outside(tmp_path: Path) -> None:
    rows = [victim(referral_offered="no"), victim(referral_offered="yes", referral_accepted="yes")]
    path = counting.write(tmp_path / "registrations.csv", rows)
    accepted = count(path)["referral_accepted", 2021]
    assert (accepted.population, accepted.base) == (1, 1)


def test_a_figure_of_which_all_is_unknown_has_a_base_of_nobody(tmp_path: Path) -> None:
    path = counting.write(tmp_path / "registrations.csv", [victim(gender="unknown")])
    girls = count(path)["girls", 2021]
    assert (girls.population, girls.base, girls.share("girls")) == (1, 0, None)


def test_what_needs_contacts_is_left_out_without_them(tmp_path: Path) -> None:
    counted = count(counting.write(tmp_path / "registrations.csv", [victim()]))
    assert ("contacts", 2021) not in counted
    assert ("returning", 2021) not in counted
    assert counted["visitors", 2021].base == 1


def test_who_was_not_counted_is_unknown_and_leaves_no_number_of_contacts(tmp_path: Path) -> None:
    path = counting.write(tmp_path / "registrations.csv", [victim(), victim(), victim()])
    contacts, header = tmp_path / "contacts.csv", "case,contacted_on\n"
    came = "C0,2021-05-05\nC0,2021-06-05\nC1,2021-05-05\nC1,2022-01-01\n"
    contacts.write_text(header + came, encoding="utf-8")
    counted = count(path)
    returning = counted["returning", 2021]
    assert (returning.parts, returning.base, returning.absent) == (
        {"returning": 1}, 2, {Absence.UNKNOWN: 1},
    )  # fmt: skip
    assert ("contacts", 2021) not in counted
    contacts.write_text(f"{header}{came}C2,2021-05-06\n", encoding="utf-8")
    assert count(path)["contacts", 2021].base == 4


def test_a_year_without_registrations_is_refused(tmp_path: Path) -> None:
    path = counting.write(tmp_path / "registrations.csv", [victim()])
    with pytest.raises(NothingToCount, match="in 2020"):
        count(path, 2020)


def spoiled(tmp_path: Path, old: str, new: str) -> str:
    path = counting.write(tmp_path / "registrations.csv", [victim(), victim(forms=("sexual",))])
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RegistrationsRefused) as refused:
        reading.read(path, CODEBOOK, WANTED)
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("age_band,", "age_bound,", "row 1: has no column age_band"),
        ("case,", "name,", "row 1: has no column case"),
        (",sexual,", ",sexy,", "row 3: forms has an answer that codebook 2026-1 does not know"),
        ("2021-05-05", "2021-02-30", "row 2: contacted_on has an answer"),
        ("C1", "C0", "has a case twice"),
        ("no,C1,", "no,C1,x,", "row 3: does not have"),
        ("no,C1,2026-1", "no,C1,2031-9", "row 3: codebook '2031-9' is not a published one"),
    ],
)
def test_a_bad_file_is_refused_with_row_and_reason(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert said in spoiled(tmp_path, old, new)


def test_a_file_in_another_encoding_or_absent_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "registrations.csv"
    with pytest.raises(RegistrationsRefused, match="No such file"):
        reading.read(path, CODEBOOK, WANTED)
    path.write_bytes("simulated,case,codebook\nno,é,2026-1\n".encode("latin-1"))
    with pytest.raises(RegistrationsRefused, match="save it as CSV in UTF-8"):
        reading.read(path, CODEBOOK, WANTED)
