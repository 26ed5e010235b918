"""The ledger: all that has ever been published, as a reader may use it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from havenlight.disclosure.errors import LedgerRefused
from havenlight.disclosure.tables import Codes, ProtectedTable, Shown, Variable

VERSION = 1
Where = tuple[tuple[str, Codes], ...]


@dataclass(frozen=True)
class Statement:
    """Somewhere it was said that from `lower` to `upper` persons of a population are so.

    where: variable and codes held together, in order of variable; a variable that is not named is
        summed over. `upper` None sets no limit. `source` is the key of the table, or what said it.
    """

    source: str
    population: str
    where: Where
    lower: int
    upper: int | None


@dataclass(frozen=True)
class Share:
    """Somewhere it was said that `lower` to `upper` (0 to 1) of those `of` a group are so."""

    source: str
    population: str
    where: Where
    of: Where
    lower: float
    upper: float


@dataclass(frozen=True)
class Link:
    """Every person of `whole` is in exactly one of `parts`, and nobody else is."""

    whole: str
    parts: Codes


@dataclass(frozen=True)
class Filter:
    """The persons of `part` are those of `whole` for whom `where` holds."""

    part: str
    whole: str
    where: Where


@dataclass(frozen=True)
class Known:
    """What the ledger keeps of a variable: its codes, and whether it is sensitive."""

    codes: Codes
    sensitive: bool


@dataclass(frozen=True)
class Ledger:
    """All that has been published; never changed, each `with_` gives a new one.

    It holds nothing that is not public, so it may itself be published for others to attack. A
    statement is never taken out: what was once read stays known.
    """

    variables: Mapping[str, Known] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    statements: tuple[Statement, ...] = ()
    shares: tuple[Share, ...] = ()
    filters: tuple[Filter, ...] = ()
    never: tuple[Where, ...] = ()
    """What nobody is by definition (an adult among minor girls): known without being told."""

    def link(self, whole: str, *parts: str) -> Self:
        """Tell that a population falls apart into others; the same link may be told again.

        Years of a pooled period, months of a year, victims and bystanders of visitors, and for a
        second edition of a year the persons of the first and those who came late.
        """
        link = Link(whole, tuple(sorted(parts)))
        return self if link in self.links else replace(self, links=(*self.links, link))

    def filter(self, part: str, whole: str, where: Mapping[str, Codes]) -> Self:
        """Tell that a population is a part of another by its codes; may be told again."""
        told = Filter(part, whole, self._checked(where))
        return self if told in self.filters else replace(self, filters=(*self.filters, told))

    def nobody(self, where: Mapping[str, Codes]) -> Self:
        """Tell that by definition nobody is all of this; may be told again."""
        told = self._checked(where)
        return self if told in self.never else replace(self, never=(*self.never, told))

    def populations(self) -> frozenset[str]:
        """Of whom anything was said."""
        counted = frozenset(said.population for said in self.statements)
        return counted | frozenset(said.population for said in self.shares)

    def with_table(self, table: ProtectedTable) -> Self:
        """Add what a protected table shows; nothing for one that is withheld."""
        known = self
        for variable in table.variables:
            known = known.with_variable(variable)
        said = tuple(
            Statement(table.key, table.population, where, cell.lower, cell.upper)
            for cell in table.cells
            if cell.shown is not Shown.SUPPRESSED
            for where in [_where(table.variables, cell.codes)]
        )
        return replace(known, statements=(*known.statements, *said))

    def with_variable(self, variable: Variable) -> Self:
        """Add a variable; raises LedgerRefused when it had other codes under this name before.

        A new version of the codebook with other codes needs another key.
        """
        known = Known(variable.codes, variable.sensitive)
        before = self.variables.get(variable.key, known)
        if before.codes != known.codes:
            raise LedgerRefused(f"{variable.key} had other codes when it was published before")
        merged = Known(known.codes, known.sensitive or before.sensitive)
        return replace(self, variables={**self.variables, variable.key: merged})

    def with_count(
        self,
        source: str,
        population: str,
        lower: int,
        upper: int | None,
        where: Mapping[str, Codes] | None = None,
    ) -> Self:
        """Add a count that was published outside tables: in the press, to a ministry."""
        said = Statement(source, population, self._checked(where), lower, upper)
        return replace(self, statements=(*self.statements, said))

    def with_share(  # noqa: PLR0913  # all that a printed share says
        self,
        source: str,
        population: str,
        lower: float,
        upper: float,
        *,
        where: Mapping[str, Codes],
        of: Mapping[str, Codes] | None = None,
    ) -> Self:
        """Add a share (0 to 1) that was printed beside or without counts.

        "16%" says 0.155 to 0.165. `of` is the base, the whole population when None.
        """
        share = Share(source, population, self._checked(where), self._checked(of), lower, upper)
        return replace(self, shares=(*self.shares, share))

    def _checked(self, where: Mapping[str, Codes] | None) -> Where:
        for key, codes in (where or {}).items():
            if key not in self.variables:
                raise LedgerRefused(f"the ledger knows no variable {key!r}")
            strange = set(codes) - set(self.variables[key].codes)
            if strange:
                raise LedgerRefused(f"{key} has no code {min(strange)!r}")
        return tuple(sorted((key, tuple(codes)) for key, codes in (where or {}).items()))

    def sources(self) -> frozenset[str]:
        """The keys of all tables and other sources that are in the ledger."""
        counted = frozenset(said.source for said in self.statements)
        return counted | frozenset(said.source for said in self.shares)

    def to_json(self) -> str:
        """Canonical JSON: the same ledger always gives the same bytes, with a last newline."""
        held = {"version": VERSION, **asdict(self)}
        return json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote; raises LedgerRefused when it is something else."""
        try:
            held = json.loads(text)
            if held["version"] != VERSION:
                raise LedgerRefused(f"ledger version {held['version']}, and this reads {VERSION}")
            read = cls(
                {
                    key: Known(tuple(one["codes"]), one["sensitive"])
                    for key, one in held["variables"].items()
                },
                tuple(Link(one["whole"], tuple(one["parts"])) for one in held["links"]),
                tuple(Statement(**_tupled(one)) for one in held["statements"]),
                tuple(Share(**_tupled(one)) for one in held["shares"]),
                tuple(Filter(**_tupled(one)) for one in held.get("filters", ())),
                tuple(map(_where_of, held.get("never", ()))),
            )
            read._check()
        except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as malformed:
            raise LedgerRefused(f"no ledger: {malformed}") from malformed
        return read

    def _check(self) -> None:
        """Refuse what speaks of other variables than there are, or of no numbers."""
        held: list[Statement | Share] = [*self.statements, *self.shares]
        of = [one.of for one in self.shares]
        told = [one.where for one in self.filters]
        for where in (*(one.where for one in held), *of, *told, *self.never):
            self._checked(dict(where))
        for one in held:
            if any(not isinstance(end, int | float | None) for end in (one.lower, one.upper)):
                raise LedgerRefused(f"{one.source} says what is no number")


def _tupled(said: dict[str, Any]) -> dict[str, Any]:
    for name in {"where", "of"} & said.keys():
        said[name] = _where_of(said[name])
    return said


def _where_of(held: list[tuple[str, list[str]]]) -> Where:
    return tuple((key, tuple(codes)) for key, codes in held)


def _where(variables: tuple[Variable, ...], codes: tuple[Codes, ...]) -> Where:
    named = zip(variables, codes, strict=True)
    return tuple(sorted((variable.key, held) for variable, held in named if held))
