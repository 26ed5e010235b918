"""What is a codebook, and what is refused with file, variable and reason."""

import pytest

from havenlight.casework.codebook import Kind
from havenlight.casework.errors import CodebookRefused
from havenlight.casework.loading import read_codebook
from tests.unit.casework.books import code, content, make_codebook, variable, when

COLOUR = variable("colour", "one", code("red"), code("blue"))
AGE = variable("age", "number", at_least="0", at_most="99")


def test_variables_come_in_the_order_of_the_file() -> None:
    book = make_codebook(COLOUR, AGE)
    assert list(book.variables) == ["colour", "age"]
    assert book.variables["age"].kind is Kind.NUMBER


def bands(*codes: str, of: str = "age", kind: str = "one") -> str:
    return variable("band", kind, *codes, band_of=f'"{of}"')


REFUSED = {
    "twice": ((COLOUR, COLOUR), "colour", "twice"),
    "unknown key": ((variable("a", "date", colour="1"),), "a", "key colour"),
    "no such kind": ((variable("a", "free_text"),), "a", "one of one, several"),
    "no such section": ((variable("a", "date", section='"b"'),), "a", "no section b"),
    "label in one language": (
        (variable("a", "date", label='{ nl = "Naam" }'),),
        "a.label",
        "en is missing",
    ),
    "empty help": ((variable("a", "date", help='{ nl = " ", en = "x" }'),), "a.help", "nl is"),
    "code without words": ((variable("a", "one", '{ code = "b", nl = "x" }'),), "a.b", "en is"),
    "codes for a date": ((variable("a", "date", code("b")),), "a", "do not go together"),
    "no codes": ((variable("a", "one"),), "a", "do not go together"),
    "no limits": ((variable("a", "number"),), "a", "needs at_least"),
    "limits the wrong way": (
        (variable("a", "number", at_least="2", at_most="1"),),
        "a",
        "more than at_most",
    ),
    "limits for a code": ((variable("a", "date", at_least="2"),), "a", "limits are for"),
    "an absence as code": ((variable("a", "one", code("refused")),), "a.refused", "absence"),
    "code twice": ((variable("a", "one", code("b"), code("b")),), "a.b", "twice"),
    "merged into nothing": (
        (variable("a", "one", code("b", ', merge = "c"')),),
        "a.b",
        "merged into c",
    ),
    "merged into itself": (
        (variable("a", "one", code("b", ', merge = "b"')),),
        "a.b",
        "merged into b",
    ),
    "alone among one": ((variable("a", "one", code("b", ", alone = true")),), "a.b", "several"),
    "waits for a later one": (
        (variable("a", "date", asked_when=when("colour", "red")), COLOUR),
        "a",
        "does not stand before",
    ),
    "waits for itself": (
        (variable("a", "one", code("b"), asked_when=when("a", "b")),),
        "a",
        "does not stand before",
    ),
    "waits for no code": (
        (COLOUR, variable("a", "date", asked_when=when("colour", "green"))),
        "a",
        "no code green",
    ),
    "waits for nothing": (
        (COLOUR, variable("a", "date", asked_when=when("colour"))),
        "a",
        "needs any_of",
    ),
    "no such HTCDS field": ((variable("a", "date", htcds='"vic_Shoe"'),), "a", "vic_Shoe"),
    "no such HTCDS value": (
        (variable("a", "one", code("b", ', htcds = "Shoe"'), htcds='"prs_Gender"'),),
        "a.b",
        "Shoe",
    ),
    "band with a hole": (
        (AGE, bands(code("a", ", at_least = 0, at_most = 8"), code("b", ", at_least = 10"))),
        "band",
        "not closed before b",
    ),
    "bands that end early": (
        (AGE, bands(code("a", ", at_least = 0, at_most = 8"))),
        "band",
        "do not end",
    ),
    "bands of a colour": (
        (COLOUR, bands(code("a", ", at_least = 0"), of="colour")),
        "band",
        "bands of colour",
    ),
    "limits without a number": (
        (variable("a", "one", code("b", ", at_least = 1")),),
        "a",
        "needs band_of",
    ),
    "bad key": ((variable("A b", "date"),), "a variable without a key", "small letters"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_a_form_would_trip_over_is_refused(name: str) -> None:
    variables, place, reason = REFUSED[name]
    with pytest.raises(CodebookRefused) as refused:
        read_codebook("small.toml", content(*variables))
    assert (refused.value.file, refused.value.variable) == ("small.toml", place)
    assert reason in refused.value.reason


@pytest.mark.parametrize("bad", [b"\xff", b"version =", b""])
def test_a_file_that_is_no_codebook_is_refused_by_name(bad: bytes) -> None:
    with pytest.raises(CodebookRefused, match=r"small\.toml"):
        read_codebook("small.toml", bad)


def test_every_absence_needs_its_words() -> None:
    without = content(COLOUR).replace(b"refused = ", b"# ")
    with pytest.raises(CodebookRefused, match=r"absences\.refused"):
        read_codebook("small.toml", without)
