"""What looks like a name: the server's answers to the cases that the browser answers too."""

import json
from pathlib import Path

import pytest

from sessions.names import names_in

CASES = json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:40] for case in CASES])
def test_what_looks_like_a_name(case: dict) -> None:
    found = names_in(case["text"], people=case.get("people", ()), organisations=case.get("organisations", ()))
    assert found == case["found"]
