"""Tokens: what was minted is read, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenlight.core import tokens
from havenlight.core.ids import new_id
from havenlight.core.seal.encoding import unb64
from havenlight.core.tokens import LIFETIME_SECONDS, Claims, TokenRefused

SECRET = b"s" * 32
NOW = 1_800_000_000.0

ids = st.binary(min_size=16, max_size=16).map(bytes.hex)
claims = st.builds(
    Claims,
    role=st.sampled_from(["v", "c"]),
    subject=ids,
    sender=st.one_of(st.just("v"), st.binary(min_size=8, max_size=8).map(lambda k: f"c:{k.hex()}")),
    conversations=st.lists(ids, max_size=8).map(tuple),
    expires_at=st.integers(int(NOW) + 1, int(NOW) + LIFETIME_SECONDS),
)


def make_claims(expires_at: int = int(NOW) + LIFETIME_SECONDS) -> Claims:
    conv = new_id()
    return Claims("v", conv, "v", (conv,), expires_at)


@given(claims)
def test_what_was_minted_is_read(given_claims: Claims) -> None:
    assert tokens.read(tokens.mint(given_claims, SECRET), SECRET, NOW) == given_claims


@given(claims, st.data())
def test_no_token_with_one_character_changed_is_read(
    given_claims: Claims, data: st.DataObject
) -> None:
    token = tokens.mint(given_claims, SECRET)
    place = data.draw(st.integers(0, len(token) - 1))
    there = token[place]
    other = data.draw(st.characters(codec="latin-1").filter(lambda letter: letter != there))
    with pytest.raises(TokenRefused):
        tokens.read(token[:place] + other + token[place + 1 :], SECRET, NOW)


@given(st.text(alphabet=st.characters(codec="latin-1"), max_size=200))
def test_what_was_never_minted_is_refused(token: str) -> None:
    with pytest.raises(TokenRefused):
        tokens.read(token, SECRET, NOW)


def test_a_token_of_another_secret_is_refused() -> None:
    with pytest.raises(TokenRefused, match="forged"):
        tokens.read(tokens.mint(make_claims(), b"o" * 32), SECRET, NOW)


def test_claims_under_the_mac_of_other_claims_are_refused() -> None:
    mine, hers = (tokens.mint(make_claims(), SECRET).split(".") for _ in range(2))
    with pytest.raises(TokenRefused, match="forged"):
        tokens.read(f"{hers[0]}.{mine[1]}", SECRET, NOW)


def test_a_token_ends_at_its_second_and_not_before() -> None:
    token = tokens.mint(make_claims(int(NOW)), SECRET)
    assert tokens.read(token, SECRET, NOW - 1)
    with pytest.raises(TokenRefused, match="expired"):
        tokens.read(token, SECRET, NOW)


def test_a_clock_set_back_does_not_lengthen_a_token() -> None:
    token = tokens.mint(make_claims(), SECRET)
    with pytest.raises(TokenRefused, match="expired"):
        tokens.read(token, SECRET, NOW - 3_600)


def test_a_refusal_shows_nothing_of_the_token() -> None:
    token = tokens.mint(make_claims(), b"o" * 32)
    with pytest.raises(TokenRefused) as refused:
        tokens.read(token, SECRET, NOW)
    assert token.partition(".")[0] not in str(refused.value)


def test_a_grant_says_how_long_it_lasts_and_names_the_role() -> None:
    member, conv = new_id(), new_id()
    grant = tokens.grant(member, f"c:{'0' * 16}", [conv], SECRET, NOW)
    assert grant["expires_in"] == LIFETIME_SECONDS
    read = tokens.read(str(grant["token"]), SECRET, NOW)
    assert read == Claims("c", member, f"c:{'0' * 16}", (conv,), int(NOW) + LIFETIME_SECONDS)


def test_the_token_has_the_form_that_the_protocol_describes() -> None:
    conv = new_id()
    token = tokens.mint(Claims("v", conv, "v", (conv,), 1_800_000_600), SECRET)
    body = json.dumps(["v", conv, "v", [conv], 1_800_000_600], separators=(",", ":")).encode()
    claims_part, mac_part = token.split(".")
    assert unb64(claims_part) == body
    assert len(unb64(mac_part)) == 32
    assert "=" not in token
