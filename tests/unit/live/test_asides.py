"""What colleagues tell each other cannot be put on a visitor's stream: shown by its type."""

import json
from typing import get_type_hints

import pytest

from havenlight.live import wire
from havenlight.live.asides import Aside
from havenlight.live.streams import MemberStream, Stream

ASIDE = Aside("room", {"sealed": "x"})


def takes(stream: type[Stream]) -> set[str]:
    """The methods of a stream that take an Aside."""
    names = [name for name in dir(stream) if callable(getattr(stream, name))]
    methods = [(name, getattr(stream, name)) for name in names if not name.startswith("__")]
    return {name for name, method in methods if Aside in get_type_hints(method).values()}


def test_only_the_stream_of_a_member_has_a_method_that_takes_one() -> None:
    assert takes(Stream) == set()
    assert takes(MemberStream) == {"tell"}


def test_what_every_stream_takes_is_bytes_and_an_aside_is_none() -> None:
    for method in (Stream.push, Stream.push_news):
        assert get_type_hints(method)["chunk"] is bytes
    assert not isinstance(ASIDE, bytes)
    with pytest.raises(TypeError):
        json.dumps(ASIDE)
    with pytest.raises(TypeError):
        wire.frame("m", {"conv": ASIDE})
