"""The look-alikes against the genuine libraries: the same small programs, each in a process of its own.

`lookalikes/NAME.txt` holds the programs, one a line; `lookalikes/differences.py` names those that differ on purpose.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from solvers.compare import ANSWER, OPTIMALITY, TWO_PER_MILLE, compare
from tests.conformance.lookalikes import differences

HERE = Path(__file__).resolve().parent / "lookalikes"
ON_PURPOSE = {"gurobipy": differences.GUROBIPY}
NOT_SUPPORTED = 10024
LIBRARIES = sorted(ON_PURPOSE)


def snippets(library: str) -> list[str]:
    lines = (HERE / f"{library}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def told(library: str, kind: str) -> list[Any]:
    """What each snippet gives on the genuine library or on the look-alike."""
    if kind == "genuine" and find_spec(library) is None:
        pytest.skip(f"{library} is not installed: its look-alike was not compared with it (pip install {library})")
    done = subprocess.run(
        [sys.executable, str(HERE / "probe.py"), library, kind], input=json.dumps(snippets(library)),
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return list(json.loads(done.stdout))


def same(a: Any, b: Any) -> bool:
    """Equal in structure, texts and types; numbers within the optimality gap; errors by type and number."""
    if isinstance(a, dict) and isinstance(b, dict):
        if "error" in a or "error" in b:
            return bool(a.get("error") == b.get("error") and a.get("number") == b.get("number"))
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and not isinstance(a, bool):
        return compare(a, b, OPTIMALITY).equal
    return bool(a == b)


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_look_alike_does_what_the_genuine_library_does(library: str) -> None:
    found = zip(snippets(library), told(library, "genuine"), told(library, "lookalike"))
    apart = {text: (left, right) for text, left, right in found if not same(left, right)}
    unexpected = {text: pair for text, pair in apart.items() if text not in ON_PURPOSE[library]}
    assert unexpected == {}
    assert set(ON_PURPOSE[library]) <= set(apart), "it agrees now: take it off the differences"


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_is_refused_is_refused_by_name(library: str) -> None:
    refused = [
        (text, answer) for text, answer in zip(snippets(library), told(library, "lookalike"))
        if ON_PURPOSE[library].get(text) == differences.UNSUPPORTED
    ]  # fmt: skip
    assert len(refused) >= 8
    for text, answer in refused:
        assert answer["number"] == NOT_SUPPORTED, text
        assert "not supported by the recording look-alike" in answer["message"]
        words = answer["message"].split(" is not supported")[0].split()
        assert any(word.lower() in text.lower() for word in words if len(word) > 3) or "callback" in words


BY_NATURE = {"Runtime": "seconds differ", "SolCount": "one solution is kept"}
UNINITIALISED = ("VType", "Sense")
"""The genuine library reads them from uninitialised memory before the first update."""


def attributes(kind: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(HERE / "gurobipy_attributes.py"), kind], capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def near(a: Any, b: Any) -> bool:
    """As `same`, with room for an interior point that stopped early; errors by type."""
    if isinstance(a, dict) and isinstance(b, dict):
        return bool(a["error"] == b["error"])
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(near, a, b))
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return compare(a, b, TWO_PER_MILLE).equal or compare(a, b, ANSWER).equal
    return bool(a == b)


def test_every_attribute_of_gurobipy_is_the_same_or_refused_by_name() -> None:
    """On members of every sort, of models of six sorts, before and after they are solved."""
    if find_spec("gurobipy") is None:
        pytest.skip("gurobipy is not installed: the attributes of its look-alike were not compared with it")
    genuine, ours = attributes("genuine"), attributes("lookalike")
    assert genuine.keys() == ours.keys() and len(genuine) > 15_000
    supported = set()
    for place, value in genuine.items():
        name, answer = place.split()[-1], ours[place]
        if isinstance(answer, dict) and "not supported by the recording look-alike" in answer["message"]:
            assert name in answer["message"], place
        elif name not in BY_NATURE and not (place.split()[1] == "new" and name in UNINITIALISED):
            assert near(value, answer), (place, value, answer)
            if not isinstance(answer, dict):
                supported.add(name)
    assert len(supported) > 80


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_table_is_wide(library: str) -> None:
    """A table that was cut short would agree too."""
    answers = told(library, "lookalike")
    errors = Counter(answer["error"] for answer in answers if isinstance(answer, dict) and "error" in answer)
    assert len(answers) > 1000
    assert errors["GurobiError"] > 60 and errors["TypeError"] > 60 and errors["AttributeError"] > 60
    assert errors["NameError"] == errors["RecursionError"] == errors["UnboundLocalError"] == 0
