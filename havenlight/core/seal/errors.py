"""What seal refuses; no message ever carries a key, a phrase or a text."""

from havenlight.core.errors import HavenlightError


class EncodingRefused(HavenlightError):
    """Bytes were not written as the protocol writes them."""


class KeyRefused(HavenlightError):
    """These bytes are not a P-256 key in the form the protocol uses."""


class SealBroken(HavenlightError):
    """A sealed value does not open here: another key, another place, or altered bytes."""


class TextRefused(HavenlightError):
    """A text cannot be sent as one message."""


class ManifestRefused(HavenlightError):
    """A manifest is not vouched for by the organisation, or not meant for this client."""
