"""Any sequence of links, merges and splits: who is one person, and when she was first seen."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from havenlight.casework import actions, registrations
from havenlight.casework.codes import Confidence, Reason
from havenlight.casework.errors import LinkRefused, MergeRefused
from havenlight.casework.models import Case, Contact, Link, Merge
from havenlight.casework.tree import root
from havenlight.team.codes import Role
from havenlight.team.models import Member

DAYS = st.integers(0, 2000).map(lambda days: date(2020, 1, 1) + timedelta(days=days))
PICK = st.integers(min_value=0)


class Persons(RuleBasedStateMachine):
    """Beside the tables a plain model: sets of cases that were joined, days of each case."""

    def __init__(self) -> None:
        super().__init__()
        # Every example begins with empty tables.
        self.all_of_it = transaction.atomic()
        self.all_of_it.__enter__()
        self.anna = Member.objects.create(
            email="anna@example.org", alias="Anna", role=Role.COUNSELLOR
        )
        self.cases: list[Case] = []
        self.contacts: list[Contact] = []
        self.joined: list[tuple[Case, Case]] = []
        """Which merges stand, in the order they were made."""
        self.days: dict[Case, list[Contact]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.all_of_it.__exit__(None, None, None)

    def group(self, case: Case) -> set[Case]:
        """Every case that is one person with this one, by walking the merges that stand."""
        found = {case}
        while (
            more := {other for pair in self.joined if found.intersection(pair) for other in pair}
            - found
        ):
            found |= more
        return found

    @rule(day=DAYS)
    def someone_new_comes(self, day: date) -> None:
        contact, case = actions.meet(day), Case.objects.create()
        actions.link(contact, case, Reason.SAID_SO, Confidence.CERTAIN, self.anna)
        self.cases.append(case)
        self.contacts.append(contact)
        self.days[case] = [contact]

    @precondition(lambda self: self.cases)
    @rule(one=PICK, other=PICK)
    def a_contact_is_linked(self, one: int, other: int) -> None:
        contact, case = self.contacts[one % len(self.contacts)], self.cases[other % len(self.cases)]
        already = any(contact in self.days[each] for each in self.group(case))
        if already:
            with pytest.raises(LinkRefused):
                actions.link(contact, case, Reason.SAID_SO, Confidence.PROBABLE, self.anna)
        else:
            actions.link(contact, case, Reason.SAID_SO, Confidence.PROBABLE, self.anna)
            self.days[case].append(contact)

    @precondition(lambda self: self.cases)
    @rule(which=PICK)
    def a_contact_turns_out_to_be_about_another(self, which: int) -> None:
        standing = list(Link.objects.filter(ended_at=None).order_by("pk"))
        if not standing:
            return
        link = standing[which % len(standing)]
        own = actions.unlink(link, Reason.OTHER_PERSON, self.anna)
        self.days[link.case].remove(link.contact)
        self.days[own] = [link.contact]
        self.cases.append(own)

    @precondition(lambda self: self.cases)
    @rule(one=PICK, other=PICK)
    def two_are_merged(self, one: int, other: int) -> None:
        case, into = self.cases[one % len(self.cases)], self.cases[other % len(self.cases)]
        if into in self.group(case):
            with pytest.raises(MergeRefused):
                actions.merge(case, into, Reason.SAME_DETAILS, Confidence.POSSIBLE, self.anna)
        else:
            made = actions.merge(case, into, Reason.SAME_DETAILS, Confidence.POSSIBLE, self.anna)
            self.joined.append((made.case, made.into))

    @precondition(lambda self: self.cases)
    @rule(one=PICK)
    def one_is_split(self, one: int) -> None:
        case = self.cases[one % len(self.cases)]
        merged = [pair for pair in self.joined if pair[0] == case]
        if merged:
            actions.split(case, Reason.OTHER_PERSON, self.anna)
            self.joined.remove(merged[0])
        else:
            with pytest.raises(MergeRefused):
                actions.split(case, Reason.OTHER_PERSON, self.anna)

    @invariant()
    def first_seen_is_the_first_day_of_all_that_are_one(self) -> None:
        into, first = registrations.merges(), registrations.first_seen()
        for case in self.cases:
            group = self.group(case)
            assert {root(each.pk, into) for each in group} == {root(case.pk, into)}
            days = [contact.began_on for each in group for contact in self.days[each]]
            assert first.get(root(case.pk, into)) == (min(days) if days else None)

    @invariant()
    def nothing_that_was_judged_is_ever_gone(self) -> None:
        assert Merge.objects.filter(ended_at=None).count() == len(self.joined)
        assert Link.objects.filter(ended_at=None).count() == sum(map(len, self.days.values()))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("examples", "steps"), [(15, 20), pytest.param(300, 50, marks=pytest.mark.long)]
)
def test_first_seen_stays_right_whatever_is_linked_merged_and_split(
    examples: int, steps: int
) -> None:
    run_state_machine_as_test(
        Persons,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
