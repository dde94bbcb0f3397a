"""Run a program: a script, a guarded main, a function, a class; with data; deterministic; every error a record."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from types import CodeType, ModuleType
from typing import Any

from solvers.sandbox.entry import calling
from solvers.sandbox.entry.failure import FILE, EntryError, failure
from solvers.sandbox.entry.files import DATA, place
from solvers.sandbox.entry.report import reported
from solvers.sandbox.entry.watch import Watch
from solvers.sandbox.outcome import ProgramError, Reported
from solvers.sandbox.recorder import recorder


def execute(source: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Run a program in this process, which ends with it, and say how it went, as plain values:

    `{"entry": how it was run, "error": None or a ProgramError as a dict, "reported": None or a Reported as a dict}`.
    `request`: `data` (what the program gets as the global `data`, as data.json and as arguments), `function` (the
    function or `Class.method` to call instead of what would be found), `files` (texts by relative name). Its solves
    are in the process's recorder. Call it once per process: it changes the interpreter as a program may.
    """
    run = _Run(source, request)
    error = run.through()
    value = run.value()
    _flush()
    return {
        "entry": run.entry,
        "error": None if error is None else asdict(error),
        "reported": None if value is None else asdict(value),
    }


class _Run:
    """One program on its way through this process."""

    def __init__(self, source: str, request: Mapping[str, Any]) -> None:
        self.source = source
        self.data = request.get("data")
        self.function = request.get("function")
        self.files: Mapping[str, str] = request.get("files") or {}
        self.entry = ""
        self.tree: ast.Module | None = None
        self.watch = Watch(lambda: len(recorder().solves))
        self.module = ModuleType("__main__" if self.function is None else "program")
        self.returned: tuple[str, Any] | None = None

    def through(self) -> ProgramError | None:
        """Run it to its end; what ended it otherwise."""
        try:
            code = self._compiled()
            self._prepare()
            self._script(code)
            self._called()
        except BaseException as error:  # noqa: BLE001 - a program may raise anything, and all of it is reported
            return failure(error)
        return None

    def value(self) -> Reported | None:
        """The value that it reports, also where it broke off after a solve."""
        if self.tree is None:
            return None
        return reported(self.returned, vars(self.module), self.watch.shown, recorder().solves, self.tree)

    def _compiled(self) -> CodeType:
        try:
            # Parsed twice: the tree that is read stays as it was, the tree that runs is rewritten.
            self.tree = ast.parse(self.source, FILE)
            watched = self.watch.watched(ast.parse(self.source, FILE))
            return compile(watched, FILE, "exec", dont_inherit=True)
        except (RecursionError, MemoryError) as error:  # both are the parser's words for the same
            raise SyntaxError("nested too deeply", (FILE, None, None, None)) from error
        except ValueError as error:  # null characters, lone surrogates
            raise SyntaxError(str(error), (FILE, None, None, None)) from error

    def _prepare(self) -> None:
        assert self.tree is not None
        lines = self.source.splitlines(keepends=True)
        linecache.cache[FILE] = (len(self.source), None, lines, FILE)
        sys.modules[self.module.__name__] = self.module
        sys.argv = [FILE, DATA] if self.data is not None and "sys.argv[1]" in self.source else [FILE]
        space = vars(self.module)
        space["__file__"] = FILE
        place(self.tree, self.data, self.files)
        if self.data is not None:
            space["data"] = self.data
        _seed(self.tree)
        self.watch.install()

    def _script(self, code: CodeType) -> None:
        assert self.tree is not None
        guarded = any(isinstance(node, ast.If) and "__main__" in ast.unparse(node.test) for node in self.tree.body)
        self.entry = "script, __main__" if guarded and self.function is None else "script"
        exec(code, vars(self.module))  # noqa: S102 - running programs is what this process is for

    def _called(self) -> None:
        """Call the function that was asked for, or the one that is found where nothing was solved."""
        assert self.tree is not None
        name = self.function
        if name is None:
            if recorder().solves:
                return
            name = calling.find(self.tree)
            if name is None or name.partition(".")[0] in _called_at_top(self.tree):
                return
        try:
            target, arguments = calling.prepared(name, vars(self.module), self.data)
        except EntryError:
            if self.function is None and not _only_defines(self.tree):
                return  # a script with a helper that nothing calls
            raise
        self.entry = f"{name}()"
        value = target(*arguments.args, **arguments.kwargs)
        self.returned = (name, value)
        if not recorder().solves and calling.solve_returned(value):
            self.entry = f"{name}(), its model solved after it"


def _called_at_top(tree: ast.Module) -> set[str]:
    """Names that the program's own run uses."""
    used: set[str] = set()
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            used.update(part.id for part in ast.walk(node) if isinstance(part, ast.Name))
    return used


def _only_defines(tree: ast.Module) -> bool:
    """Nothing but definitions, imports and values: a program that waits to be called."""
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    return all(
        isinstance(node, kinds) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in tree.body
    )


def _seed(tree: ast.Module) -> None:
    """The same random numbers in every run."""
    import random

    random.seed(0)
    used = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    if "numpy" in sys.modules or "numpy" in used:
        import numpy as np

        np.random.seed(0)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed or replaced by the program
            stream.flush()


__all__ = ["EntryError", "execute"]
