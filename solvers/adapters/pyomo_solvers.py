"""Solvers reached through Pyomo, as data: Pyomo's names for them, what they take, their options, how to get them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PyomoSolver:
    """One solver behind Pyomo; the first of `interfaces` that is available serves.

    `time_limit`, `gap`, `seed` and `threads` are the solver's own option names ("" where it has none; a time
    limit without a name goes through Pyomo's `timelimit`). `always` is set on every solve. Without
    `partial` the unknown values of a start count as 0. `local` solvers
    prove nothing about nonconvex models; `duals` are those of linear programs; `whole_seconds` rounds limits up.
    Coefficients up to `least` are zero to the solver, from `most` on refused or infinite.
    """

    title: str
    interfaces: tuple[str, ...]
    capabilities: frozenset[str]
    remedy: str
    duals: bool = True
    local: bool = False
    start: bool = False
    partial: bool = True
    log: bool = True
    time_limit: str = ""
    gap: str = ""
    seed: str = ""
    threads: str = ""
    whole_seconds: bool = False
    always: Mapping[str, object] = field(default_factory=dict)
    least: float = 0.0
    most: float = float("inf")


_LP = frozenset({"linear"})
_MIP = _LP | {"integer"}
_CONVEX = _MIP | {"convex_quadratic", "sos"}
_QUADRATIC = _CONVEX | {"quadratic"}
_NLP = _LP | {"convex_quadratic", "quadratic", "nonlinear"}
_MINLP = _NLP | {"integer"}

SOLVERS: Mapping[str, PyomoSolver] = {
    "bonmin": PyomoSolver(
        "Bonmin", ("bonmin",), _MINLP, "put COIN-OR's `bonmin` on the PATH", duals=False, local=True,
        time_limit="bonmin.time_limit", gap="bonmin.allowable_fraction_gap",
    ),
    "cbc": PyomoSolver(
        "CBC", ("cbc",), _MIP, "apt install coinor-cbc, brew install cbc, or COIN-OR's `cbc` on the PATH", start=True,
        partial=False, gap="ratioGap", seed="randomCbcSeed", threads="threads", always={"primalTolerance": 1e-7},
    ),
    "couenne": PyomoSolver(
        "Couenne", ("couenne",), _MINLP, "put COIN-OR's `couenne` on the PATH", duals=False, start=True,
        time_limit="time_limit", gap="allowable_fraction_gap",
    ),
    "cplex": PyomoSolver(
        "CPLEX", ("cplex_direct", "cplex"), _CONVEX, "pip install cplex (small models without a licence), or CPLEX's "
        "`cplex` on the PATH", start=True, time_limit="timelimit", gap="mip_tolerances_mipgap", seed="randomseed",
        threads="threads", always={"simplex_tolerances_feasibility": 1e-8, "mip_tolerances_integrality": 1e-7},
    ),
    "glpk": PyomoSolver(
        "GLPK", ("glpk",), _MIP, "apt install glpk-utils, brew install glpk, or GLPK's `glpsol` on the PATH",
        time_limit="tmlim", gap="mipgap", seed="seed", whole_seconds=True,
    ),
    "gurobi": PyomoSolver(
        "Gurobi", ("gurobi_direct", "gurobi"), _QUADRATIC, "pip install 'gurobipy>=12' (2,000 rows or columns without "
        "a licence), or Gurobi's `gurobi_cl` on the PATH", start=True, time_limit="TimeLimit", gap="MIPGap",
        seed="Seed", threads="Threads", always={"FeasibilityTol": 1e-8, "IntFeasTol": 1e-7, "NonConvex": 2},
    ),
    "highs": PyomoSolver(
        "HiGHS", ("appsi_highs",), _MIP, "pip install 'highspy>=1.10,<1.14'", gap="mip_rel_gap", seed="random_seed",
        threads="threads", least=1e-9, most=1e15,
    ),
    "ipopt": PyomoSolver(
        "Ipopt", ("ipopt",), _NLP, "put Ipopt's `ipopt` on the PATH: conda install -c conda-forge ipopt, brew install "
        "ipopt, or idaes get-extensions", local=True, start=True, time_limit="max_cpu_time",
        always={
            "tol": 1e-9, "constr_viol_tol": 1e-9, "acceptable_tol": 1e-9, "acceptable_constr_viol_tol": 1e-9,
            "bound_relax_factor": 0.0,
        },
    ),
    "scip": PyomoSolver(
        "SCIP", ("scip_direct", "scip"), _MINLP | {"sos"}, "pip install 'pyscipopt>=6,<7', or SCIP's `scip` on "
        "the PATH", duals=False, time_limit="limits/time", gap="limits/gap", seed="randomization/randomseedshift",
        threads="parallel/maxnthreads", log=False,
        # Pyomo's `scip_direct` waits for ever once SCIP has written more log than a pipe holds.
        always={"numerics/feastol": 1e-7, "display/verblevel": 0}, least=1e-9, most=1e20,
    ),
    "xpress": PyomoSolver(
        "Xpress", ("xpress_direct", "xpress"), _CONVEX, "pip install xpress (small models without a licence)",
        start=True, time_limit="timelimit", gap="miprelstop", seed="randomseed", threads="threads",
        always={"feastol": 1e-8, "miptol": 1e-7},
    ),
}  # fmt: skip
