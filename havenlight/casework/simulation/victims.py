"""Made-up victims: exact counts where figures were published, plausible dependence elsewhere."""

from collections.abc import Callable

from havenlight.casework.codebook import Answer
from havenlight.casework.simulation.draws import Draw
from havenlight.casework.simulation.targets import AGES, DURATIONS, Known, Year

Person = dict[str, Answer]

PARENTS = frozenset({"father", "mother", "step_or_foster_parent"})
YOUNGEST_AT_START = {True: 4, False: 9}
"""In years, by whether a parent is the exploiter."""


def make_victims(draw: Draw, year: Year) -> list[Person]:
    """Answers of every victim of a year, not yet finished; one dict a person."""
    people: list[Person] = [{"number": number} for number in range(year.victims)]
    _ages(draw, year, people)
    _genders(draw, year, people)
    _forms(draw, year, people)
    _relations(draw, year, people)
    _perpetrators(draw, year, people)
    _durations(draw, year, people)
    _yes_or_no(draw, people, "still_going_on", year.still_going_on)
    _yes_or_no(draw, people, "first_disclosure", year.first_disclosure)
    for person in people:
        del person["number"]
    return people


def _age(person: Person) -> int:
    age = person["age"]
    return age if isinstance(age, int) else 18


def _is(person: Person, variable: str, *codes: str) -> bool:
    answer = person.get(variable)
    return answer in codes if isinstance(answer, str) else _any(answer, codes)


def _any(answer: Answer | None, codes: tuple[str, ...]) -> bool:
    return isinstance(answer, tuple) and not set(codes).isdisjoint(answer)


def _ages(draw: Draw, year: Year, people: list[Person]) -> None:
    rest = people
    for (low, high), count in zip(AGES, year.ages, strict=True):
        for person in draw.pick(rest, count):
            # Most are at the younger end of the widest group.
            wide = high - low > 10
            person["age"] = (
                min(draw.between(low, high), draw.between(low, high))
                if wide
                else (draw.between(low, high))
            )
        rest = [person for person in rest if "age" not in person]
    for person in rest:
        person["age"] = "unknown"


def _genders(draw: Draw, year: Year, people: list[Person]) -> None:
    minors = [person for person in people if _age(person) < 18]
    adults = [person for person in people if _age(person) >= 18]
    girls = draw.pick(minors, year.minor_girls)
    girls += draw.pick(adults, year.girls.persons - year.minor_girls)
    for person in girls:
        person["gender"] = "female"
    rest = [person for person in people if "gender" not in person]
    for person in draw.pick(rest, year.victims - year.girls.of):
        person["gender"] = "unknown"
    for person in rest:
        person.setdefault("gender", draw.one({"male": 0.93, "other": 0.07}))


def _forms(draw: Draw, year: Year, people: list[Person]) -> None:
    unknown = draw.pick(people, year.victims - year.sexual.of)
    known = [person for person in people if person not in unknown]
    sexual = draw.pick(
        known, year.sexual.persons, lambda person: 6 if _is(person, "gender", "female") else 1
    )
    criminal = draw.pick(
        known,
        year.criminal,
        lambda person: (1 if person in sexual else 12) * (3 if 14 <= _age(person) <= 22 else 1),
    )
    for person in known:
        forms = ["sexual"] * (person in sexual) + ["criminal"] * (person in criminal)
        person["forms"] = tuple(forms) or (_other_form(draw, person),)
        _sub_forms(draw, person)
    for person in unknown:
        person["forms"] = "unknown"


def _other_form(draw: Draw, person: Person) -> str:
    grown = _age(person) >= 18
    return draw.one(
        {"labour": 4 if grown else 1, "servitude": 2, "marriage": 2, "begging": 1, "other": 1}
    )


def _sub_forms(draw: Draw, person: Person) -> None:
    if _is(person, "forms", "sexual"):
        young = _age(person) < 16
        person["sexual_forms"] = draw.some(
            {
                "webcam": 0.3 if young else 0.15,
                "images_sold": 0.25,
                "lent_out": 0.3 if young else 0.2,
                "paid_by_app": 0.35 if young else 0.5,
                "paid_other": 0.2,
            },
            "other",
        )
    if _is(person, "forms", "criminal"):
        shares = {"drug_transport": 0.5, "drug_sale": 0.4, "money_mule": 0.2, "shoplifting": 0.2}
        person["criminal_forms"] = draw.some(shares, "other")
    if _is(person, "forms", "labour", "servitude"):
        household = _is(person, "forms", "servitude")
        person["labour_sector"] = (
            "household"
            if household
            else draw.one({"hospitality": 3, "agriculture": 2, "construction": 1, "other": 2})
        )


def _relations(draw: Draw, year: Year, people: list[Person]) -> None:
    unknown = draw.pick(people, year.victims - year.parents.of)
    known = [person for person in people if person not in unknown]
    with_parents = draw.pick(known, year.parents.persons, lambda person: 20 / _age(person))
    for person in known:
        is_parent = person in with_parents
        person["relation"] = _parents(draw, year) if is_parent else (_other_relation(draw, person),)
    for person in unknown:
        person["relation"] = "unknown"
    for person in people:
        if _is(person, "relation", "father", "mother", "step_or_foster_parent", "family"):
            person["siblings"] = draw.one({"no": 5, "yes": 2, "unknown": 3})


def _parents(draw: Draw, year: Year) -> tuple[str, ...]:
    if draw.chance(0.15):
        return ("step_or_foster_parent",)
    if draw.chance(0.15):
        return ("father", "mother")
    return ("father",) if draw.chance(year.fathers_share) else ("mother",)


def _other_relation(draw: Draw, person: Person) -> str:
    girl, criminal = _is(person, "gender", "female"), _is(person, "forms", "criminal")
    return draw.one(
        {
            "partner": 6 if girl and not criminal else 1,
            "acquaintance": 4,
            "network": 4 if criminal else 1,
            "family": 1,
            "other": 1,
        }
    )


def _perpetrators(draw: Draw, year: Year, people: list[Person]) -> None:
    known = [person for person in people if person["relation"] != "unknown"]
    several = [person for person in known if _is_several(person)]
    others = [person for person in known if person not in several]
    several += draw.pick(others, year.several_perpetrators - len(several))
    for person in people:
        person["perpetrators"] = "several" if person in several else "one"
        if person not in known:
            person["perpetrators"] = "unknown"


def _is_several(person: Person) -> bool:
    relation = person["relation"]
    return _is(person, "relation", "network") or (isinstance(relation, tuple) and len(relation) > 1)


def _months_possible(person: Person) -> int:
    return (_age(person) - YOUNGEST_AT_START[_is(person, "relation", *PARENTS)]) * 12


def _durations(draw: Draw, year: Year, people: list[Person]) -> None:
    rest = people
    # The longest first: the fewest persons are old enough for them.
    for (low, high), count in reversed(list(zip(DURATIONS, year.durations, strict=True))):
        for person in draw.pick(rest, count, _weight_for(low)):
            person["duration_months"] = draw.between(low, min(high, _months_possible(person)))
            if person["age"] != "unknown" and draw.chance(0.7):
                person["age_at_start"] = _age(person) - -(-_months(person) // 12)
        rest = [person for person in rest if "duration_months" not in person]
    for person in rest:
        person["duration_months"] = "unknown"


def _months(person: Person) -> int:
    months = person["duration_months"]
    return months if isinstance(months, int) else 0


def _weight_for(low: int) -> Callable[[Person], float]:
    def weight(person: Person) -> float:
        if _months_possible(person) < low:
            return 0
        return 5 if low > 24 and _is(person, "relation", *PARENTS) else 1

    return weight


def _yes_or_no(draw: Draw, people: list[Person], variable: str, known: Known) -> None:
    answered = draw.pick(people, known.of)
    yes = draw.pick(answered, known.persons)
    for person in people:
        person[variable] = "yes" if person in yes else "no" if person in answered else "unknown"
