"""Mixing a given amount at least cost, with bounds on what one measure of the mix contains (blending)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from formulate.offline.families.build import label_set, scalar, table_of
from formulate.offline.families.case import Amount, Case, Claims, Found, Refusal
from formulate.offline.families.flows import Values
from formulate.offline.families.licences import BLEND
from formulate.offline.families.measures import unit_key
from formulate.offline.families.names import Names
from solvers.formulation import (
    Cell,
    Constraint,
    Formulation,
    Key,
    NamedExpression,
    Objective,
    Parameter,
    Term,
    Variable,
)
from solvers.units import parse_unit
from verify.reading.attributes import Attribute, AttributeTable, attribute_table

_MIX = r"\b(?:mix(?:es|ture)?|blends?|feeds?|alloys?|recipe|batch|ration|compound)\b"
_LEAST = r"\b(?:at\s+least|no\s+less\s+than|not\s+less\s+than|minimum\s+of)\s+$"
_MOST = r"\b(?:at\s+most|no\s+more\s+than|not\s+more\s+than|maximum\s+of|up\s+to|not\s+exceed)\s+$"
_WANTED = (
    r"\b(?:wants?|needs?|mak(?:e|es|ing)|mix(?:es|ing)?|prepar(?:e|es|ing)|produc(?:e|es|ing)|order(?:s|ed)?"
    r"|batch\s+of)\b"
)


@dataclass
class _Read:
    """What the prose says: the amount wanted, bounds on contents by column, bounds on ingredients."""

    total: tuple[Amount, str, float] | None = None
    contents: dict[tuple[int, str], Amount] = field(default_factory=dict)
    ingredients: dict[tuple[str, str], Amount] = field(default_factory=dict)


def recognise(case: Case) -> Found | Refusal:
    """A blend of least cost, or why the text is none."""
    told = [attribute_table(table) for table in case.tables]
    if len(told) != 1 or told[0] is None or case.sense == "max" or not case.says(_MIX) or told[0].totals_are:
        return Refusal("not a mix of ingredients")
    table = told[0]
    price = [k for k, a in enumerate(table.attributes) if re.search(r"\b(?:price|cost)s?\b", a.name, re.I)]
    measures = {_per(attribute) for attribute in table.attributes}
    gaps = any(cell.value is None for attribute in table.attributes for cell in attribute.cells)
    if len(price) != 1 or len(measures) != 1 or "" in measures or gaps:
        return Refusal("not a mix of ingredients told per measure")
    measure = measures.pop()
    names = Names(table.labels)
    claims = case.claims()
    claims.take_labels(names)
    claims.take_counts(len(names))
    claims.take_all(rf"\b(?:what\s+)?1\s+{measure}\s+of\s+(?:each|every|an|the)\b", numbers=True)
    read = _Read()
    for amount in claims.amounts():
        problem = _take(case, claims, amount, table, price[0], names, measure, read)
        if problem:
            return problem
    if read.total is None or not read.contents:
        return Refusal("how much is mixed, or what the mix must contain, was not found", fits=True)
    _name_all(claims, names)
    left = claims.leftover([names], BLEND)
    return left or Found(_formulation(case, table, price[0], measure, read), claims)


def _per(attribute: Attribute) -> str:
    match = re.search(r"(?:/|\bper\b)\s*([A-Za-z]+)$", attribute.unit)
    match = match or re.search(r"\bper\s+([A-Za-z]+)$", attribute.name)
    return match[1] if match else ""


def _name_all(claims: Claims, names: Names) -> None:
    """Claim the sentence that lists the ingredients; what else is said of one of them must have been read."""
    for sentence in claims.case.sentences:
        found = names.find(sentence.text)
        if len({label for label, _, _ in found}) >= len(names) - 1 > 1:
            claims.word(sentence.start, sentence.end)


def _take(
    case: Case,
    claims: Claims,
    amount: Amount,
    table: AttributeTable,
    price: int,
    names: Names,
    measure: str,
    read: _Read,
) -> Refusal | None:
    unclear = Refusal(f"the number {amount.value} was not understood", amount.sentence.text.strip(), True)
    least, most = re.search(_LEAST, amount.before, re.I), re.search(_MOST, amount.before, re.I)
    unit = (re.match(r"\s*([^\W\d_]+)", amount.after) or ["", ""])[1]
    factor = _factor(unit, measure)
    if least or most:
        sign = ">=" if least else "<="
        about = _content(amount, table, price, unit)
        named = {label for label, _, _ in names.find(amount.sentence.text)}
        if about is not None and not named and re.search(rf"\b(?:each|every|a|one)\s+{measure}\b", amount.before, re.I):
            if (about, sign) in read.contents:
                return unclear
            read.contents[(about, sign)] = amount
        elif len(named) == 1 and factor == 1.0:
            label = named.pop()
            if (label, sign) in read.ingredients:
                return unclear
            read.ingredients[(label, sign)] = amount
            claims.word(amount.sentence.start, amount.sentence.end)
        else:
            return unclear
    elif factor is not None and re.search(_WANTED, amount.before, re.I) and read.total is None:
        read.total = (amount, unit, factor)
    else:
        return unclear
    claims.take(amount.start, amount.end)
    match = least or most
    if match:
        claims.word(amount.sentence.start + match.start(), amount.end)
    return None


def _factor(unit: str, measure: str) -> float | None:
    """How many measures one unit is; None where they do not measure the same."""
    first, second = parse_unit(unit) if unit else None, parse_unit(measure)
    if unit_key(unit) == unit_key(measure):
        return 1.0
    if first is None or second is None or first.dims != second.dims or not first.dims or first.nouns or second.nouns:
        return None
    return first.scale / second.scale if first.scale and second.scale else None


def _content(amount: Amount, table: AttributeTable, price: int, unit: str) -> int | None:
    """The column that a number bounds: named right after it (or after the next number of a range), in its unit."""
    tail = re.split(r"[.;]", amount.after)[0].lower()
    spoken = [
        (tail.find(a.name.lower()), k) for k, a in enumerate(table.attributes) if k != price and a.name.lower() in tail
    ]
    if not spoken:
        return None
    _, k = min(spoken)
    content = re.split(r"/|\bper\b", table.attributes[k].unit)[0].strip()
    return k if unit_key(content) == unit_key(unit) or content.lower() == unit.lower() else None


def _formulation(case: Case, table: AttributeTable, price: int, measure: str, read: _Read) -> Formulation:
    assert read.total is not None
    total, unit, factor = read.total
    columns = {k: a for k, a in enumerate(table.attributes) if k != price}
    nutrients = {k: a.name.lower() for k, a in columns.items()}
    content: Values = {}
    prices: dict[Key, tuple[int | float, str]] = {}
    for position, label in enumerate(table.labels):
        for k, attribute in columns.items():
            cell = attribute.cells[position]
            assert cell.value is not None
            content[(label, nutrients[k])] = (cell.value, f"{label}: {attribute.name} {cell.text}")
        cell = table.attributes[price].cells[position]
        assert cell.value is not None
        prices[(label,)] = (cell.value, f"{label}: {table.attributes[price].name} {cell.text}")
    wanted = case.cite(total.sentence.start, total.sentence.end)
    parameters: list[Parameter] = [
        table_of("cost", "cost", ("ingredients",), prices, table.attributes[price].unit),
        table_of("content", "rate", ("ingredients", "contents"), content),
        scalar("wanted", "requirement", total.value, wanted, unit),
    ]
    amount = "wanted"
    if factor != 1.0:
        name = f"{measure}_per_{unit}"
        parameters.append(Parameter(name, "coefficient", f"{measure}/{unit}", cells=(Cell((), factor),)))
        amount = f"{name} * wanted"
    constraints = [Constraint("whole", "sum(use[i] for i in ingredients) == amount", source=(wanted,))]
    for (k, sign), bound in read.contents.items():
        side = "least" if sign == ">=" else "most"
        quote = case.cite(bound.sentence.start, bound.sentence.end)
        name = f"{side}_{_symbol(nutrients[k])}"
        label = nutrients[k].replace("'", "")
        parameters.append(scalar(name, "requirement" if sign == ">=" else "bound", bound.value, quote, columns[k].unit))
        expr = f"sum(content[i, '{label}'] * use[i] for i in ingredients) {sign} {name} * amount"
        constraints.append(Constraint(f"{name}_of_mix", expr, source=(quote,)))
    for (label, sign), bound in read.ingredients.items():
        side = "least" if sign == ">=" else "most"
        quote = case.cite(bound.sentence.start, bound.sentence.end)
        name = f"{side}_{_symbol(label)}"
        parameters.append(scalar(name, "bound", bound.value, quote, measure))
        constraints.append(Constraint(f"{name}_used", f"use[{label!r}] {sign} {name}", source=(quote,)))
    return Formulation(
        name="blend",
        objective=Objective("min", (Term("total_cost", "sum(cost[i] * use[i] for i in ingredients)"),)),
        sets=(label_set("ingredients", table.labels), label_set("contents", list(nutrients.values()))),
        parameters=tuple(parameters),
        variables=(Variable("use", ("i in ingredients",), lower="0", unit=measure),),
        expressions=(NamedExpression("amount", amount, unit=measure),),
        constraints=tuple(constraints),
        asked=("use[i] for i in ingredients",),
    )


def _symbol(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_") or "part"
