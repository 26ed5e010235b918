"""Reads definitions from TOML, and refuses by name what the codebook does not know."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable

from havenlight.casework import versions
from havenlight.casework.codebook import (
    Absence,
    Codebook,
    Publish,
    Text,
    Variable,
)
from havenlight.casework.codebook import Kind as Answered
from havenlight.casework.errors import CodebookRefused
from havenlight.casework.loading import Reader, Table, parsed
from havenlight.figures.definitions import (
    DERIVED,
    MONTH,
    Book,
    Condition,
    Conditions,
    Definition,
    External,
    Kind,
    Part,
    Population,
    Treated,
    Unit,
)

SHIPPED: Traversable = files("havenlight.figures.books")
EXTERNALS = "externals.toml"
MONTHS = (
    *(("januari", "January"), ("februari", "February"), ("maart", "March"), ("april", "April")),
    *(("mei", "May"), ("juni", "June"), ("juli", "July"), ("augustus", "August")),
    *(("september", "September"), ("oktober", "October"), ("november", "November")),
    ("december", "December"),
)

_TOP = frozenset({"codebook", "known_around", "absences", "populations", "figures"})
_POPULATION = frozenset({"key", "unit", "where", "name", "rule"})
_CONDITION = frozenset({"variable", "any_of", "all_of", "none_of", "at_least", "below"})
_FIGURE = frozenset(
    {"id", "kind", "population", "within", "part", "parts", "by", "absences", "years"}
    | {"overlap", "across", "external", "name", "sentence", "source"}
)
_EXTERNAL = frozenset(
    {"key", "who", "estimate", "lower", "upper", "level", "source", "published_on", "revision"}
)
_NEEDS = {Kind.SHARE: "part", Kind.TOTAL: "years", Kind.REACH: "external"}


class DefinitionsRefused(CodebookRefused):
    """A file of definitions cannot be counted by; the message names the figure and the reason."""


class _Reader(Reader):
    def refused(self, where: str, reason: str) -> CodebookRefused:
        return DefinitionsRefused(self.file, where, reason)


def newest() -> Book:
    """The definitions under the codebook published last."""
    return book(versions.newest())


def book(codebook: Codebook, directory: Traversable = SHIPPED) -> Book:
    """The definitions under `codebook`, or DefinitionsRefused."""
    file = f"{codebook.version}.toml"
    made = read_book(file, _bytes(directory, file), codebook)
    externals = read_externals(EXTERNALS, _bytes(directory, EXTERNALS), made.populations)
    read = _Reader(file)
    for figure in made.figures.values():
        if figure.external is None:
            continue
        if figure.external not in externals:
            raise read.refused(figure.id, f"{EXTERNALS} has no {figure.external}")
        if externals[figure.external].who != figure.population.key:
            raise read.refused(figure.id, "counts others than the external number does")
    return replace(made, externals=externals)


def fingerprint(book: Book, directory: Traversable = SHIPPED) -> str:
    """The SHA-256 of the definitions as they stand in their file, in hexadecimal."""
    return versions.fingerprint(_bytes(directory, f"{book.codebook.version}.toml"))


def figure(book: Book, name: str) -> Definition:
    """The figure of that id, or DefinitionsRefused with the nearest names."""
    if name in book.figures:
        return book.figures[name]
    near = ", ".join(get_close_matches(name, book.figures)) or "see the list"
    raise DefinitionsRefused(f"{book.codebook.version}.toml", name, f"is not defined ({near})")


def _bytes(directory: Traversable, file: str) -> bytes:
    try:
        return directory.joinpath(file).read_bytes()
    except OSError:
        reason = (
            "is missing in havenlight/figures/books: each codebook needs definitions of its "
            "figures; copy those of the one before, and name what changed"
        )
        raise DefinitionsRefused(file, "the file", reason) from None


def read_book(file: str, content: bytes, codebook: Codebook) -> Book:
    """The definitions in `content`, without numbers of others."""
    read = _Reader(file)
    top = parsed(file, content)
    read.only(top, _TOP, "the file")
    if (version := read.string(top, "codebook", "codebook")) != codebook.version:
        raise read.refused("codebook", f"is {version}, not {codebook.version}")
    usual = _absences(read, top.get("absences"), {}, "absences")
    tables = read.tables(top.get("populations"), "populations")
    populations = {each.key: each for each in (_population(read, t, codebook) for t in tables)}
    figures: dict[str, Definition] = {}
    for table in read.tables(top.get("figures"), "figures"):
        figure = _figure(read, table, codebook, populations, usual)
        if figure.id in figures:
            raise read.refused(figure.id, "is defined twice")
        figures[figure.id] = figure
    return Book(codebook, populations, figures, {}, _sensitive(read, top, codebook))


def _sensitive(read: Reader, top: Table, codebook: Codebook) -> frozenset[str]:
    where = "known_around"
    known = set(_strings(read, top.get(where, []), where))
    for key in sorted(known - DERIVED):
        if _variable(read, key, where, codebook).publish is Publish.SENSITIVE:
            raise read.refused(where, f"names {key}, which the codebook calls sensitive")
    return frozenset({*codebook.variables, *DERIVED} - known)


def _absences(
    read: Reader, value: object, usual: Mapping[Absence, Treated], where: str
) -> dict[Absence, Treated]:
    table = read.table(value, where)
    read.only(table, frozenset(Absence), where)
    given = {Absence(key): read.choice(Treated, table, key, where) for key in table}
    made = {**usual, **given}
    if absent := [each for each in Absence if each not in made]:
        raise read.refused(where, f"says nothing about {absent[0]}")
    for absence, treated in made.items():
        if treated is Treated.NO and absence is not Absence.NOT_APPLICABLE:
            raise read.refused(where, f"{absence} can never count as no")
    return made


def _population(read: Reader, table: Table, codebook: Codebook) -> Population:
    key = read.key(table, "key", "populations")
    read.only(table, _POPULATION, key)
    return Population(
        key,
        read.choice(Unit, table, "unit", key),
        _conditions(read, table.get("where"), key, codebook),
        read.text(table.get("name"), key),
        read.text(table.get("rule"), key),
    )


def _figure(
    read: Reader,
    table: Table,
    codebook: Codebook,
    populations: Mapping[str, Population],
    usual: Mapping[Absence, Treated],
) -> Definition:
    name = read.key(table, "id", "figures")
    read.only(table, _FIGURE, name)
    kind = read.choice(Kind, table, "kind", name)
    if (needed := _NEEDS.get(kind)) and needed not in table:
        raise read.refused(name, f"is a {kind} and has no {needed}")
    population = populations.get(read.string(table, "population", name))
    if population is None:
        raise read.refused(name, "names a population that is not defined")
    parts, exclusive = _parts(read, table, name, codebook)
    return Definition(
        id=name,
        kind=kind,
        population=population,
        within=_conditions(read, table.get("within", []), name, codebook),
        parts=parts,
        by=read.optional(table, "by", name),
        across=_across(read, table, name, codebook),
        exclusive=exclusive,
        absences=_absences(read, table.get("absences", {}), usual, name),
        years=read.number(table, "years", name) or 1,
        external=read.optional(table, "external", name),
        name=read.text(table.get("name"), name),
        sentence=read.text(table["sentence"], name) if "sentence" in table else None,
        source=read.string(table, "source", name),
    )


def _parts(
    read: Reader, table: Table, name: str, codebook: Codebook
) -> tuple[tuple[Part, ...], bool]:
    """The numerators, and whether nobody can be in two of them."""
    if "part" in table:
        when = _conditions(read, table["part"], name, codebook)
        return (Part(name, when, read.text(table.get("name"), name)),), True
    if "by" in table:
        return _codes_of(read, read.string(table, "by", name), name, codebook)
    if "parts" not in table:
        return (), True
    return tuple(
        Part(
            read.key(each, "key", name),
            _conditions(read, each.get("when"), name, codebook),
            read.text(each.get("name"), name),
            read.optional(each, "merge", name),
        )
        for each in read.tables(table["parts"], name)
    ), not read.flag(table, "overlap", name)


def _codes_of(
    read: Reader, by: str, name: str, codebook: Codebook
) -> tuple[tuple[Part, ...], bool]:
    if by == MONTH:
        return tuple(
            Part(f"{number:02}", (Condition(MONTH, at_least=number, below=number + 1),), Text(*m))
            for number, m in enumerate(MONTHS, start=1)
        ), True
    variable = _variable(read, by, name, codebook)
    if not variable.codes or variable.publish is Publish.NEVER:
        raise read.refused(name, f"{by} has no codes that may be published")
    parts = tuple(
        Part(each.code, (Condition(by, any_of=(each.code,)),), each.label)
        for each in variable.codes
    )
    return parts, variable.kind is not Answered.SEVERAL


def _across(read: Reader, table: Table, name: str, codebook: Codebook) -> str | None:
    key = read.optional(table, "across", name)
    if key is not None and not _variable(read, key, name, codebook).codes:
        raise read.refused(name, f"is across {key}, which has no codes")
    return key


def _variable(read: Reader, key: str, where: str, codebook: Codebook) -> Variable:
    if key not in codebook.variables:
        raise read.refused(where, f"names {key}, which codebook {codebook.version} does not have")
    return codebook.variables[key]


def _conditions(read: Reader, value: object, where: str, codebook: Codebook) -> Conditions:
    tables = read.tables(value, where)
    return tuple(_condition(read, each, where, codebook) for each in tables)


def _condition(read: Reader, table: Table, where: str, codebook: Codebook) -> Condition:
    read.only(table, _CONDITION, where)
    made = Condition(
        variable=read.string(table, "variable", where),
        any_of=_strings(read, table.get("any_of", []), where),
        all_of=_strings(read, table.get("all_of", []), where),
        none_of=_strings(read, table.get("none_of", []), where),
        at_least=read.number(table, "at_least", where),
        below=read.number(table, "below", where),
    )
    is_number = made.variable in DERIVED
    if not is_number:
        variable = _variable(read, made.variable, where, codebook)
        is_number = variable.kind in {Answered.NUMBER, Answered.MONTHS}
        for code in made.codes:
            if variable.code(code) is None:
                raise read.refused(where, f"{variable.key} has no code {code}")
    limits = made.at_least is not None or made.below is not None
    if limits is not is_number or bool(made.codes) is is_number:
        wanted = "at_least or below" if is_number else "any_of, all_of or none_of"
        raise read.refused(where, f"{made.variable} needs {wanted}")
    return made


def _strings(read: Reader, value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise read.refused(where, "a list of codes was expected")
    return tuple(value)


def read_externals(file: str, content: bytes, populations: Iterable[str]) -> Mapping[str, External]:
    """The numbers of others, each the estimate of one of our populations."""
    read = _Reader(file)
    top = parsed(file, content)
    read.only(top, frozenset({"externals"}), "the file")
    known = frozenset(populations)
    made: dict[str, External] = {}
    for table in read.tables(top.get("externals", []), "externals"):
        each = _external(read, table)
        if each.who not in known:
            raise read.refused(each.key, f"there is no population {each.who}")
        made[each.key] = each
    return made


def _external(read: Reader, table: Table) -> External:
    key = read.key(table, "key", "externals")
    read.only(table, _EXTERNAL, key)
    estimate = _size(read, table, "estimate", key)
    if estimate is None:
        raise read.refused(key, "estimate is missing")
    return External(
        key=key,
        who=read.string(table, "who", key),
        estimate=estimate,
        lower=_size(read, table, "lower", key),
        upper=_size(read, table, "upper", key),
        level=_size(read, table, "level", key) or 0.95,
        source=read.text(table.get("source"), key),
        published_on=read.day(table, "published_on", key),
        revision=read.text(table.get("revision"), key),
    )


def _size(read: Reader, table: Table, key: str, where: str) -> float | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise read.refused(where, f"{key} must be a number above 0")
    return float(value)
