"""Read every attribute of gurobipy from models of several sorts, before and after they are solved, and tell as JSON.

    python gurobipy_attributes.py genuine|lookalike
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any


def models(gp: Any, env: Any) -> dict[str, Callable[[], dict[str, Any]]]:
    """Makers of small models with unique answers; each gives the model and one member of each sort."""
    grb = gp.GRB

    def linear() -> dict[str, Any]:
        m = gp.Model("linear", env=env)
        x, z = m.addVar(name="x", ub=3), m.addVar(name="z")
        c = m.addConstr(x + z <= 4, "c")
        m.addConstr(x + 3 * z <= 6.5, "d")
        m.setObjective(2 * x + 3.5 * z, grb.MAXIMIZE)
        return {"Model": m, "Var": x, "Constr": c}

    def mixed() -> dict[str, Any]:
        m = gp.Model("mixed", env=env)
        x, z = m.addVar(name="x", vtype="I", ub=5), m.addVar(name="z", vtype="B")
        w = m.addVar(name="w")
        c = m.addConstr(2 * x + z <= 7.5, "c")
        s = m.addSOS(1, [z, w])
        g = m.addConstr(w == gp.max_(x, 2))
        m.addConstr(x >= 1)
        m.setObjective(x + 3 * z - 0.1 * w, grb.MAXIMIZE)
        return {"Model": m, "Var": x, "Constr": c, "SOS": s, "GenConstr": g}

    def quadratic() -> dict[str, Any]:
        m = gp.Model("quadratic", env=env)
        x, z = m.addVar(name="x", ub=3), m.addVar(name="z")
        c = m.addConstr(x + z >= 2, "c")
        q = m.addConstr(x * x + z * z <= 9, "q")
        m.setObjective(x * x + 2 * z * z + x)
        return {"Model": m, "Var": x, "Constr": c, "QConstr": q}

    def infeasible() -> dict[str, Any]:
        m = gp.Model("infeasible", env=env)
        m.Params.DualReductions = 0
        x = m.addVar(name="x", ub=3)
        c = m.addConstr(x >= 4, "c")
        m.setObjective(x)
        return {"Model": m, "Var": x, "Constr": c}

    def unbounded() -> dict[str, Any]:
        m = gp.Model("unbounded", env=env)
        m.Params.DualReductions = 0
        x = m.addVar(name="x")
        c = m.addConstr(x >= 4, "c")
        m.setObjective(x, grb.MAXIMIZE)
        return {"Model": m, "Var": x, "Constr": c}

    def several() -> dict[str, Any]:
        m = gp.Model("several", env=env)
        x, z = m.addVar(name="x", vtype="I", ub=5), m.addVar(name="z", ub=4)
        c = m.addConstr(x + z <= 6, "c")
        m.ModelSense = grb.MAXIMIZE
        m.setObjectiveN(x, 0, 2, 1, name="a")
        m.setObjectiveN(z, 1, 1, 2, name="b")
        return {"Model": m, "Var": x, "Constr": c}

    return {make.__name__: make for make in (linear, mixed, quadratic, infeasible, unbounded, several)}


def value(item: Any) -> Any:
    """For JSON."""
    return [value(part) for part in item] if isinstance(item, list) else item


def read(call: Callable[[], Any]) -> Any:
    """A value, or how reading it fails."""
    try:
        return value(call())
    except Exception as failed:  # noqa: BLE001
        return {"error": type(failed).__name__, "message": str(failed)}


def main() -> None:
    """All attributes of all members, when new, when updated and when solved."""
    if sys.argv[1] == "lookalike":
        from solvers.sandbox.lookalike import install

        install(("gurobipy",))
    import gurobipy as gp

    env = gp.Env(empty=True)
    env.setParam("OutputFlag", 0)
    env.start()
    names = [name for name in dir(gp.GRB.Attr) if name[0].isupper()]
    told: dict[str, Any] = {}
    for title, make in models(gp, env).items():
        for when in ("new", "updated", "solved"):
            members = make()
            if when != "new":
                members["Model"].update()
            if when == "solved":
                members["Model"].optimize()
            for kind, item in members.items():
                for name in names:
                    told[f"{title} {when} {kind} {name}"] = read(lambda item=item, name=name: getattr(item, name))
                    told[f"{title} {when} {kind} getAttr {name}"] = read(lambda item=item, name=name: item.getAttr(name))
    sys.stdout.write("\n" + json.dumps(told))


if __name__ == "__main__":
    main()
