"""NL files: round trips, expression trees of every operator, what SCIP and Pyomo make of them and we of theirs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solvers import Model
from solvers.errors import UnsupportedError
from solvers.ground import ground
from solvers.io.nl_read import read_nl
from solvers.template import TAffine, evaluate
from tests.unit.model_files import facts, random_model

FEATURES = "quadratic range free empty"


def without_set_names(found: dict) -> dict:
    """Sets as members in order of weight: an NL file holds no names of sets, and no weight of 0."""
    sets = [(kind, [name for _, name in sorted(zip(weights, members))]) for kind, _, members, weights in found["sos"]]
    return {**found, "sos": sorted(sets)}


def test_round_trip_up_to_the_order_that_the_format_fixes(tmp_path: Path) -> None:
    for seed in range(150):
        model = random_model(seed, features=FEATURES)
        model.write(tmp_path / "m.nl")
        assert facts(Model.read(tmp_path / "m.nl"), order=False) == facts(model, order=False), seed


def test_round_trip_of_special_ordered_sets(tmp_path: Path) -> None:
    held = 0
    for seed in range(80):
        model = random_model(seed, features=FEATURES + " sos")
        try:
            model.write(tmp_path / "m.nl")
        except UnsupportedError as error:
            assert "two special ordered sets" in error.message
            continue
        held += bool(model.sos)
        back = facts(Model.read(tmp_path / "m.nl"), order=False)
        assert without_set_names(back) == without_set_names(facts(model, order=False))
    assert held > 10


def nonlinear() -> Model:
    """Every function of the language, over a family."""
    formulation = {
        "schema": "formulate/1", "name": "curves", "sets": [{"name": "I", "expr": "range(1, 4)"}],
        "variables": [{"name": "x", "over": ["i in I"], "lower": "0.5", "upper": "3"}, {"name": "y", "lower": "1", "upper": "2"},
                      {"name": "z", "lower": "-5", "upper": "5"}, {"name": "n", "domain": "integer", "lower": "1", "upper": "4"}],
        "objective": {"sense": "min", "terms": [{"name": "o", "expr": "sum(exp(x[i]) / y for i in I) + n * z + 3 + abs(z - 1)"}]},
        "constraints": [
            {"name": "a", "over": ["i in I"], "expr": "sqrt(x[i]) + log(y + i) * sin(z) - 2 * cos(x[i] * i) + x[i] <= 4 + i"},
            {"name": "b", "expr": "y ** 3 + x[1] ** y + min(x[1], y, z ** 2) - max(z, n) >= -20"},
            {"name": "c", "expr": "x[1] * x[2] + 2 * z ** 2 - z <= 30"},
            {"name": "d", "expr": "x[1] + x[2] + x[3] + n <= 11"},
        ],
    }  # fmt: skip
    from solvers.schema import from_dict

    return ground(from_dict(formulation))


def at_points(model: Model, seed: int = 0) -> dict:
    """Objective and activities by name at points within the bounds."""
    rng = np.random.default_rng(seed)
    order = np.argsort([model.column_label(j) for j in range(model.num_columns)])
    out: dict = {}
    for k in range(5):
        x = np.empty(model.num_columns)
        x[order] = rng.uniform(0, 1, model.num_columns)
        x = np.maximum(model.col_lower, -3) + x * (np.minimum(model.col_upper, 3) - np.maximum(model.col_lower, -3))
        out["objective", k] = model.objective.value(x)
        activity = model.activity(x)
        for r in range(model.num_rows):
            # Constants may stand on either side of a row.
            out[model.row_label(r), k] = (activity[r] - model.row_lower[r] if np.isfinite(model.row_lower[r])
                                          else model.row_upper[r] - activity[r])  # fmt: skip
    return out


def test_nonlinear_rows_come_back_and_share_templates(tmp_path: Path) -> None:
    model = nonlinear()
    model.write(tmp_path / "m.nl")
    back = Model.read(tmp_path / "m.nl")
    assert back.class_name == model.class_name == "MINLP"
    ours, theirs = at_points(model), at_points(back)
    assert ours.keys() == theirs.keys()
    for key, value in ours.items():
        assert theirs[key] == pytest.approx(value, rel=1e-12, abs=1e-12), key
    assert len(back.nonlinear_rows) == 2  # the family a, and b
    assert {len(held.rows) for held in back.nonlinear_rows} == {3, 1}
    back.write(tmp_path / "again.nl")
    assert at_points(Model.read(tmp_path / "again.nl")) == pytest.approx(theirs, rel=1e-12)


def scip_optimum(path: Path) -> tuple[str, float | None]:
    import pyscipopt

    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.readProblem(str(path))
    scip.setParam("limits/time", 30)
    scip.optimize()
    return scip.getStatus(), scip.getObjVal() if scip.getNSols() else None


def test_scip_reads_what_we_write(tmp_path: Path) -> None:
    from dataclasses import replace

    from solvers import solve

    model = nonlinear()
    keep = [r for r in range(model.num_rows) if model.row_label(r) != "b"]  # SCIP has no min and max
    start = model.matrix.start
    take = np.concatenate([np.arange(start[r], start[r + 1]) for r in keep])
    place = {r: k for k, r in enumerate(keep)}
    cut = replace(
        model, matrix=replace(model.matrix, start=np.cumsum([0, *np.diff(start)[keep]]), index=model.matrix.index[take],
                              value=model.matrix.value[take]),
        row_lower=model.row_lower[keep], row_upper=model.row_upper[keep], rows=(),
        nonlinear_rows=tuple(replace(h, rows=np.array([place[r] for r in h.rows])) for h in model.nonlinear_rows if set(h.rows) <= set(keep)),
        quadratic_rows=replace(model.quadratic_rows, row=np.array([place[r] for r in model.quadratic_rows.row])),
    )  # fmt: skip
    cut.write(tmp_path / "m.nl")
    status, value = scip_optimum(tmp_path / "m.nl")
    assert status == "optimal"
    result = solve(cut)
    assert value == pytest.approx(result.objective, rel=1e-4)
    again = solve(Model.read(tmp_path / "m.nl"))
    assert again.objective == pytest.approx(value, rel=1e-4)
    assert again.check.feasible


def test_scip_agrees_on_random_quadratic_integer_models(tmp_path: Path) -> None:
    from solvers import solve

    solved = 0
    for seed in range(40):
        model = random_model(seed, features="quadratic range", tame=True)
        model.write(tmp_path / "m.nl")
        status, value = scip_optimum(tmp_path / "m.nl")
        result = solve(Model.read(tmp_path / "m.nl"), solver="scip")
        assert (status == "optimal") == result.is_optimal, seed
        if status == "optimal":
            solved += 1
            assert result.objective == pytest.approx(value, rel=1e-5, abs=1e-5)
    assert solved > 5


# -- single expressions ------------------------------------------------------------------------------

def text_model(body: str, columns: int = 3, common: str = "", count: int = 0) -> bytes:
    """A file with one row that holds one expression."""
    return (
        f"g3 1 1 0 # problem\n {columns} 1 1 0 0 # sizes\n 1 0\n 0 0\n {columns} 0 0\n 0 0 0 1\n 0 0 0 0 0\n 0 0\n 0 0\n"
        f" {count} 0 0 0 0\n{common}C0\n{body}O0 0\nn0\nr\n1 0\nb\n" + "3\n" * columns
    ).encode()


def binary_model(body: str, columns: int = 3) -> bytes:
    """The same in the binary form."""
    import struct

    head, _, _ = text_model(body, columns).partition(b"C0\n")
    out = b"b" + head[1:] + b"C" + struct.pack("<i", 0)
    for token in body.split():
        out += {"n": lambda t: b"n" + struct.pack("<d", float(t)), "v": lambda t: b"v" + struct.pack("<i", int(t)),
                "o": lambda t: b"o" + struct.pack("<i", int(t))}.get(token[0], lambda t, c=token: struct.pack("<i", int(c)))(token[1:])  # fmt: skip
    out += b"O" + struct.pack("<ii", 0, 0) + b"n" + struct.pack("<d", 0) + b"r1" + struct.pack("<d", 0) + b"b" + b"3" * columns
    return out


CASES = {
    "o0 v0 v1": lambda a, b, c: a + b, "o1 v0 v1": lambda a, b, c: a - b, "o2 v0 v1": lambda a, b, c: a * b,
    "o3 v0 v1": lambda a, b, c: a / b, "o5 v0 v1": lambda a, b, c: a**b, "o6 v0 v1": lambda a, b, c: np.maximum(a - b, 0),
    "o15 o16 v0": lambda a, b, c: abs(-a), "o11 3 v0 v1 v2": lambda a, b, c: min(a, b, c), "o12 2 v0 o2 v1 v2": lambda a, b, c: max(a, b * c),
    "o37 v0": lambda a, b, c: np.tanh(a), "o38 v0": lambda a, b, c: np.tan(a), "o39 v0": lambda a, b, c: np.sqrt(a),
    "o40 v0": lambda a, b, c: np.sinh(a), "o45 v0": lambda a, b, c: np.cosh(a), "o41 v0": lambda a, b, c: np.sin(a),
    "o46 v0": lambda a, b, c: np.cos(a), "o42 v0": lambda a, b, c: np.log10(a), "o43 v0": lambda a, b, c: np.log(a),
    "o44 v0": lambda a, b, c: np.exp(a), "o47 o3 v0 n9": lambda a, b, c: np.arctanh(a / 9), "o50 v0": lambda a, b, c: np.arcsinh(a),
    "o52 o0 n1 v0": lambda a, b, c: np.arccosh(1 + a), "o54 3 v0 n2 o2 n3 v1": lambda a, b, c: a + 2 + 3 * b,
    "o77 v0": lambda a, b, c: a**2, "o76 v0 n3": lambda a, b, c: a**3, "o78 n2 v0": lambda a, b, c: 2**a,
    "o2 o0 v0 v1 o1 v0 n4": lambda a, b, c: (a + b) * (a - 4), "o5 o0 v0 v1 n2": lambda a, b, c: (a + b) ** 2,
    "o2 o2 v0 v1 o2 v2 o2 v0 v0": lambda a, b, c: a * b * c * a * a, "o16 o2 n2 o44 o3 v0 n2": lambda a, b, c: -2 * np.exp(a / 2),
    "o3 n1 o0 n1 o44 o16 v0": lambda a, b, c: 1 / (1 + np.exp(-a)), "o2 o44 v0 o0 n3 o43 v1": lambda a, b, c: np.exp(a) * (3 + np.log(b)),
    "o44 o54 3 o2 v0 v1 o2 n2 o2 v2 v2 n1": lambda a, b, c: np.exp(a * b + 2 * c * c + 1), "o43 n2": lambda a, b, c: np.log(2),
}  # fmt: skip


@pytest.mark.parametrize("body", CASES)
def test_operators(body: str) -> None:
    for data in (text_model(body.replace(" ", "\n") + "\n"), binary_model(body)):
        model = read_nl("m.nl", data)
        for point in np.random.default_rng(0).uniform(0.3, 3, (4, 3)):
            assert model.activity(point)[0] - model.row_upper[0] == pytest.approx(CASES[body](*point), rel=1e-12)


def test_linear_and_quadratic_trees_are_recognised() -> None:
    def kind(body: str) -> tuple[int, bool, bool]:
        model = read_nl("m.nl", text_model(body.replace(" ", "\n") + "\n"))
        return model.matrix.nonzeros, model.quadratic_rows is not None, model.is_nonlinear

    assert kind("o54 3 v0 o2 n3 v1 o16 v2") == (3, False, False)
    assert kind("o3 o0 v0 v1 n2") == (2, False, False)
    assert kind("o2 v0 o0 v1 n3") == (1, True, False)
    assert kind("o5 o1 v0 v1 n2") == (0, True, False)
    assert kind("o0 o2 v0 v1 o44 v2") == (0, True, True)


def test_common_expressions() -> None:
    common = "V3 1 0\n0 2\no44\nv1\nV4 0 0\no2\nv3\nv3\n"  # 2 x + exp(y), and its square
    model = read_nl("m.nl", text_model("o0\nv4\nv3\n", common=common, count=2))
    x = np.array([0.5, 1.0, 0.0])
    inner = 1 + np.exp(1)
    assert model.activity(x)[0] == pytest.approx(inner**2 + inner)


def test_an_affine_argument_is_one_leaf() -> None:
    model = read_nl("m.nl", text_model("o44\no54\n3\nv0\no2\nn2\nv1\nn5\n"))
    template = model.nonlinear_rows[0].template
    assert isinstance(template.arg, TAffine)
    assert evaluate(template, np.zeros(3))[0] == pytest.approx(np.exp(5))


def test_files_without_an_objective_or_without_rows() -> None:
    from solvers.errors import FormatError

    text = text_model("n0\n")
    model = read_nl("m.nl", text.replace(b"O0 0\nn0\n", b"").replace(b" 3 1 1 0 0", b" 3 1 0 0 0"))
    assert (model.sense, model.objective.offset, model.objective.costs.tolist()) == ("min", 0.0, [0.0, 0.0, 0.0])
    model = read_nl("m.nl", b"g3 1 1 0\n 1 0 1 0 0\n 0 0\n 0 0\n 0 0 0\n 0 0 0 1\n 0 1 0 0 0\n 0 0\n 0 0\n 0 0 0 0 0\nO0 1\nn5\nb\n0 0 4\nG0 1\n0 2\n")
    assert (model.sense, model.objective.offset, model.col_upper.tolist(), model.kinds.tolist()) == ("max", 5.0, [4.0], [1])
    with pytest.raises(FormatError, match="segment b"):
        read_nl("m.nl", text.partition(b"b\n3")[0])


@pytest.mark.parametrize(("old", "new", "place", "words"), [
    (b"C0\n", b"C7\n", "line 11, column 1", "no row 7"), (b"n0\nO0", b"nx\nO0", "line 12, column 1", "no part of an expression"),
    (b"n0\nO0", b"v9\nO0", "line 12, column 1", "no column 9"), (b"r\n1 0", b"r\n7 0", "line 16, column 1", "no kind of bound"),
    (b"r\n1 0", b"r\n1 zero", "line 16, column 3", "no finite number"), (b"b\n", b"J0 2\n0 1\n0 x\nb\n", "line 19, column 3", "no number"),
    (b"n0\nO0", b"o99\nO0", "line 12, column 1", "no operation"), (b"b\n", b"Z\nb\n", "line 17, column 1", "begins no segment"),
    (b"C0\nn0", b"C0\nn0\nC0\nn0", "line 13, column 1", "second body"), (b"O0 0", b"O0 4", "line 13, column 4", "the sense 4"),
])  # fmt: skip
def test_errors_say_where(old: bytes, new: bytes, place: str, words: str) -> None:
    from solvers.errors import FormatError

    with pytest.raises(FormatError) as caught:
        read_nl("m.nl", text_model("n0\n").replace(old, new, 1))
    assert words in caught.value.message
    assert f"m.nl, {place}" in str(caught.value)
    assert caught.value.remedy
