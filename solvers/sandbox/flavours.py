"""Which fork server suits a program: by the libraries that it imports, since some cannot share a process.

highspy from 1.15 and ortools both carry `libhighs.so.1`, and ortools cannot be imported after cvxpy.
"""

from __future__ import annotations

import re

from solvers.sandbox.worker import Flavour

_IMPORT = re.compile(r"^[ \t]*(?:import|from)[ \t]+([A-Za-z_][\w. \t,]*)", re.MULTILINE)
_ORTOOLS = (
    "ortools.linear_solver.pywraplp", "ortools.sat.python.cp_model", "ortools.math_opt.python.mathopt",
)  # fmt: skip
_MODULES: dict[str, tuple[str, ...]] = {
    "cvxpy": ("cvxpy",), "ortools": _ORTOOLS, "pyomo": ("pyomo.environ",), "pulp": ("pulp",),
    "pyscipopt": ("pyscipopt",), "gurobipy": ("gurobipy",), "coptpy": ("coptpy",), "scipy": ("scipy.optimize",),
}  # fmt: skip
"""What is imported ahead for each library; the first that a program imports decides."""
_BESIDE = ("pandas",)
_LOOKALIKES = ("gurobipy", "coptpy")


def flavour_of(source: str, *, genuine: bool = False) -> Flavour:
    """The fork server for a program. Its source is looked through line by line: it is not parsed in our process."""
    names = {
        part.split()[0].split(".")[0]
        for found in _IMPORT.finditer(source) for part in found[1].split(",") if part.split()
    }  # fmt: skip
    main = next((name for name in _MODULES if name in names), "plain")
    beside = tuple(name for name in _BESIDE if name in names)
    label = "+".join((main, *beside, *(["genuine"] if genuine else [])))
    # The genuine ones may start threads or open licences at import: each program imports them itself.
    ahead = () if genuine and main in _LOOKALIKES else _MODULES.get(main, ())
    return Flavour(label, (*ahead, *beside), genuine)
