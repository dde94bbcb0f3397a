"""The house rules of DESIGN and STYLE as tests: floors, cycles, sizes, exceptions, printing, light starts."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"solvers": 1, "verify": 2, "formulate": 3, "data_synth": 4, "evalsuite": 4, "finetune": 5}
MOST_LINES = 600
HEAVY = ("torch", "pyomo", "ortools", "networkx", "highspy", "pyscipopt", "pint", "pandas", "openpyxl", "scipy", "openai")

BROAD_ALLOWED = {
    "formulate/cli/main.py": 1, "solvers/sandbox/capture/guard.py": 1, "solvers/sandbox/entry/execute.py": 1,
}  # fmt: skip
"""Handlers of `Exception` by file: the outermost boundary of the command line reports everything, once; so does the
one around a program in its own process; what goes wrong in reading the model of a program is recorded as the reason
why there is none, and must not reach the program."""

EVALUATED_ALLOWED = {"solvers/sandbox/entry/execute.py"}
"""Programs are executed in one place: inside the process that the sandbox made for them."""

SILENT_ALLOWED = {"solvers/check/degree.py": 2, "solvers/data/align.py": 1}
"""Handlers that only pass over: what they meet is reported elsewhere (`check` itself; the loop that follows)."""

LONG_ALLOWED: frozenset[str] = frozenset()
"""Files over the cap. This list only ever gets shorter."""


def code_files() -> list[Path]:
    return sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def all_files() -> list[Path]:
    return [*code_files(), *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path, nodes: Iterator[ast.AST]) -> Iterator[tuple[int, str]]:
    """(line, absolute name) of everything that import statements name."""
    package = module_of(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{stem}.{alias.name}"
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "import_module":
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield node.lineno, argument.value


def at_import(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes that run when a module is imported: no function bodies, no TYPE_CHECKING blocks."""
    stack: list[ast.AST] = list(reversed(tree.body))
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            stack.extend(node.orelse)
            continue
        stack.extend(ast.iter_child_nodes(node))


def test_the_walk_sees_the_house() -> None:
    found = {place(path) for path in code_files()}
    assert {"solvers/formulation.py", "verify/problem.py", "formulate/cli/main.py"} <= found


def test_packages_import_from_floors_below_only() -> None:
    """Everywhere, also inside functions and for types alone."""
    upward = []
    for path in code_files():
        own = path.relative_to(ROOT).parts[0]
        for line, name in imported(path, ast.walk(tree_of(path))):
            other = name.split(".")[0]
            if other in FLOORS and other != own and FLOORS[other] >= FLOORS[own]:
                upward.append(f"{place(path)}:{line} imports {name}")
    assert upward == []


def test_nothing_imports_the_tests() -> None:
    found = [
        f"{place(path)}:{line}" for path in code_files()
        for line, name in imported(path, ast.walk(tree_of(path))) if name.split(".")[0] == "tests"
    ]  # fmt: skip
    assert found == []


def test_no_import_cycles() -> None:
    modules = {module_of(path): path for path in code_files()}
    graph: dict[str, set[str]] = {}
    for module, path in modules.items():
        used = set()
        for _, name in imported(path, at_import(tree_of(path))):
            target = name if name in modules else name.rpartition(".")[0]
            if target in modules and target != module:
                used.add(target)
        graph[module] = used
    assert _cycle(graph) is None


def _cycle(graph: dict[str, set[str]]) -> list[str] | None:
    done: set[str] = set()
    for root in graph:
        stack, trail = [(root, iter(sorted(graph[root])))], [root]
        while stack and root not in done:
            node, rest = stack[-1]
            following = next((n for n in rest if n not in done), None)
            if following is None:
                done.add(node)
                stack.pop()
                trail.pop()
            elif following in trail:
                return [*trail[trail.index(following) :], following]
            else:
                stack.append((following, iter(sorted(graph[following]))))
                trail.append(following)
    return None


def test_the_search_for_cycles_finds_one() -> None:
    assert _cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert _cycle({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}) is None


def test_files_stay_small() -> None:
    long = {place(path) for path in all_files() if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES}
    assert long <= LONG_ALLOWED
    assert long >= LONG_ALLOWED, "a file has become short: take it off LONG_ALLOWED"


def _is_broad(kind: ast.expr | None) -> bool:
    return kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException"))


def _swallows_all(node: ast.AST) -> bool:
    """A broad handler that does not end by raising, or `suppress(Exception)`."""
    if isinstance(node, ast.ExceptHandler):
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        return any(map(_is_broad, kinds)) and not isinstance(node.body[-1], ast.Raise)
    called = isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "suppress"
    return called and any(map(_is_broad, node.args))


def _passes(node: ast.AST) -> bool:
    """A handler that does nothing, whatever it catches."""
    return isinstance(node, ast.ExceptHandler) and all(
        isinstance(part, (ast.Pass, ast.Continue)) or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        for part in node.body
    )


@pytest.mark.parametrize(("rule", "allowed"), [(_swallows_all, BROAD_ALLOWED), (_passes, SILENT_ALLOWED)])
def test_no_exception_is_swallowed(rule: Callable[[ast.AST], bool], allowed: dict[str, int]) -> None:
    found: dict[str, int] = {}
    for path in code_files():
        count = sum(map(rule, ast.walk(tree_of(path))))
        if count:
            found[place(path)] = count
    assert found == allowed


def test_the_rules_on_exceptions_convict() -> None:
    def handlers(source: str) -> list[ast.AST]:
        return list(ast.walk(ast.parse(source)))

    assert any(map(_swallows_all, handlers("try:\n  f()\nexcept Exception:\n  log()")))
    assert any(map(_swallows_all, handlers("try:\n  f()\nexcept:\n  log()")))
    assert any(map(_swallows_all, handlers("with suppress(Exception):\n  f()")))
    assert not any(map(_swallows_all, handlers("try:\n  f()\nexcept Exception as e:\n  raise ValueError from e")))
    assert any(map(_passes, handlers("try:\n  f()\nexcept KeyError:\n  pass")))
    assert any(map(_passes, handlers("for x in y:\n  try:\n    f()\n  except KeyError:\n    continue")))


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{place(path)}:{node.lineno}" for path in code_files() if not place(path).startswith("formulate/cli/")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]  # fmt: skip
    assert printing == []


def test_nothing_is_evaluated() -> None:
    found = {
        place(path) for path in code_files() for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec", "__import__")
    }  # fmt: skip
    assert found == EVALUATED_ALLOWED


@pytest.mark.parametrize("path", [p for p in code_files() if p.stem != "__init__"], ids=place)
def test_heavy_libraries_are_imported_inside_functions(path: Path) -> None:
    heavy = [name for _, name in imported(path, at_import(tree_of(path))) if name.split(".")[0] in HEAVY]
    assert heavy == []


def loaded_after(program: str, tmp_path: Path) -> set[str]:
    """The top-level modules that a program has loaded when it ends, in a process of its own."""
    report = "\nimport sys\nprint('\\n' + ' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-c", program + report], capture_output=True, text=True, timeout=300, check=True, cwd=tmp_path
    )
    return set(done.stdout.rstrip().splitlines()[-1].split())


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_the_help_starts_light(tmp_path: Path, words: list[str]) -> None:
    loaded = loaded_after(f"from formulate.cli.main import main\nassert main({words!r}) == 0", tmp_path)
    assert not loaded & {"numpy", "pydantic", "rich", "yaml", *HEAVY}


def test_the_offline_path_needs_no_heavy_library(tmp_path: Path) -> None:
    text = (
        "A shop makes chairs and tables. Each chair needs 2 hours and each table needs 3 hours of work. There are 60 "
        "hours of work available. The profit is 5 dollars per chair and 8 dollars per table. Maximize the profit."
    )
    (tmp_path / "p.txt").write_text(text)
    loaded = loaded_after("from formulate.cli.main import main\nassert main(['p.txt']) == 0", tmp_path)
    assert "highspy" in loaded
    assert not loaded & {"torch", "pyomo", "ortools", "networkx", "pandas", "openpyxl", "pyscipopt", "openai"}
