"""Results as plain values and back, with nothing lost: the form in files, in `--json` and in JSONL records.

Numbers that JSON lacks are written as the texts "inf", "-inf" and "nan".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from formulate.plain import plain
from solvers.formulation import Key
from solvers.result import BlockValues, SolutionCheck, SolveResult


@dataclass(frozen=True, eq=False)
class ListedBlock:
    """The keys of a family of values that were read back from a record; stands in for `solvers.model.Block`."""

    name: str
    index: tuple[str, ...]
    listed: tuple[Key, ...]

    def keys(self) -> tuple[Key, ...]:
        """All keys, in order."""
        return self.listed

    def position(self, key: Key) -> int | None:
        """The position of a key, or None."""
        return self.listed.index(key) if key in self.listed else None


def _real(value: Any) -> float | None:
    return None if value is None else float(value)


def values_to_dict(values: Mapping[str, BlockValues]) -> dict[str, list[dict[str, Any]]]:
    """`{"ship": [{"key": ["A", "B"], "value": 3.0}, ...]}`; a scalar has one cell with the key []."""
    return {
        name: [{"key": list(map(plain, key)), "value": plain(float(value))} for key, value in zip(block, block.array)]
        for name, block in values.items()
    }


def _blocks_to_dict(values: Mapping[str, BlockValues]) -> dict[str, Any]:
    return {
        name: {"index": list(block.block.index), "keys": [list(map(plain, key)) for key in block],
               "values": [plain(float(value)) for value in block.array]}
        for name, block in values.items()
    }


def _blocks_from_dict(document: Mapping[str, Any]) -> dict[str, BlockValues]:
    return {
        name: BlockValues(
            ListedBlock(name, tuple(block["index"]), tuple(tuple(key) for key in block["keys"])),  # type: ignore[arg-type]
            np.array([float(value) for value in block["values"]]),
        )
        for name, block in document.items()
    }


_FACTS = ("termination", "primal_status", "dual_status", "unique", "solver", "version", "message")
_REALS = ("objective", "bound", "seconds", "build_seconds")
_BLOCKS = ("values", "duals", "reduced_costs")


def result_to_dict(result: SolveResult) -> dict[str, Any]:
    """A solver's result as plain values, the flat vectors included."""
    document: dict[str, Any] = {name: getattr(result, name) for name in _FACTS}
    document |= {name: plain(getattr(result, name)) for name in _REALS}
    document |= {name: _blocks_to_dict(getattr(result, name)) for name in _BLOCKS}
    document["check"] = None if result.check is None else plain(asdict(result.check))
    for name in ("x", "row_duals"):
        array = getattr(result, name)
        document[name] = None if array is None else plain(array.tolist())
    return document


def result_from_dict(document: Mapping[str, Any]) -> SolveResult:
    """The inverse of `result_to_dict`."""
    fields: dict[str, Any] = {name: document[name] for name in _FACTS}
    fields |= {name: _real(document[name]) for name in _REALS}
    fields |= {name: _blocks_from_dict(document[name]) for name in _BLOCKS}
    check = document["check"]
    if check is not None:
        real = {"objective": _real(check["objective"]), "violation": float(check["violation"])}
        fields["check"] = SolutionCheck(**{**check, **real})
    for name in ("x", "row_duals"):
        array = document[name]
        fields[name] = None if array is None else np.array([float(value) for value in array])
    return SolveResult(**fields)
