"""The sentences of `havenlight.mse` in the reader's language.

`havenlight.mse` is plain Python and speaks English. Each of its sentences stands below with names
for what varies; a text that has the form of one is said again by gettext, and what varies with it.
A text of another form stays as it is, which a test refuses for all that an estimate can say.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import escape, unescape

from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from havenlight.figures.codes import Method

_SENTENCES = (
    # Refusals of a table.
    gettext_noop("the file is not text in UTF-8; save it again as CSV UTF-8"),
    gettext_noop("the file is empty"),
    gettext_noop("the file has a header but no row"),
    gettext_noop("%(cells)s cells, but %(columns)s columns"),
    gettext_noop("there is no column %(name)s beside %(columns)s"),
    gettext_noop("column %(name)s is neither a list nor a stratum"),
    gettext_noop(
        "column %(name)s holds %(value)s; a list holds 0 or 1, and another column must be named "
        "as a stratum"
    ),
    gettext_noop("the last column, %(name)s, holds %(value)s instead of a count"),
    gettext_noop("stratum %(name)s has fewer than two lists"),
    gettext_noop("list %(name)s has no person in common with any other list"),
    gettext_noop("list %(name)s saw nobody"),
    gettext_noop("number of lists: %(number)s; an estimate needs 2 to %(most)s"),
    gettext_noop("a list has no name"),
    gettext_noop("two lists are called %(name)s"),
    gettext_noop("no list saw these persons, so nobody can have counted them"),
    gettext_noop("count %(count)s is negative or not a number"),
    gettext_noop("count %(count)s is not a whole number of persons"),
    gettext_noop("the same history as in row %(row)s"),
    # Reasons of a method.
    gettext_noop(
        "two lists cannot show whether being on one makes being on the other more or less likely; "
        "if it makes it more likely, for instance by referrals, the estimate is too low"
    ),
    gettext_noop("nobody is on both lists, so that a population of any size fits"),
    gettext_noop("the interval reaches beyond %(most)s persons"),
    gettext_noop("none of %(number)s models has a finite and unique estimate"),
    gettext_noop("the interval takes the model as given"),
    gettext_noop("%(share)s of the resamples have no finite estimate and count as endless"),
    gettext_noop("the overlaps that are empty leave the number of unseen persons free"),
    gettext_noop("the likelihood has no maximum at finite values for these overlaps"),
    gettext_noop("%(number)s lists; graphs are averaged over up to %(most)s"),
    gettext_noop(
        "the graph that ties all lists together has %(share)s of the weight, and under it these "
        "counts say nothing about the persons that no list saw"
    ),
    gettext_noop(
        "graphs with over %(share)s of the weight each say %(lowest)s to %(highest)s persons"
    ),
    gettext_noop("the chains disagree: R-hat %(rhat)s is over %(most)s"),
    gettext_noop(
        "the chains do not agree: R-hat %(rhat)s is over %(most)s, with medians of %(all)s persons"
    ),
    gettext_noop("an end of the interval rests on %(number)s independent draws, under %(fewest)s"),
    gettext_noop("no estimate for %(strata)s"),
    # Reasons of the verdict.
    gettext_noop("no method gives a finite number for these overlaps"),
    gettext_noop(
        "the best model %(model)s does not fit: tables simulated from it lie as far away as the "
        "real one in %(share)s of cases"
    ),
    gettext_noop("the methods disagree: %(low)s gives %(lowest)s, %(high)s gives %(highest)s"),
    gettext_noop("%(method)s has no upper limit: its interval is endless"),
    gettext_noop("%(method)s has no upper limit: %(reason)s"),
    gettext_noop("the interval of %(method)s is wide: %(lower)s to %(upper)s"),
    gettext_noop("with two lists nobody can test whether being on one makes the other more likely"),
    gettext_noop(
        "only %(number)s persons are on more than one list; all that is known rests on them"
    ),
    gettext_noop(
        "models that fit about equally well differ: %(low)s gives %(lowest)s and %(high)s gives "
        "%(highest)s, with a BIC difference of %(difference)s"
    ),
    gettext_noop(
        "the p-value threshold decides: between %(start)s and %(end)s the estimate goes from "
        "%(lowest)s to %(highest)s"
    ),
    gettext_noop("without list %(name)s %(method)s gives no number: %(reason)s"),
    gettext_noop(
        "one list decides: without %(name)s %(method)s gives %(without)s instead of %(with)s"
    ),
    # The text for the report.
    gettext_noop("%(seen)s persons were seen by at least one of %(number)s lists (%(names)s)."),
    gettext_noop("%(seen)s persons were seen, each in one stratum."),
    gettext_noop("The methods agree, and no single choice decides the answer: estimable."),
    gettext_noop("The number is fragile: choices that the data cannot settle move it."),
    gettext_noop("The number cannot be estimated from these lists."),
    gettext_noop("verdict: estimable"),
    gettext_noop("verdict: fragile"),
    gettext_noop("verdict: not estimable"),
    gettext_noop("total"),
    gettext_noop("Stepwise choice"),
    gettext_noop("Best BIC"),
    gettext_noop("Best AIC"),
    gettext_noop("Best AICc"),
    gettext_noop("Independent lists"),
    gettext_noop("Bayesian threshold"),
    gettext_noop("Average over decomposable graphs"),
    gettext_noop("Latent classes"),
    gettext_noop("Two lists (Chapman)"),
    gettext_noop("no upper limit"),
    gettext_noop("no lower limit"),
    gettext_noop("%(name)s gives no number: %(reason)s."),
    gettext_noop("%(name)s: no number: %(reason)s"),
    gettext_noop(
        "%(name)s: %(total)s persons in all (%(level)s interval %(lower)s to %(upper)s)"
        ", model %(model)s. %(warning)s"
    ),
    gettext_noop(
        "%(name)s: %(total)s persons in all (%(level)s interval %(lower)s and no upper limit)"
        ", model %(model)s. %(warning)s"
    ),
    gettext_noop(
        "%(name)s: %(total)s persons in all (%(level)s interval %(lower)s to %(upper)s)"
        ", model %(model)s."
    ),
    gettext_noop(
        "%(name)s: %(total)s persons in all (%(level)s interval %(lower)s and no upper limit)"
        ", model %(model)s."
    ),
    gettext_noop(
        "%(name)s: %(total)s persons in all (%(level)s interval %(lower)s to %(upper)s)"
        ". %(warning)s"
    ),
    gettext_noop(
        "%(name)s: %(total)s persons in all (%(level)s interval %(lower)s and no upper limit)"
        ". %(warning)s"
    ),
    gettext_noop("%(name)s: %(total)s persons in all (%(level)s interval %(lower)s to %(upper)s)."),
    gettext_noop(
        "%(name)s: %(total)s persons in all (%(level)s interval %(lower)s and no upper limit)."
    ),
    gettext_noop("%(name)s: %(total)s (%(level)s interval %(lower)s to %(upper)s)"),
    # The plots.
    gettext_noop("What each method says"),
    gettext_noop("What each model says, best first"),
    gettext_noop("What one list does"),
    gettext_noop("What the p-value threshold does"),
    gettext_noop("persons in all, %(level)s intervals"),
    gettext_noop("persons in all; the larger the mark, the more weight; lists: %(lists)s"),
    gettext_noop("persons in all, one list left out at a time; circle: bic, square: stepwise"),
    gettext_noop("persons in all, stepwise, for thresholds from this one to the next"),
    gettext_noop("all lists, %(method)s"),
    gettext_noop("without %(name)s, %(method)s"),
    gettext_noop("p over %(threshold)s"),
    gettext_noop("weight %(share)s"),
    gettext_noop("%(number)s seen"),
    gettext_noop("no number"),
    gettext_noop("up to %(number)s classes"),
    gettext_noop("sum of strata"),
)
_PLACE = re.compile(r"%\((\w+)\)s")
_NUMBER = re.compile(r"\d{1,3}(,\d{3})+|\d+(,\d{3})*(\.\d+)?%?")
_PLOT_TEXT = re.compile(r"(<(?:text|title)\b[^>]*>)([^<]*)")
_DESCRIPTION = re.compile(r"<desc>.*?</desc>", re.DOTALL)


def say(text: str) -> str:
    """Say a text of `havenlight.mse` in the active language."""
    if text in Method or text == "chapman":
        return method(text)
    ways = (_number, _sentence, _capital, _labelled, _together)
    return next((said for way in ways if (said := way(text))), text)


def refusal(reason: str, row: int | None) -> str:
    """Say why a table was refused, and where; the header is row 1."""
    if row is None:
        return _upper(say(reason)) + "."
    return _("Row %(row)s: %(reason)s.") % {"row": row, "reason": say(reason)}


def step(what: str) -> str:
    """Say what is being done, from the name of a method and of a part of its work."""
    if what == "reading":
        return _("Reading the table")
    if what == "sensitivity":
        return _("Leaving out each list")
    name, _colon, part = what.partition(": ")
    words = {"bootstrap": _("choosing again"), "sampling": _("sampling")}
    return method(name) + (f": {words.get(part, part)}" if part else "")


def method(name: str) -> str:
    """Say the name of a method."""
    if name == "chapman":
        return _("Two lists (Chapman)")
    if name == "total":
        return _("total")
    return str(Method(name).label) if name in Method else name


def plot(svg: str) -> str:
    """Say the texts of a plot; its numbers stand beside it in a table, so none are told in it."""
    return _PLOT_TEXT.sub(
        lambda found: found[1] + escape(say(unescape(found[2]))), _DESCRIPTION.sub("", svg)
    )


def _number(text: str) -> str:
    """Return a number with the separators of the language, nothing when `text` is no number."""
    if not _NUMBER.fullmatch(text):
        return ""
    signs = {",": str(get_format("THOUSAND_SEPARATOR")), ".": str(get_format("DECIMAL_SEPARATOR"))}
    return "".join(signs.get(sign, sign) for sign in text)


def _sentence(text: str) -> str:
    for form, sentence in _forms():
        if found := form.fullmatch(text):
            return _(sentence) % {name: say(part) for name, part in found.groupdict().items()}
    return ""


def _capital(text: str) -> str:
    """Say a sentence that was given a capital and a full stop."""
    plain = text[:1].lower() + text[1:].removesuffix(".")
    said = _sentence(plain) if plain != text else ""
    return _upper(said) + "." if said else ""


def _together(text: str) -> str:
    """Say a text of which the parts are sentences."""
    parts = text.split("; ")
    return "; ".join(map(say, parts)) if len(parts) > 1 else ""


def _labelled(text: str) -> str:
    """Say what is said of one stratum."""
    name, colon, rest = text.partition(": ")
    return f"{name}: {say(rest)}" if colon else ""


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(_all_forms())


def _all_forms() -> Iterator[tuple[re.Pattern[str], str]]:
    for sentence in _SENTENCES:
        pieces = _PLACE.split(sentence)
        form = "".join(
            f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece)
            for place, piece in enumerate(pieces)
        )
        yield re.compile(form, re.DOTALL), sentence
