"""Team keys that open nothing any more: whoever kept a copy of one has nothing to open with it."""

from django.apps import apps
from django.db import models

from havenlight.chat import erasing as chat
from havenlight.referral import erasing as referral
from havenlight.team import epochs


def drop_unused() -> list[int]:
    """Destroy the team keys to which nothing is sealed any more, and tell of which epochs."""
    return epochs.drop_unused(chat.epochs_in_use() | referral.epochs_in_use() | _sealed_in())


def _sealed_in() -> set[int]:
    """The epochs of all rows, in whichever domain, that are sealed to a team key themselves."""
    return {
        number
        for model in apps.get_models()
        if {"epoch", "sealed"} <= {field.name for field in model._meta.get_fields()}
        for number in _rows(model).values_list("epoch", flat=True).distinct()
    }


def _rows(model: type[models.Model]) -> models.QuerySet[models.Model]:
    rows: models.QuerySet[models.Model] = model._base_manager.all()
    return rows
