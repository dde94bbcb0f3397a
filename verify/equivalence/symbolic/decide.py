"""Are two formulations the same? For all data where their formulas prove it, else on the data at hand."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from solvers.errors import FormulateError
from solvers.formulation import Formulation
from verify.equivalence.outcome import Equivalence, Options
from verify.equivalence.symbolic.correspondence import compare_data, values_of
from verify.equivalence.symbolic.draws import drawn, partner
from verify.equivalence.symbolic.families import NormalForm, normal_form
from verify.equivalence.symbolic.guard import ContradictionError, guard
from verify.equivalence.symbolic.matching import Search, find_match
from verify.equivalence.symbolic.nodes import NotSymbolicError
from verify.equivalence.symbolic.proof import Pair, Proof, check_proof, proof_of

if TYPE_CHECKING:
    from solvers.data import Data
    from solvers.model import Model

Scope = Literal["all data", "these data", "random data", ""]


@dataclass(frozen=True)
class FormulationEquivalence(Equivalence):
    """An answer on two formulations. `scope` says for which data it holds; `proof` comes with "all data", and is then
    the `certificate` too; else that is one of the grounded models.

    `formulas` says whether the formulas alone are the same for all data, whatever the data at hand are; `models` are
    the grounded pair that `certificate`, `witness` and `diff` speak of, where there is one.
    """

    certificate: Any = None
    scope: Scope = ""
    proof: Proof | None = None
    formulas: bool = False
    models: tuple[Model, Model] | None = field(default=None, repr=False)


def equivalent_formulations(
    a: Formulation, b: Formulation, data: Any = None, *, options: Options | None = None, draws: int = 20
) -> FormulationEquivalence:
    """Whether two formulations are equivalent: symbolically first, then grounded on `data` (for both) or their own.

    Where no data are there, random draws are compared: evidence, never a proof. Raises DataError for data that do
    not fit, and ContradictionError when grounded models contradict a proof (a fault of the prover).
    """
    began = time.perf_counter()
    found = _Decision(a, b, data, options or Options(), draws).decide()
    return replace(found, seconds=time.perf_counter() - began)


class _Decision:
    def __init__(self, a: Formulation, b: Formulation, data: Any, options: Options, draws: int) -> None:
        from solvers.solving import as_data

        self.a, self.b, self.options, self.draws = a, b, options, draws
        self.data_a = as_data(a, data)
        self.shared = data is not None
        self.data_b: Data | None = None
        self.misfit: FormulateError | None = None
        try:
            self.data_b = as_data(b, data)
        except FormulateError as error:
            self.misfit = error

    def decide(self) -> FormulationEquivalence:
        try:
            forms = normal_form(self.a), normal_form(self.b)
            search = self._search(*forms)
        except NotSymbolicError as error:
            return self._grounded((f"not compared symbolically: {error.message}",))
        if search.match is None:
            return self._grounded(_reasons(search), forms)
        proof = proof_of(*forms, search.match)
        if not check_proof(self.a, self.b, proof):
            raise ContradictionError("a symbolic match does not pass its check", place=self.a.name,
                                     remedy="please report both formulations")
        agreement = compare_data(self.a, self.b, self.data_a, self.data_b, proof, forms[0])
        if agreement.verdict == "differ" and not (self.shared and self.misfit):
            note = "the formulas are the same for all data; the data differ: " + "; ".join(agreement.differences)
            return replace(self._grounded((note,)), formulas=True, proof=proof)
        tried = guard(self.a, self.b, self.data_a, proof, forms[0])
        told = "no draw of data was grounded"
        if tried.agreed:
            told = f"both were also grounded on {tried.agreed} draws of data and agreed"
        return FormulationEquivalence(
            "equivalent", certificate=proof, evidence=(told, *tried.notes), mode="symbolic", scope="all data",
            proof=proof, formulas=True,
        )

    def _search(self, one: NormalForm, two: NormalForm) -> Search:
        """A match under which the data agree too, where there is one."""
        known = values_of(self.a, self.data_a, one), values_of(self.b, self.data_b, two)
        if known[0] is not None and known[1] is not None:
            search = find_match(one, two, (known[0], known[1]))
            if search.match is not None:
                return search
        return find_match(one, two)

    def _grounded(
        self, notes: tuple[str, ...], forms: tuple[NormalForm, NormalForm] | None = None
    ) -> FormulationEquivalence:  # fmt: skip
        from verify.equivalence.decide import equivalent

        try:
            if self.misfit is not None:
                raise self.misfit
            models = ground_model(self.a, self.data_a), ground_model(self.b, self.data_b)
        except FormulateError as error:
            return self._drawn((*notes, f"not grounded on data of their own: {error.message}"), forms)
        # A point of columns that a bridge added says nothing about the formulations: only their optima do.
        own = all(block.name in f.by_name for f, model in zip((self.a, self.b), models) for block in model.columns)
        found = equivalent(*models, options=self.options if own else replace(self.options, witness=False))
        if found.verdict == "structurally_different" and self.options.witness:
            found = self._by_formulations(found)
        return widened(found, scope="these data", models=models, notes=(*found.notes, *notes))

    def _by_formulations(self, found: Equivalence) -> Equivalence:
        """Where no solver takes the grounded models as they are, the formulations are bridged and solved."""
        from solvers import solve
        from verify.equivalence.witness import MOST_SECONDS, Witness, optima_apart

        signs = tuple(-1 if f.objective.sense == "max" else 1 for f in (self.a, self.b))
        limit = min(self.options.seconds, MOST_SECONDS)
        try:
            results = [
                solve(f, data, time_limit=limit) for f, data in ((self.a, self.data_a), (self.b, self.data_b))
            ]
        except FormulateError as error:
            return replace(found, notes=(*found.notes, f"not solved: {error.message}"))
        apart = optima_apart(results[0], results[1], signs)
        if apart is None:
            return found
        witness = Witness(apart.kind, apart.text, proof=apart.rests)
        return replace(found, verdict="semantically_different", witness=witness)

    def _drawn(self, notes: tuple[str, ...], forms: tuple[NormalForm, NormalForm] | None) -> FormulationEquivalence:
        from verify.equivalence.decide import equivalent

        shared = None if forms is None else _shared_symbols(self.a, self.b, *forms)
        if forms is None or shared is None:
            why = "not proved for all data, not grounded on data of their own, and sets and parameters differ in name"
            return FormulationEquivalence("undecided", budget=why, notes=notes, mode="symbolic")
        by_name = Proof(shared, (), (), ())
        agreed = 0
        failures: list[str] = []
        for seed in range(self.draws):
            values, others = drawn(self.a, forms[0], self.data_a, seed), drawn(self.b, forms[1], self.data_b, seed)
            if values is None or others is None:
                failures.append("no data could be drawn")
                break
            try:
                moved = partner(self.a, self.b, values, by_name)
                if moved is None:
                    failures.append("the data are too many for a draw")
                    break
                bare, theirs = moved
                theirs = replace(
                    theirs, sets={**others.sets, **theirs.sets}, parameters={**others.parameters, **theirs.parameters}
                )
                models = ground_model(self.a, values), ground_model(bare, theirs)
            except FormulateError as error:
                failures.append(f"draw {seed}: {error.message}")
                continue
            found = equivalent(*models, options=self.options)
            if found.verdict in ("structurally_different", "semantically_different"):
                told = f"they differ on random data (draw {seed}), so they are not equivalent for all data"
                return widened(found, scope="random data", models=models, evidence=(told,), notes=notes)
            agreed += found.verdict == "equivalent"
        told_agreed = (f"equal on {agreed} draws of random data: evidence, not a proof",) if agreed else ()
        evidence = (*told_agreed, *dict.fromkeys(failures[:3]))
        why = "not proved for all data, and not grounded on data of their own"
        return FormulationEquivalence(
            "undecided", budget=why, evidence=evidence, scope="random data", notes=notes, mode="symbolic"
        )


def widened(found: Equivalence, **changes: Any) -> FormulationEquivalence:
    """An answer on two grounded models as one on the formulations."""
    values = {f.name: getattr(found, f.name) for f in fields(Equivalence)}
    return FormulationEquivalence(**{**values, **changes})


def _shared_symbols(
    a: Formulation, b: Formulation, one: NormalForm, two: NormalForm
) -> tuple[Pair, ...] | None:  # fmt: skip
    """Sets and parameters of one name that either side uses; None where each side uses some that the other lacks."""
    used = [{n for n, (kind, _) in form.symbols.items() if kind != "variable"} for form in (one, two)]
    if used[0] - b.by_name.keys() and used[1] - a.by_name.keys():
        return None
    both = sorted(n for n in used[0] | used[1] if type(a.by_name.get(n)) is type(b.by_name.get(n)))
    return tuple(Pair((one.symbols.get(n) or two.symbols[n])[0], n, n) for n in both)


def _reasons(search: Search) -> tuple[str, ...]:
    """Why there is no proof for all data, in the elements' names."""
    sides = [
        f"{name} says there what no part of {other} says: {', '.join(labels[:6])}"
        for name, other, labels in (("A", "B", search.only_a), ("B", "A", search.only_b)) if labels
    ]
    cut = () if search.complete else ("the search for a match of symbols was cut short",)
    return ("not proved for all data" + (f" ({'; '.join(sides)})" if sides else ""), *cut)


def ground_model(formulation: Formulation, data: Data | None) -> Model:
    """The grounded model; where logic between variables has no rows of its own, what a solver is given for it."""
    from solvers.errors import DataError, GroundingError, TypingError, UnsupportedError
    from solvers.ground import ground
    from solvers.solving import grounded

    try:
        return ground(formulation, data)
    except DataError:
        raise
    except (GroundingError, TypingError, UnsupportedError):
        return grounded(formulation, data)
