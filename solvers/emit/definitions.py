"""Sets and parameters of a program: given ones as literals, computed ones as formulas, large ones from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from solvers.emit import data as tables
from solvers.emit.text import comment, quoted, wrapped
from solvers.expression.nodes import Name
from solvers.formulation import IndexSet, Parameter
from solvers.ground.order import definition_order

if TYPE_CHECKING:
    from solvers.emit.script import Script


class Definitions:
    """Writes what stands above `main`."""

    def __init__(self, script: Script) -> None:
        self.script = script

    def lines(self) -> list[str]:
        """Sets and parameters, each after what it is made of."""
        lines: list[str] = []
        for name in definition_order(self.script.formulation):
            item = self.script.formulation.by_name[name]
            lines += self._set(item) if isinstance(item, IndexSet) else self._parameter(item)  # type: ignore[arg-type]
        for named in self.script.formulation.expressions:
            if self.script.printer.in_data(named):
                lines += comment(self.script.said(named.description, named.unit))
                lines += _flat(self.script.computed(named))
        if self.script.document:
            path = f"Path(__file__).with_name({quoted(self.script.data_file or '')})"
            lines = [f'DATA = json.loads({path}.read_text(encoding="utf-8"))', "", *lines]
        if any(line.find("math.inf") >= 0 for line in lines):
            self.script.printer.modules.add("math")
        if any("itertools." in line for line in lines):
            self.script.printer.modules.add("itertools")
        return lines

    def _set(self, item: IndexSet) -> list[str]:
        lines = comment(item.description)
        if item.expr is not None:
            return [*lines, *_flat(self.script.computed(item))]
        elements = self.script.instance.elements(item.name)
        code = self.script.names.of("", item.name)
        if self.script.data_file and tables.goes_to_file(elements):
            self.script.document[item.name] = tables.set_document(elements)
            return [*lines, f"{code} = {tables.set_from_file(item.name, elements)}"]
        return [*lines, *tables.set_lines(code, item, elements, "")]

    def _parameter(self, item: Parameter) -> list[str]:
        if item.expr is not None:
            return [*comment(self.script.said(item.description, item.unit)), *_flat(self.script.computed(item))]
        found = tables.cells(self.script.instance, item, self.script.dialect.whole_data)
        code = self.script.names.of("", item.name)
        lines = comment(item.description)
        tail = "".join(f"  {line}" for line in comment(item.unit or "")[:1])
        if self.script.data_file and tables.goes_to_file(found):
            self.script.document[item.name] = tables.parameter_document(found)
            return [*lines, f"{code} = {tables.parameter_from_file(item.name, found)}{tail}"]
        axes = [self.script.names.of("", axis) for axis in item.axes]
        if len(axes) > 1 and any(self.script.kinds.element(Name(axis), {})[0] > 1 for axis in item.axes):
            return [*lines, *tables.parameter_lines(code, item, found, [], tail)]
        if len(axes) == 2:
            columns = self.script.instance.elements(item.axes[1])
            table = tables.table_lines(code, found, columns, axes[1], tail, self.script.names.local)
            if table:
                return [*lines, *table]
        return [*lines, *tables.parameter_lines(code, item, found, axes, tail)]


def _flat(lines: list[str]) -> list[str]:
    return [out for line in lines for out in wrapped(line)]
