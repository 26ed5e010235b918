"""The audit in words: codes are said, and what a person wrote stays as it was written."""

from django.utils import translation

from havenlight.console.coordination import audit_words


def test_codes_are_said_in_words_and_a_person_s_own_words_stay() -> None:
    with translation.override("nl"):
        assert audit_words.verb("reported_arrived") == "meldde dat ze is aangekomen"
        assert audit_words.reason("blocked", "threats, 24 h") == "bedreigingen, 24 uur"
        told = audit_words.reason("changed the role", "counsellor -> coordinator")
        assert told == "hulpverlener -> coördinator"
        assert audit_words.reason("settled", "times left: 3") == "times left: 3"
