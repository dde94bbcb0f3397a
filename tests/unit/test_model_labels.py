"""Names of rows and columns: of families, of files, and of a million single ones."""

from __future__ import annotations

import numpy as np

from solvers.model import Block, Csr, Model, ObjectiveLevel
from solvers.solving import by_block


def model(columns: tuple[Block, ...], n: int) -> Model:
    none = np.zeros(0)
    return Model("", "min", (ObjectiveLevel(np.zeros(n)),), Csr(np.zeros(1, np.int32), np.zeros(0, np.int32), none, n), none, none,
                 np.zeros(n), np.ones(n), np.zeros(n, np.uint8), columns)  # fmt: skip


def test_labels_of_blocks_with_gaps_and_empty_ones() -> None:
    blocks = (Block("a", 0, 2, labels=["p", "q"], index=("name",)), Block("none", 2, 0), Block("b", 2, 1), Block("c", 4, 1))
    made = model(blocks, 6)
    assert [made.column_label(j) for j in range(6)] == ["p", "q", "b", "x3", "c", "x5"]


class Counted(tuple):
    """A tuple that may be looked into, but not walked."""

    looks = 0

    def __getitem__(self, k):
        Counted.looks += 1
        return super().__getitem__(k)

    def __iter__(self):
        raise AssertionError("the blocks are walked")


def test_a_look_up_among_many_blocks_does_not_walk_them() -> None:
    n = 100_000
    made = model(Counted(Block(f"v{k}", k, 1) for k in range(n)), n)
    assert made.column_label(77_777) == "v77777"
    assert 0 < Counted.looks < 50


def test_values_of_named_columns() -> None:
    values = by_block((Block("columns", 0, 2, ("name",), labels=["x[0]", "y"]),), np.array([3.0, 4.0]))["columns"]
    assert values["x[0]"] == 3
    assert dict(values) == {("x[0]",): 3.0, ("y",): 4.0}
