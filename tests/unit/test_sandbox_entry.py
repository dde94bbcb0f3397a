"""How a program is run inside its process, and which value it reports. Each program runs in a forked process of its
own; its solver is a stand-in that records the objectives it is told, so that every expectation is exact."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from solvers.sandbox.entry import execute
from solvers.sandbox.recorder import fresh, recorder

SOLVER = '''
import pulp as _library
from solvers.sandbox.recorder import recorder as _recorder
from solvers.result import SolveResult as _Result

class Solved:
    def __init__(self, value, feasible=True):
        self.ObjVal = self.X = value
        _recorder().solved(library="stand-in", asked="none", solved_by="none", model=None, uncaptured="a stand-in",
                           result=_Result("optimal", "feasible", objective=value) if feasible
                           else _Result("infeasible", "none"))

def optimize(value, feasible=True):
    return Solved(value, feasible)
'''
LINES = SOLVER.count("\n")


def run(program: str, tmp_path: Path, solver: bool = True, **request: Any) -> dict[str, Any]:
    """What `execute` says of a program, with what it printed and the objectives that were recorded."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        code = 1
        try:
            os.chdir(tmp_path)
            printed = os.open("printed", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(printed, 1)
            import sys

            sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
            fresh()
            answer = execute(SOLVER + program if solver else program, request)
            answer["solves"] = [solve.result.objective for solve in recorder().solves]
            with os.fdopen(write, "w") as pipe:
                json.dump(answer, pipe)
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return {**json.loads(text), "printed": (tmp_path / "printed").read_text()}


def value(answer: dict[str, Any]) -> float | None:
    assert answer["error"] is None, answer["error"]
    return None if answer["reported"] is None else answer["reported"]["value"]


# -- forms -------------------------------------------------------------------------------------------

FORMS = {
    "script": ("m = optimize(7.25)\nprint('objective:', m.ObjVal)", "script"),
    "guard": ("def go():\n    m = optimize(7.25)\n    print('objective:', m.ObjVal)\nif __name__ == '__main__':\n    go()",
              "script, __main__"),
    "function": ("def helper(x):\n    return optimize(x)\ndef solve_shop(limit=7.25):\n    return helper(limit).ObjVal",
                 "solve_shop()"),
    "private beside public": ("def _solve():\n    return optimize(1)\ndef plan():\n    optimize(1)\n    return optimize(7.25).X",
                              "plan()"),
    "class": ("class Shop:\n    def __init__(self, limit=7.25):\n        self.limit = limit\n    def solve(self):\n"
              "        return optimize(self.limit).ObjVal", "Shop.solve()"),
    "class with main": ("class Shop:\n    def solve(self):\n        return optimize(7.25)\n    def main(self):\n"
                        "        print(f'Objective: {self.solve().ObjVal}')", "Shop.main()"),
    "named function": ("def main():\n    return optimize(1.0).X\ndef other():\n    return optimize(7.25).X", "other()"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_program_runs(form: str, tmp_path: Path) -> None:
    program, entry = FORMS[form]
    answer = run(program, tmp_path, function="other" if form == "named function" else None)
    assert value(answer) == 7.25
    assert answer["entry"] == entry


def test_a_named_function_runs_without_the_guarded_main(tmp_path: Path) -> None:
    program = "def go(scale=1):\n    return optimize(scale * 2.0).X\nif __name__ == '__main__':\n    go(100)"
    answer = run(program, tmp_path, function="go", data={"scale": 3})
    assert answer["solves"] == [6.0]
    assert run(program, tmp_path)["solves"] == [200.0]


def test_what_a_script_solved_is_not_solved_again(tmp_path: Path) -> None:
    answer = run("def solve():\n    return optimize(2.0).X\nbest = solve()", tmp_path)
    assert answer["solves"] == [2.0]
    assert (answer["reported"]["value"], answer["reported"]["how"]) == (2.0, "variable")
    # It calls its function itself, in vain: once is enough.
    assert run("def solve():\n    if False:\n        optimize(1)\n    print('called')\nsolve()", tmp_path)["printed"] == "called\n"


DATA = {"limit": 5.5, "names": ["a", "b"], "nested": {"k": 1}}


@pytest.mark.parametrize("program", [
    "m = optimize(data['limit'])",
    "import json\nm = optimize(json.load(open('data.json'))['limit'])",
    "import json\nwith open('data/shop/input.json', 'r') as f:\n    d = json.load(f)\nm = optimize(d['limit'])",
    "import json\nm = optimize(json.loads(open('/content/drive/shop.json').read())['limit'])",
    "import json, sys\nm = optimize(json.load(sys.stdin)['limit'])", "import json\nm = optimize(json.loads(input())['limit'])",
    "import json, sys\nm = optimize(json.load(open(sys.argv[1]))['limit'])",
    "from pathlib import Path\nimport json\nm = optimize(json.loads(Path('in/shop.json').read_text())['limit'])",
    "def solve(data):\n    return optimize(data['limit'])",
    "def solve(limit, names):\n    assert names == ['a', 'b']\n    return optimize(limit)",
    "def solve(instance, factor=1):\n    return optimize(factor * instance['limit'])",
    "def solve(whatever):\n    return optimize(whatever['limit'])",
    "def solve(*, limit, other=2):\n    return optimize(limit)",
    "def solve(**kwargs):\n    return optimize(kwargs['limit'])",
    "class Shop:\n    def __init__(self, data):\n        self.d = data\n    def run(self):\n        return optimize(self.d['limit'])",
], ids=range(15))  # fmt: skip
def test_data_come_however_a_program_expects_them(program: str, tmp_path: Path) -> None:
    answer = run(program, tmp_path, data=DATA)
    assert answer["error"] is None
    assert answer["solves"] == [5.5]


def test_data_of_a_program_of_its_own_stay(tmp_path: Path) -> None:
    assert run("data = {'limit': 2.0}\noptimize(data['limit'])", tmp_path, data=DATA)["solves"] == [2.0]
    assert run("def solve(limit=3.0):\n    return optimize(limit)", tmp_path)["solves"] == [3.0]


def test_files_lie_in_the_working_directory_and_nowhere_else(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    answer = run("print(open('rows.csv').read())", inside, files={"rows.csv": "a,b", "../out.txt": "no"}, solver=False)
    assert answer["printed"] == "a,b\n"
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]


def test_a_missing_argument_is_named(tmp_path: Path) -> None:
    answer = run("def solve(limit, other):\n    return optimize(limit)", tmp_path, data={"limit": 1})
    assert answer["error"]["kind"] == "entry"
    assert "other" in answer["error"]["message"]
    named = run("def solve():\n    return optimize(1)", tmp_path, function="sole")
    assert (named["error"]["kind"], "defines no 'sole'" in named["error"]["message"]) == ("entry", True)


def test_two_runs_draw_the_same_numbers(tmp_path: Path) -> None:
    program = "import random\nimport numpy as np\nprint(random.random(), np.random.rand(), random.shuffle([1, 2]))"
    assert run(program, tmp_path)["printed"] == run(program, tmp_path)["printed"]


# -- errors ------------------------------------------------------------------------------------------


def test_an_exception_has_the_line_and_the_frames_of_the_program(tmp_path: Path) -> None:
    program = "import json\ndef inner(d):\n    return d['missing']\n\ndef solve():\n    return inner({})\n\nsolve()\n"
    error = run(program, tmp_path)["error"]
    assert (error["kind"], error["message"], error["line"]) == ("exception", "KeyError: 'missing'", LINES + 3)
    assert error["traceback"].splitlines() == [
        f"line {LINES + 8}: solve()", f"line {LINES + 6}, in solve: return inner({{}})",
        f"line {LINES + 3}, in inner: return d['missing']", "KeyError: 'missing'",
    ]  # fmt: skip
    # Where a library raises, the line is still the program's.
    assert run("import json\n\njson.loads('{')", tmp_path)["error"]["line"] == LINES + 3


@pytest.mark.parametrize(("program", "kind", "said"), [
    ("x = (1,\n", "syntax", "never closed"),
    ("x = " + "(" * 300 + ")" * 300, "syntax", "nested"),
    ("x = " + "-" * 100_000 + "1", "syntax", ""),
    ("return 3", "syntax", "outside function"),
    ("import sys\nsys.exit(3)", "exit", "3"), ("import sys\nsys.exit('no data')", "exit", "no data"),
    ("raise KeyboardInterrupt", "exception", "KeyboardInterrupt"),
    ("raise MemoryError", "memory", "memory"), ("raise GeneratorExit", "exception", "GeneratorExit"),
    ("def f():\n    f()\nf()", "exception", "RecursionError"),
    ("class E(BaseException):\n    def __str__(self):\n        raise ValueError\nraise E", "exception", "E"),
    ("import no_such_library", "exception", "ModuleNotFoundError: No module named 'no_such_library'"),
    ("raise ValueError('x' * 10**6)", "exception", "..."),
    ("1 / 0", "exception", "ZeroDivisionError"),
])  # fmt: skip
def test_every_end_is_a_record(program: str, kind: str, said: str, tmp_path: Path) -> None:
    error = run(program, tmp_path, solver=False)["error"]
    assert error["kind"] == kind
    assert said in error["message"]
    assert len(error["message"]) < 3000
    assert len(error["traceback"]) < 20_000


@pytest.mark.parametrize("leave", ["import sys\nsys.exit()", "exit(0)", "quit()", "raise SystemExit"])
def test_leaving_in_peace_is_no_error(leave: str, tmp_path: Path) -> None:
    answer = run(f"m = optimize(2.5)\nprint('objective:', m.ObjVal)\n{leave}", tmp_path)
    assert value(answer) == 2.5


def test_an_error_after_a_solve_keeps_the_value(tmp_path: Path) -> None:
    answer = run("m = optimize(2.5)\nprint('objective:', m.ObjVal)\nm.nothing", tmp_path)
    assert answer["error"]["line"] == LINES + 3
    assert answer["reported"]["value"] == 2.5
    assert answer["printed"] == "objective: 2.5\n"


# -- the value ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("show", [
    "print('objective:', m.ObjVal)", "print(f'Objective value: {m.ObjVal:.2f} euro')",
    "print('Optimal Value = %.1f' % m.ObjVal)", "print('Total cost: {:.0f}'.format(m.ObjVal))",
    "print('Total cost: ' + str(m.ObjVal))", "text = f'Cost: {m.ObjVal}'\nprint(text)",
    "print('x', 3.0, 'Maximum profit', m.ObjVal, 'in all')", "obj_value = m.ObjVal", "total_cost = m.ObjVal",
    "result = {'status': 1, 'objective': m.ObjVal}", "print({'objective': m.ObjVal})", "print(m.ObjVal)",
    "import sys\nsys.stdout.write('Cost: %s' % (m.ObjVal,))", "print('{a} {cost}'.format(a=1, cost=m.ObjVal))",
    "def show(total):\n    print(f'Total: {total}')\nshow(m.ObjVal)", "print('Total cost:', round(m.ObjVal, 1))",
    "print(f'Optimal: {round(m.ObjVal):,} euro')",
], ids=range(17))  # fmt: skip
def test_the_value_is_the_number_and_not_its_print(show: str, tmp_path: Path) -> None:
    answer = run(f"budget = 900.0\nhours = 40\nm = optimize(1234.56789)\n{show}\nprint('hours used:', hours)", tmp_path)
    assert value(answer) == 1234.56789
    assert "solve 1" in answer["reported"]["text"]


@pytest.mark.parametrize("program", [
    "m = optimize(10.0)", "m = optimize(10.0)\nprint('Budget:', 500.0)\nprint('Total demand:', 33)",
    "print('objective: 10.0')", "print('objective:', 10.0)", "m = optimize(10.0)\nmax_cost = 77.0\nprint('objective: 99.0')",
    "m = optimize(10.0)\nprint('used', 2 * m.X, 'kg')",
    # Nothing was found: what the library leaves behind is no answer.
    "m = optimize(0.0, feasible=False)\nprint('objective:', m.ObjVal)\ntotal_cost = m.ObjVal",
    "print('objective:', 10.0)\nm = optimize(3.0)",
    # Two post-processed numbers, and no telling which is meant.
    "m = optimize(10.0)\nprint('Total cost:', 2 * m.X)\nprint('Total revenue:', 5 * m.X)",
    "m = optimize(10.0)\nprint('objective:', True, 'nan', float('nan') * m.X, float('inf') * m.X)",
], ids=range(10))  # fmt: skip
def test_a_number_without_a_solve_is_output_and_no_value(program: str, tmp_path: Path) -> None:
    assert value(run(program, tmp_path, solver="optimize" in program)) is None


def test_values_of_loops_and_units(tmp_path: Path) -> None:
    loop = "total = 0\nfor v in (1.5, 2.5, 4.0):\n    m = optimize(v)\n    print('scenario', m.ObjVal)\n    total += m.ObjVal\n"
    answer = run(loop + "print('Total cost of all scenarios:', total)", tmp_path)
    assert value(answer) == 8.0
    assert "sum of the objectives of 3 solves" in answer["reported"]["text"]
    best = run("best = 1e9\nfor v in (5.0, 2.0, 4.0):\n    m = optimize(v)\n    best = min(best, m.ObjVal)\n"
               "print('Best cost:', best)", tmp_path)
    assert value(best) == 2.0
    assert "solve 2" in best["reported"]["text"]
    units = run("m = optimize(1234567.0)\nprint(f'Maximum profit: {m.ObjVal / 1000:.1f} thousand')", tmp_path)
    assert value(units) == 1234.567
    assert "follows from a solve" in units["reported"]["text"]
    negated = run("m = optimize(-42.0)\nprint('Maximum profit:', -m.ObjVal)", tmp_path)
    assert value(negated) == 42.0
    gathered = "m = optimize(9.0)\ncost = {1: 4.0, 2: 5.5}\nspent = 0\nfor k in cost:\n    if m.X > 0.5:\n        spent += cost[k]\n"
    assert value(run(gathered + "print('Minimum total cost:', spent)", tmp_path)) == 9.5


def test_the_strongest_statement_is_taken(tmp_path: Path) -> None:
    program = ("m = optimize(50.0)\nprint('objective:', m.ObjVal)\nrent = m.X * 0.2\nprint('Total rent:', rent)\n"
               "total_profit = m.X * 0.8\nprint('Total profit after rent:', total_profit)")  # fmt: skip
    assert value(run(program, tmp_path)) == 50.0
    assert value(run("m = optimize(50.0)\nx = m.X\nprint('x =', m.X)\nprint('<OBJ>', m.ObjVal + 3, '</OBJ>')", tmp_path)) == 53.0


@pytest.mark.parametrize(("returned", "expected"), [
    ("m.ObjVal", 12.5), ("{'objective': m.ObjVal, 'total': 1}", 12.5), ("{'status': 2, 'total_cost': m.ObjVal + 1}", 13.5),
    ("(2, m.ObjVal, [1, 2])", 12.5), ("['Optimal', 99.0]", 99.0), ("({'x': 1}, {'objective_value': 12.5})", 12.5),
    ("'12.5'", None), ("None", None), ("True", None), ("(1.0, 2.0)", None), ("float('nan')", None),
])  # fmt: skip
def test_what_a_function_returns(returned: str, expected: float | None, tmp_path: Path) -> None:
    answer = run(f"def solve():\n    m = optimize(12.5)\n    return {returned}", tmp_path)
    assert value(answer) == expected
    if expected is not None:
        assert answer["reported"]["how"] == "returned"


@pytest.mark.parametrize("program", [
    "x = 3\nprint(f'{x=} {x!r:>5} {x:{x}d}', f'{{}}', '%d%%' % x, '%(a)s' % {'a': x}, '{0}{1[0]}'.format(x, [x]), sep='|', end='.')",
    "print(*[1, 2], **{'sep': '-'})\nprint()", "print('a' + 'b' * 2, b'x', None, (1,), [i for i in range(3)])",
    "class P:\n    def __init__(self):\n        self.__x = 1\n    def show(self):\n        print(f'{self.__x}')\nP().show()",
    "print('%s and %s' % ('a', 'b'), '%s' % 'c', '%s' % (('d', 1),))",
    "from dataclasses import dataclass\n@dataclass\nclass D:\n    a: int = 1\nprint(D(), __name__)",
    "import pickle\nclass Q: pass\nprint(type(pickle.loads(pickle.dumps(Q()))).__name__)",
    "try:\n    print(f'{1/0}')\nexcept ZeroDivisionError:\n    print('caught')",
    "print((lambda v: f'{v}')(2), (y := 5), str(y), str(b'a', 'ascii'))",
], ids=range(9))  # fmt: skip
def test_a_watched_program_prints_what_it_prints_alone(program: str, tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "alone.py").write_text(program)
    alone = subprocess.run([sys.executable, "alone.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    answer = run(f"m = optimize(1.0)\n{program}", tmp_path)
    assert answer["error"] is None
    assert answer["printed"] == alone.stdout
