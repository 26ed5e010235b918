"""A message is left while nobody can answer, and its answer is found by the code."""

from havenlight.client import Back, Queue, State, Visitor
from tests.integration.client.people import People, state, until


async def test_a_letter_is_answered_when_somebody_can_and_its_answer_is_found_by_the_code(
    people: People,
) -> None:
    anna = await people.member()
    link = await people.link()
    writer = await Visitor.start(link, people.organisation, allow_demo=True, letter=True)
    await writer.say("ik kan alleen nu schrijven")
    words = await writer.take_code(people.organisation, "nl")
    assert (await until(writer.events, State)).state == "left"
    await writer.leave("exit")
    writer.close()

    def listed(queue: Queue) -> bool:
        assert all(one["conv"] != writer.conv for one in queue.waiting)
        return any(one["conv"] == writer.conv and one["has_code"] for one in queue.letters)

    await until(anna, Queue, listed)
    await anna.accept(writer.conv)
    await anna.say(writer.conv, "goed dat je schrijft")
    await anna.end(writer.conv)
    await state(anna, writer.conv, "ended")

    # The line is shut: what she adds is a letter again, in the same thread.
    again = await Visitor.start(
        await people.link(), people.organisation, allow_demo=True, back=Back(words), letter=True
    )
    (former,) = await again.former()
    assert (former.conv, former.alias) == (writer.conv, "Anna")
    assert [one.text for one in former.messages] == [
        "ik kan alleen nu schrijven",
        "goed dat je schrijft",
    ]
    await again.leave()
    again.close()
