"""The look-alike of coptpy against the genuine one: every statement of the snippets has to give the same.

Genuine coptpy runs in a process of its own. Numbers agree within 1e-5; errors agree in type and, where coptpy words
them, in message. Random small models are compared in the same way.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SNIPPETS = HERE / "coptpy_snippets"
ROOT = HERE.parents[2]
SEEDS = 30
_NUMBER = re.compile(r"(?<![\w.])-?\d+\.?\d*(?:e[+-]?\d+)?(?![\w(])")


def sections() -> dict[str, str]:
    """Source by `file::name`."""
    out = {}
    for path in sorted(SNIPPETS.glob("*.txt")):
        for part in re.split(r"^# -- ", path.read_text(encoding="utf-8"), flags=re.M):
            name, _, source = part.partition("\n")
            if source.strip():
                out[f"{path.stem}::{name}"] = source
    return out | {f"random::{seed}": random_model(seed) for seed in range(SEEDS)}


def random_model(seed: int) -> str:
    """A small mixed-integer program with an indicator, a general constraint or a set, solved, changed, solved again."""
    rng = random.Random(seed)
    lines, names = ["m = new()"], []
    for k in range(rng.randint(2, 5)):
        kind = rng.choice("CCIIB")
        low, high = (0, 1) if kind == "B" else (rng.choice([0, 0, 0, -3, -10, 1]), rng.choice([3, 5, 10, 20, 1e30]))
        lines.append(f"v{k} = m.addVar(lb={low}, ub={high}, vtype='{kind}')")
        names.append((f"v{k}", kind))

    def form() -> str:
        chosen = rng.sample(names, rng.randint(1, len(names)))
        return " + ".join(f"{rng.choice([1, 2, 3, -1, -2, 0.5, -3, 4])} * {name}" for name, _ in chosen)

    for _ in range(rng.randint(1, 4)):
        lines.append(f"m.addConstr({form()} {rng.choice(['<=', '<=', '>=', '=='])} {rng.randint(-5, 20)})")
    bits = [name for name, kind in names if kind == "B"]
    if bits:
        sense = rng.choice(["<=", ">="])
        row = f"{form()} {sense} {rng.randint(-3, 8)}"
        lines.append(f"m.addGenConstrIndicator({bits[0]}, {rng.randint(0, 1)}, {row}, type={rng.randint(1, 3)})")
    one, two = (name for name, _ in rng.sample(names, 2))
    lines.append("r = m.addVar(lb=-100, ub=100)")
    lines.append(rng.choice([
        f"m.addGenConstrAbs(r, {one} - {two})", f"m.addGenConstrMax(r, [{one}, 2 * {two} - 1], {rng.randint(-3, 3)})",
        f"m.addGenConstrMin(r, [{one}, {two}])", f"m.addSOS({rng.randint(1, 2)}, [{one}, r, {two}])",
    ]))  # fmt: skip
    lines.append(f"m.setObjective({form()} + r, {rng.choice(['COPT.MINIMIZE', 'COPT.MAXIMIZE'])})")
    for _ in range(2):
        lines += ["m.solve()", "m.status, m.objval, m.ismip", f"m.addConstr({form()} <= {rng.randint(0, 9)})"]
    return "\n".join(lines)


def run(folder: Path, name: str, path: str) -> dict[str, list[tuple[str, str]]]:
    """What the coptpy that `path` leads to gives for all sections."""
    given, found = folder / "snippets.json", folder / f"{name}.json"
    given.write_text(json.dumps(sections()), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(HERE / "interface_driver.py"), str(given), str(found)],
        capture_output=True, text=True, cwd=folder, timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == 0, f"{name} ended with {done.returncode}: {done.stderr[-2000:]}"
    return json.loads(found.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def agree(one: str, other: str) -> bool:
    """The same words, and numbers that are close."""
    if one == other:
        return True
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(map(float, _NUMBER.findall(one)), map(float, _NUMBER.findall(other)))
    return all(abs(a - b) <= 1e-5 + 1e-5 * abs(a) for a, b in pairs)


@pytest.fixture(scope="module")
def lookalike(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str]]]:
    folder = tmp_path_factory.mktemp("lookalike")
    (folder / "shim").mkdir()
    (folder / "shim" / "coptpy.py").write_text(
        "import sys\nimport solvers.sandbox.lookalike.coptpy as module\nsys.modules['coptpy'] = module\n"
    )
    return run(folder, "lookalike", os.pathsep.join([str(folder / "shim"), str(ROOT)]))


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str]]]:
    if importlib.util.find_spec("coptpy") is None:
        pytest.skip("genuine coptpy is not installed: nothing to compare the look-alike with (pip install coptpy)")
    return run(tmp_path_factory.mktemp("genuine"), "genuine", str(ROOT))


@pytest.mark.parametrize("name", sections())
def test_same_as_genuine(
    name: str, genuine: dict[str, list[tuple[str, str]]], lookalike: dict[str, list[tuple[str, str]]]
) -> None:
    ours, theirs = lookalike[name], genuine[name]
    assert [text for text, _ in ours] == [text for text, _ in theirs]
    different = [
        f"{text}\n  genuine: {wanted}\n  ours:    {got}"
        for (text, wanted), (_, got) in zip(theirs, ours)
        if not agree(wanted, got)
    ]
    assert not different, "\n".join(different)
