"""What is installed, working, hidden or in conflict, and what to do about the rest."""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
import sys
import textwrap
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any, Literal

from formulate.cli import output
from formulate.cli.probe import SOLVERS, examine_adapters, examine_sandbox, share_a_process, solver_probe
from formulate.cli.shadow import PACKAGES, home, shadowed

SUMMARY = "what is installed, working and hidden, and what to do about the rest"
EXAMPLE = "formulate doctor"
DISTRIBUTION = "formulate-opt"

State = Literal["ok", "absent", "wrong"]
REQUIRED = {
    "numpy": "arrays", "pydantic": "documents from outside", "PyYAML": "YAML formulations", "rich": "terminal output",
    "pint": "units", "openpyxl": "Excel data",
}  # fmt: skip
OPTIONAL = {
    "pandas": "DataFrames as data", "ortools": "CP-SAT for job shops and tours, GLOP, PDLP, GSCIP",
    "pyomo": "the solvers CBC, GLPK, Ipopt, Gurobi, CPLEX, Xpress, ...", "gurobipy": "Gurobi, behind Pyomo",
    "openai": "language models over HTTP", "keyring": "keys of language models", "transformers": "local weights",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing examined: its state, what was found, and what to do about it."""

    about: str
    state: State
    found: str
    remedy: str = ""
    takes: tuple[str, ...] = ()


def configure(parser: argparse.ArgumentParser) -> None:
    """`formulate doctor` has no arguments of its own."""


def run(options: argparse.Namespace) -> int:
    """Examine and report; 5 when something needed is missing or wrong."""
    # Each probe is a process of its own: they run side by side.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=4) as pool:
        adapters = [pool.submit(examine_adapters, pyomo) for pyomo in (False, True)]
        solvers, conflicts = pool.submit(_solvers), pool.submit(_conflicts)
        sandbox = pool.submit(_sandbox)
        lines = [*_ours(), *_hidden(), *solvers.result()]
        lines += [line for group in adapters for line in _adapters(group.result())]
        lines += [*_libraries(), *_models(), *conflicts.result(), *sandbox.result()]
    wrong = [line for line in lines if line.state == "wrong"]
    if options.json:
        output.emit_json({
            "schema": "formulate-doctor/1", "ok": not wrong, "lines": [asdict(line) for line in lines],
        })
    else:
        _show(lines)
    return 5 if wrong else 0


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _ours() -> list[Line]:
    fits = sys.version_info >= (3, 11)
    lines = [Line(
        "Python", "ok" if fits else "wrong", f"{platform.python_version()} on {platform.system()} ({sys.executable})",
        "" if fits else "use Python 3.11 or later",
    )]  # fmt: skip
    version = _version(DISTRIBUTION)
    if version is None:
        lines.append(Line(DISTRIBUTION, "wrong", f"not installed; running from {home()}", "pip install ."))
    else:
        lines.append(Line(DISTRIBUTION, "ok", f"{version} in {home()}"))
    return lines


def _hidden() -> list[Line]:
    """Packages of ours that another distribution or folder hides, or that another distribution also claims."""
    lines = []
    hidden = dict(shadowed(PACKAGES))
    claimed = importlib.metadata.packages_distributions()
    for name in PACKAGES:
        others = sorted({owner for owner in claimed.get(name, ()) if owner != DISTRIBUTION})
        if name in hidden:
            owner = f" (of the distribution {', '.join(others)})" if others else ""
            remedy = (
                f"pip uninstall {' '.join(others)}, or use a virtual environment of its own" if others
                else "remove it from PYTHONPATH or leave the folder it lies in"
            )  # fmt: skip
            lines.append(Line(f"package {name}", "wrong", f"hidden by {hidden[name]}{owner}", remedy))
        elif others:
            lines.append(Line(
                f"package {name}", "wrong", f"{', '.join(others)} installs a package of this name too",
                f"pip uninstall {' '.join(others)}, then install {DISTRIBUTION} again",
            ))  # fmt: skip
    return lines or [Line("packages", "ok", f"{', '.join(PACKAGES)}: none is hidden")]


def _solvers() -> list[Line]:
    lines = []
    for module, (name, _) in SOLVERS.items():
        version = _version(module)
        if version is None:
            lines.append(Line(name, "wrong", f"{module} is not installed", f"pip install {module}"))
            continue
        probe = solver_probe(module)
        if probe.works:
            lines.append(Line(name, "ok", f"{probe.said} ({module} {version}) solves"))
        else:
            remedy = f"pip install --force-reinstall {module}"
            lines.append(Line(name, "wrong", f"{module} {version}: {probe.said}", remedy))
    return lines


def _adapters(found: list[dict[str, Any]]) -> list[Line]:
    """Each way to solve, by the name that --solver takes. None of them is needed: absent is not wrong."""
    lines = []
    for item in found:
        takes = tuple(item["takes"])
        what = f"{item['said']}; takes {', '.join(takes).replace('_', ' ')}" if takes else item["said"]
        lines.append(Line(f"--solver {item['name']}", item["state"], what, item["remedy"], takes))
    return lines


def _libraries() -> list[Line]:
    lines = []
    for name, use in REQUIRED.items():
        version = _version(name)
        found = f"{version} ({use})" if version else f"not installed ({use})"
        lines.append(Line(name, "ok" if version else "wrong", found, "" if version else f"pip install {name}"))
    for name, use in OPTIONAL.items():
        version = _version(name)
        found = f"{version} ({use})" if version else f"not installed ({use})"
        lines.append(Line(name, "ok" if version else "absent", found))
    return lines


def _models() -> list[Line]:
    """Which language models `--llm` can name: where a key is known, and which local servers answer."""
    if shadowed(("solvers",)):  # what is below the clients is hidden, and said so above
        return []
    from formulate.llm.credentials import key_known
    from formulate.llm.endpoints import ENDPOINTS, answers, is_local

    lines = []
    for end in ENDPOINTS.values():
        about = f"--llm {end.provider}:MODEL"
        if is_local(end.base_url):
            if answers(end.base_url):
                lines.append(Line(about, "ok", f"a server answers at {end.base_url}"))
        elif key_known(end.provider, end.key_variable):
            lines.append(Line(about, "ok", f"a key is known; {end.base_url} was not asked"))
    if lines:
        return lines
    known = ", ".join(end.key_variable for end in ENDPOINTS.values() if end.key_required)
    return [Line("--llm MODEL", "absent", "no key and no local server of a language model was found",
                 f"set one of {known}, or start a server (docs/LLM.md); none is needed to start")]  # fmt: skip


def _conflicts() -> list[Line]:
    """highspy 1.15 and later and ortools both carry libhighs.so.1: whichever loads second fails."""
    if find_spec("ortools") is None or find_spec("highspy") is None:
        return []
    probe = share_a_process()
    if probe.works:
        return [Line("highspy beside ortools", "ok", "both load in one process")]
    return [Line("highspy beside ortools", "wrong", probe.said, "pip install 'highspy<1.15'")]


def _sandbox() -> list[Line]:
    """What holds programs of others in. None of it is needed to run them; `--require-sandbox` asks for most of it."""
    found, said = examine_sandbox()
    if not found:
        return [Line("sandbox", "absent", f"not examined, so nothing is known to hold programs in: {said}")]
    lines = [
        Line(
            f"sandbox: {item['name']}", "ok" if item["present"] else "absent",
            item["means"] if item["present"] else f"missing ({item['found']}): without it, not so that {item['means']}",
            "" if item["present"] else item["remedy"],
        )
        for item in found
    ]  # fmt: skip
    lacking = [item["name"] for item in found if item["needed"] and not item["present"]]
    summary = (
        f"programs run without {', '.join(lacking)}; --require-sandbox refuses to run them" if lacking
        else "all that --require-sandbox asks for is there"
    )  # fmt: skip
    return [Line("sandbox", "absent" if lacking else "ok", summary), *lines]


def _show(lines: list[Line]) -> None:
    # Plain text: what renders tables lies on floor 1, which may be the hidden one.
    marks = {"ok": "ok", "absent": "-", "wrong": "WRONG"}
    width = max(len(line.about) for line in lines)
    indent = " " * (width + 9)
    room = max(len(indent) + 20, output.width())
    for line in lines:
        lead = f"{marks[line.state]:<7}{line.about:<{width}}  "
        for first, text in ((lead, line.found), (indent, f"remedy: {line.remedy}" if line.remedy else "")):
            if text or first is lead:
                wrapped = textwrap.wrap(text, room, initial_indent=first, subsequent_indent=indent,
                                        break_long_words=False, break_on_hyphens=False)  # fmt: skip
                output.result("\n".join(wrapped).rstrip() or first.rstrip())
