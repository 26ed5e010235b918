"""What the pages of the report say of steps, states and refusals."""

from django.utils.translation import gettext as _

from havenlight.report.edition import Value
from havenlight.report.states import State
from havenlight.report.texts import why


def step(what: str) -> str:
    """What is being done now, in the words of `report.worker`."""
    return {
        "counting": _("Counting, protecting, and attacking what would be told"),
        "attacking": _("The attacker found nothing"),
        "making up": _("Adding noise to the tables, and drawing persons from them"),
        "printing": _("Making the files, in two languages, on screen and on paper"),
    }.get(what, what)


def refusal(reason: str, about: str = "") -> str:
    """Why nothing was made, and what to do."""
    names = {"about": about}
    return {
        "nothing": _(
            "Nobody who was registered came into view in %(about)s for the first time. Choose "
            "another period, or import the registrations of it first."
        ),
        "broken": _(
            "A small count could be found from what this edition would tell (%(about)s) with what "
            "was told before. Nothing was made. Raise the smallest number in the settings, or wait "
            "until there are more registrations."
        ),
        "contradicts": _(
            "What was told until now does not fit together, so nothing can be checked against it. "
            "Nothing was made. Ask who keeps the server to compare the database with a backup."
        ),
        "told": _(
            "Figures of this period are told already, in another edition. Publish or drop a draft "
            "that holds them; what is public can only be corrected."
        ),
        "definitions": _(
            "The definitions and the codebook do not fit: %(about)s. Nothing was made. Ask who "
            "keeps the server: havenlight codebook check says what to mend."
        ),
        "few": _(
            "There are %(about)s victims in these years, and it takes 1,000: with fewer the noise "
            "that protects them is larger than what the file would tell. Take more years together."
        ),
        "memory": _("There was too little memory. Try again when it is quieter."),
        "disk": _("The disk is full or cannot be written. Nothing was kept; free some space."),
        "key": _(
            "The key that reports are signed with is broken. Nothing was kept. Ask who keeps the "
            "server to take the file report-key from a backup."
        ),
        "moved": _("Something else was told while this was worked out. Please build it again."),
        "changed": _("This edition is not what it was when you opened it. Look at it again."),
        "busy": _("Another edition is being made now. Try again in a minute."),
        "failed": _("This took too long or too much memory, and was given up."),
        "why": _("Say what should change."),
        "question-unknown": _("The codebook does not know one of these."),
        "question-same": _("Choose two different variables, and a filter on a third."),
        "budget": _(
            "All questions on this year were asked. Each answer tells a reader a little more, so "
            "there is an end to it. Look in the log: yours may be answered there."
        ),
        "same": _("You built this edition. Somebody else must review it."),
    }.get(reason, _("This could not be made.")) % names


def withheld(reason: str) -> str:
    """Why there is no answer at all."""
    said = why(Value("withheld", reason=reason))
    return _("This cannot be answered: %(why)s.") % {"why": said}


def state(name: str) -> str:
    """A state, in one word."""
    return {
        State.DRAFT: _("draft"),
        State.REVIEW: _("in review"),
        State.FROZEN: _("frozen"),
        State.PUBLISHED: _("published"),
        State.CORRECTED: _("corrected"),
    }[State(name)]


def next_step(name: str) -> str:
    """What can be done with an edition in this state."""
    return {
        State.DRAFT: _("Read it, write around the figures, then give it to somebody to review."),
        State.REVIEW: _("Somebody else than who built it reads it, and approves or sends it back."),
        State.FROZEN: _("Approved and signed. Nothing in it changes. A coordinator publishes it."),
        State.PUBLISHED: _("Public. When something is wrong, make a correction with its reason."),
        State.CORRECTED: _("A later revision took its place. It stays public, and says so."),
    }[State(name)]
