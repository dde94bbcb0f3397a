"""Writing NL files as text, with names beside them (`x.col`, `x.row`).

The format fixes the order: nonlinear rows first; columns that rows and objective use nonlinearly, then only rows,
then only the objective, then linear ones, then linear 0-1 and integer ones. Names say which is which.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import assert_never

import numpy as np

from solvers.errors import UnsupportedError
from solvers.io.names import Names, column_labels, legal, row_labels
from solvers.io.nl_names import side_paths
from solvers.io.refuse import refuse, refuse_numbers
from solvers.io.source import write_text
from solvers.model import INTEGER, Model, Quadratic
from solvers.template import TAffine, TBinary, TChoice, TConst, Template, TGather, TReduce, TUnary

LACKS = frozenset({"levels", "global", "indicator", "semicontinuous"})
_UNARY = {"abs": 15, "neg": 16, "sqrt": 39, "sin": 41, "log": 43, "exp": 44, "cos": 46}
_BINARY = {"+": 0, "*": 2, "/": 3, "**": 5}


def write_nl(model: Model, path: str | os.PathLike[str]) -> Names:
    """Write a model and its names.

    Raises UnsupportedError for what NL cannot hold: indicators, semicontinuous columns, several objectives, global
    constraints, special ordered sets that share columns, numbers that are not finite.
    """
    refuse(model, "NL", LACKS)
    refuse_numbers(model, "NL", limit=np.inf)
    writer = _Writer(model)
    parts = writer.parts()
    col, row = side_paths(path)
    write_text(path, parts)
    write_text(col, [name + "\n" for name in np.array(writer.names.columns, object)[writer.order].tolist()])
    write_text(
        row, [name + "\n" for name in np.array(writer.names.rows, object)[writer.row_order].tolist()] + ["obj\n"]
    )
    return writer.names


def _one_line(name: str) -> str:
    return "".join(c if c.isprintable() else "_" for c in name).strip() or "_"


class _Body:
    """The nonlinear part of one row or of the objective: text, and the columns it uses."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.columns: set[int] = set()

    def join(self, parts: list[_Body]) -> _Body:
        """The sum of parts."""
        if len(parts) == 1:
            return parts[0]
        self.text.append("o0\n" if len(parts) == 2 else f"o54\n{len(parts)}\n")
        for part in parts:
            self.text += part.text
            self.columns |= part.columns
        return self


class _Writer:
    def __init__(self, model: Model) -> None:
        self.model = model
        columns, rows = column_labels(model), row_labels(model)
        self.names = Names(
            tuple(legal(columns, _one_line)), tuple(legal(rows, _one_line, ["obj"])), tuple(columns), tuple(rows)
        )
        self.place: list[str] = []
        self._bodies()
        self._sort()

    # -- which columns and rows are nonlinear ----------------------------------------------------------

    def _bodies(self) -> None:
        """What each row uses, with columns by their place in the model."""
        model = self.model
        self.by_row: dict[int, list[tuple[int, int, float]]] = {}
        q = model.quadratic_rows
        if q is not None:
            assert q.row is not None
            for r, i, j, c in zip(q.row.tolist(), q.i.tolist(), q.j.tolist(), q.coef.tolist()):
                self.by_row.setdefault(r, []).append((i, j, c))
        self.templates: dict[int, list[tuple[Template, int]]] = {}
        for held in model.nonlinear_rows:
            for k, r in enumerate(held.rows.tolist()):
                self.templates.setdefault(r, []).append((held.template, k))
        self.place = [str(j) for j in range(model.num_columns)]
        self.used = {r: self.body(r).columns for r in sorted({*self.by_row, *self.templates})}
        self.objective_used = self.objective().columns

    def body(self, row: int) -> _Body:
        """The nonlinear part of a row."""
        parts = [self.product(*item) for item in self.by_row.get(row, ())]
        parts += [self.expression(template, k) for template, k in self.templates.get(row, ())]
        return _Body().join(parts) if parts else self.constant(0.0)

    def objective(self) -> _Body:
        """The nonlinear part of the objective, and its constant."""
        level = self.model.objective
        parts = [self.constant(level.offset)] if level.offset != 0.0 else []
        if level.quadratic is not None:
            q: Quadratic = level.quadratic
            parts += [self.product(*item) for item in zip(q.i.tolist(), q.j.tolist(), q.coef.tolist())]
        if level.nonlinear is not None:
            parts.append(self.expression(level.nonlinear, 0))
        return _Body().join(parts) if parts else self.constant(0.0)

    def _sort(self) -> None:
        model = self.model
        n, m = model.num_columns, model.num_rows
        in_rows, in_objective = np.zeros(n, bool), np.zeros(n, bool)
        in_rows[sorted(set().union(*self.used.values()))] = True
        in_objective[sorted(self.objective_used)] = True
        whole = model.kinds == INTEGER
        unit = whole & (model.col_lower == 0.0) & (model.col_upper == 1.0)
        group = np.select(
            [in_rows & in_objective, in_rows, in_objective], [0, 1, 2], np.where(unit, 4, np.where(whole, 5, 3))
        )
        # Within the nonlinear groups the continuous columns come first.
        self.order = np.lexsort((np.arange(n), whole & (group < 3), group))
        position = np.empty(n, np.int64)
        position[self.order] = np.arange(n)
        self.position = position
        self.place = position.astype(str).tolist()
        self.group, self.whole = group, whole
        nonlinear = np.zeros(m, bool)
        nonlinear[list(self.used)] = True
        self.row_order = np.lexsort((np.arange(m), ~nonlinear))

    # -- expressions -----------------------------------------------------------------------------------

    def constant(self, value: float) -> _Body:
        """A number."""
        out = _Body()
        out.text.append(f"n{value!r}\n")
        return out

    def product(self, i: int, j: int, coef: float) -> _Body:
        """coef * x[i] * x[j]."""
        out = _Body()
        out.columns |= {i, j}
        lead = f"o2\nn{coef!r}\n" if coef != 1.0 else ""
        out.text.append(f"{lead}o2\nv{self.place[i]}\nv{self.place[j]}\n")
        return out

    def expression(self, node: Template, row: int) -> _Body:
        """One row of a template."""
        match node:
            case TConst(values):
                return self._number(float(values[row]))
            case TAffine():
                return self._affine(node, row)
            case TUnary(func, arg):
                return self._operation(f"o{_UNARY[func]}\n", [self.expression(arg, row)])
            case TBinary(func, left, right):
                return self._operation(f"o{_BINARY[func]}\n", [self.expression(left, row), self.expression(right, row)])
            case TReduce(func, arg, _, start):
                parts = [self.expression(arg, k) for k in range(int(start[row]), int(start[row + 1]))]
                if func == "sum" or len(parts) == 1:
                    return _Body().join(parts) if parts else self.constant(0.0)
                return self._operation(f"o{11 if func == 'min' else 12}\n{len(parts)}\n", parts)
            case TGather(arg, index):
                return self.expression(arg, int(index[row]))
            case TChoice(parts_, which, where):
                return self.expression(parts_[int(which[row])], int(where[row]))
            case _:
                assert_never(node)

    def _number(self, value: float) -> _Body:
        if not np.isfinite(value):
            raise UnsupportedError(f"NL files cannot hold the constant {value}", remedy="use finite numbers")
        return self.constant(value)

    def _affine(self, node: TAffine, row: int) -> _Body:
        parts = [self._number(float(node.constant[row]))] if node.constant[row] != 0.0 else []
        for k in range(int(node.start[row]), int(node.start[row + 1])):
            j, coef = int(node.cols[k]), float(node.coefs[k])
            part = _Body()
            part.columns.add(j)
            part.text.append(
                f"v{self.place[j]}\n" if coef == 1.0 else f"o2\n{self._number(coef).text[0]}v{self.place[j]}\n"
            )
            parts.append(part)
        return _Body().join(parts) if parts else self.constant(0.0)

    def _operation(self, code: str, parts: list[_Body]) -> _Body:
        out = _Body()
        out.text.append(code)
        for part in parts:
            out.text += part.text
            out.columns |= part.columns
        return out

    # -- the file --------------------------------------------------------------------------------------

    def parts(self) -> list[str]:
        """The text of the file in pieces."""
        model = self.model
        sets = self._sets()
        self._rows()
        out = [self._header()]
        out += sets
        for k, r in enumerate(self.row_order.tolist()):
            out += [f"C{k}\n", *(self.body(r).text if r in self.used else ["n0\n"])]
        out += [f"O0 {int(model.sense == 'max')}\n", *self.objective().text]
        out += (
            ["r\n", *_bounds(model.row_lower[self.row_order], model.row_upper[self.row_order])]
            if model.num_rows
            else []
        )
        out += ["b\n", *_bounds(model.col_lower[self.order], model.col_upper[self.order])] if model.num_columns else []
        if model.num_columns > 1:
            out.append(f"k{model.num_columns - 1}\n")
            out += [f"{total}\n" for total in np.cumsum(self.per_column)[:-1].tolist()]
        out += self.linear
        gradient = self._gradient()
        return [*out, f"G0 {len(gradient)}\n", *gradient] if gradient else out

    def _rows(self) -> None:
        """The segments J: linear entries, and 0 for what a row uses nonlinearly only."""
        matrix = self.model.matrix
        count = Counter[int]()
        self.linear = []
        self.entries = 0
        position = self.position
        start, value = matrix.start.tolist(), matrix.value
        for k, r in enumerate(self.row_order.tolist()):
            cut = slice(start[r], start[r + 1])
            found = dict(zip(position[matrix.index[cut]].tolist(), value[cut].tolist()))
            if r in self.used:
                for j in position[list(self.used[r])].tolist() if self.used[r] else ():
                    found.setdefault(j, 0.0)
                found = {j: c for j, c in found.items() if c != 0.0 or self.order[j] in self.used[r]}
            else:
                found = {j: c for j, c in found.items() if c != 0.0}
            if found:
                keys = sorted(found)
                self.linear.append(f"J{k} {len(keys)}\n" + "".join([f"{j} {found[j]!r}\n" for j in keys]))
                count.update(keys)
                self.entries += len(keys)
        self.per_column = np.zeros(self.model.num_columns, np.int64)
        self.per_column[list(count)] = list(count.values())

    def _gradient(self) -> list[str]:
        costs = self.model.objective.costs[self.order].tolist()
        used = {int(self.position[j]) for j in self.objective_used}
        return [f"{k} {c!r}\n" for k, c in enumerate(costs) if c != 0.0 or k in used]

    def _header(self) -> str:
        model, group, whole = self.model, self.group, self.whole
        size = np.bincount(group, minlength=6)
        low, high = model.row_lower, model.row_upper
        equal = int(np.sum(low == high))
        ranges = int(np.sum(np.isfinite(low) & np.isfinite(high) & (low != high)))
        both, rows, objective = int(size[0]), int(size[0] + size[1]), int(size[0] + size[1] + size[2])
        integers = [int(np.sum(whole & (group == k))) for k in range(3)]
        nonlinear_objective = int(bool(self.objective_used))
        lines = [
            "g3 1 1 0",
            f" {model.num_columns} {model.num_rows} 1 {ranges} {equal}",
            f" {len(self.used)} {nonlinear_objective}",
            " 0 0",
            f" {rows} {objective} {both}",
            " 0 0 0 1",
            f" {size[4]} {size[5]} {integers[0]} {integers[1]} {integers[2]}",
            f" {self.entries} {len(self._gradient())}",
            " 0 0",
            " 0 0 0 0 0",
        ]
        return "\n".join(lines) + "\n"

    def _sets(self) -> list[str]:
        """Special ordered sets as suffixes: a number and a weight for each column."""
        number: dict[int, int] = {}
        weight: dict[int, float] = {}
        for k, item in enumerate(self.model.sos):
            # A suffix of 0 counts as missing, and SCIP cuts fractions off: then places stand for the weights.
            ranks = np.argsort(np.argsort(item.weights)) + 1.0
            weights = item.weights if np.all(item.weights) and np.all(item.weights % 1 == 0) else ranks
            for j, w in zip(item.columns.tolist(), weights.tolist()):
                if j in number:
                    raise UnsupportedError(
                        "NL files cannot hold a column in two special ordered sets",
                        place=self.model.column_label(j),
                        remedy="write .mps or .lp",
                    )
                number[j], weight[j] = (k + 1) * (1 if item.kind == 1 else -1), w
        if not number:
            return []
        ordered = sorted(number, key=lambda j: int(self.position[j]))
        return [
            f"S0 {len(ordered)} sosno\n",
            *(f"{self.place[j]} {number[j]}\n" for j in ordered),
            f"S4 {len(ordered)} ref\n",
            *(f"{self.place[j]} {weight[j]!r}\n" for j in ordered),
        ]


def _bounds(low: np.ndarray, high: np.ndarray) -> list[str]:
    out = []
    for a, b in zip(low.tolist(), high.tolist()):
        if a == b:
            out.append(f"4 {a!r}\n")
        elif a == -np.inf:
            out.append("3\n" if b == np.inf else f"1 {b!r}\n")
        else:
            out.append(f"2 {a!r}\n" if b == np.inf else f"0 {a!r} {b!r}\n")
    return out
