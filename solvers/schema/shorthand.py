"""What people may write shorter: `values` instead of `cells`, numbers as bounds. Rewritten before validation.

`values` is a scalar, a nested mapping by label, or nested lists by position along the elements of the axes.
Elements are known here for listed sets and for `range(...)` over literals, scalar parameters of the document
and lengths of listed sets. Along any other set a list stays by position: the cells' keys count from 1 and the
parameter names the axis in `by_position`, which `solvers.data.align` resolves when the set is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from solvers.errors import ExpressionError, SchemaError
from solvers.expression import parse
from solvers.expression.nodes import Add, BinOp, Call, Expr, Name, Neg, Num

Cellish = dict[str, Any]
_MAX_AXIS = 10_000_000


def expand(document: dict[str, Any]) -> dict[str, Any]:
    """The document with `values` as cells and numeric bounds as formulas; anything malformed is left for later.

    Raises SchemaError where `values` do not fit the axes.
    """
    parameters = document.get("parameters")
    variables = document.get("variables")
    result = dict(document)
    if isinstance(parameters, (list, tuple)):
        axes = AxisElements(document)
        result["parameters"] = [_expand_parameter(p, k, axes) for k, p in enumerate(parameters)]
    if isinstance(variables, (list, tuple)):
        result["variables"] = [_expand_variable(v) for v in variables]
    return result


def _expand_variable(variable: Any) -> Any:
    if not isinstance(variable, dict):
        return variable
    bounds = {
        side: repr(variable[side]) for side in ("lower", "upper")
        if isinstance(variable.get(side), (int, float)) and not isinstance(variable[side], bool)
    }
    return {**variable, **bounds} if bounds else variable


def _expand_parameter(parameter: Any, position: int, axes: AxisElements) -> Any:
    if not isinstance(parameter, dict) or "values" not in parameter:
        return parameter
    place = f"parameters[{position}] {parameter.get('name')!r} values"
    rest = {field: value for field, value in parameter.items() if field != "values"}
    for rival in ("cells", "expr"):
        if rest.get(rival):
            raise SchemaError(f"both `values` and `{rival}` are given", place=place, remedy="keep one of them")
    names = rest.get("axes", [])
    if not isinstance(names, (list, tuple)) or not all(isinstance(n, str) for n in names):
        return rest  # validation names what is wrong with the axes
    walker = _Walker(tuple(names), axes, place)
    rest["cells"] = list(walker.cells(parameter["values"]))
    if walker.positional:
        rest["by_position"] = [n for n in names if n in walker.positional]
    return rest


class AxisElements:
    """Elements of the sets of a document as far as they can be told without data."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._sets = {s["name"]: s for s in _named(document.get("sets"))}
        self._scalars = {
            p["name"]: value for p in _named(document.get("parameters"))
            if (value := _scalar_value(p)) is not None
        }

    def of(self, name: str) -> Sequence[Any] | None:
        """Elements in order, or None when only data or grounding can tell."""
        declared = self._sets.get(name, {})
        listed = declared.get("elements")
        if isinstance(listed, (list, tuple)):
            return [tuple(e) if isinstance(e, list) else e for e in listed]
        if self._is_range(declared) and not declared.get("over"):
            return self._range(declared["expr"])
        return None

    def width(self, name: str) -> int:
        """How many key positions the axis takes."""
        dimension = self._sets.get(name, {}).get("dimension", 1)
        return dimension if type(dimension) is int and 1 <= dimension <= 100 else 1

    def integer(self, name: str) -> bool:
        """Whether all its labels are integers, so that digits as keys of a JSON object are meant as such."""
        listed = self._sets.get(name, {}).get("elements")
        if isinstance(listed, (list, tuple)):
            return bool(listed) and all(type(e) is int for e in listed)
        return self._is_range(self._sets.get(name, {}))

    @staticmethod
    def _is_range(declared: dict[str, Any]) -> bool:
        expr = declared.get("expr")
        return isinstance(expr, str) and expr.lstrip().startswith("range")

    def _range(self, text: str) -> range | None:
        try:
            node = parse(text)
        except ExpressionError:
            return None  # `check` reports the formula with its column
        if not isinstance(node, Call) or node.func != "range":
            return None
        bounds = [self._integer(arg) for arg in node.args]
        known = [b for b in bounds if b is not None]
        if len(known) != len(bounds) or any(abs(b) > _MAX_AXIS for b in known) or (len(known) == 3 and not known[2]):
            return None
        return range(*known)

    def _integer(self, node: Expr) -> int | None:
        if isinstance(node, Num):
            return node.value if isinstance(node.value, int) else None
        if isinstance(node, Name):
            return self._scalars.get(node.id)
        if isinstance(node, Neg):
            value = self._integer(node.operand)
            return None if value is None else -value
        if isinstance(node, Add):
            terms = [self._integer(term) for term in node.terms]
            known = [t for t in terms if t is not None]
            return sum(s * t for s, t in zip(node.signs, known)) if len(known) == len(terms) else None
        if isinstance(node, BinOp) and node.op in ("*", "//"):
            left, right = self._integer(node.left), self._integer(node.right)
            if left is None or right is None or (node.op == "//" and right == 0):
                return None
            return left * right if node.op == "*" else left // right
        if isinstance(node, Call) and node.func == "len" and isinstance(node.args[0], Name):
            elements = self.of(node.args[0].id) if node.args[0].id in self._sets else None
            return None if elements is None else len(elements)
        return None


def _named(items: Any) -> Iterator[dict[str, Any]]:
    for item in items if isinstance(items, (list, tuple)) else ():
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            yield item


def _scalar_value(parameter: dict[str, Any]) -> int | None:
    value = parameter.get("values")
    cells = parameter.get("cells")
    if parameter.get("axes"):
        return None
    if isinstance(cells, (list, tuple)) and len(cells) == 1 and isinstance(cells[0], dict):
        value = cells[0].get("value")
    if value is None:
        value = parameter.get("default")
    if type(value) is float and value.is_integer():
        return int(value)
    return value if type(value) is int else None


class _Walker:
    """Nested `values` of one parameter to cells."""

    def __init__(self, axes: tuple[str, ...], elements: AxisElements, place: str) -> None:
        self.elements = elements
        self.place = place
        self.positional: set[str] = set()
        self._labelled: set[str] = set()
        self._lengths: dict[str, int] = {}
        # One entry per key position: the axis it belongs to and whether it opens that axis.
        self._positions = [(name, k == 0) for name in axes for k in range(elements.width(name))]

    def cells(self, values: Any) -> Iterator[Cellish]:
        yield from self._walk(values, ())

    def _walk(self, node: Any, key: tuple[Any, ...]) -> Iterator[Cellish]:
        if len(key) == len(self._positions):
            if isinstance(node, (dict, list, tuple)):
                kind = "a mapping" if isinstance(node, dict) else "a list"
                raise self._error(f"{kind} where one value belongs", key,
                                  "nest one level per axis" if self._positions else "declare the axes it runs over")
            if node is not None or self.positional:
                yield {"key": list(key), "value": node}
            return
        name, opens = self._positions[len(key)]
        if isinstance(node, dict):
            yield from self._by_label(node, name, key)
        elif isinstance(node, (list, tuple)) and opens:
            yield from self._by_position(node, name, key)
        elif isinstance(node, (list, tuple)):
            raise self._error(f"a list inside an element of axis {name!r}", key,
                              "list one entry per element, or nest mappings by label")
        elif node is not None:
            raise self._error(f"the single value {node!r} where values along axis {name!r} belong", key,
                              "give one value per element; for the same value everywhere write `default`")

    def _by_label(self, node: dict[Any, Any], name: str, key: tuple[Any, ...]) -> Iterator[Cellish]:
        self._labelled.add(name)
        self._refuse_mixture(name, key)
        integer = self.elements.integer(name)
        for label, child in node.items():
            yield from self._walk(child, (*key, _respell(label, integer)))

    def _by_position(self, node: Sequence[Any], name: str, key: tuple[Any, ...]) -> Iterator[Cellish]:
        elements = self.elements.of(name)
        if elements is not None:
            if len(elements) != len(node):
                raise self._error(f"{len(node)} values along axis {name!r}, which has {len(elements)} elements", key,
                                  "give one value per element (null for none), or give the values by label")
            for element, child in zip(elements, node):
                yield from self._walk(child, (*key, *(element if isinstance(element, tuple) else (element,))))
            return
        if self.elements.width(name) > 1:
            raise self._error(f"a list along axis {name!r}, whose elements are tuples not known yet", key,
                              "give the values by label")
        if self._lengths.setdefault(name, len(node)) != len(node):
            raise self._error(f"{len(node)} values along axis {name!r} here and {self._lengths[name]} elsewhere", key,
                              "give one value per element (null for none), or give the values by label")
        self.positional.add(name)
        self._refuse_mixture(name, key)
        for position, child in enumerate(node, start=1):
            yield from self._walk(child, (*key, position))

    def _refuse_mixture(self, name: str, key: tuple[Any, ...]) -> None:
        if name in self.positional and name in self._labelled:
            raise self._error(f"axis {name!r} is given by label in one place and by position in another", key,
                              "give it by label throughout")

    def _error(self, message: str, key: tuple[Any, ...], remedy: str) -> SchemaError:
        place = self.place + "".join(f"[{part!r}]" for part in key)
        return SchemaError(message, place=place, remedy=remedy)


def _respell(label: Any, integer: bool) -> Any:
    if integer and isinstance(label, str):
        text = label.strip()
        if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 19:
            return int(text)
    return label
