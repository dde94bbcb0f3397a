"""A proof that two formulations are equivalent for all data, and its check by substitution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from solvers.formulation import Formulation
from verify.equivalence.symbolic.families import NormalForm, normal_form, plain_writer
from verify.equivalence.symbolic.matching import Match
from verify.equivalence.symbolic.substitution import substituted

SCHEMA = "formulate-symbolic-equivalence/1"


@dataclass(frozen=True, slots=True)
class Pair:
    """Symbol `a` of A is symbol `b` of B; key k of `b` is key `order[k]` of `a` (empty: in order)."""

    kind: str
    a: str
    b: str
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """Symbols of A and B, families of A and B by label, and the rewriting of each side; for all data that correspond.

    A family may come from several elements or one element give several families; labels are for people, the check
    compares the families themselves.
    """

    pairs: tuple[Pair, ...]
    families: tuple[tuple[str, str], ...]
    log_a: tuple[str, ...]
    log_b: tuple[str, ...]

    @property
    def names(self) -> dict[str, str]:
        """A's symbols to B's."""
        return {pair.a: pair.b for pair in self.pairs}

    @property
    def orders(self) -> dict[str, tuple[int, ...]]:
        """Rearranged keys, by A's symbol."""
        return {pair.a: pair.order for pair in self.pairs if pair.order}

    @property
    def assumption(self) -> str:
        """Which data are taken to correspond."""
        told = [f"{pair.a} = {pair.b}{_keys(pair)}" for pair in self.pairs if pair.kind != "variable"]
        return "for all data in which " + (", ".join(told) if told else "nothing is left open") + (
            ", and on which both have a value")

    def to_json(self) -> dict[str, Any]:
        """Plain lists and strings: what `from_json` reads."""
        return {
            "schema": SCHEMA, "assumption": self.assumption,
            "pairs": [{"kind": p.kind, "a": p.a, "b": p.b, "order": list(p.order)} for p in self.pairs],
            "families": [list(pair) for pair in self.families], "log_a": list(self.log_a), "log_b": list(self.log_b),
        }  # fmt: skip

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> Proof:
        """The proof of a document. Raises ValueError for what is none."""
        try:
            pairs = tuple(
                Pair(str(p["kind"]), str(p["a"]), str(p["b"]), tuple(map(int, p["order"]))) for p in document["pairs"]
            )
            families = tuple((str(a), str(b)) for a, b in document["families"])
            return Proof(pairs, families, tuple(map(str, document["log_a"])), tuple(map(str, document["log_b"])))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a symbolic certificate: {error!r}") from error


def _keys(pair: Pair) -> str:
    return f" (keys in the order {', '.join(str(k + 1) for k in pair.order)})" if pair.order else ""


def proof_of(a: NormalForm, b: NormalForm, match: Match) -> Proof:
    """The proof that a verified match gives."""
    order = {"set": 0, "parameter": 1, "variable": 2}
    pairs = sorted(
        (Pair(a.symbols[one][0], one, two, tuple(match.orders.get(one, ()))) for one, two in match.names.items()),
        key=lambda pair: (order[pair.kind], pair.a),
    )
    writer = match.writer()
    theirs: dict[str | None, list[str]] = {}
    for family in b.families:
        theirs.setdefault(family.text(plain_writer()), []).append(family.label)
    families = [(f.label, theirs[text].pop(0)) for f in a.families if (text := f.text(writer)) is not None]
    return Proof(tuple(pairs), tuple(dict.fromkeys(families)), a.log, b.log)


def check_proof(a: Formulation, b: Formulation, proof: Proof) -> bool:
    """Whether a proof holds: its map, put into A, makes A say what B says. The search takes no part in it.

    Raises what `normal_form` raises for a formulation that cannot be read.
    """
    names, orders = proof.names, proof.orders
    if len(names) != len(proof.pairs) or len(set(names.values())) != len(names):
        return False
    if not (set(names) <= set(a.by_name) and set(names.values()) <= set(b.by_name)):
        return False
    if any(sorted(o) != list(range(len(o))) for o in orders.values()):
        return False
    left, right = normal_form(substituted(a, names, orders)), normal_form(b)
    if left.symbols != right.symbols or set(names.values()) != set(right.symbols):
        return False
    return Counter(left.texts(plain_writer())) == Counter(right.texts(plain_writer()))
