"""A meaning as an indexed five-element formulation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from formulate.offline.textbook.clauses import Clause
from formulate.offline.textbook.combinations import Combination
from formulate.offline.textbook.meaning import Attribute, Meaning, Row
from solvers.formulation import (
    Assumption,
    Cell,
    Constraint,
    Domain,
    Formulation,
    IndexSet,
    Key,
    Objective,
    Parameter,
    Role,
    Term,
    Variable,
)
from verify.reading.quantities import Quantity
from verify.reading.words import singular, word_set

_DANGLING = word_set("of per the a an each every in on at by with from")

_RESERVED = frozenset(
    [
        "sum",
        "min",
        "max",
        "any",
        "all",
        "count",
        "abs",
        "sqrt",
        "exp",
        "log",
        "sin",
        "cos",
        "floor",
        "ceil",
        "round",
        "implies",
        "iff",
        "range",
        "len",
        "first",
        "last",
        "ord",
        "prev",
        "next",
        "given",
        "no_overlap",
        "circuit",
        "alldifferent",
        "piecewise",
        "pi",
        "inf",
        "and",
        "or",
        "not",
        "in",
        "if",
        "else",
        "for",
        "x",
        "activities",
        "a",
    ]
)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where in the text the number of a cell stands."""

    start: int
    end: int
    parameter: str
    key: Key


@dataclass
class _Writer:
    meaning: Meaning
    slots: list[Slot] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    sets: list[IndexSet] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    constraints: list[Constraint] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    attribute_names: dict[int, str] = field(default_factory=dict)

    def fresh(self, wish: str) -> str:
        """A name not yet taken, in the language's alphabet."""
        base = re.sub(r"\W+", "_", wish.lower()).strip("_") or "value"
        base = base if base[0].isalpha() else f"n_{base}"
        base = base if base not in _RESERVED else f"{base}_"
        name, n = base, 2
        while name in self.names:
            name, n = f"{base}_{n}", n + 1
        self.names.add(name)
        return name

    def scalar(self, wish: str, quantity: Quantity, role: Role, clause: Clause) -> str:
        """A scalar parameter read from one quantity of a clause."""
        name = self.fresh(wish)
        cell = self.cell(name, (), quantity, clause)
        self.parameters.append(Parameter(name, role, self.unit(quantity), cells=(cell,)))
        return name

    def cell(self, name: str, key: Key, quantity: Quantity, clause: Clause) -> Cell:
        """A cell with its words; where it stands is noted."""
        self.slots.append(Slot(quantity.start, quantity.end, name, key))
        return Cell(key, quantity.value, quote_of(quantity, clause))

    def unit(self, quantity: Quantity) -> str | None:
        """The unit of a quantity; a count of the activities themselves has none."""
        return None if singular(quantity.unit) in self.meaning.entities.vocabulary else quantity.unit or None


MOST_QUOTED = 6
_QUOTE_ENDS = re.compile(
    r"[,;.:!?](?!\d)"
    r"|\b(?:and|while|whereas|but|or|is|are|was|were|must|can|cannot|will|should|has|have|for|to|available)\b"
)


def quote_of(quantity: Quantity, clause: Clause) -> str:
    """The number with the words of its noun phrase: `240 hours of assembly time`."""
    text, offset = clause.sentence.text, clause.sentence.start
    low, high = quantity.start - offset, quantity.end - offset
    later = min((q.start - offset for q in clause.quantities if q.start >= quantity.end), default=len(text))
    stop = _QUOTE_ENDS.search(text, high)
    words = text[high : min(later, stop.start() if stop else len(text))].split()[:MOST_QUOTED]
    while words and words[-1].lower() in _DANGLING:
        words.pop()
    glue = "" if text[high : high + 1] in ("-", "%") else " "
    return (text[low:high] + glue + " ".join(words)).strip()


def label_list(meaning: Meaning) -> tuple[str, ...]:
    """The labels of the activities, as the text names them."""
    return meaning.entities.names


def to_formulation(meaning: Meaning, name: str = "textbook") -> tuple[Formulation, tuple[Slot, ...]]:
    """The formulation, and where the number of each cell stands in the text.

    Activities are a set, attributes are parameters over it; there is one constraint per requirement.
    """
    writer = _Writer(meaning)
    labels = label_list(meaning)
    writer.names |= {"activities", "x"}
    writer.sets.append(IndexSet("activities", elements=labels, description="what is decided about"))
    for k, attribute in enumerate(meaning.attributes):
        writer.attribute_names[k] = _attribute(writer, k, attribute)
    _resources(writer)
    grouped = _bounds_of_all(writer)
    for row in meaning.rows:
        if row.kind != "resource" and row not in grouped:
            _plain_row(writer, row)
    _relations(writer)
    terms = _terms(writer)
    domain: Domain = "integer" if meaning.integer else "continuous"
    assumptions = [Assumption("x", text) for text in meaning.assumptions]
    formulation = Formulation(
        name=name,
        objective=Objective(meaning.sense, terms, unit=_goal_unit(meaning)),
        sets=tuple(writer.sets),
        parameters=tuple(writer.parameters),
        variables=(Variable("x", ("a in activities",), domain, "0", description="how much of each activity"),),
        constraints=tuple(writer.constraints),
        assumptions=(*assumptions, *writer.assumptions),
        asked=("x[a] for a in activities",),
    )
    return formulation, tuple(writer.slots)


def _goal_unit(meaning: Meaning) -> str | None:
    """The unit of what is optimised, where all of it is told in one."""
    units = {
        fact.quantity.unit
        for k, _ in meaning.objective
        for fact in (meaning.attributes[k].cells.values() if k is not None else ())
    }
    return units.pop() or None if len(units) == 1 and all(k is not None for k, _ in meaning.objective) else None


def _title(attribute: Attribute) -> str:
    if attribute.money:
        return attribute.category if attribute.category != "neutral" else "amount"
    fact = next(iter(attribute.cells.values()))
    words = [
        w
        for w in fact.phrase.after
        if len(w) > 1 and w not in ("of", "the", "with", "for", "on", "to", "per", "a", "in", "each")
    ]
    return "_".join(words[:4]) or attribute.unit or "rate"


def _attribute(writer: _Writer, k: int, attribute: Attribute) -> str:
    meaning = writer.meaning
    role: Role = "rate"
    if attribute.money:
        role = "cost" if attribute.category == "cost" else "reward"
    name = writer.fresh(_title(attribute))
    missing = len(attribute.cells) < len(meaning.entities.names)
    sources = tuple(dict.fromkeys(f.clause.sentence.text for f in attribute.cells.values()))
    writer.parameters.append(
        Parameter(
            name,
            role=role,
            unit=attribute.unit or None,
            axes=("activities",),
            cells=tuple(
                writer.cell(name, (meaning.entities.names[e],), fact.quantity, fact.clause)
                for e, fact in sorted(attribute.cells.items())
            ),
            default=0 if missing else None,
            source=sources,
        )
    )
    if missing:
        writer.assumptions.append(Assumption(name, "an activity for which the text gives no number needs none"))
    return name


def _integral_row(writer: _Writer, attribute: Attribute | None, value: float) -> bool:
    values = [value] + ([c.quantity.value for c in attribute.cells.values()] if attribute else [])
    return writer.meaning.integer and all(float(v).is_integer() for v in values)


def _sided(writer: _Writer, left: str, direction: str, right: str, integral: bool) -> str:
    """A comparison; strict ones become a step of one over integers, and are closed over the continuous."""
    if direction in ("<=", ">=", "=="):
        return f"{left} {direction} {right}"
    if integral:
        return f"{left} <= {right} - 1" if direction == "<" else f"{left} >= {right} + 1"
    writer.assumptions.append(Assumption("x", "a strict comparison of divisible amounts is read with equality allowed"))
    return f"{left} {direction}= {right}"


def _resources(writer: _Writer) -> None:
    for row in writer.meaning.rows:
        if row.kind != "resource" or row.attribute is None:
            continue
        attribute = writer.meaning.attributes[row.attribute]
        use = writer.attribute_names[row.attribute]
        upper = row.direction in ("<=", "<")
        role: Role = "capacity" if upper else "requirement"
        wish = ("available_" if upper else "required_") + use
        limit = writer.scalar(wish, row.limit.quantity, role, row.limit.clause)
        right = limit
        if row.factor != 1.0:
            factor = writer.fresh(f"{attribute.unit}s_per_{row.limit.quantity.unit}")
            writer.parameters.append(Parameter(factor, role="coefficient", cells=(Cell((), row.factor, ""),)))
            right = f"{factor} * {limit}"
        left = f"sum({use}[a] * x[a] for a in activities)"
        integral = _integral_row(writer, attribute, float(row.limit.quantity.value) * row.factor)
        writer.constraints.append(
            Constraint(
                writer.fresh(f"{'limit' if upper else 'need'}_{use}"),
                _sided(writer, left, row.direction, right, integral),
                source=(row.limit.clause.sentence.text,),
            )
        )


def _bounds_of_all(writer: _Writer) -> list[Row]:
    """Bounds told of every activity on the same side become one parameter and one constraint; the rows so written."""
    done: list[Row] = []
    labels = label_list(writer.meaning)
    for sign, side in (("<=", "most"), (">=", "least")):
        rows = [row for row in writer.meaning.rows if row.kind == "bound" and row.direction == sign]
        by_activity = {row.members[0]: row for row in rows}
        if len(rows) != len(labels) or len(by_activity) != len(labels):
            continue
        name = writer.fresh(f"at_{side}")
        cells = tuple(
            writer.cell(name, (labels[e],), by_activity[e].limit.quantity, by_activity[e].limit.clause)
            for e in range(len(labels))
        )
        writer.parameters.append(Parameter(name, "bound", axes=("activities",), cells=cells))
        source = tuple(dict.fromkeys(row.limit.clause.sentence.text for row in rows))
        expr = f"x[a] {sign} {name}[a]"
        writer.constraints.append(Constraint(writer.fresh(f"bound_{name}"), expr, ("a in activities",), source=source))
        done += rows
    return done


def _plain_row(writer: _Writer, row: Row) -> None:
    labels = label_list(writer.meaning)
    quantity = row.limit.quantity
    side = "most" if "<" in row.direction else ("least" if ">" in row.direction else "exactly")
    if row.kind == "bound":
        label = labels[row.members[0]]
        limit = writer.scalar(f"{side}_{label}", quantity, "bound", row.limit.clause)
        left = f"x[{label!r}]"
    elif len(row.members) == len(labels):
        role: Role = "capacity" if side == "most" else "requirement"
        limit = writer.scalar(f"{side}_in_total", quantity, role, row.limit.clause)
        left = "sum(x[a] for a in activities)"
    else:
        limit = writer.scalar(f"{side}_together", quantity, "bound", row.limit.clause)
        left = " + ".join(f"x[{labels[m]!r}]" for m in row.members)
    expr = _sided(writer, left, row.direction, limit, _integral_row(writer, None, float(quantity.value)))
    writer.constraints.append(
        Constraint(writer.fresh(f"bound_{limit}"), expr, source=(row.limit.clause.sentence.text,))
    )


def _relations(writer: _Writer) -> None:
    labels = label_list(writer.meaning)
    for ratio in writer.meaning.ratios:
        left, right = f"x[{labels[ratio.left]!r}]", f"x[{labels[ratio.right]!r}]"
        integral = writer.meaning.integer
        if ratio.factor is not None:
            factor = writer.scalar("ratio", ratio.factor, "ratio", ratio.clause)
            right = f"{factor} * {right}"
            integral = integral and float(ratio.factor.value).is_integer()
        if ratio.offset is not None:
            right = f"{right} + {writer.scalar('difference', ratio.offset, 'bound', ratio.clause)}"
            integral = integral and float(ratio.offset.value).is_integer()
        writer.constraints.append(
            Constraint(
                writer.fresh("balance"),
                _sided(writer, left, ratio.direction, right, integral),
                source=(ratio.clause.sentence.text,),
            )
        )
    for combination in writer.meaning.combinations:
        _combination(writer, combination)
    for part in writer.meaning.shares:
        share = part.share
        fraction = writer.scalar("share", share.part, "ratio", share.clause)
        label = labels[share.entity]
        if part.attribute is None:
            left, total = f"x[{label!r}]", "sum(x[a] for a in activities)"
        else:
            weight = writer.attribute_names[part.attribute]
            left, total = f"{weight}[{label!r}] * x[{label!r}]", f"sum({weight}[a] * x[a] for a in activities)"
        writer.constraints.append(
            Constraint(
                writer.fresh("mix"),
                _sided(writer, left, share.direction, f"{fraction} * {total}", False),
                source=(share.clause.sentence.text,),
            )
        )


def _combination(writer: _Writer, combination: Combination) -> None:
    labels = label_list(writer.meaning)
    pieces: list[str] = []
    integral = writer.meaning.integer
    for piece in combination.pieces:
        body = f"x[{labels[piece.entity]!r}]"
        if piece.factor is not None:
            body = f"{writer.scalar('weight', piece.factor, 'coefficient', combination.clause)} * {body}"
            integral = integral and float(piece.factor.value).is_integer()
        lead = ("- " if piece.sign < 0 else "+ ") if pieces else ("-" if piece.sign < 0 else "")
        pieces.append(lead + body)
    right = "0"
    if combination.constant is not None:
        right = writer.scalar("combined_bound", combination.constant, "bound", combination.clause)
        integral = integral and float(combination.constant.value).is_integer()
    expr = _sided(writer, " ".join(pieces), combination.direction, right, integral)
    if (
        combination.difference
        and combination.direction in ("<=", "<")
        and all(p.factor is None for p in combination.pieces)
    ):
        expr = f"-{right} <= {' '.join(pieces)} <= {right}"
        writer.assumptions.append(Assumption("x", "a difference that may not exceed a bound is bounded both ways"))
    elif combination.difference:
        writer.assumptions.append(Assumption("x", "a difference is read as the first less the second, with its sign"))
    writer.constraints.append(Constraint(writer.fresh("combination"), expr, source=(combination.clause.sentence.text,)))


def _terms(writer: _Writer) -> tuple[Term, ...]:
    meaning = writer.meaning
    source = (meaning.goal.target,)
    terms = []
    for k, sign in meaning.objective:
        if k is None:
            labels = label_list(meaning)
            if len(meaning.counted) == len(labels):
                terms.append(Term("total", "sum(x[a] for a in activities)", source=source))
            else:
                terms.append(Term("total", " + ".join(f"x[{labels[m]!r}]" for m in meaning.counted), source=source))
        else:
            use = writer.attribute_names[k]
            body = f"sum({use}[a] * x[a] for a in activities)"
            terms.append(Term(use if sign > 0 else f"less_{use}", body if sign > 0 else f"-{body}", source=source))
    return tuple(terms)
