"""The list of refusals is that of the protocol's page."""

import re
from pathlib import Path

import pytest

from havenlight.core.refusals import STATUS, Refused

PROTOCOL = Path(__file__).parents[3] / "docs" / "protocol.md"
ROW = re.compile(r"^\| (\d{3}) \| `(\w+)` \| (.+) \|$", re.MULTILINE)


def test_every_code_of_the_protocol_and_no_other_can_be_refused_with() -> None:
    published = {code: int(status) for status, code, _ in ROW.findall(PROTOCOL.read_text())}
    assert published == STATUS


@pytest.mark.parametrize("code", STATUS)
def test_a_refusal_is_written_as_its_code_alone_unless_trying_again_may_help(code: str) -> None:
    assert Refused(code).as_json() == {"code": code}
    assert Refused(code, 2).as_json() == {"code": code, "retry_after": 2}


def test_a_code_that_is_not_in_the_list_cannot_be_refused_with() -> None:
    with pytest.raises(KeyError):
        Refused("teapot")
