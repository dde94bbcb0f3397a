"""Mutated MPS, LP and NL files: a Model, a FormatError or an UnsupportedError comes out, and soon.

The whole run (20,000 files a format) is `pytest -m slow tests/unit/test_io_fuzz.py`.
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from solvers.errors import FormatError, UnsupportedError
from solvers.io import EXTENSIONS, lp_linear
from solvers.io.lp_read import read_lp
from solvers.io.lp_write import write_lp
from solvers.io.mps_read import read_mps
from solvers.io.mps_write import write_mps
from solvers.io.nl_read import read_nl
from solvers.io.nl_write import write_nl
from solvers.io.source import as_text
from solvers.model import Model
from tests.unit.model_files import facts, random_model
from tests.unit.test_io_nl import CASES, binary_model, nonlinear, text_model

WORDS = {
    ".mps": b"RHS|RANGES|BOUNDS|ENDATA|ROWS|COLUMNS|NAME|SOS|QUADOBJ|QMATRIX|INDICATORS|OBJSENSE|'MARKER'|'INTORG'|'INTEND'|UP|MI|"
            b"FX|BV|SC|S1|IF|*|$|1e400|-1e30|nan|inf|0|-0|1_0|QCMATRIX|QSECTION|\t|\xff|1e20|N|G|obj|D+3".split(b"|"),
    ".lp": b"[|]|/ 2|^2|^|*|->|::|:|<=|>=|=|<|free|inf|-inf|End|Bounds|Binaries|General|SOS|S1|Subject To|st|Minimize|1e400|nan|\\|+|-|"
           b"+ +|b = 1 ->|1|x|(|)|Semi-Continuous|\xff|\t|1_0|.|..|e5|0x1|Constant".split(b"|"),
    ".nl": b"o54|o2|o0|v0|v1|n0|n1e400|nan|-1|0|1|5|99999999999|1000000000000|C0|J0|G0|O0|r|b|k2|V3|S0|x1|d1|L0|F0|o35|o64|f0|h3:abc|"
           b"o5|o16|o11|o12|\xff|2147483648|-2147483648".split(b"|"),
}  # fmt: skip


@cache
def seeds(suffix: str, folder: Path) -> tuple[bytes, ...]:
    """Valid files: with every feature, in every form."""
    out = []
    for seed in range(8):
        path = folder / f"{seed}{suffix}"
        if suffix == ".mps":
            write_mps(random_model(seed, hard=seed % 2 == 1), path)
        elif suffix == ".lp":
            write_lp(random_model(seed, hard=seed % 2 == 1), path, portable=seed > 5)
        else:
            write_nl(random_model(seed, features="quadratic range free"), path)
        out.append(path.read_bytes())
    if suffix == ".nl":
        write_nl(nonlinear(), folder / "n.nl")
        out.append((folder / "n.nl").read_bytes())
        for body in list(CASES)[::3]:
            out += [text_model(body.replace(" ", "\n") + "\n"), binary_model(body)]
        out.append(text_model("o0\nv4\nv3\n", common="V3 1 0\n0 2\no44\nv1\nV4 0 0\no2\nv3\nv3\n", count=2))
    return tuple(out)


def mutate(data: bytes, rng: np.random.Generator, words: list[bytes], others: tuple[bytes, ...]) -> bytes:
    """One to six changes of bytes, tokens or lines."""
    for _ in range(rng.choice([1, 1, 2, 3, 6])):
        kind = rng.integers(9)
        at = int(rng.integers(len(data) + 1))
        if kind == 0 and data:
            data = data[:at] + bytes([int(rng.integers(256))]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + data[at + int(rng.integers(1, 20)) :]
        elif kind == 2:
            data = data[:at] + words[rng.integers(len(words))] + data[at:]
        elif kind == 3:
            data = data[:at]
        elif kind == 4:
            other = others[rng.integers(len(others))]
            begin = int(rng.integers(len(other) + 1))
            data = data[:at] + other[begin : begin + int(rng.integers(1, 200))] + data[at:]
        elif kind in (5, 6):
            tokens = data.split(b" ")
            k = int(rng.integers(len(tokens)))
            tokens[k] = words[rng.integers(len(words))] if kind == 5 else tokens[rng.integers(len(tokens))]
            data = b" ".join(tokens)
        else:
            lines = data.split(b"\n")
            k, j = (int(i) for i in rng.integers(len(lines), size=2))
            if kind == 7:
                lines[k], lines[j] = lines[j], lines[k]
            else:
                lines.insert(k, lines[j])
            data = b"\n".join(lines)
    return data


def read(suffix: str, data: bytes) -> Model:
    """As `Model.read`, without a file."""
    if suffix == ".nl":
        return read_nl("m.nl", data)
    return (read_mps if suffix == ".mps" else read_lp)(as_text("m" + suffix, data))


def fuzz(suffix: str, count: int, folder: Path, first: int = 0) -> dict[str, float]:
    """Mutate `count` files; how many were read, and the longest time."""
    given = seeds(suffix, folder)
    out = {"read": 0.0, "refused": 0.0, "seconds": 0.0}
    for k in range(first, first + count):
        rng = np.random.default_rng([k, len(suffix)])
        data = mutate(given[rng.integers(len(given))], rng, WORDS[suffix], given)
        started = time.perf_counter()
        try:
            model = read(suffix, data)
        except (FormatError, UnsupportedError) as error:
            assert error.message and error.remedy, data
            assert not isinstance(error, FormatError) or str(error.place).startswith("m"), error
            out["refused"] += 1
        except Exception as error:
            raise AssertionError(f"file {k}: {data!r}") from error
        else:
            out["read"] += 1
            consistent(model, k)
        out["seconds"] = max(out["seconds"], time.perf_counter() - started)
    return out


def consistent(model: Model, k: int) -> None:
    """What is read is a model: shapes fit, indices lie within, numbers are numbers, names are distinct."""
    n, m = model.num_columns, model.num_rows
    assert len(model.kinds) == len(model.col_upper) == len(model.objective.costs) == n, k
    assert len(model.matrix.start) == m + 1 and len(model.row_upper) == m, k
    assert model.matrix.nonzeros == 0 or 0 <= model.matrix.index.min() <= model.matrix.index.max() < n, k
    assert np.isfinite(model.matrix.value).all() and np.isfinite(model.objective.costs).all(), k
    assert not np.isnan(np.concatenate([model.row_lower, model.row_upper, model.col_lower, model.col_upper])).any(), k
    assert len({model.column_label(j) for j in range(n)}) == n and len({model.row_label(r) for r in range(m)}) == m, k
    model.activity(np.zeros(n))
    model.objective.value(np.zeros(n))


@pytest.mark.parametrize("suffix", EXTENSIONS)
def test_a_sample_of_mutated_files(suffix: str, tmp_path: Path) -> None:
    out = fuzz(suffix, 400, tmp_path)
    assert out["read"] > 5
    assert out["refused"] > 100


@pytest.mark.parametrize("suffix", [".mps", ".lp"])
def test_whole_sections_and_single_lines_are_read_alike(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quick path through regular sections never differs from the path that goes line by line."""
    given = seeds(suffix, tmp_path)
    files = [*given]
    for k in range(500):
        rng = np.random.default_rng([k, 77])
        files.append(mutate(given[rng.integers(len(given))], rng, WORDS[suffix], given))

    def outcomes() -> list[object]:
        out: list[object] = []
        for data in files:
            try:
                model = read(suffix, data)
            except (FormatError, UnsupportedError) as error:
                out.append(str(error))
            else:
                out.append((facts(model), model.notes))
        return out

    quick = outcomes()
    for module in ("mps_read", "mps_extra"):
        monkeypatch.setattr(f"solvers.io.{module}.triples", lambda *_: None)
    monkeypatch.setattr("solvers.io.mps_bounds._regular", lambda *_: None)
    monkeypatch.setattr("solvers.io.mps_read.counts", lambda *_: np.zeros(1))
    statements = lp_linear.statements

    def careful(*args: object) -> object:
        found = statements(*args)
        found.regular[:] = False
        found.term, found.term_statement = found.term[:0], found.term_statement[:0]
        return found

    monkeypatch.setattr("solvers.io.lp_read.statements", careful)
    for data, one, other in zip(files, quick, outcomes(), strict=True):
        assert one == other, data


@pytest.mark.slow
@pytest.mark.parametrize("suffix", EXTENSIONS)
def test_twenty_thousand_mutated_files(suffix: str, tmp_path: Path) -> None:
    out = fuzz(suffix, 20_000, tmp_path, first=1000)
    print(f"{suffix}: {out['read']:.0f} read, {out['refused']:.0f} refused, longest {out['seconds']:.2f} s")
    assert out["read"] > 200
