"""Completions that language models really gave: the program is found, runs, and reports what was recorded of it.

They are read from `$FORMULATE_SHARED/recorded` (default: `../shared` beside the repository) and never copied.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from formulate.programs import ExtractionError, extract_program
from formulate.programs.grammar import Fault, parse
from solvers.compare import ANSWER, compare

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("FORMULATE_SHARED", ROOT.parent / "shared")) / "recorded"
LIBRARY = re.compile(r"^\s*(?:import|from)\s+(?:gurobipy|coptpy|pulp|pyscipopt|pyomo)\b", re.MULTILINE)
FILES = {
    "reloop_gurobipy": 650, "orlm_coptpy": 148, "optengine_deepseek_gurobipy": 228, "szymon_gpt4o_pulp": 711,
    "REFERENCE_eopt_pyscipopt": 162, "llmopt_five_element_examples": 6,
}  # fmt: skip
"""Completions of each file that hold a program, at least."""


@cache
def rows(name: str) -> list[dict[str, Any]]:
    path = FOLDER / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is missing; set FORMULATE_SHARED to the folder that holds recorded/{path.name}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("name", FILES)
def test_the_program_is_found(name: str) -> None:
    holding = found = 0
    for row in rows(name):
        text = row["completion"]
        # What a model only thought, and was cut off at, is no program that it gave.
        answer = text if "</think>" in text or "<think>" not in text else ""
        holds = bool(LIBRARY.search(answer))
        holding += holds
        try:
            source = extract_program(text)
        except ExtractionError as error:
            assert not holds, f"{name} {row['line']}: {error}"
            continue
        found += holds
        # What was a fenced program that parses comes back as one.
        fences = re.findall(r"```python\n(.*?)```", answer.split("</think>")[-1], re.DOTALL)
        if len(fences) == 1 and not isinstance(parse(fences[0]), Fault):
            assert not isinstance(parse(source), Fault), f"{name} {row['line']}"
    assert found >= FILES[name]
    assert found >= 0.99 * holding


@pytest.mark.parametrize("name", ["reloop_param_extraction_json", "myoptimus_json_formulations"])
def test_where_there_is_no_program_none_is_found(name: str) -> None:
    for row in rows(name):
        with pytest.raises(ExtractionError):
            extract_program(row["completion"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["orlm_coptpy", "szymon_gpt4o_pulp"])
def test_what_is_reported_is_what_was_recorded(name: str) -> None:
    """Of every fourth program that ran to a value: the value that ours reports, where it reports one."""
    from solvers.sandbox import Limits, Request, run_many

    valued = {str(k): row for k, row in enumerate(rows(name)) if row["authors_value"] is not None and k % 4 == 0}
    requests = [Request(key, extract_program(row["completion"]), limits=Limits(wall=60)) for key, row in valued.items()]
    both = {run.id: run.reported.value for run in run_many(requests) if run.reported is not None}
    agree = [key for key, value in both.items() if compare(value, float(valued[key]["authors_value"]), ANSWER)]
    assert len(both) > 0.7 * len(valued)
    assert len(agree) >= 0.99 * len(both), sorted(set(both) - set(agree))
