"""What counts as a complete translation."""

from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.test import override_settings

from havenlight.team.languages import ALL
from tools.translations import fault_of, missing

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
ONE = "{count} message"
MANY = "{count} messages"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Send", "Versturen"),
        ("Call %(number)s", "Bel %(number)s"),
        ("From {from} to {to}", "Tussen {from} en {to}"),
        ("<b>A person</b> answers", "<b>Een mens</b> antwoordt"),
        (("One message", MANY), ("Eén bericht", "{count} berichten")),
        ((ONE, MANY), ("{count} bericht", "{count} berichten")),
    ],
)
def test_a_text_with_all_that_is_put_into_it_is_complete(
    source: str | tuple[str, ...], target: str | tuple[str, ...]
) -> None:
    assert fault_of(Message(source, target)) is None


@pytest.mark.parametrize(
    ("source", "target", "fault"),
    [
        ("Send", "", "not translated"),
        ((ONE, MANY), ("{count} bericht", ""), "not translated"),
        ("Call %(number)s", "Bel ons", "other placeholders"),
        ("From {from} to {to}", "Tussen {from} en {tot}", "other placeholders"),
        ("<b>A person</b> answers", "Een mens antwoordt", "other placeholders"),
        (("One message", MANY), ("Eén bericht", "berichten"), "other placeholders"),
    ],
)
def test_a_text_that_a_reader_would_stumble_over_is_told(
    source: str | tuple[str, ...], target: str | tuple[str, ...], fault: str
) -> None:
    assert fault_of(Message(source, target)) == fault


def test_a_guess_is_no_translation() -> None:
    assert fault_of(Message("Send", "Verstuurd", flags={"fuzzy"})) == "marked as fuzzy"


@override_settings(LOCALE_PATHS=[])  # those of the product
def test_a_text_that_nobody_translated_is_found_in_the_nearest_language_file(
    tmp_path: Path,
) -> None:
    desk = tmp_path / "helpline/desk"
    (desk / "locale/nl/LC_MESSAGES").mkdir(parents=True)
    (desk / "locale/nl/LC_MESSAGES/django.po").write_text(HEADER)
    (desk / "views.py").write_text('gettext("Not yet in Dutch")\n')

    assert list(missing(tmp_path / "helpline")) == [
        "helpline/desk/locale/nl/LC_MESSAGES/django.po: not translated: 'Not yet in Dutch'"
    ]


@override_settings(LOCALE_PATHS=[])  # those of the product
def test_what_visitors_read_is_asked_for_in_every_language_of_theirs(tmp_path: Path) -> None:
    page = tmp_path / "helpline/chat/page.py"
    (page.parent / "locale").mkdir(parents=True)
    page.write_text('gettext("Hello")\n')
    untold = {fault.split("/")[3] for fault in missing(tmp_path / "helpline")}
    assert untold == ALL.keys() - {"en"}


def test_a_number_may_be_left_out_where_a_form_says_it_in_a_word() -> None:
    forms = ("{count} r.", "r. one", "r. two", "{count} r. few", "{count} r. many", "{count} r.")
    assert fault_of(Message((ONE, MANY), ("none", *forms[1:]))) == "other placeholders"
    assert fault_of(Message(("One message", MANY), ("none", *forms[1:]))) is None
