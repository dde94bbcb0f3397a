"""LaTeX: balanced, escaped, and compiled where a LaTeX is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from solvers import Formulation
from solvers.formulation import Assumption, Cell, Constraint, IndexSet, Objective, Parameter, Term, Unused, Variable
from solvers.render.latex import notebook_latex, to_latex
from solvers.render.latex_math import latex_math
from tests.unit.test_render_text import PLAN

EVIL = "n_%#$&~^\\{} \\input{/etc/passwd} \\end{document} ^^41 日本 é € − [x] `a' \"q\" -- <b>|"
HOSTILE = Formulation(
    EVIL, Objective("min", (Term(EVIL, "x", source=(EVIL,)),), EVIL),
    sets=(IndexSet("S_1", elements=(EVIL, "b", 3), description=EVIL),),
    parameters=(
        Parameter("p", unit=EVIL, axes=("S_1",), cells=(Cell((EVIL,), 1, EVIL), Cell(("b",), 2), Cell((3,), 4))),
        Parameter("q", axes=("S_1", "S_1"), cells=(Cell((EVIL, "b"), 1), Cell(("b", "b"), 2))),
        Parameter("r", values_in="S_1", cells=(Cell((), EVIL),)),
    ),
    variables=(Variable("x", description=EVIL, source=(EVIL,)), Variable("y", domain="semicontinuous", lower="1")),
    constraints=(Constraint("c_1", "p['b'] * x <= 5", source=(EVIL,)), Constraint("c2", "^^ no formula & %")),
    assumptions=(Assumption(EVIL, EVIL),), unused=(Unused(EVIL, 1, EVIL),), description=EVIL,
)  # fmt: skip


def balanced(source: str) -> bool:
    depth = 0
    for token in re.findall(r"\\[{}\\]|[{}]", source):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth < 0:
            return False
    return depth == 0


def formulations() -> dict[str, Formulation]:
    found = sorted((Path(__file__).parents[2] / "examples").glob("*/formulation.yaml"))
    return {"plan": PLAN, "hostile": HOSTILE, **{path.parent.name: Formulation.read(str(path)) for path in found}}


@pytest.mark.parametrize("name", sorted(formulations()))
def test_documents_are_balanced(name: str) -> None:
    model = formulations()[name]
    for source in (to_latex(model), notebook_latex(model)):
        assert balanced(source)
        opened = re.findall(r"\\begin\{([a-z*]+)\}", source)
        closed = re.findall(r"\\end\{([a-z*]+)\}", source)
        assert sorted(opened) == sorted(closed)
    assert to_latex(model).count(r"\end{document}") == 1


def test_hostile_text_stays_text() -> None:
    source = to_latex(HOSTILE)
    body = source.split(r"\begin{document}", 1)[1]
    assert r"\input" not in body
    assert "^^41" not in body
    assert r"\textbackslash{}input" in body


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex on this machine: documents are not compiled")
@pytest.mark.parametrize("name", sorted(formulations()))
def test_documents_compile(tmp_path: Path, name: str) -> None:
    (tmp_path / "model.tex").write_text(to_latex(formulations()[name]), encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "model.tex"], cwd=tmp_path,
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:].decode("latin-1")
    assert (tmp_path / "model.pdf").stat().st_size > 1000


@pytest.mark.parametrize(
    ("formula", "source"),
    [
        ("sum(c[i] * x[i] for i in I)", r"\sum_{i \in I} c_{i} \cdot x_{i}"),
        ("sum(x[i, j] for i in I for j in J)", r"\sum_{\substack{i \in I \\ j \in J}} x_{i, j}"),
        ("sum(x[i] for i in I) + y", r"\left(\sum_{i \in I} x_{i}\right) + y"),
        ("a / (b + 1)", r"\frac{a}{b + 1}"),
        ("(a + b) ** 2", r"{\left(a + b\right)}^{2}"),
        ("x ** -1", r"{x}^{-1}"),
        ("(a if t > 1 else b)", r"\begin{cases} a & \text{if } t > 1 \\ b & \text{otherwise} \end{cases}"),
        ("range(1, T + 1)", r"\left\{ 1, \ldots, T \right\}"),
        ("range(n)", r"\left\{ 0, \ldots, n - 1 \right\}"),
        ("order_cost['New York']", r"\mathit{order\_cost}_{\mathrm{New\ York}}"),
        ("x >= 1e-7", r"x \ge 1 \cdot 10^{-7}"),
        ("max(x[i] for i in I) <= pi", r"\max_{i \in I} x_{i} \le \pi"),
    ],
)
def test_formulas(formula: str, source: str) -> None:
    assert latex_math(formula) == source


def test_notebook_formula_names_all_parts() -> None:
    source = notebook_latex(PLAN)
    assert source.startswith("$$")
    assert PLAN._repr_latex_() == source
    for part in (r"\min", r"\text{subject to}", r"\mathbb{Z}", r"\forall\, t \in \mathit{weeks}"):
        assert part in source
