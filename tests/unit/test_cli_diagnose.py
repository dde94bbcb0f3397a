"""`formulate diagnose`, `solve --set`, `solve --ranging` as a user runs them."""

from __future__ import annotations

import random
from pathlib import Path

from tests.unit.cli_runs import formulate, write_formulation
from tests.unit.diagnose_files import TRANSPORT

WORDS = """A bakery makes rye bread and wheat bread. Each loaf of rye bread needs 0.5 kg of flour and 20 minutes of
oven time, and each loaf of wheat bread needs 0.4 kg of flour and 15 minutes of oven time. Every day there are 60 kg of
flour and 400 minutes of oven time available. The profit is 3 euros per loaf of rye bread and 2.5 euros per loaf of
wheat bread. At least 30 loaves of rye bread must be baked. How many loaves of each kind should the bakery make to
maximize its profit?
"""


def short(folder: Path) -> Path:
    """The transport problem with 200 cases too little in San Diego."""
    text = TRANSPORT.read_text(encoding="utf-8").replace("San Diego: 600", "San Diego: 400")
    path = folder / "short.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def unbounded(folder: Path) -> Path:
    return write_formulation(
        folder, variables=[{"name": "chair", "lower": "0"}, {"name": "table", "lower": "0"}],
        objective={"sense": "max", "terms": [{"name": "profit", "expr": "5 * chair + 3 * table"}]},
        constraints=[{"name": "sets", "expr": "chair <= 4 * table"}, {"name": "some", "expr": "chair >= 2"}],
    )  # fmt: skip


def test_a_conflict_and_the_way_out(tmp_path: Path) -> None:
    path = short(tmp_path)
    run = formulate("diagnose", path, cwd=tmp_path)
    assert run.code == 0, run.err
    assert "capacity[San Diego]" in run.out and "satisfy[Topeka]" in run.out and "irreducible" in run.out
    assert '"Seattle can ship 350 cases, San Diego 600"' in run.out and "every market gets" in run.out
    assert "is 150 case short" in run.out or "is 150 case too much" in run.out
    assert not run.err and "\x1b" not in run.out


def test_json_and_options(tmp_path: Path) -> None:
    path = short(tmp_path)
    document = formulate("diagnose", path, "--json", "--hard", "satisfy", "--hard", "ship:lower", cwd=tmp_path).json
    assert (document["schema"], document["termination"], document["decided"]) == ("formulate-diagnosis/1", "infeasible", True)
    conflict = document["conflict"]
    assert conflict["irreducible"] and conflict["proven_by"] == ["exact arithmetic"] and conflict["families"] == ["capacity"]
    assert {tuple(m["key"]) for m in conflict["members"]} == {("Seattle",), ("San Diego",)}
    assert sum(c["amount"] for c in document["relaxation"]["changes"]) == 150.0 and document["relaxation"]["verified"]
    dear = formulate("diagnose", path, "--json", "--hard", "satisfy", "--weights", "capacity[San Diego]=50", cwd=tmp_path).json
    assert [c["label"] for c in dear["relaxation"]["changes"]] == ["capacity[Seattle]"]


def test_the_hard_ones_that_take_part_are_shown(tmp_path: Path) -> None:
    path = short(tmp_path)
    found = formulate("diagnose", path, "--json", "--hard", "satisfy", "--hard", "bounds", cwd=tmp_path).json["conflict"]
    labels = {name: {m["label"] for m in found[name]} for name in ("members", "partners")}
    assert labels["members"] <= {"capacity[Seattle]", "capacity[San Diego]"}
    assert labels["partners"] == {"satisfy[New York]", "satisfy[Chicago]", "satisfy[Topeka]"}
    assert all(m["hard"] for m in found["partners"])
    shown = formulate("diagnose", path, "--hard", "satisfy", "--hard", "bounds", cwd=tmp_path).out
    assert "beside these, which are hard" in shown and "satisfy[Chicago]" in shown


def test_a_ray_names_what_runs_away(tmp_path: Path) -> None:
    run = formulate("diagnose", unbounded(tmp_path), cwd=tmp_path)
    assert run.code == 0
    assert "chair grows by 4" in run.out and "table grows by 1" in run.out and "objective grows by 23" in run.out
    assert "chair has no upper bound" in run.out


def test_a_sound_model_has_nothing_to_explain(tmp_path: Path) -> None:
    run = formulate("diagnose", TRANSPORT, cwd=tmp_path)
    assert run.code == 0 and "optimal" in run.out and "cannot hold together" not in run.out


def test_time_that_ends_the_search_is_exit_code_3(tmp_path: Path) -> None:
    number = random.Random(1)
    rows = [[number.randrange(100) for _ in range(50)] for _ in range(6)]
    path = write_formulation(
        tmp_path, sets=[{"name": "I", "expr": "range(6)"}, {"name": "J", "expr": "range(50)"}],
        parameters=[{"name": "a", "axes": ["I", "J"], "values": rows}, {"name": "d", "axes": ["I"], "values": [sum(r) // 2 for r in rows]}],
        variables=[{"name": "x", "over": ["j in J"], "domain": "binary"}],
        objective={"sense": "min", "terms": []},
        constraints=[{"name": "c", "over": ["i in I"], "expr": "sum(a[i, j] * x[j] for j in J) == d[i]"}],
    )  # fmt: skip
    run = formulate("diagnose", path, "--time-limit", "2", cwd=tmp_path)
    assert run.code == 3 and "more time is needed" in run.out.replace("\n", " ").replace("  ", " ")


def test_wrong_names_and_files(tmp_path: Path) -> None:
    path = short(tmp_path)
    for words, hint in (
        (["--hard", "satisfied"], "did you mean satisfy?"), (["--weights", "capacity=-1"], "W above 0"),
        (["--time-limit", "0"], "seconds"), (["--measure", "cheap"], "relative"),
    ):  # fmt: skip
        run = formulate("diagnose", path, *words, cwd=tmp_path)
        assert run.code == 2 and hint in run.err, run.err
    assert formulate("diagnose", tmp_path / "none.yaml", cwd=tmp_path).code == 2


def test_solve_points_to_diagnose(tmp_path: Path) -> None:
    run = formulate("solve", short(tmp_path), cwd=tmp_path)
    assert run.code == 4 and "formulate diagnose" in run.err


def test_set_shows_old_and_new(tmp_path: Path) -> None:
    run = formulate("solve", TRANSPORT, "--set", "demand[Chicago]=350", "--set", "most=300", cwd=tmp_path)
    assert run.code == 0, run.err
    assert "demand[Chicago]: 300 case to 350 case" in run.out and "before" in run.out and "objective (dollar)" in run.out
    assert "all constraints hold" in run.out and "warm re-solve" in run.out
    document = formulate("solve", TRANSPORT, "--json", "--set", "demand[Chicago]=350", cwd=tmp_path).json
    assert document["schema"] == "formulate-whatif/1" and document["warm"]
    assert document["before"]["objective"] < document["after"]["objective"]
    assert document["settings"] == [
        {"parameter": "demand", "key": ["Chicago"], "before": 300.0, "after": 350.0, "unit": "case"}]
    none = formulate("solve", TRANSPORT, "--set", "supply[Seattle]=1", cwd=tmp_path)
    assert none.code == 4 and "infeasible" in none.out
    wrong = formulate("solve", TRANSPORT, "--set", "demnd[Chicago]=350", cwd=tmp_path)
    assert wrong.code == 2 and "did you mean demand?" in wrong.err


def test_ranging(tmp_path: Path) -> None:
    run = formulate("solve", TRANSPORT, "--ranging", cwd=tmp_path)
    assert "shadow prices" not in run.out, "the prices stand in the table of ranges"
    assert "shadow prices" in formulate("solve", TRANSPORT, cwd=tmp_path).out
    assert run.code == 0 and "how far that holds" in run.out and "satisfy[Chicago]" in run.out
    document = formulate("solve", TRANSPORT, "--ranging", "--json", cwd=tmp_path).json
    prices = {p["label"]: p for p in document["ranging"]["prices"]}
    assert prices["satisfy[Chicago]"]["dual"] == 153.0 and document["schema"] == "formulate-solution/1"
    whole = write_formulation(tmp_path, variables=[{"name": "x", "lower": "0.5", "domain": "integer"}])
    run = formulate("solve", whole, "--ranging", cwd=tmp_path)
    assert run.code == 0 and "no shadow prices for this MILP" in run.out
    assert formulate("solve", whole, "--ranging", "--json", cwd=tmp_path).json["ranging"] is None


def test_an_infeasible_text_shows_the_words_that_clash(tmp_path: Path) -> None:
    (tmp_path / "bakery.txt").write_text(WORDS, encoding="utf-8")
    run = formulate("bakery.txt", cwd=tmp_path)
    assert run.code == 4 and "cannot hold together" in run.out
    assert "At least 30 loaves of rye bread must be baked." in run.out
    document = formulate("bakery.txt", "--json", cwd=tmp_path).json
    assert document["conflict"]["irreducible"] is True and document["termination"] == "infeasible"


def test_model_files_are_diagnosed_by_the_names_in_them(tmp_path: Path) -> None:
    path = tmp_path / "shop.lp"
    text = ("maximize\n obj: 5 chair + 3 table\nsubject to\n wood: 2 chair + 4 table <= 20\n orders: chair + table >= 15\n"
            "bounds\n chair <= 40\nend\n")  # fmt: skip
    path.write_text(text, encoding="utf-8")
    document = formulate("diagnose", path, "--json", "--hard", "orders", cwd=tmp_path).json
    assert {m["label"] for m in document["conflict"]["members"]} == {"wood", "table (lower bound)"}
    assert [c["label"] for c in document["relaxation"]["changes"]] == ["wood"] and document["relaxation"]["verified"]
    wrong = formulate("diagnose", path, "--hard", "order", cwd=tmp_path)
    assert wrong.code == 2 and "did you mean orders?" in wrong.err
    path.write_text(text.replace(">= 15", ">= 2"), encoding="utf-8")
    ranging = formulate("solve", path, "--ranging", "--json", cwd=tmp_path).json["ranging"]
    assert [(p["label"], p["dual"], p["low"], p["high"]) for p in ranging["prices"] if p["binding"]] == [("wood", 2.5, 4.0, 80.0)]


def test_the_example_of_the_help_is_a_command_line_that_parses() -> None:
    import shlex

    from formulate.cli import diagnose
    from formulate.cli.arguments import parse

    options = parse(diagnose, "diagnose", shlex.split(diagnose.EXAMPLE)[2:])
    assert options.hard == ["demand", "capacity[mill]"]
