"""One person's several registrations as one set of answers; pure."""

from collections.abc import Sequence

from havenlight.casework.answers import ABSENCES, finished, settled
from havenlight.casework.codebook import Answer, Answers, Codebook, Kind, Variable


def is_victim(answers: Answers) -> bool:
    """Whether a counsellor marked a trafficking help question of someone about herself."""
    marked = answers.get("help_question")
    return (
        answers.get("role") == "victim" and isinstance(marked, tuple) and ("trafficking" in marked)
    )


def is_about_trafficking(answers: Answers) -> bool:
    """Whether a counsellor marked a trafficking help question, whoever wrote."""
    marked = answers.get("help_question")
    return isinstance(marked, tuple) and "trafficking" in marked


def combined(codebook: Codebook, registrations: Sequence[Answers]) -> Answers:
    """What is known of a person from all her registrations, oldest first, in one codebook.

    A later fact replaces an earlier one, and what she says of herself what others say of her. Of a
    variable with several codes all that was ever said holds. An absence never replaces a fact.
    """
    # Whoever counts as a victim by one registration must do so by all of them together.
    in_order = sorted(registrations, key=is_victim)
    known: dict[str, Answer] = {}
    for variable in codebook.variables.values():
        for answers in in_order:
            if variable.key in answers:
                known[variable.key] = _after(
                    variable, known.get(variable.key), answers[variable.key]
                )
    return finished(codebook, settled(codebook, _bands_dropped(codebook, known)))


def _after(variable: Variable, before: Answer | None, now: Answer) -> Answer:
    if before is None or before in ABSENCES:
        return now
    if now in ABSENCES:
        return before
    if variable.kind is Kind.SEVERAL and isinstance(before, tuple) and isinstance(now, tuple):
        return _all_said(variable, {*before, *now})
    return now


def _all_said(variable: Variable, said: set[str]) -> tuple[str, ...]:
    several = [code for code in variable.codes if code.code in said]
    # "Nobody" was true until somebody was told.
    facts = [code.code for code in several if not code.alone]
    return tuple(facts or [code.code for code in several[:1]])


def _bands_dropped(codebook: Codebook, known: Answers) -> Answers:
    """Without the bands that a number decides, since it may come from another registration."""
    return {
        key: answer
        for key, answer in known.items()
        if not isinstance(known.get(codebook.variables[key].band_of or ""), int)
    }
