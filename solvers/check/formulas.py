"""Typing of formulas on the tree: names, arities, index sets, labels, conditions, comparisons."""

from __future__ import annotations

from typing import assert_never

from solvers.check.calls import CallRules
from solvers.check.kinds import NUMBER, TRUTH, UNKNOWN, Value
from solvers.check.sets import SetRules
from solvers.check.spaces import INTEGER, Space, intersection, mismatch, nearest_label
from solvers.expression.nodes import (
    Add,
    Aggregate,
    And,
    BinOp,
    Call,
    Compare,
    Expr,
    IfElse,
    Name,
    Neg,
    Not,
    Num,
    Or,
    Ref,
    SetBuilder,
    SetLiteral,
    Str,
    Tuple,
)
from solvers.expression.walk import walk
from solvers.formulation import Variable

_CONDITION_REMEDY = "conditions choose on data; for decisions write implies(...) with a binary variable"

_BEYOND = 2**1024


def is_whole(value: int | float) -> bool:
    """Whether a literal is an integer; literals may be too large for floating point."""
    return isinstance(value, int) or value.is_integer()


class FormulaTyper(SetRules, CallRules):
    """Types the formulas of one field; every fault becomes an issue, and typing goes on."""

    # -- what a place asks for ---------------------------------------------------------------

    def number(self, expr: Expr) -> Value:
        """A formula that must be a number."""
        return self.as_number(expr, self.value(expr))

    def as_number(self, expr: Expr, found: Value) -> Value:
        """A formula that has been typed, required to be a number."""
        if found.kind in ("number", "unknown"):
            return found
        if found.kind == "index":
            if found.is_text:
                self.error("label-as-number", "a label is used as a number", expr, "write ord(i, S) for its position")
            return Value("number", (), found.decides)
        if found.kind == "truth":
            if found.decides:
                self.error("comparison-as-number", "a comparison over variables is used as a number", expr,
                           "count comparisons with count(...), or link a binary variable with implies(...)")
            return Value("number", (), found.decides)
        if found.kind == "set":
            shown = expr.id if isinstance(expr, Name) else "the set"
            self.error("set-as-number", f"{shown!r} is a set, used as a number", expr, f"write len({shown})"
                       if isinstance(expr, Name) else "write len(...) for its size")
        elif found.kind == "structure":
            self.error("structure-as-number", "a global constraint is used as a number", expr,
                       "let it stand alone as a constraint")
        else:
            self.error("tuple-as-number", "a tuple is used as a number", expr, "a tuple is an element of a set")
        return UNKNOWN

    def truth(self, expr: Expr, *, data: bool = False) -> Value:
        """A formula that must be true or false; with `data`, decided without variables."""
        if not data:
            return self._truth(expr)
        saved = self.where.data_only
        self.where.data_only = self.where.data_only or "a condition"
        found = self._truth(expr)
        self.where.data_only = saved
        return found

    def _truth(self, expr: Expr) -> Value:
        found = self.value(expr)
        if found.kind in ("truth", "structure", "unknown"):
            return found
        if found.kind == "number" and found.decides:
            if self._is_plain_variable(expr):
                self.error("truth", "a variable that is not binary stands where true or false is expected", expr,
                           "compare it, for example x[i] >= 1")
            return Value("truth", (), True)
        self.error("truth", "a condition (a comparison) is expected", expr, "compare it, for example p[i] > 0")
        return Value("truth", (), found.decides)

    def _is_plain_variable(self, expr: Expr) -> bool:
        """A reference to a variable that is surely not binary."""
        if not isinstance(expr, (Name, Ref)):
            return isinstance(expr, (Add, BinOp, Neg))
        declared = self.symbols.source.declared.get(expr.id if isinstance(expr, Name) else expr.base)
        return declared is not None and isinstance(declared.item, Variable) and declared.item.domain != "binary"

    # -- nodes -------------------------------------------------------------------------------

    def value(self, expr: Expr) -> Value:
        """What a formula denotes."""
        match expr:
            case Num(value):
                if value >= _BEYOND:
                    self.error("number", "a number beyond 1.8e308", expr, "scale the unit, or write inf for no bound")
                return NUMBER
            case Str(label):
                return Value("index", (Space("text", frozenset((label,)), True, "", True),))
            case Name():
                return self._name(expr)
            case Ref():
                return self._ref(expr)
            case Neg(operand):
                return self.number(operand)
            case Add():
                return self._add(expr)
            case BinOp():
                return self._binary(expr)
            case Compare():
                return self._compare(expr)
            case And() | Or():
                return self._connect(expr)
            case Not(operand):
                return Value("truth", (), self.truth(operand).decides)
            case IfElse():
                return self._conditional(expr)
            case Call():
                return self.call(expr)
            case Aggregate():
                return self.aggregate(expr)
            case Tuple(items):
                return Value("tuple", tuple(self.key_space(item) for item in items))
            case SetLiteral() | SetBuilder():
                return self.set_value(expr)
            case _:
                assert_never(expr)

    def _connect(self, expr: And | Or) -> Value:
        """`a and b`: later items are read where earlier ones hold."""
        saved = self.where.snapshot()
        decides = False
        for item in expr.items:
            decides |= self.truth(item).decides
            if isinstance(expr, And):
                self.assume(item)
            else:
                self.where.loosen()
        self.where.restore(saved)
        return Value("truth", (), decides)

    def _name(self, expr: Name) -> Value:
        name = expr.id
        if name in self.where.scope:
            return Value("index", (self.where.scope[name],))
        if name in ("pi", "inf"):
            return NUMBER
        found = self.declared(name, expr)
        width = self.symbols.domains.get(name)
        if width and found.kind != "unknown":
            usage = self.symbols.usage(name)
            self.error("arity", f"{name!r} is indexed and stands without its index", expr, f"write {usage}")
            return UNKNOWN
        return found

    def _ref(self, expr: Ref) -> Value:
        name = expr.base
        if name in self.where.scope:
            self.error("arity", f"{name!r} is an index here and cannot be indexed itself", expr, "rename the index")
            return UNKNOWN
        found = self.declared(name, expr)
        domain = self.symbols.domains.get(name)
        if domain is None or found.kind == "unknown":
            for key in expr.keys:
                self.key_space(key)
            return found
        if not domain:
            self.error("arity", f"{name!r} is a scalar and takes no index", expr, f"write {name}")
            for key in expr.keys:
                self.key_space(key)
            return found
        self._keys(expr, domain)
        return found

    def declared(self, name: str, expr: Expr) -> Value:
        """What a reference to a declared name denotes, its index aside."""
        if name not in self.symbols.source.declared:
            self.undeclared(name, expr)
            return UNKNOWN
        found = self.symbols.values.get(name, UNKNOWN)
        if found.decides and self.where.data_only:
            self.variable_in_data(name, expr)
            return Value(found.kind, found.spaces)
        return found

    def undeclared(self, name: str, expr: Expr) -> None:
        """Report a name that nothing declares."""
        close = self.symbols.suggest.nearest(name, tuple(self.where.scope))
        elsewhere = name in self.symbols.source.declared
        remedy = f"did you mean {close!r}?" if close and not elsewhere else (
            "declare it as a set, parameter, variable or expression, or loop over it with `for`"
        )
        shown = name if len(name) <= 80 else name[:77] + "..."
        self.error("undeclared", f"{shown!r} is not declared", expr, remedy)

    def variable_in_data(self, name: str, expr: Expr) -> None:
        """Report a decision where only data may stand."""
        entry = self.symbols.source.declared[name]
        what = "the variable" if entry.group == "variable" else "the expression over variables"
        remedy = _CONDITION_REMEDY if self.where.data_only == "a condition" else (
            "sets, indices, derived parameters and bounds are made of data; state it as a constraint"
        )
        self.error("variable-in-data", f"{what} {name!r} stands in {self.where.data_only}", expr, remedy)

    # -- keys --------------------------------------------------------------------------------

    def key_space(self, key: Expr) -> Space:
        """The space of one index formula; a variable there is an error."""
        saved = self.where.data_only
        self.where.data_only = self.where.data_only or "an index"
        found = self.value(key)
        self.where.data_only = saved
        if found.kind == "index":
            return found.spaces[0]
        if isinstance(key, Num):
            if is_whole(key.value):
                return Space("int", frozenset((int(key.value),)), True, "", True)
            self.error("index-value", f"the index {key.value} is not a whole number", key)
            return INTEGER
        if found.kind in ("number", "unknown"):
            return INTEGER if found.kind == "number" else Space()
        if found.kind == "tuple":
            self.error("arity", "a tuple stands as one index", key, "write one index per position: x[i, j]")
        else:
            self.error("index-value", f"a {found.kind} stands as an index", key, "index with an element of the axis")
        return Space()

    def _keys(self, expr: Ref, domain: tuple[Space, ...]) -> None:
        spaces = [self.key_space(key) for key in expr.keys]
        if len(expr.keys) != len(domain):
            if not any(isinstance(key, Tuple) for key in expr.keys):
                usage = self.symbols.usage(expr.base)
                self.error("arity", f"{expr.base!r} takes {len(domain)} index(es), not {len(spaces)}", expr,
                           f"write {usage}")
            return
        swapped = self._swapped(spaces, domain)
        faulty = False
        for key, space, axis in zip(expr.keys, spaces, domain):
            reason = mismatch(space, axis)
            if reason is None or (space.literal and space.labels and not space.labels.isdisjoint(self.where.guarded)):
                continue
            faulty = True
            close = nearest_label(next(iter(space.labels)), axis) if space.literal and space.labels else None
            remedy = f"did you mean {close}?" if close else (
                "the indices look swapped" if swapped else
                f"index {expr.base!r} with an element of {axis.origin or 'its axis'}, or guard it with a conditional"
            )
            code = "label" if space.literal else "index-set"
            self.error(code, f"{expr.base!r} has no such index: {reason}", key, remedy)
        if swapped and not faulty and any(s.labels is None for s in (*spaces, *domain)):
            self.where.report("warning", "swapped", f"the indices of {expr.base!r} look swapped", expr.pos,
                              f"write {self.symbols.usage(expr.base)} with each index on its own axis")

    @staticmethod
    def _swapped(spaces: list[Space], domain: tuple[Space, ...]) -> bool:
        """The keys come from exactly the sets of the axes, in another order."""
        mine, theirs = [s.origin for s in spaces], [a.origin for a in domain]
        return len(set(theirs)) == len(theirs) and "" not in theirs and mine != theirs \
            and sorted(mine) == sorted(theirs)

    # -- arithmetic --------------------------------------------------------------------------

    def _add(self, expr: Add) -> Value:
        first = self.value(expr.terms[0])
        if first.kind == "set":
            return self.difference(expr, first)
        decides = self.as_number(expr.terms[0], first).decides
        for term in expr.terms[1:]:
            decides |= self.number(term).decides
        return Value("number", (), decides)

    def _binary(self, expr: BinOp) -> Value:
        if expr.op in ("|", "&"):
            return self.set_value(expr)
        left = self.value(expr.left)
        if left.kind == "set" and expr.op == "*":
            return self.product(expr, left)
        a = self.as_number(expr.left, left)
        b = self.number(expr.right)
        decides = a.decides or b.decides
        if decides and expr.op in ("//", "%"):
            self.error("data-operator", f"{expr.op} works on data only", expr,
                       "introduce an integer variable for the quotient")
        if expr.op in ("/", "//", "%") and isinstance(expr.right, Num) and expr.right.value == 0:
            self.error("division-by-zero", "a division by zero", expr)
        return Value("number", (), decides)

    def _conditional(self, expr: IfElse) -> Value:
        self.truth(expr.test, data=True)
        saved = self.where.snapshot()
        self.assume(expr.test)
        then = self.value(expr.then)
        self.where.restore(saved)
        self.assume(expr.test, holds=False)
        otherwise = self.value(expr.otherwise)
        self.where.restore(saved)
        return self._either(expr, then, otherwise)

    def _either(self, expr: IfElse, then: Value, otherwise: Value) -> Value:
        decides = then.decides or otherwise.decides
        kinds = {then.kind, otherwise.kind}
        if "unknown" in kinds:
            return Value("unknown", (), decides)
        if len(kinds) == 1:
            if then.kind == "index":
                return Value("index", (Space(then.spaces[0].kind if then.spaces[0].kind == otherwise.spaces[0].kind
                                             else "any"),))
            if then.kind in ("set", "tuple"):
                return self.merge_sets(expr, then, otherwise)
            return Value(then.kind, (), decides)
        if kinds <= {"number", "index"}:
            if then.is_text or otherwise.is_text:
                self.error("branches", "one branch is a label, the other a number", expr)
            return Value("number", (), decides)
        self.error("branches", f"one branch is a {then.kind}, the other a {otherwise.kind}", expr,
                   "both branches must be of one kind")
        return UNKNOWN

    # -- truth -------------------------------------------------------------------------------

    def assume(self, test: Expr, *, holds: bool = True) -> None:
        """Read on where a test holds (or fails): membership narrows an index, anything else loosens all."""
        self.where.loosen()
        for node in walk(test):
            if isinstance(node, Str):
                self.where.guarded.add(node.value)
            elif isinstance(node, Num) and is_whole(node.value):
                self.where.guarded.add(int(node.value))
        if not holds:
            return
        for item in test.items if isinstance(test, And) else (test,):
            match item:
                case Compare((Name(id), source), ("in",)) if id in self.where.scope:
                    spaces = self.known_set(source).spaces
                    if len(spaces) == 1:
                        self.where.scope[id] = intersection(self.where.scope[id], spaces[0])
                case Compare((Tuple(items), source), ("in",)):
                    spaces = self.known_set(source).spaces
                    for part, space in zip(items, spaces if len(spaces) == len(items) else ()):
                        if isinstance(part, Name) and part.id in self.where.scope:
                            self.where.scope[part.id] = intersection(self.where.scope[part.id], space)
                case Compare((Name(a), Name(b)), ("==",)) if a in self.where.scope and b in self.where.scope:
                    both = intersection(self.where.scope[a], self.where.scope[b])
                    self.where.scope[a] = self.where.scope[b] = both

    def _compare(self, expr: Compare) -> Value:
        if any(op in ("in", "not in") for op in expr.ops):
            return self._membership(expr)
        found = [self.value(operand) for operand in expr.operands]
        for k, op in enumerate(expr.ops):
            self._pair(expr.operands[k], found[k], op, expr.operands[k + 1], found[k + 1])
        decides = any(value.decides for value in found)
        if decides and any(op in ("<", ">", "!=") for op in expr.ops):
            self._strict(expr)
        return Value("truth", (), decides)

    def _membership(self, expr: Compare) -> Value:
        if len(expr.ops) > 1:
            self.error("chained-membership", "a membership test cannot be chained", expr, "join tests with `and`")
            return TRUTH
        element, source = expr.operands
        items = element.items if isinstance(element, Tuple) else (element,)
        spaces = [self.key_space(item) for item in items]
        found = self.set_value(source)
        if found.kind == "set" and found.spaces and len(found.spaces) != len(spaces):
            self.error("dimension", f"an element of {len(spaces)} component(s) is looked up in a set of dimension "
                       f"{len(found.spaces)}", expr, "write (i, j) in S for pairs")
        return TRUTH

    def _pair(self, left: Expr, a: Value, op: str, right: Expr, b: Value) -> None:
        for operand, found in ((left, a), (right, b)):
            if found.kind in ("set", "tuple", "structure"):
                self.error("comparison", f"a {found.kind} is compared with {op}", operand,
                           "write len(S) for a size, (i, j) in S for membership")
            elif found.kind == "truth" and found.decides:
                self.error("comparison", "a comparison over variables is itself compared", operand, "write iff(a, b)")
        if (a.is_text and b.is_integer) or (b.is_text and a.is_integer):
            self.error("label-number", "a label is compared with a number", left,
                       "quote labels; a position is ord(i, S)")
        elif op not in ("==", "!=") and (a.is_text or b.is_text):
            self.error("label-order", "labels have no order of their own", left, "compare positions: ord(i, S)")
        elif a.kind == b.kind == "index":
            self._label_pair(left, a.spaces[0], b.spaces[0])
            self._label_pair(right, b.spaces[0], a.spaces[0])

    def _label_pair(self, expr: Expr, literal: Space, other: Space) -> None:
        if not literal.literal or other.literal or other.labels is None or not literal.labels:
            return
        label = next(iter(literal.labels))
        if label in other.labels or label in self.symbols.labels:
            return
        close = nearest_label(label, other)
        self.where.report(
            "error" if close else "warning", "label", f"{label!r} is not in {other.origin or 'the set'}", expr.pos,
            f"did you mean {close}?" if close else "the comparison is decided in advance; correct the label",
        )

    def _strict(self, expr: Compare) -> None:
        parts = [self.symbols.degrees.of(operand, self.where.scope) for operand in expr.operands]
        if all(part.integer is not False for part in parts):
            return
        declared = self.symbols.source.declared
        continuous = sorted(
            name for part in parts for name in part.variables
            if isinstance(item := declared[name].item, Variable) and item.domain not in ("integer", "binary")
        )
        op = next(op for op in expr.ops if op in ("<", ">", "!="))
        over = f"the continuous variable {continuous[0]!r}" if continuous else "values that need not be whole"
        remedy = "write <= and >= in two cases with a binary variable" if op == "!=" else f"write {op}="
        self.error("strict", f"a {'!=' if op == '!=' else 'strict'} comparison over {over}", expr, remedy)
