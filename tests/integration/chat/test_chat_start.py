"""Beginning, coming back, and answering the three questions: docs/protocol.md, section 4."""

import asyncio

from havenlight.core import tokens
from tests.integration.live.wire import TAB_KEY, Answer, Wire, b64, beginning, message

OTHER_KEY = b64(b"\x01" * 32)


async def state_and_half(wire: Wire, conv: str, tab_key: str = TAB_KEY) -> Answer:
    return await wire.post("/chat/token", {"conv": conv, "tab_key": tab_key}, at=-1)


async def test_a_conversation_begins_with_a_token_for_itself_alone(wire: Wire) -> None:
    begun = beginning()
    answer = await wire.post("/chat/start", begun)
    assert answer.status == 200
    assert answer.fields.keys() == {"token", "expires_in"}
    assert answer.fields["expires_in"] == tokens.LIFETIME_SECONDS
    other = await wire.visitor()
    for conv, expected in ((begun["conv"], 200), (other.conv, 404)):
        path = f"/live/conv/{conv}/m"
        assert (await wire.post(path, message(), token=answer.fields["token"])).status == expected


async def test_the_same_beginning_again_is_answered_as_the_first_time(wire: Wire) -> None:
    begun = beginning()
    first, again = await asyncio.gather(
        wire.post("/chat/start", begun), wire.post("/chat/start", begun, at=-1)
    )
    assert (first.status, again.status) == (200, 200)
    for answer in (first, again):
        path = f"/live/conv/{begun['conv']}/t"
        assert (await wire.post(path, {}, token=answer.fields["token"])).status == 204


async def test_the_same_conversation_with_anything_else_is_refused_and_stays_as_it_was(
    wire: Wire,
) -> None:
    begun = beginning()
    assert (await wire.post("/chat/start", begun)).status == 200
    for other in (
        {"wrap": beginning()["wrap"]},
        {"half": beginning()["half"]},
        {"tab_key": OTHER_KEY},
        {"lang": "en"},
    ):
        answer = await wire.post("/chat/start", begun | other)
        assert answer.refusal == (409, "id_reused")
    assert (await state_and_half(wire, begun["conv"])).fields["half"] == begun["half"]


async def test_a_key_for_a_team_key_that_is_not_the_current_one_is_refused(wire: Wire) -> None:
    for epoch in (2, 2**31 - 1):
        answer = await wire.post("/chat/start", beginning(epoch=epoch))
        assert answer.refusal == (409, "epoch")


async def test_a_tab_that_proves_itself_gets_its_half_and_a_new_token(wire: Wire) -> None:
    begun = beginning()
    await wire.post("/chat/start", begun)
    answer = await state_and_half(wire, begun["conv"])
    assert answer.status == 200
    assert answer.fields.keys() == {"token", "expires_in", "half", "state"}
    assert (answer.fields["half"], answer.fields["state"]) == (begun["half"], "waiting")
    path = f"/live/conv/{begun['conv']}/m"
    assert (await wire.post(path, message(), token=answer.fields["token"])).status == 200


async def test_a_wrong_credential_and_an_unknown_conversation_are_refused_alike(
    wire: Wire,
) -> None:
    visitor = await wire.visitor()
    wrong = await state_and_half(wire, visitor.conv, OTHER_KEY)
    absent = await state_and_half(wire, beginning()["conv"])
    assert wrong.refusal == absent.refusal == (404, "unknown")
    assert wrong.body == absent.body


async def test_the_tab_s_half_of_the_key_is_gone_after_leave_exit_and_end(wire: Wire) -> None:
    bram = await wire.member(1)
    for how in ("leave", "exit"):
        waiting, active = await wire.visitor(), await wire.visitor()
        await bram.side_of(active.conv)
        for visitor in (waiting, active):
            assert (await state_and_half(wire, visitor.conv)).status == 200
            assert (await visitor.post("leave", {"how": how})).status == 204
            assert (await state_and_half(wire, visitor.conv)).refusal == (404, "unknown")
    ended = await wire.visitor()
    side = await bram.side_of(ended.conv)
    assert (await side.post("leave", {"how": "leave"})).status == 204
    assert (await state_and_half(wire, ended.conv)).refusal == (404, "unknown")


async def test_each_question_may_be_answered_changed_taken_back_or_left_open(wire: Wire) -> None:
    visitor = await wire.visitor()
    anna = await wire.member()

    async def shown() -> tuple[object, object, object]:
        answer = await anna.accept(visitor.conv)
        found = answer.fields["conversation"]
        return found["for_whom"], found["in_danger"], found["under_18"]

    for taps in (
        {},
        {"for_whom": "other", "in_danger": True},
        {"under_18": True},
        {"for_whom": "self", "in_danger": None},
        {"under_18": False},
        {},
    ):
        assert (await wire.post("/chat/taps", taps, token=visitor.token)).status == 204
    assert await shown() == ("self", None, False)


async def test_a_question_is_not_answered_any_more_when_it_has_ended(wire: Wire) -> None:
    visitor = await wire.visitor()
    await visitor.post("leave", {"how": "exit"})
    for taps in ({}, {"in_danger": True}):
        answer = await wire.post("/chat/taps", taps, token=visitor.token)
        assert answer.refusal == (409, "ended")


async def test_after_the_chat_she_may_tell_whether_it_helped_and_nobody_else_may(
    wire: Wire,
) -> None:
    visitor, side = await wire.talking()
    told = {"helped": "partly"}
    early = await wire.post("/chat/after", told, token=visitor.token)
    assert early.refusal == (404, "unknown")
    assert (await side.post("leave", {"how": "leave"})).status == 204
    for answers in (told, {"come_back": "maybe"}, {"helped": None}, {}):
        assert (await wire.post("/chat/after", answers, token=visitor.token)).status == 204
    for answers in ({"helped": "maybe"}, {"helped": True}, {"why": "yes"}):
        answer = await wire.post("/chat/after", answers, token=visitor.token)
        assert answer.refusal == (400, "malformed")


async def test_a_member_s_token_answers_no_question(wire: Wire) -> None:
    anna = await wire.member()
    answer = await wire.post("/chat/taps", {"in_danger": True}, token=await anna.token())
    assert answer.refusal == (404, "unknown")


async def test_the_visitor_s_page_gives_what_she_seals_to_and_sets_no_cookie(wire: Wire) -> None:
    answer = await wire.ask("GET", "/")
    assert answer.status == 200
    assert b"data-manifest=" in answer.body
    assert b"data-organisation-key=" in answer.body
    assert "Set-Cookie" not in answer.headers
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
