"""Accepting at the desk: one gets it, the other is told; and who may at all."""

import asyncio

import pytest

from havenlight.core.ids import new_id
from tests.integration.live.wire import TAB_KEY, Wire, b64, beginning


async def test_of_two_members_who_accept_at_once_exactly_one_gets_it(wire: Wire) -> None:
    anna, bram = await wire.member(0, at=0), await wire.member(1, at=-1)
    for _ in range(8):
        visitor = await wire.visitor()
        answers = await asyncio.gather(
            *(desk.accept(visitor.conv) for desk in (anna, bram, anna, bram))
        )
        got = [answer for answer in answers if answer.status == 200]
        assert len(got) == 1
        assert got[0].fields["conversation"]["conv"] == visitor.conv
        told = {answer.refusal for answer in answers if answer.status != 200}
        assert told == {(409, "taken")}


async def test_who_was_too_late_gets_neither_token_nor_key(wire: Wire) -> None:
    anna, bram = await wire.member(0), await wire.member(1)
    visitor = await wire.visitor()
    side = await anna.side_of(visitor.conv)
    assert (await bram.accept(visitor.conv)).fields == {"code": "taken"}
    his = await bram.post("token")
    assert visitor.conv not in [one["conv"] for one in his.fields["conversations"]]
    assert (await side.post("t", token=his.fields["token"])).refusal == (404, "unknown")


async def test_accepting_gives_what_is_needed_to_read_and_says_it_is_active(wire: Wire) -> None:
    begun = beginning(lang="en")
    token = (await wire.post("/chat/start", begun)).fields["token"]
    await wire.post("/chat/taps", {"for_whom": "other"}, token=token)
    answer = await (await wire.member()).accept(begun["conv"])
    assert answer.fields.keys() == {"token", "expires_in", "now", "me", "conversation"}
    conversation = answer.fields["conversation"]
    assert conversation.keys() == {
        *("conv", "state", "epoch", "wrap", "lang", "for_whom", "in_danger", "under_18"),
        *("waiting_since", "accepted_at", "away", "ended_at", "by", "weight", "risk", "insincere"),
        *("thread", "returning", "wish", "server_sealed", "practice"),
        *("letter", "has_code", "agreed_at"),
    }
    assert (conversation["wrap"], conversation["state"]) == (begun["wrap"], "active")
    assert (conversation["lang"], conversation["for_whom"]) == ("en", "other")
    assert conversation["accepted_at"] >= conversation["waiting_since"]
    tab = await wire.post("/chat/token", {"conv": begun["conv"], "tab_key": TAB_KEY})
    assert tab.fields["state"] == "active"


async def test_her_token_names_her_conversations_until_they_are_finished(wire: Wire) -> None:
    anna, bram = await wire.member(), await wire.member(1)
    kept, ended = await wire.visitor(), await wire.visitor()
    for visitor in (kept, ended):
        side = await anna.side_of(visitor.conv)
        await side.kept()
    await ended.post("leave", {"how": "exit"})
    hers = {one["conv"]: one for one in (await anna.post("token")).fields["conversations"]}
    assert (hers[kept.conv]["state"], hers[kept.conv]["ended_at"]) == ("active", None)
    assert (hers[ended.conv]["state"], hers[ended.conv]["by"]) == ("ended", "exit")
    # What was said is still there to be read: she has to wrap it up.
    events = await anna.open()
    await events.until("m", lambda data: data["conv"] == ended.conv)

    finish = f"conversations/{ended.conv}/finish"
    assert (await bram.post(finish)).refusal == (404, "unknown")
    assert (await anna.post(f"conversations/{kept.conv}/finish")).refusal == (409, "ended")
    assert (await anna.post(finish)).status == 204
    left = [one["conv"] for one in (await anna.post("token")).fields["conversations"]]
    assert kept.conv in left
    assert ended.conv not in left
    assert (await anna.post(finish)).refusal == (404, "unknown")


@pytest.mark.parametrize("state", ["abandoned", "absent"])
async def test_what_waits_no_more_cannot_be_accepted(wire: Wire, state: str) -> None:
    anna = await wire.member()
    conv = new_id()
    if state == "abandoned":
        visitor = await wire.visitor()
        await visitor.post("leave", {"how": "leave"})
        conv = visitor.conv
    expected = {"abandoned": (409, "ended"), "absent": (404, "unknown")}[state]
    assert (await anna.accept(conv)).refusal == expected


async def test_who_has_not_signed_in_gets_nothing_of_the_desk(wire: Wire) -> None:
    visitor = await wire.visitor()
    for path in ("/desk/", "/desk/keys"):
        answer = await wire.ask("GET", path)
        assert answer.status == 302
        assert answer.headers["Location"].startswith("/team/sign-in")
    for path in ("/desk/token", f"/desk/conversations/{visitor.conv}/accept"):
        answer = await wire.post(path, {}, token=visitor.token)
        assert answer.status in {401, 403}
        assert visitor.conv.encode() not in answer.body


async def test_a_page_of_another_site_cannot_make_a_member_accept(wire: Wire) -> None:
    anna, visitor = await wire.member(), await wire.visitor()
    path = f"/desk/conversations/{visitor.conv}/accept"
    for headers in (
        {"Cookie": anna.cookie, "Origin": "https://elsewhere.example", "X-CSRFToken": anna.csrf},
        {"Cookie": anna.cookie},
    ):
        assert (await wire.post(path, {}, headers=headers)).status == 403
    assert (await anna.accept(visitor.conv)).status == 200


async def test_a_member_cannot_speak_as_the_visitor_nor_she_as_the_member(wire: Wire) -> None:
    visitor, anna = await wire.talking()
    await visitor.kept()
    await anna.kept()
    said = await (await visitor.open()).messages(2)
    assert [one["from"][0] for one in said] == ["v", "c"]


async def test_keys_are_given_sealed_and_to_their_member_alone(wire: Wire) -> None:
    anna, bram = await wire.member(0), await wire.member(1)
    keys = []
    for desk in (anna, bram):
        answer = await wire.ask("GET", "/desk/keys", headers={"Cookie": desk.cookie})
        assert "no-store" in answer.headers["Cache-Control"]
        keys.append(answer.fields)
    assert keys[0].keys() == {
        *("member", "key", "wrap", "kdf", "teams", "passkeys", "manifest", "chain")
    }
    assert keys[0]["member"] != keys[1]["member"]
    assert keys[0]["wrap"] != keys[1]["wrap"]
    assert keys[0]["teams"][0]["wrap"] != keys[1]["teams"][0]["wrap"]
    assert len(keys[0]["wrap"]) == len(b64(bytes(166)))
