"""The load of the benchmark: it may count only what was both acknowledged and delivered."""

import asyncio
from collections.abc import Iterator

import pytest

from bench.load.talk import LoadFailed, Talk, percentile
from bench.load.wire import EventStream, Poster, WebSocket, websocket_text

CONVERSATION = "c" * 32
FIRST, SECOND = (digit * 32 for digit in "12")


class Line:
    """Writes down what it is asked to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, int]] = []

    def send(self, side: int, number: int) -> bytes:
        """The id tells which message it is."""
        self.sent.append((side, number))
        return b"%d-%d" % (side, number)


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep it."""
        self.written += bytes(data)


@pytest.fixture
def line() -> Line:
    """One conversation."""
    return Line()


@pytest.fixture
def talk(line: Line) -> Talk:
    """A talk that goes on, over that conversation."""
    talk = Talk(goes_on=True)
    talk.add(line)
    talk.send(0)
    return talk


def test_a_message_that_was_only_acknowledged_does_not_count(talk: Talk) -> None:
    talk.acknowledged(b"0-0")

    assert talk.delays == []


def test_a_message_that_was_only_delivered_does_not_count(talk: Talk) -> None:
    talk.delivered(b"0-0")

    assert talk.delays == []


@pytest.mark.parametrize("order", ["acknowledged delivered", "delivered acknowledged"])
def test_a_message_counts_when_both_happened_and_the_other_side_answers(
    talk: Talk, line: Line, order: str
) -> None:
    for event in order.split():
        getattr(talk, event)(b"0-0")

    assert len(talk.delays) == 1
    assert line.sent == [(0, 0), (1, 0)]


def test_a_message_delivered_twice_fails_the_load(talk: Talk) -> None:
    talk.delivered(b"0-0")
    talk.acknowledged(b"0-0")

    with pytest.raises(KeyError):
        talk.delivered(b"0-0")


async def test_to_finish_waits_for_what_is_on_the_way(talk: Talk, line: Line) -> None:
    finishing = asyncio.ensure_future(talk.finish())
    await asyncio.sleep(0)
    assert not finishing.done()

    talk.acknowledged(b"0-0")
    talk.delivered(b"0-0")
    await finishing

    assert line.sent == [(0, 0)]


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (1, 100), (0, 1)])
def test_a_percentile_is_a_value_that_was_seen(share: float, value: int) -> None:
    assert percentile(range(100, 0, -1), share) == value


def _event(seq: int, id_: str, sender: str) -> bytes:
    data = f'{{"conv":"{CONVERSATION}","seq":{seq},"id":"{id_}","from":"{sender}","n":1}}'
    return f"id: {seq}\nevent: m\ndata: {data}\n\n".encode()


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_a_stream_tells_of_the_other_sides_messages_however_they_are_cut(size: int) -> None:
    delivered: list[bytes] = []
    stream = EventStream(b"GET", b"v", delivered.append)
    stream.connection_made(Wire())

    events = b"HTTP/1.1 200 OK\r\n\r\n" + _event(1, FIRST, "v") + _event(2, SECOND, "c:00")
    for piece in _pieces(events, size):
        stream.data_received(piece)

    assert delivered == [SECOND.encode()]


def test_a_gap_in_a_stream_fails_the_load() -> None:
    stream = EventStream(b"GET", b"v", lambda _: None)
    stream.connection_made(Wire())
    stream.data_received(_event(1, FIRST, "c:00"))

    with pytest.raises(LoadFailed, match="message 3 came after 1"):
        stream.data_received(_event(3, SECOND, "c:00"))


@pytest.mark.parametrize("size", [1, 40, 1_000])
def test_a_post_is_acknowledged_once_its_whole_answer_is_there(size: int) -> None:
    acknowledged: list[bytes] = []
    poster, wire = Poster(acknowledged.append), Wire()
    poster.connection_made(wire)
    body = f'{{"id":"{FIRST}","seq":1,"at":1}}'
    poster.post(FIRST.encode(), b"POST")

    answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    *pieces, last = _pieces(answer, size)
    for piece in pieces:
        poster.data_received(piece)
    assert acknowledged == []
    poster.data_received(last)

    assert acknowledged == [FIRST.encode()]
    assert wire.written == b"POST"


def test_a_refused_post_fails_the_load() -> None:
    poster = Poster(lambda _: None)
    poster.connection_made(Wire())
    poster.post(FIRST.encode(), b"POST")

    with pytest.raises(LoadFailed, match="too_fast"):
        poster.data_received(b'HTTP/1.1 429 X\r\nContent-Length: 19\r\n\r\n{"code":"too_fast"}')


@pytest.mark.parametrize("size", [1, 50, 1_000])
@pytest.mark.parametrize("length", [40, 380])
def test_a_websocket_tells_of_each_message_and_answers_a_ping(size: int, length: int) -> None:
    found: list[bytes] = []
    socket, wire = WebSocket("/ws/room/", 80, found.append), Wire()
    socket.connection_made(wire)
    wire.written = b""
    text = f'{{"message": "{FIRST} {"A" * length}"}}'.encode()
    head = bytes([0x81, len(text)]) if len(text) < 126 else b"\x81\x7e" + len(text).to_bytes(2)

    for piece in _pieces(b"HTTP/1.1 101 X\r\n\r\n" + b"\x89\x02hi" + head + text, size):
        socket.data_received(piece)

    assert found == [FIRST.encode()]
    assert wire.written == b"\x8a\x82\0\0\0\0hi"


@pytest.mark.parametrize(("length", "head"), [(125, b"\x81\xfd"), (126, b"\x81\xfe\0\x7e")])
def test_a_text_is_sent_with_a_mask_that_changes_nothing(length: int, head: bytes) -> None:
    assert websocket_text(b"x" * length) == head + b"\0\0\0\0" + b"x" * length
