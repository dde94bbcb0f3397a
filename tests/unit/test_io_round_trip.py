"""A model written and read back is the same model: the same floats, names and order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from solvers import Model
from solvers.io.lp_write import write_lp
from solvers.io.mps_write import write_mps
from tests.unit.model_files import facts, number, random_model, renamed


@pytest.mark.parametrize("suffix", [".mps", ".lp", ".mps.gz", ".lp.gz"])
@pytest.mark.parametrize("block", range(6))
def test_random_models_come_back_equal(tmp_path: Path, suffix: str, block: int) -> None:
    for seed in range(block * 40, block * 40 + (40 if not suffix.endswith("gz") else 4)):
        model = random_model(seed)
        path = tmp_path / f"m{suffix}"
        names = model.write(path)
        assert names.changed == {}, seed
        assert facts(Model.read(path)) == facts(model), seed


@pytest.mark.parametrize("suffix", [".mps", ".lp"])
def test_names_that_no_file_holds_become_legal_and_are_told(tmp_path: Path, suffix: str) -> None:
    for seed in range(150):
        model = random_model(seed, hard=True)
        path = tmp_path / f"m{suffix}"
        names = model.write(path)
        back = Model.read(path)
        assert facts(back) == facts(renamed(model, list(names.columns), list(names.rows))), seed
        assert len(set(names.columns)) == model.num_columns
        labels = [model.column_label(j) for j in range(model.num_columns)]
        assert [names.changed.get(name, name) for name in names.columns] == labels or len(set(labels)) < len(labels)


def test_every_range_comes_back_exactly(tmp_path: Path) -> None:
    """Also where no float added to one side gives the other."""
    rng = np.random.default_rng(5)
    model = random_model(3, features="")
    hard = 0
    for _ in range(120):
        a, b = number(rng) * rng.choice([1, 1e-3, -1]), number(rng)
        low, high = min(a, b), max(a, b)
        hard += low + (high - low) != high and high - (high - low) != low
        model.row_lower[:], model.row_upper[:] = low, high
        write_mps(model, tmp_path / "m.mps")
        back = Model.read(tmp_path / "m.mps")
        assert (back.row_lower == low).all()
        assert (back.row_upper == high).all()
    assert hard > 3


def test_fixed_format_holds_names_with_spaces(tmp_path: Path) -> None:
    model = random_model(11, features="range semi")
    model = renamed(
        model, [f"a {k}" for k in range(model.num_columns)], [f"row {k}" for k in range(model.num_rows)]
    )
    model = replace(model, levels=(replace(model.objective, offset=-12.5),))
    for array in (model.matrix.value, model.objective.costs, model.col_lower, model.col_upper, model.row_lower, model.row_upper):
        array[:] = np.round(np.where(np.abs(array) > 9999, array / 1e12, array), 2)
    write_mps(model, tmp_path / "m.mps", form="fixed")
    assert facts(Model.read(tmp_path / "m.mps")) == facts(model)


def test_portable_lp_means_the_same(tmp_path: Path) -> None:
    for seed in range(40):
        model = random_model(seed)
        names = write_lp(model, tmp_path / "m.lp", portable=True)
        back = Model.read(tmp_path / "m.lp")
        assert not set("[]-+*: ") & set("".join(names.columns + names.rows))
        x = np.random.default_rng(seed).normal(size=model.num_columns)
        assert back.objective.value(x) == pytest.approx(model.objective.value(x))
        activity = dict(zip(names.rows, model.activity(x)))
        for k, value in enumerate(back.activity(x)):
            label = back.row_label(k)
            name = label if label in activity else label[:-3]
            assert value == pytest.approx(activity[name])


def test_empty_models(tmp_path: Path) -> None:
    empty = random_model(0, features="")
    cut = Model("", "min", (type(empty.objective)(np.zeros(0)),), type(empty.matrix)(np.zeros(1, np.int32), np.zeros(0, np.int32), np.zeros(0), 0),
                *(np.zeros(0) for _ in range(4)), np.zeros(0, np.uint8))  # fmt: skip
    for suffix in (".mps", ".lp"):
        cut.write(tmp_path / f"m{suffix}")
        back = Model.read(tmp_path / f"m{suffix}")
        assert (back.num_columns, back.num_rows, back.objective.offset) == (0, 0, 0.0)
