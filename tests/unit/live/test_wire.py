"""Frames and bodies as docs/protocol.md writes them."""

import json
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenlight.core.ids import new_id
from havenlight.core.refusals import Refused
from havenlight.core.seal.encoding import b64
from havenlight.live import wire

ids = st.binary(min_size=16, max_size=16).map(bytes.hex)
texts = st.text(max_size=40)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def parsed(frame: bytes) -> tuple[dict[str, str], dict[str, object]]:
    assert frame.endswith(b"\n\n")
    assert frame.count(b"\n\n") == 1
    fields = dict(line.split(": ", 1) for line in frame.decode().strip().split("\n"))
    return fields, json.loads(fields.pop("data"))


@given(st.sampled_from("msratqwge"), st.dictionaries(texts, anything, max_size=4))
def test_no_content_breaks_out_of_its_frame(event: str, data: dict[str, object]) -> None:
    fields, found = parsed(wire.frame(event, data))
    assert fields == {"event": event}
    assert found.keys() == data.keys()


@given(ids, st.integers(1, 2**31 - 1), ids, st.integers(1, 2**31 - 1), st.binary(max_size=400))
def test_a_message_is_told_with_its_seq_as_the_event_s_id(
    conv: str, seq: int, id_: str, n: int, env: bytes
) -> None:
    fields, data = parsed(wire.message_frame(conv, seq, id_, "v", n, 7, b64(env)))
    assert fields == {"id": str(seq), "event": "m"}
    assert data == {
        "conv": conv,
        "seq": seq,
        "id": id_,
        "from": "v",
        "n": n,
        "at": 7,
        "env": b64(env),
    }


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_malformed(body: bytes) -> None:
    try:
        wire.body(body, wire.Typing)
    except Refused as refused:
        assert refused.code == "malformed"  # noqa: PT017 -- most examples are refused, some not


@given(st.fixed_dictionaries({}, optional={"id": anything | ids, "n": anything, "env": anything}))
def test_any_fields_are_a_message_or_refused(fields: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        wire.posted(json.dumps(fields).encode())
    assert refused.value.code == "malformed"


@given(ids, st.integers(1, 2**31 - 1), st.integers(1, 47))
def test_what_has_the_form_of_an_envelope_is_taken_unaltered(id_: str, n: int, steps: int) -> None:
    env = b"\x01" + secrets.token_bytes(28 + 256 * steps)
    body = json.dumps({"id": id_, "n": n, "env": b64(env), "more": [n]}).encode()
    assert wire.posted(body) == wire.Posted(id_, n, env, b64(env))


@given(ids, ids, st.integers(0, 2**31 - 1))
def test_since_names_what_is_held_and_nothing_else(one: str, other: str, seq: int) -> None:
    held = wire.since(f"{one}:{seq}", "", (one, other) if one != other else (one,))
    assert held[one] == seq
    assert wire.since("", str(seq), (one,)) == {one: seq}
    assert wire.since("", "", (one,)) == {one: 0}


def test_a_last_event_id_says_nothing_to_a_member_of_several_conversations() -> None:
    one, other = new_id(), new_id()
    assert wire.since("", "5", (one, other)) == {one: 0, other: 0}


@given(st.text(max_size=60).filter(bool))
def test_any_since_is_read_or_malformed(query: str) -> None:
    conv = "0" * 32
    try:
        assert wire.since(query, "", (conv,)).keys() == {conv}
    except Refused as refused:
        assert refused.code == "malformed"  # noqa: PT017 -- most examples are refused, some not
