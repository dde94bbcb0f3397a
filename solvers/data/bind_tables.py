"""Parameters and sets found in tables: as a column, as a table of their own, in a list of names and values."""

from __future__ import annotations

from collections.abc import Sequence

from solvers.data.data import Element, Origin, Raw
from solvers.data.table import Table, fold, label_of, split_unit
from solvers.data.table_cells import Hit, TableCells
from solvers.data.wanted import Wanted
from solvers.errors import DataError, Place
from solvers.formulation import IndexSet, Parameter
from solvers.schema.spelling import nearest


class TableBinder:
    """Finds the parameters and sets of a formulation in tables."""

    def __init__(self, wanted: Wanted, tables: Sequence[Table]) -> None:
        self.wanted = wanted
        self.cells = TableCells(wanted)
        self.tables = [self._upright(table) for table in tables]

    def _upright(self, table: Table) -> Table:
        """Parameters as columns, also where the first column names them and labels run across."""
        names = {fold(p.name) for p in self.wanted.parameters if len(self.wanted.positions(p)) == 1}
        if len(table.rows) > len(names):
            return table
        first = [split_unit(row[0])[0] for row in table.rows]
        down = bool(first) and all(name and fold(name) in names for name in first)
        if down and len(table.header) > 1 and not any(fold(n) in names for n in table.column_names()):
            return table.transposed()
        return table

    # Finding

    def find(self, parameter: Parameter) -> Hit | None:
        """The one place that holds a parameter; None when there is none. Raises DataError when there are several."""
        hits = self._bound(parameter) if parameter.bind else self._named(parameter)
        if len({id(hit.table) for hit in hits}) > 1 or len(hits) > 1:
            places = " and ".join(self._place(hit) for hit in hits[:3])
            first = hits[0]
            remedy = f"say which, as in `bind: {first.table.name}.{parameter.name}`"
            raise DataError(f"found in {places}", place=Place(parameter.name), remedy=remedy)
        return hits[0] if hits else None

    @staticmethod
    def _place(hit: Hit) -> str:
        if hit.column is None:
            return hit.table.where
        return f"{hit.table.where} (column {hit.table.header[hit.column]!r})"

    def _named(self, parameter: Parameter) -> list[Hit]:
        hits = []
        for table in self.tables:
            here = self.named_in(table, parameter)
            hits += here
            if not here:
                if table.name and fold(table.name) == fold(parameter.name):
                    hits.append(Hit(table, None))
                elif (row := self._listed_scalar(table, parameter)) is not None:
                    hits.append(Hit(table, 1, row))
        return hits

    def named_in(self, table: Table, parameter: Parameter) -> list[Hit]:
        """Columns named as the parameter; the first one may be the corner of a table of that parameter alone."""
        columns = _columns(table, parameter.name)
        corner = columns == [0] and len(table.header) > 1 and self.cells.across(parameter, table)
        return [Hit(table, None if corner else k) for k in columns]

    def _bound(self, parameter: Parameter) -> list[Hit]:
        assert parameter.bind is not None
        hits = []
        for table in self.tables:
            for name, column in _splits(parameter.bind):
                if name is not None and fold(name) != fold(table.name):
                    continue
                if column is None:
                    hits += self.named_in(table, parameter) or [Hit(table, None)]
                else:
                    hits += [Hit(table, k) for k in _columns(table, column)]
        return _unique(hits)

    @staticmethod
    def _listed_scalar(table: Table, parameter: Parameter) -> int | None:
        """The row of a scalar in a table of names and values."""
        if parameter.axes or len(table.header) not in (2, 3):
            return None
        names = [fold(row[0]) if isinstance(row[0], str) else "" for row in table.rows]
        wanted = fold(parameter.name)
        return names.index(wanted) if names.count(wanted) == 1 else None

    def read(self, parameter: Parameter, hit: Hit) -> tuple[Raw, Origin]:
        """The cells of a parameter, with the rows they stand in. Raises DataError naming the cell that is wrong."""
        return self.cells.read(parameter, hit)

    def unused(self) -> list[str]:
        """Tables, and columns of tables that are used, that nothing asked for."""
        left = []
        for table in self.tables:
            used = self.cells.used.get(id(table), set())
            if not used:
                left.append(table.name or table.where)
                continue
            left += [f"{table.name}.{name}" if table.name else name for k, name in enumerate(table.column_names())
                     if k not in used and name]
            rows = self.cells.rows.get(id(table))
            if rows:
                left += [f"{table.name}.{row[0]}" for k, row in enumerate(table.rows) if k not in rows]
        return left

    # Sets

    def elements(self, index_set: IndexSet) -> tuple[tuple[Element, ...], Origin, bool] | None:
        """Elements from a column (or, for d dimensions, a table of d columns) named as the set or its `bind`.

        The last entry says whether their order binds: never here, since rows are found by label.
        """
        for table in self.tables:
            for name, column in _splits(index_set.bind) if index_set.bind else [(index_set.name, None)]:
                if name is not None and fold(name) != fold(table.name):
                    continue
                columns = _columns(table, column) if column else list(range(index_set.dimension))
                if len(columns) != index_set.dimension or len(columns) > len(table.header):
                    continue
                self.cells.use(table, *columns)
                return self._elements_of(index_set, table, columns), Origin(table.where), False
        return None

    @staticmethod
    def _elements_of(index_set: IndexSet, table: Table, columns: list[int]) -> tuple[Element, ...]:
        found: dict[Element, None] = {}
        whole_table = len(columns) == len(table.header)
        for i, row in enumerate(table.rows):
            labels = tuple(label_of(row[k], table.at(i, k), index_set.name) for k in columns)
            element = labels if index_set.dimension > 1 else labels[0]
            if element in found and whole_table:
                raise DataError(f"{element!r} is given twice [{table.at(i)}]", place=Place(index_set.name),
                                remedy="keep one of them")
            found[element] = None
        return tuple(found)

    def near(self, parameter: Parameter) -> str:
        """What the tables offer instead, for the remedy of a parameter that was not found."""
        names = [n for t in self.tables for n in (t.name, *t.column_names()) if n]
        if parameter.bind and "." in parameter.bind:
            names += [f"{t.name}.{n}" for t in self.tables for n in t.column_names() if n]
        close = nearest(parameter.bind or parameter.name, names)
        if close:
            return f"did you mean {close!r}? Rename it, or write `bind: {close}`"
        if not names:
            return "the data are empty"
        return f"the data hold {', '.join(map(repr, list(dict.fromkeys(names))[:12]))}; say which with `bind`"


def _columns(table: Table, name: str) -> list[int]:
    names = table.column_names()
    raw = [str(h).strip() for h in table.header]
    exact = [k for k, n in enumerate(names) if name in (n, raw[k])]
    return exact or [k for k, n in enumerate(names) if fold(n) == fold(name)]


def _splits(bind: str) -> list[tuple[str | None, str | None]]:
    """Ways to read `bind` as (table, column): a column anywhere, a whole table, a column of a table."""
    ways: list[tuple[str | None, str | None]] = [(None, bind), (bind, None)]
    ways += [(bind[:k], bind[k + 1 :]) for k, char in enumerate(bind) if char == "."]
    return ways


def _unique(hits: list[Hit]) -> list[Hit]:
    """A table as a whole gives way to a column of the same table."""
    with_column = {id(h.table) for h in hits if h.column is not None}
    return list(dict.fromkeys(h for h in hits if h.column is not None or id(h.table) not in with_column))
