"""Parts of addresses."""

from uuid import UUID

from django.urls import register_converter

from havenlight.core.ids import PATTERN


class IdConverter:
    """An identifier as the protocol writes it; Django's own takes only the form with dashes."""

    regex = PATTERN.pattern

    def to_python(self, value: str) -> UUID:
        """The identifier in the address."""
        return UUID(value)

    def to_url(self, value: UUID) -> str:
        """The address of the identifier."""
        return value.hex


# Here, since a name is registered once however many domains use it.
register_converter(IdConverter, "id")
