"""Packages that Python seals open in the script, and the other way round."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from havenlight.core.ids import new_id
from havenlight.core.seal import keys, packages
from havenlight.core.seal.encoding import b64, unb64
from havenlight.core.seal.errors import SealBroken
from tests.vectors import SEAL

NODE = Path(sys.executable).with_name("node")
PEER = Path(__file__).parents[2] / "js" / "packages.mjs"
CONTENT = {"from": "Havenlight", "items": ["é 😊", "Zij is 15"], "made_at": 29_650_000}


def test_each_side_opens_what_the_other_sealed() -> None:
    pair, ref, epoch = keys.new_key(), new_id(), 3
    public = keys.public_of(pair)
    given = {
        "ref": ref,
        "epoch": epoch,
        "public": b64(public),
        "private": b64(keys.to_pkcs8(pair)),
        "package": b64(packages.seal_package(CONTENT, public, ref)),
        "incoming": b64(packages.seal_incoming(CONTENT, public, ref, epoch)),
        "recipient": SEAL["recipient"],
    }
    run = subprocess.run(
        [NODE, PEER],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer = json.loads(run.stdout)
    assert answer["read"] == [CONTENT, CONTENT]
    assert answer["recipient"] == SEAL["recipient"]["file"]["public"]
    assert packages.open_package(unb64(answer["package"]), pair, ref) == CONTENT
    assert packages.open_consent(unb64(answer["consent"]), pair, ref, epoch) == CONTENT
    assert packages.open_incoming(unb64(answer["incoming"]), pair, ref, epoch) == CONTENT


def test_a_package_opens_for_its_own_referral_and_recipient_alone() -> None:
    pair, ref = keys.new_key(), new_id()
    sealed = packages.seal_package(CONTENT, keys.public_of(pair), ref)
    for key, other in ((pair, new_id()), (keys.new_key(), ref)):
        with pytest.raises(SealBroken):
            packages.open_package(sealed, key, other)
    with pytest.raises(SealBroken):
        packages.open_incoming(sealed, pair, ref, 1)


def test_the_length_of_a_package_says_little() -> None:
    public = keys.public_of(keys.new_key())
    sizes = {
        len(packages.seal_package({"items": ["x" * size]}, public, new_id())) for size in (1, 200)
    }
    assert len(sizes) == 1
