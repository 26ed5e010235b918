"""What was never published: the contact, the help, and those it is not about trafficking for."""

from datetime import date, timedelta

from havenlight.casework.simulation.draws import Draw
from havenlight.casework.simulation.victims import PARENTS, Person

LANGUAGES = {"nl": 0.965, "en": 0.02, "pl": 0.005, "ar": 0.005, "other": 0.005}
PROVINCES = {
    "zuid_holland": 21, "noord_holland": 17, "noord_brabant": 15, "gelderland": 12, "utrecht": 8,
    "overijssel": 7, "limburg": 6, "friesland": 4, "groningen": 3, "drenthe": 3, "flevoland": 2,
    "zeeland": 2,
}  # fmt: skip


def day_in(draw: Draw, year: int) -> date:
    """A day of that year."""
    first = date(year, 1, 1)
    return first + timedelta(days=draw.between(0, (date(year + 1, 1, 1) - first).days - 1))


def contact(draw: Draw, year: int, role: str) -> Person:
    """The contact of someone with a trafficking question."""
    return {
        "contacted_on": day_in(draw, year),
        "channel": draw.one({"chat": 0.93, "message": 0.07}),
        "campaign": "not_applicable",
        "language": draw.one(LANGUAGES),
        "contact_kind": "help",
        "sincerity": draw.one({"sincere": 0.97, "doubtful": 0.03}),
        "role": role,
        "help_question": ("trafficking",),
        "earlier_contact": "no",
    }


def bystander(draw: Draw) -> Person:
    """What someone who worries about another tells of her; less is known."""
    return {
        "age": draw.between(13, 24) if draw.chance(0.6) else "unknown",
        "gender": draw.one({"female": 8, "male": 1, "unknown": 1}),
        "forms": ("sexual",) if draw.chance(0.7) else "unknown",
        "relation": (draw.one({"partner": 5, "acquaintance": 3, "network": 1, "other": 1}),),
        "perpetrators": "unknown",
        "still_going_on": draw.one({"yes": 7, "no": 1, "unknown": 2}),
    }


def around(draw: Draw, person: Person) -> None:
    """Fill in what depends on the rest: control, recruitment, who knows, and the help given."""
    home = not PARENTS.isdisjoint(_codes(person, "relation"))
    person["birth_region"] = draw.one({"netherlands": 80, "unknown": 12, "elsewhere": 8})
    person["province"] = draw.one({**PROVINCES, "unknown": 60})
    person["trafficking_status"] = "possible"
    by_herself = person["role"] == "victim"
    person["status_source"] = "herself" if by_herself else "bystander"
    _control(draw, person, home=home)
    _recruitment(draw, person, home=home)
    _help(draw, person)


def _codes(person: Person, variable: str) -> frozenset[str]:
    answer = person.get(variable)
    return frozenset(answer) if isinstance(answer, tuple) else frozenset()


def _control(draw: Draw, person: Person, *, home: bool) -> None:
    partner = "partner" in _codes(person, "relation")
    person["means_of_control"] = draw.some(
        {
            "physical_threats": 0.35,
            "image_blackmail": 0.15 if home else 0.4,
            "debt": 0.1,
            "false_promises": 0.05 if home else 0.25,
            "physical_abuse": 0.45 if home else 0.3,
            "sexual_abuse": 0.25,
            "psychological_abuse": 0.5 if partner or home else 0.3,
            "takes_earnings": 0.15,
            "movement": 0.3 if home else 0.15,
            "substances": 0.15,
        },
        "other",
    )
    blackmailed = "image_blackmail" in _codes(person, "means_of_control")
    person["images"] = draw.one(
        {"not_spread": 6, "spread": 3} if blackmailed else {"no": 5, "not_spread": 1, "spread": 1}
    )


def _recruitment(draw: Draw, person: Person, *, home: bool) -> None:
    if home:
        person["recruitment_place"], person["recruitment_how"] = "family", "born_into"
        return
    places = {"online": 4, "friends": 3, "school": 1, "street": 1, "unknown": 2}
    person["recruitment_place"] = draw.one(places)
    love = 5 if "partner" in _codes(person, "relation") else 1
    person["recruitment_how"] = draw.one(
        {"love": love, "friendship": 2, "money": 2, "blackmail": 1, "unknown": 2}
    )
    person["recruitment_platform"] = draw.one({"social_media": 6, "messaging": 2, "dating": 2})


def _help(draw: Draw, person: Person) -> None:
    first = person.get("first_disclosure") == "yes"
    told = {"care": 0.4, "police": 0.15, "school": 0.15, "family_or_friends": 0.5}
    person["known_to"] = ("nobody",) if first else draw.some(told, "family_or_friends")
    person["danger"] = draw.one({"no": 85, "yes": 8, "unknown": 7})
    person["danger_action"] = draw.some({"urged_112": 0.7, "safety_plan": 0.6}, "urged_112")
    person["help_given"] = ("listening", *draw.some({"information": 0.5, "advice": 0.7}, "advice"))
    person["help_missing"] = (draw.one({"nothing": 6, "shelter": 2, "treatment": 1, "other": 1}),)
    person["help_missing_reason"] = (draw.one({"waiting_list": 5, "not_anonymous": 3, "other": 2}),)
    person["referral_offered"] = draw.one({"yes": 55, "no": 45})
    person["referral_accepted"] = draw.one({"yes": 35, "later": 25, "no": 40})
    person["referral_made"] = draw.one({"yes": 70, "no": 30})
    person["referral_arrived"] = draw.one({"yes": 4, "waiting": 2, "no": 1, "unknown": 3})
    person["return_agreed"] = draw.one({"yes": 6, "no": 4})


def other_contact(draw: Draw, year: int) -> Person:
    """Someone who came with something else, or with nothing."""
    kind = draw.one({"help": 70, "silent": 18, "prank": 8, "test": 4})
    made = contact(draw, year, draw.one({"victim": 8, "friend": 1, "parent": 1}))
    subjects = {"sexual_abuse": 5, "image_threat": 3, "violence_at_home": 3, "drugs_crime": 1}
    made["help_question"] = (draw.one({**subjects, "mental_health": 3, "information": 2}),)
    made |= {"contact_kind": kind, "age": draw.between(11, 25), "danger": "no"}
    made |= {"gender": draw.one({"female": 8, "male": 2}), "help_given": ("listening",)}
    return made
