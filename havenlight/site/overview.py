"""What `havenlight --help` says: our own commands, a line each, before the many of Django."""

from collections.abc import Callable, Mapping, Sequence

from django.core.management import get_commands, load_command_class

_OURS = "havenlight.site"
_REST = """\
havenlight COMMAND --help says more about one of them.
havenlight migrate, shell and the like are Django's: havenlight help --commands lists all."""


def overview(alone: Mapping[str, Callable[[Sequence[str]], int]]) -> str:
    """Our commands and those that stand alone, in the order of their names."""
    said = {name: command.__doc__ or "" for name, command in alone.items()}
    for name, application in get_commands().items():
        if application == _OURS:
            said[name] = load_command_class(_OURS, name).help
    lines = (f"  {name:<15}{said[name]}" for name in sorted(said))
    return "\n".join(["usage: havenlight COMMAND ...", "", *lines, "", _REST])
