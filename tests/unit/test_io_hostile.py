"""Files meant to break a reader: huge lines and names, declared sizes, deep and exploding trees, damaged packing."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from solvers import Model
from solvers.errors import FormatError, UnsupportedError
from solvers.io.lp_read import read_lp
from solvers.io.mps_read import read_mps
from solvers.io.nl_read import read_nl
from solvers.io.source import as_text
from tests.unit.test_io_nl import text_model

NOISE = np.random.default_rng(0).integers(0, 256, 2_000_000, dtype=np.uint8).tobytes()


@pytest.mark.parametrize("suffix", [".mps", ".lp", ".nl"])
@pytest.mark.parametrize("data", [b"", b"\n", b"\0", NOISE, b"x" * 10_000_000, b"a b " * 2_500_000, b"(" * 1_000_000, b"[" * 1_000_000,
                                  b"\xff\xfeN\0A\0", b"Minimize\n" + b"x[" * 500_000, b"Minimize\n" + b"(x[a" * 300_000,
                                  b"Minimize\n" + b"((x" * 300_000, b"NAME\nROWS\n", b"Minimize\n", b"g3 1 1 0\n"])  # fmt: skip
def test_no_model_at_all(tmp_path: Path, suffix: str, data: bytes) -> None:
    (tmp_path / f"m{suffix}").write_bytes(data)
    with pytest.raises(FormatError) as caught:
        Model.read(tmp_path / f"m{suffix}")
    assert len(str(caught.value)) < 500


def test_damaged_packing(tmp_path: Path) -> None:
    good = gzip.compress(b"NAME\nROWS\n N obj\nCOLUMNS\n x obj 1\nENDATA\n" * 50)
    for data in (good[:-9], good[:30] + b"\0\0\0\0" + good[34:], b"\x1f\x8b", good + b"tail"):
        (tmp_path / "m.mps.gz").write_bytes(data)
        with pytest.raises(FormatError):
            Model.read(tmp_path / "m.mps.gz")


def test_a_plain_file_under_a_packed_name(tmp_path: Path) -> None:
    (tmp_path / "m.mps.gz").write_bytes(b"NAME\nROWS\n N obj\nCOLUMNS\n x obj 1\nENDATA\n")
    assert Model.read(tmp_path / "m.mps.gz").num_columns == 1


def test_names_of_a_megabyte(tmp_path: Path) -> None:
    long = b"n" * 1_000_000
    model = read_mps(as_text("m.mps", b"NAME\nROWS\n N obj\n L " + long + b"\nCOLUMNS\n x " + long + b" 1\n y " + long + b" 1\nENDATA\n"))
    assert len(model.row_label(0)) == 1_000_000
    for suffix in (".mps", ".lp", ".nl"):
        names = model.write(tmp_path / f"m{suffix}")
        assert suffix == ".nl" or len(names.rows[0]) <= 255
        assert Model.read(tmp_path / f"m{suffix}").num_rows == 1
    with pytest.raises(FormatError) as caught:
        read_lp(as_text("m.lp", b"Minimize\n x " + long + b" 3\nSubject To\nEnd\n"))
    assert len(str(caught.value)) < 300


def test_a_row_of_a_million_terms_on_one_line() -> None:
    text = b"Minimize\n obj:\nSubject To\n c: " + b" ".join(b"+ 2 x%d" % k for k in range(300_000)) + b" <= 1\nEnd\n"
    assert read_lp(as_text("m.lp", text)).matrix.nonzeros == 300_000


@pytest.mark.parametrize("field", ["columns", "rows", "common"])
@pytest.mark.parametrize("count", [10**6, 10**12, 10**14])
def test_declared_sizes(field: str, count: int) -> None:
    data = text_model("n0\n").decode().splitlines()
    at = {"columns": (1, 0), "rows": (1, 1), "common": (9, 0)}[field]
    words = data[at[0]].split("#")[0].split()
    words[at[1]] = str(count)
    data[at[0]] = " ".join(words)
    with pytest.raises(FormatError, match="more than the file can hold"):
        read_nl("m.nl", "\n".join(data).encode())
    with pytest.raises(FormatError):
        read_nl("m.nl", text_model("n0\n") + b"J0 999999999\n0 1\n")
    with pytest.raises(FormatError):
        read_nl("m.nl", text_model("o54\n999999999\nv0\n"))


def test_long_sums_and_products_are_flat() -> None:
    n = 100_000
    model = read_nl("m.nl", text_model("o0\n" * (n - 1) + "v0\nv1\n" * (n // 2)))
    assert model.activity(np.array([1.0, 2.0, 0.0]))[0] == 1.5 * n
    model = read_nl("m.nl", text_model("o2\n" * 999 + "v0\n" * 1000))
    assert model.activity(np.array([1.001, 0.0, 0.0]))[0] == pytest.approx(1.001**1000)
    assert read_nl("m.nl", text_model("o16\n" * 100_000 + "v0\n")).matrix.value.tolist() == [1.0]


@pytest.mark.parametrize("body", [
    "o44\n" * 5000 + "v0\n", "o39\n" * 200_000 + "v0\n", "o3\nn1\no0\nn1\n" * 3000 + "v0\n", "o5\nv0\n" * 500 + "v1\n",
    "o11\n2\nv0\no12\n2\nv1\n" * 400 + "v2\n",
])  # fmt: skip
def test_deep_trees_are_refused(body: str) -> None:
    with pytest.raises(UnsupportedError, match="nests deeper"):
        read_nl("m.nl", text_model(body))


def test_exploding_common_expressions_are_refused() -> None:
    """Each is the product of the one before with itself: two to the 60th parts."""
    common = "V3 0 0\no44\nv0\n" + "".join(f"V{k + 4} 0 0\no41\no0\nv{k + 3}\no43\nv{k + 3}\n" for k in range(60))
    with pytest.raises(UnsupportedError, match=r"expand to far more|nests deeper"):
        read_nl("m.nl", text_model("v63\n", common=common, count=61))
    square = "V3 0 0\no54\n40\n" + "v0\nv1\n" * 20 + "".join(f"V{k + 4} 0 0\no2\nv{k + 3}\nv{k + 3}\n" for k in range(60))
    with pytest.raises(UnsupportedError, match=r"expand to far more|nests deeper"):
        read_nl("m.nl", text_model("v63\n", common=square, count=61))


def test_products_of_long_sums_stay_products() -> None:
    n = 3000
    long = f"o54\n{n}\n" + "".join(f"v{k}\n" for k in range(n))
    model = read_nl("m.nl", text_model("o2\n" + long + long, columns=n))
    assert model.quadratic_rows is None
    assert model.activity(np.ones(n))[0] == n * n


@pytest.mark.parametrize("letter", ["F0 1 2 f\n", "L0\nv0\n"])
def test_what_is_not_read_is_named(letter: str) -> None:
    with pytest.raises(UnsupportedError, match=r"imported functions|logical constraints"):
        read_nl("m.nl", text_model("n0\n") + letter.encode())
    with pytest.raises(UnsupportedError, match="complementarity"):
        read_nl("m.nl", text_model("n0\n").replace(b"r\n1 0\n", b"r\n5 1 1\n"))
    with pytest.raises(UnsupportedError, match="'if'"):
        read_nl("m.nl", text_model("o35\nv0\nv1\nv2\n"))
    with pytest.raises(UnsupportedError, match="2 objectives"):
        read_nl("m.nl", text_model("n0\n").replace(b" 3 1 1 0 0", b" 3 1 2 0 0"))
