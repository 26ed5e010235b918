"""From one version to the next: nothing guessed, nothing lost unsaid."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenlight.casework.answers import checked
from havenlight.casework.codebook import Absence
from havenlight.casework.difference import Change, Difference, differences
from havenlight.casework.errors import CodebookRefused
from havenlight.casework.maps import Map, read_map, translated
from tests.unit.casework.books import code, make_codebook, variable, when

OLD = make_codebook(
    variable("role", "one", code("self"), code("other")),
    variable("met", "one", code("chat"), code("street"), asked_when=when("role", "self")),
    variable("shoe", "number", at_least="20", at_most="50"),
    version="1",
)
NEW = make_codebook(
    variable("role", "several", code("self"), code("other"), code("friend")),
    variable("place", "one", code("online"), code("school"), asked_when=when("role", "self")),
    variable("danger", "one", code("yes"), code("no")),
    version="2",
)
LINES = """
[variables.met]
to = "place"
codes = { chat = "online", street = "unknown" }
[variables.shoe]
dropped = "nobody used it"
"""


def made(directory: Path, lines: str) -> Map:
    (directory / "1--2.toml").write_text(lines)
    return read_map(directory, OLD, NEW)


def test_a_registration_is_carried_over_by_its_map(tmp_path: Path) -> None:
    carried = translated(made(tmp_path, LINES), {"role": "self", "met": "chat"})
    assert carried.answers == {"role": ("self",), "place": "online"}
    assert carried.lost == ()


def test_what_cannot_be_known_under_the_new_codes_is_named(tmp_path: Path) -> None:
    carried = translated(made(tmp_path, LINES), {"role": "self", "met": "street", "shoe": 38})
    assert carried.answers == {"role": ("self",), "place": "unknown"}
    assert carried.lost == ("met", "shoe")


def test_an_absence_stays_the_absence_it_was(tmp_path: Path) -> None:
    answers = {"role": "refused", "shoe": "not_asked"}
    carried = translated(made(tmp_path, LINES), answers)
    assert (carried.answers, carried.lost) == ({"role": "refused"}, ())


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("", "met: met is not in 2; map it or drop it"),
        (LINES.replace('"online"', '"offline"'), "met: place has no code offline"),
        (LINES.replace(', street = "unknown"', ""), "met: place has no code street"),
        (LINES.replace('to = "place"', 'to = "role"'), "met: role already comes from another"),
        (LINES.replace('dropped = "nobody used it"', 'to = "danger"'), "shoe: is number"),
        (LINES + "[variables.hat]\n", "variables: does not know the key hat"),
        (LINES.replace('"nobody used it"', '""'), "shoe: dropped is missing or empty"),
    ],
)
def test_a_map_that_leaves_something_open_is_refused(
    tmp_path: Path, lines: str, reason: str
) -> None:
    with pytest.raises(CodebookRefused, match=r"1--2\.toml") as refused:
        made(tmp_path, lines)
    assert reason in str(refused.value)


def test_a_map_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CodebookRefused, match="is missing"):
        read_map(tmp_path, OLD, NEW)


FROM = make_codebook(
    variable("kind", "one", code("help"), code("silent")),
    variable("age", "number", at_least="0", at_most="120", asked_when=when("kind", "help")),
    variable("who", "several", code("a"), code("b"), code("c"), asked_when=when("kind", "help")),
    version="3",
)
TO = make_codebook(
    variable("kind", "one", code("help")),
    variable("age", "number", at_least="5", at_most="99", asked_when=when("kind", "help")),
    variable(
        "band",
        "one",
        code("young", ", at_least = 5, at_most = 17"),
        code("old", ", at_least = 18, at_most = 99"),
        band_of='"age"',
        asked_when=when("kind", "help"),
    ),
    variable("who", "several", code("x", ", alone = true"), code("y", ", alone = true"), code("z")),
    version="4",
)
NARROWER = """
[variables.kind.codes]
silent = "not_applicable"
[variables.who.codes]
a = "x"
b = "y"
c = "z"
"""


@settings(deadline=None, max_examples=50)
@given(
    age=st.one_of(st.integers(0, 120), st.sampled_from([each.value for each in Absence])),
    who=st.lists(st.sampled_from("abc"), min_size=1, unique=True),
)
def test_whatever_was_registered_is_valid_under_the_new_version(
    age: int | str, who: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "3--4.toml").write_text(NARROWER, encoding="utf-8")
        narrower = read_map(Path(directory), FROM, TO)
    old = checked(FROM, {"kind": "help", "age": age, "who": who})
    carried = translated(narrower, old)
    assert checked(TO, carried.answers) == carried.answers
    assert ("age" in carried.lost) == (isinstance(age, int) and not 5 <= age <= 99)
    assert ("who" in carried.lost) == (len(who) > 1)
    band = {True: "young", False: "old"}
    if isinstance(age, int) and "age" not in carried.lost:
        assert carried.answers["band"] == band[age < 18]


def test_the_difference_names_every_change_once() -> None:
    assert differences(OLD, NEW) == (
        Difference(Change.REMOVED, "met"),
        Difference(Change.REMOVED, "shoe"),
        Difference(Change.ALTERED, "role", None, ("kind",)),
        Difference(Change.ADDED, "role", "friend"),
        Difference(Change.ADDED, "place"),
        Difference(Change.ADDED, "danger"),
    )
    assert differences(OLD, OLD) == ()
