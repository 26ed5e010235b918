"""Python and the script open each other's seals; Node runs the script."""

import json
import subprocess
import sys
from pathlib import Path

from tests.vectors import SEAL
from tests.vectors.peer import check_answer, sealed_by_python

NODE = Path(sys.executable).with_name("node")
PEER = Path(__file__).parents[2] / "js" / "peer.mjs"


def test_each_side_opens_what_the_other_sealed() -> None:
    given = json.dumps({"vectors": SEAL, "sealed": sealed_by_python()})
    run = subprocess.run(
        [NODE, PEER], input=given, capture_output=True, text=True, check=True, timeout=60
    )
    check_answer(json.loads(run.stdout))
