"""What each clock is over: how to find what is due, and how to erase it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from havenlight.casework import erasing as casework
from havenlight.chat import erasing as chat
from havenlight.referral import erasing as referral
from havenlight.retention.clocks import Clock

Ids = list[UUID]


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing that is erased by id.

    `due` takes the moment before which it is; `everything` is what a restored backup is searched
    for; `tables` are those whose bytes must be gone from the database's files too.
    """

    clock: Clock
    due: Callable[[datetime], Ids]
    everything: Callable[[], Ids]
    erase: Callable[[Iterable[UUID]], None]
    tables: Callable[[], list[str]]


def _erase_transcripts(conversation_ids: Iterable[UUID]) -> None:
    ids = list(conversation_ids)
    chat.erase(ids)
    # That one was referred stays until its own clock; from where to whom it leads no more.
    referral.forget_conversations(ids)


HOLDINGS = (
    Holding(
        Clock.TRANSCRIPT,
        chat.transcripts_before,
        chat.all_conversations,
        _erase_transcripts,
        chat.sealed_tables,
    ),
    Holding(
        Clock.NOTES,
        chat.notes_before,
        chat.all_conversations,
        chat.erase_notes,
        chat.sealed_tables,
    ),
    Holding(
        Clock.CONTACT,
        referral.contacts_before,
        referral.all_contacts,
        referral.erase_contacts,
        referral.sealed_tables,
    ),
    Holding(
        Clock.REFERRAL,
        referral.referrals_before,
        referral.all_referrals,
        referral.erase_referrals,
        referral.sealed_tables,
    ),
    Holding(
        Clock.REGISTRATION,
        casework.registrations_before,
        casework.all_registrations,
        casework.erase,
        list,
    ),
)
