"""However data are written down, the same array comes back; whatever is thrown at binding, only DataError comes out."""

import csv
import io
import json
import math

import numpy as np
import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvers.data import align, bind
from solvers.errors import DataError
from solvers.formulation import Formulation, IndexSet, Objective, Parameter

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
printable = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
# Spaces around a label are not part of it; a leading # may be a spreadsheet's error value, = a formula.
texts = printable.map(str.strip).filter(lambda t: t and t[0] not in "#=" and not t.lstrip("-").isdigit())
# Workbooks keep fifteen digits.
numbers = st.floats(-1e12, 1e12, allow_nan=False).map(lambda x: float(f"{x:.12g}")) | st.integers(-(10**9), 10**9)


@st.composite
def instances(draw):
    rows = draw(st.lists(texts, min_size=1, max_size=4, unique=True))
    columns = draw(st.lists(st.integers(-99, 99), min_size=1, max_size=4, unique=True))
    cells = {(r, c): draw(numbers) for r in rows for c in columns}
    formulation = Formulation(
        "x", Objective("min"),
        sets=(IndexSet("sites", tuple(rows)), IndexSet("weeks", tuple(columns))),
        parameters=(Parameter("need", axes=("sites", "weeks")),),
    )
    return formulation, rows, columns, cells


def array(formulation, source):
    data = bind(formulation, source)
    axes = [data.sets[axis] for axis in ("sites", "weeks")]
    return align(formulation.parameters[0], axes, data.parameters["need"])


def csv_text(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@QUIET
@given(instances(), st.randoms(use_true_random=False))
def test_every_way_of_writing_gives_the_same_array(tmp_path, instance, random):
    formulation, rows, columns, cells = instance
    expected = [[float(cells[r, c]) for c in columns] for r in rows]
    long = [[r, c, v] for (r, c), v in cells.items()]
    random.shuffle(long)
    wide = [["", *columns], *([r, *(cells[r, c] for c in columns)] for r in rows)]
    book = openpyxl.Workbook()
    book.active.title = "need"
    for line in wide:
        book.active.append(line)
    for sheet_row in book.active.iter_rows(min_row=2, max_col=1):
        sheet_row[0].data_type = "s"
    book.save(tmp_path / "need.xlsx")
    (tmp_path / "long.csv").write_text(csv_text([["site", "week", "need"], *long]), encoding="utf-8", newline="")
    (tmp_path / "need.csv").write_text(csv_text(wide), encoding="utf-8", newline="")
    (tmp_path / "need.json").write_text(json.dumps({"need": {r: {c: cells[r, c] for c in columns} for r in rows}}))
    sources = [
        tmp_path / "need.xlsx", tmp_path / "long.csv", tmp_path / "need.csv", tmp_path / "need.json",
        {"need": cells}, {"need": expected}, {"need": np.array(expected)},
        {"need": {r: [cells[r, c] for c in columns] for r in rows}},
        {"need": [{"site": r, "week": c, "need": v} for r, c, v in long]},
    ]
    for source in sources:
        assert array(formulation, source).tolist() == expected, source


@QUIET
@given(instances(), st.randoms(use_true_random=False))
def test_a_cell_left_out_or_given_twice_is_always_noticed(tmp_path, instance, random):
    formulation, _, _, cells = instance
    long = [[r, c, v] for (r, c), v in cells.items()]
    victim = random.choice(long)
    for lines in ([line for line in long if line is not victim], [*long, victim]):
        (tmp_path / "long.csv").write_text(csv_text([["site", "week", "need"], *lines]), encoding="utf-8", newline="")
        try:
            array(formulation, tmp_path / "long.csv")
        except DataError as error:
            assert repr(victim[0]) in str(error) or not lines
        else:
            raise AssertionError("not noticed")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | printable | st.just("5"),
    lambda child: st.lists(child, max_size=3)
    | st.dictionaries(st.sampled_from("abc12") | printable, child, max_size=3),
    max_leaves=12,
)
WANTED = Formulation(
    "x", Objective("min"),
    sets=(IndexSet("s", ("a", "b")), IndexSet("t", (1, 2)), IndexSet("open"), IndexSet("e", dimension=2)),
    parameters=(
        Parameter("p", axes=("s", "t")), Parameter("q", axes=("open",), bind="q.x"),
        Parameter("r", axes=("e",), default=1), Parameter("n"),
        Parameter("l", axes=("s",), values_in="t", nullable=True),
    ),
)


CELLS = ["s", "t", "p", "n", "a", "b", "1", "2", "", "1,5", "x [kg]", "unit", '"', "="]


def attempt(source):
    try:
        data = bind(WANTED, source)
        for parameter in WANTED.parameters:
            axes = [data.sets.get(axis, ()) for axis in parameter.axes]
            out = align(parameter, axes, data.parameters.get(parameter.name), data.origins.get(parameter.name))
            assert out.shape == tuple(map(len, axes))
            assert parameter.values_in or parameter.nullable or all(map(math.isfinite, out.flat))
    except DataError as error:
        assert str(error)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["p", "q", "r", "n", "l", "s", "t", "open", "e"]), values))
def test_any_mapping_is_bound_or_refused(source):
    attempt({"n": 1, "q": {"x": {"a": 1}}, **source})


@QUIET
@given(st.binary(max_size=200), st.sampled_from(["p.csv", "p.tsv", "p.json", "p.xlsx"]))
def test_any_bytes_are_bound_or_refused(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    attempt(tmp_path / name)


@QUIET
@given(st.lists(st.lists(st.sampled_from(CELLS), max_size=5), max_size=5))
def test_any_table_is_bound_or_refused(tmp_path, rows):
    (tmp_path / "p.csv").write_text(csv_text(rows), newline="")
    attempt(tmp_path / "p.csv")
