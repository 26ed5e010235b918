"""From one version of the codebook to the next, as data; nothing is guessed on the way.

A map is a file `OLD--NEW.toml` that names what changed and nothing else:

    [variables.recruited_by]
    to = "recruitment_how"              # renamed; codes below are those of the old variable
    codes = { chat = "online", street = "unknown" }
    [variables.shoe_size]
    dropped = "nobody used it"

A variable or code that stands in both under the same name needs no line. An old code may become an
absence, where the new codes ask more than was known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from havenlight.casework.answers import checked, settled
from havenlight.casework.codebook import Absence, Answer, Answers, Codebook, Kind, Variable
from havenlight.casework.errors import CodebookRefused
from havenlight.casework.loading import Reader, parsed


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one variable: its new name, or why it went."""

    to: str | None
    codes: Mapping[str, str]
    dropped: str | None = None


@dataclass(frozen=True, slots=True)
class Map:
    """What becomes of every variable of `old` in `new`."""

    old: Codebook
    new: Codebook
    steps: Mapping[str, Step]


@dataclass(frozen=True, slots=True)
class Translation:
    """Answers under the new version, and the old variables whose answer did not come along."""

    answers: Answers
    lost: tuple[str, ...]


def read_map(directory: Traversable, old: Codebook, new: Codebook) -> Map:
    """The map between two versions, complete and sound, or CodebookRefused."""
    file = f"{old.version}--{new.version}.toml"
    try:
        content = directory.joinpath(file).read_bytes()
    except OSError:
        reason = f"is missing: write what became of {old.version}; nothing but a comment is enough"
        raise CodebookRefused(file, "the file", reason) from None
    read = Reader(file)
    top = parsed(file, content)
    read.only(top, frozenset({"variables"}), "the file")
    lines = read.table(top.get("variables", {}), "variables")
    read.only(lines, frozenset(old.variables), "variables")
    steps = {
        variable.key: _step(read, variable, read.table(lines.get(variable.key, {}), variable.key))
        for variable in old.variables.values()
    }
    made = Map(old, new, steps)
    _check(read, made)
    return made


def _step(read: Reader, variable: Variable, line: dict[str, object]) -> Step:
    key = variable.key
    read.only(line, frozenset({"to", "codes", "dropped"}), key)
    if "dropped" in line:
        read.only(line, frozenset({"dropped"}), key)
        return Step(None, {}, read.string(line, "dropped", key))
    codes = read.table(line.get("codes", {}), key)
    read.only(codes, frozenset(code.code for code in variable.codes), key)
    renamed = {code: read.string(codes, code, key) for code in codes}
    to = read.string(line, "to", key) if "to" in line else key
    return Step(to, {code.code: renamed.get(code.code, code.code) for code in variable.codes})


def _check(read: Reader, made: Map) -> None:
    taken: set[str] = set()
    for key, step in made.steps.items():
        if step.to is None:
            continue
        target = made.new.variables.get(step.to)
        if target is None:
            raise read.refused(key, f"{step.to} is not in {made.new.version}; map it or drop it")
        if step.to in taken:
            raise read.refused(key, f"{step.to} already comes from another variable")
        taken.add(step.to)
        _check_kinds(read, made.old.variables[key], target)
        known = {code.code for code in target.codes} | set(Absence)
        if missing := sorted(set(step.codes.values()) - known):
            raise read.refused(key, f"{step.to} has no code {missing[0]}; map it or drop it")


def _check_kinds(read: Reader, old: Variable, new: Variable) -> None:
    # One code is a list of one; nothing else turns into another kind without a guess.
    if old.kind is not new.kind and (old.kind, new.kind) != (Kind.ONE, Kind.SEVERAL):
        raise read.refused(old.key, f"is {old.kind} and {new.key} is {new.kind}")


def translated(step_by_step: Map, answers: Answers) -> Translation:
    """The answers under the new version; what is new was not asked, and what is lost is named."""
    new = step_by_step.new
    taken: dict[str, Answer] = {}
    for key, answer in answers.items():
        step = step_by_step.steps[key]
        if step.to is not None:
            taken[step.to] = _answer(step, answer, new.variables[step.to])
    kept = settled(new, _within(new, taken))
    lost = [key for key, answer in answers.items() if _is_lost(step_by_step, key, answer, kept)]
    return Translation(checked(new, kept), tuple(lost))


def _answer(step: Step, answer: Answer, target: Variable) -> Answer:
    if isinstance(answer, tuple):
        codes = {step.codes[code] for code in answer} - set(Absence)
        known = tuple(code.code for code in target.codes if code.code in codes)
        return known or Absence.UNKNOWN.value
    if not isinstance(answer, str) or answer in set(Absence):
        return answer
    code = step.codes.get(answer, answer)
    is_list = target.kind is Kind.SEVERAL and code not in set(Absence)
    return (code,) if is_list else code


def _within(codebook: Codebook, answers: Mapping[str, Answer]) -> Answers:
    return {key: _in_limits(codebook.variables[key], answer) for key, answer in answers.items()}


def _in_limits(variable: Variable, answer: Answer) -> Answer:
    if isinstance(answer, int) and variable.at_least is not None and variable.at_most is not None:
        inside = variable.at_least <= answer <= variable.at_most
        return answer if inside else Absence.UNKNOWN.value
    alone = [code.code for code in variable.codes if code.alone]
    if isinstance(answer, tuple) and len(answer) > 1:
        return tuple(code for code in answer if code not in alone) or Absence.UNKNOWN.value
    return answer


def _is_lost(made: Map, key: str, answer: Answer, kept: Answers) -> bool:
    if isinstance(answer, str) and answer in set(Absence):
        return False
    to = made.steps[key].to
    now = kept.get(to) if to is not None else None
    if isinstance(answer, tuple) and isinstance(now, tuple):
        return len(now) < len(answer)
    return now is None or (isinstance(now, str) and now in set(Absence))
