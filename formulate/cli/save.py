"""`--save DIR`: an attempt as files, all or none. Nothing half-written is ever seen, nothing foreign lost."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formulate.cli.errors import UsageError

if TYPE_CHECKING:
    from formulate.attempt import Attempt

MARK = "solution.json"
SCHEMA = "formulate-solution/1"
OURS = frozenset({
    "formulation.yaml", "model.tex", MARK, "report.json", "report.md", "attempt.json",
    "model.py", "model.mps", "model.lp", "model.nl",
})


def refuse_foreign(folder: str, force: bool) -> None:
    """Raise UsageError, before any work is done, where `save` would have to refuse."""
    target = Path(folder)
    try:
        os.lstat(target)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
            shown = folder if len(folder) <= 80 else f"{folder[:80]}..."
            raise UsageError(f"--save: {shown} is no name for a folder: {said}", remedy="name another folder") from None
    if os.path.lexists(target) and not target.is_dir():
        raise UsageError(f"--save: {folder} is not a folder", remedy="name a folder")
    parent = target.resolve().parent
    if not parent.is_dir():
        raise UsageError(f"--save: there is no folder {parent}", remedy="create it first")
    if not os.access(target if target.is_dir() else parent, os.W_OK):
        raise UsageError(f"--save: {folder} cannot be written", remedy="check its permissions")
    if not force and not _is_ours(target):
        raise UsageError(
            f"--save: {folder} holds other files", remedy="name a new folder, or add --force: it replaces files of the "
            "same name and leaves the others"
        )


def _is_ours(target: Path) -> bool:
    """Missing, empty, or filled by an earlier --save and by nothing else."""
    if not target.is_dir():
        return True
    names = {entry.name for entry in target.iterdir()}
    if not names:
        return True
    return names <= OURS and _is_marked(target)


def _is_marked(target: Path) -> bool:
    """It holds the solution of an earlier --save."""
    try:
        document = json.loads((target / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and document.get("schema") == SCHEMA


def save(attempt: Attempt, folder: str, force: bool = False) -> list[str]:
    """Write the files of an attempt into `folder`; returns their names. Raises UsageError, OSError.

    A new folder, or one that an earlier --save filled, is swapped in whole; with `force`, each file is replaced, and
    what an earlier --save left of another answer is removed.
    """
    refuse_foreign(folder, force)
    target = Path(folder).resolve()
    files = _files(attempt)
    try:
        scratch = Path(tempfile.mkdtemp(prefix=".formulate.", dir=target.parent))
    except OSError as error:
        raise _unwritten(folder, error) from None
    try:
        fresh = scratch / "new"
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_text(content, encoding="utf-8")
        if _is_ours(target):
            _swap(fresh, target, scratch / "old")
        else:
            stale = OURS - set(files) if _is_marked(target) else set()
            for name in files:
                os.replace(fresh / name, target / name)
            for name in stale:  # of an earlier answer: it would stand beside this one
                (target / name).unlink(missing_ok=True)
    except OSError as error:
        raise _unwritten(folder, error) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return sorted(files)


def _unwritten(folder: str, error: OSError) -> OSError:
    """The same with what the user named, and not the scratch folder that the fault happened in."""
    return OSError(error.errno, error.strerror, folder)


def _swap(fresh: Path, target: Path, aside: Path) -> None:
    if not target.exists():
        os.rename(fresh, target)
        return
    try:
        os.rename(target, aside)
        os.rename(fresh, target)
    finally:  # also when it is interrupted between the two
        if aside.exists() and not target.exists():
            os.rename(aside, target)


def _files(attempt: Attempt) -> dict[str, str]:
    from formulate.markdown import attempt_markdown

    files = {
        "report.md": attempt_markdown(attempt),
        "report.json": _json(attempt.report.to_dict()),
        MARK: _json(solution_document(attempt)),
        "attempt.json": attempt.to_json() + "\n",
    }
    if attempt.formulation is not None:
        from solvers.render.latex import to_latex
        from solvers.schema import dumps

        files["formulation.yaml"] = dumps(attempt.formulation, "yaml")
        files["model.tex"] = to_latex(attempt.formulation)
    if attempt.code is not None:
        from solvers.emit import DOCUMENTS

        files[f"model.{DOCUMENTS.get(attempt.code_target, 'py')}"] = attempt.code
    return files


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def solution_document(attempt: Attempt) -> dict[str, Any]:
    """Outcome, statuses, objective and values: what other programs want first."""
    from formulate.plain import plain
    from formulate.records import values_to_dict

    result = attempt.result
    document: dict[str, Any] = {"schema": SCHEMA, "outcome": attempt.outcome}
    for name in ("termination", "primal_status", "objective", "bound", "gap", "unique", "solver", "version", "seconds"):
        document[name] = None if result is None else plain(getattr(result, name))
    document["values"] = {} if result is None else values_to_dict(result.values)
    return document
