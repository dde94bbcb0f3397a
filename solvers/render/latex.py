"""A formulation as a LaTeX document that compiles as it stands, and as mathematics for a notebook."""

from __future__ import annotations

import re
from collections.abc import Iterator

from solvers.formulation import Formulation, Objective, Parameter, Variable
from solvers.render.latex_math import escape, latex_math, latex_over, latex_terms, math_label, math_name
from solvers.render.mathtext import indices
from solvers.render.safe import number
from solvers.render.words import cell_quotes, element_text, levels, unit_text

LINE = 80
"""Printed characters, about, after which a formula is broken at its next sign."""
SURE = 60
"""Printed characters, about, that certainly fit on a line."""
_SILENT = "left|right|frac|mathit|mathrm|text|operatorname|quad|qquad|begin|end|substack|bigl|bigr|fit"
"""Commands of LaTeX that print nothing themselves."""
MOST_CELLS = 400
WIDEST = 12
"""Columns of a matrix of cells."""

_PREAMBLE = r"""\documentclass[a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage{textcomp}
\else
  \usepackage{fontspec}
\fi
\usepackage{amsmath,amssymb,longtable,array,graphicx}
\usepackage[margin=25mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\allowdisplaybreaks
\providecommand{\euro}{EUR}
\ifPDFTeX\DeclareUnicodeCharacter{20AC}{\texteuro}\fi
% Characters beyond Latin need LuaLaTeX or XeLaTeX; pdfLaTeX shows their code.
\newcommand{\beyond}[2]{\ifPDFTeX\texttt{U+#1}\else#2\fi}
% A formula that no break makes short enough is made small.
\newcommand{\fit}[1]{\sbox0{$\displaystyle #1$}\ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\usebox0}\else\usebox0\fi}
\sloppy
"""


def to_latex(formulation: Formulation) -> str:
    """A complete document: the five elements, assumptions, numbers not used. Compiles with any LaTeX engine."""
    lines = [_PREAMBLE + r"\begin{document}", rf"\section*{{{escape(formulation.name) or 'Problem'}}}"]
    if formulation.description:
        lines.append(escape(formulation.description))
    for title, body in (
        ("Sets", _sets(formulation)), ("Parameters", _parameters(formulation)),
        ("Variables", _variables(formulation)), ("Objective", _objective_part(formulation)),
        ("Constraints", _constraints(formulation)), ("Assumptions", _assumptions(formulation)),
        ("Numbers not used", _unused(formulation)),
    ):  # fmt: skip
        found = list(body)
        if found:
            lines += [rf"\subsection*{{{title}}}", *found]
    return "\n".join([*lines, r"\end{document}", ""])


def notebook_latex(formulation: Formulation) -> str:
    """Objective, constraints and domains as one block of mathematics, for `_repr_latex_`."""
    rows = [*_objective_rows(formulation.objective)]
    for k, item in enumerate(formulation.constraints):
        lead = r"\text{subject to} \quad & " if k == 0 else "& "
        over = rf" && \forall\, {latex_over(item.over)}" if item.over else ""
        rows.append(rf"{lead}{latex_math(item.expr)}{over}")
    for variable in formulation.variables:
        over = rf" && \forall\, {latex_over(variable.over)}" if variable.over else ""
        rows.append(rf"& {_domain(variable)}{over}")
    return "$$\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}$$"


def _display(pieces: list[str], over: tuple[str, ...] = ()) -> str:
    r"""A displayed formula, broken before its signs where it is long; `over` as a line of `\forall`."""
    lines = _broken(pieces)
    if over:
        quantifier = rf"\forall\, {latex_over(over)}"
        if _width(lines[-1]) + _width(quantifier) <= LINE:
            lines[-1] += rf" \qquad {quantifier}"
        elif _width(quantifier) <= LINE:
            lines.append(rf"\qquad {quantifier}")
        else:
            lines += [rf"\qquad {part}" for part in quantifier.replace(r" \,:\,", "\n\\,:\\,").split("\n")]
    return _aligned([f"& {line}" for line in lines])


def _broken(pieces: list[str]) -> list[str]:
    """The pieces on lines of about LINE characters."""
    lines: list[str] = []
    current = ""
    for piece in pieces:
        if current and _width(current) + _width(piece) > LINE:
            lines.append(current)
            current = r"\quad " + piece
        else:
            current = f"{current} {piece}".strip()
    return [*lines, current]


def _aligned(rows: list[str]) -> str:
    """Rows of a displayed formula; made smaller where one of them is too wide for the page."""
    body = "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"
    wide = any(_width(row) > SURE for row in rows)
    return f"\\[\n\\fit{{{body}}}\n\\]" if wide else f"\\[\n{body}\n\\]"


def _width(source: str) -> int:
    """How many characters LaTeX source prints, about: a symbol is one, an operator's name three."""
    source = re.sub(rf"\\(?:{_SILENT})\b", "", source)
    source = re.sub(r"\\(?:bmod|min|max|log|exp|sin|cos)\b", "mod", source)
    return len(re.sub(r"[{}\\_^$& ]", "", re.sub(r"\\[a-zA-Z]+", "m", source)))


def _quoted(source: tuple[str, ...]) -> str:
    return r" \ldots{} ".join(rf"``\emph{{{escape(quote)}}}''" for quote in source if quote.strip())


def _symbol(name: str, over: tuple[str, ...]) -> str:
    found = indices(over)
    return f"{math_name(name)}_{{{', '.join(map(math_name, found))}}}" if found else math_name(name)


def _item(symbol: str, text: str) -> str:
    return rf"${symbol}$\quad {text}\par"


def _label(part: object) -> str:
    return math_label(str(part)) if isinstance(part, str) else number(part)


def _sets(formulation: Formulation) -> Iterator[str]:
    for item in formulation.sets:
        if item.elements is not None:
            listed = ", ".join(
                f"$({', '.join(map(_label, e))})$" if isinstance(e, tuple) else f"${_label(e)}$"
                for e in item.elements[:MOST_CELLS]
            )
            more = r", \ldots{}" if len(item.elements) > MOST_CELLS else ""
            # Each element is a formula of its own, so that a long list can break over lines.
            holds = rf"$= \{{$ {listed}{more} $\}}$"
        else:
            holds = f"$= {latex_math(item.expr)}$" if item.expr is not None else "from data"
        over = rf" for ${latex_over(item.over)}$" if item.over else ""
        about = f" --- {escape(item.description)}" if item.description else ""
        yield _item(_symbol(item.name, item.over), f"{holds}{over}{about}")


def _parameters(formulation: Formulation) -> Iterator[str]:
    for item in formulation.parameters:
        notes = [part for part in (escape(unit_text(item.unit)), escape(item.description)) if part]
        over = rf" for ${latex_over(item.over)}$" if item.over else ""
        text = f"{_values(item)}{over}{' --- ' + '; '.join(notes) if notes else ''}"
        source = _quoted(cell_quotes(item)[:3])
        yield _item(_parameter_symbol(item), text + (rf"\\ {{\small {source}}}" if source else ""))
        if len(item.cells) > 1 or item.axes:
            yield from _cells(item)


def _parameter_symbol(item: Parameter) -> str:
    if item.expr is not None:
        return _symbol(item.name, item.over)
    axes = ", ".join(map(math_name, item.axes))
    return f"{math_name(item.name)}_{{{axes}}}" if axes else math_name(item.name)


def _values(item: Parameter) -> str:
    if item.expr is not None:
        return f"$= {latex_math(item.expr)}$"
    if not item.cells:
        return f"$= {_label(item.default)}$ everywhere" if item.default is not None else "from data"
    if not item.axes:
        return f"$= {_label(item.cells[0].value)}$"
    return ""


def _cells(item: Parameter) -> Iterator[str]:
    """The cells of an indexed parameter: a matrix for two axes where it fits, on its side if need be, else a list."""
    if not item.cells:
        return
    rows = list(dict.fromkeys(cell.key[:1] for cell in item.cells))
    columns = list(dict.fromkeys(cell.key[1:] for cell in item.cells))
    if len(item.cells[0].key) == 2 and min(len(rows), len(columns)) <= WIDEST:
        values = {cell.key: cell.value for cell in item.cells}
        if len(columns) > WIDEST:
            rows, columns = columns, rows
            values = {key[::-1]: value for key, value in values.items()}
        yield rf"\begin{{longtable}}{{l*{{{len(columns)}}}{{r}}}}"
        yield " & ".join(["", *(escape(element_text(c[0])) for c in columns)]) + r" \\ \hline"
        for row in rows[:MOST_CELLS]:
            cells = [escape(number(values[(*row, *c)])) if (*row, *c) in values else "" for c in columns]
            yield " & ".join([escape(element_text(row[0])), *cells]) + r" \\"
        yield r"\end{longtable}"
        return
    pairs = [
        f"{escape(element_text(cell.key if len(cell.key) > 1 else cell.key[0]))}: {escape(number(cell.value))}"
        for cell in item.cells[:MOST_CELLS]
        if cell.key
    ]
    more = rf"; \ldots{{}} ({len(item.cells)} in all)" if len(item.cells) > MOST_CELLS else ""
    yield r"\begin{quote}\raggedright " + "; ".join(pairs) + more + r"\end{quote}"


def _domain(item: Variable) -> str:
    symbol = _symbol(item.name, item.over)
    lower = None if item.lower is None or item.lower.strip() == "-inf" else latex_math(item.lower)
    upper = None if item.upper is None or item.upper.strip() == "inf" else latex_math(item.upper)
    if item.domain == "binary":
        return rf"{symbol} \in \{{0, 1\}}"
    space = r"\mathbb{Z}" if item.domain in ("integer", "semi-integer") else r"\mathbb{R}"
    bounded = (rf"{lower} \le " if lower else "") + symbol + (rf" \le {upper}" if upper else "")
    if item.domain in ("semicontinuous", "semi-integer"):
        return rf"{symbol} = 0 \ \text{{or}}\ {bounded},\quad {symbol} \in {space}"
    return rf"{bounded} \in {space}" if not upper else rf"{bounded},\quad {symbol} \in {space}"


def _variables(formulation: Formulation) -> Iterator[str]:
    for item in formulation.variables:
        over = rf" for ${latex_over(item.over)}$" if item.over else ""
        notes = [part for part in (escape(unit_text(item.unit)), escape(item.description)) if part]
        yield _item(_domain(item), f"{over}{' --- ' + '; '.join(notes) if notes else ''}")
    for named in formulation.expressions:
        if named.description:
            yield escape(named.description) + ":"
        yield _display([f"{_symbol(named.name, named.over)} =", *latex_terms(named.expr)], named.over)


def _objective_rows(objective: Objective, *, broken: bool = False) -> Iterator[str]:
    """The terms by priority, each a row of an alignment; with `broken`, long ones on several lines."""
    found = levels(objective)
    if not found:
        yield r"\text{find any feasible solution} \quad &"
    for k, (_, terms) in enumerate(found):
        word = rf"\{objective.sense}" if k == 0 else rf"\text{{then }} \{objective.sense}"
        for j, term in enumerate(terms):
            lead = rf"{word} \quad & " if j == 0 else r"& \quad + "
            body, pieces = latex_math(term.expr), latex_terms(term.expr)
            if broken and len(pieces) > 1 and _width(body) > LINE:
                lines = _broken(pieces)
                if len(terms) > 1:  # what \left opens has to close on the same line: these do not
                    lines = [rf"\bigl({lines[0]}", *lines[1:-1], rf"{lines[-1]}\bigr)"]
                yield lead + "\n".join([lines[0], *(f"& {line}" for line in lines[1:])])
                continue
            yield lead + (rf"\left({body}\right)" if len(terms) > 1 and len(pieces) > 1 else body)


def _objective_part(formulation: Formulation) -> Iterator[str]:
    objective = formulation.objective
    if objective.description or objective.unit:
        unit = f"in {escape(unit_text(objective.unit))}" if objective.unit else ""
        yield "; ".join(part for part in (escape(objective.description), unit) if part)
    yield _aligned([line for row in _objective_rows(objective, broken=True) for line in row.split("\n")])
    for term in objective.terms:
        if term.source:
            yield rf"{{\small {escape(term.name)}: {_quoted(term.source)}}}\par"


def _constraints(formulation: Formulation) -> Iterator[str]:
    for item in formulation.constraints:
        about = f" {escape(item.description)}" if item.description else ""
        source = rf" {{\small {_quoted(item.source)}}}" if item.source else ""
        yield rf"\textbf{{{escape(item.name)}}}{about}{source}"
        yield _display(latex_terms(item.expr), item.over)


def _assumptions(formulation: Formulation) -> Iterator[str]:
    for item in formulation.assumptions:
        about = rf" ({escape(item.about)})" if item.about else ""
        yield rf"\textbullet{{}} {escape(item.text)}{about}\par"


def _unused(formulation: Formulation) -> Iterator[str]:
    for item in formulation.unused:
        yield rf"\textbullet{{}} {_quoted((item.quote,))} {escape(item.reason)}\par"
