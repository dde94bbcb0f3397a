"""Two candidates, formulations or models in any mixture, compared; the answer as a document; documents replayed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from solvers.formulation import Formulation
from verify.equivalence.outcome import Certificate, Equivalence, Options
from verify.equivalence.symbolic.decide import FormulationEquivalence, equivalent_formulations, ground_model, widened

if TYPE_CHECKING:
    from solvers.model import Model

    Candidate = Formulation | Model

CERTIFICATE = "formulate-equivalence-certificate/1"
_PROVES = {"formulations": "equivalent", "models": "equivalent", "witness": "semantically_different"}
"""The verdict that each kind of certificate shows."""


def equivalent(a: Candidate, b: Candidate, data: Any = None, *, options: Options | None = None) -> Equivalence:
    """Whether two formulations or models are equivalent, with the proof (`certificate`), the diff or a witness.

    `data` fills formulations. Raises DataError and GroundingError for data that do not fit.
    """
    from verify.equivalence.decide import equivalent as equivalent_models

    if isinstance(a, Formulation) or isinstance(b, Formulation):
        return compare_candidates(a, b, data, options=options)
    return equivalent_models(a, b, options=options or Options())


def compare_candidates(
    a: Candidate, b: Candidate, data: Any = None, *, options: Options | None = None
) -> FormulationEquivalence:
    """Whether two candidates are equivalent: formulations for all data if that can be proved, all else as models.

    `data` (a Data, a path, a mapping) fills the formulations. Raises DataError and GroundingError for data that do
    not fit.
    """
    options = options or Options()
    if isinstance(a, Formulation) and isinstance(b, Formulation):
        return equivalent_formulations(a, b, data, options=options)
    from verify.equivalence.decide import equivalent

    models = as_model(a, data), as_model(b, data)
    return widened(equivalent(*models, options=options), scope="these data", models=models)


def as_model(candidate: Candidate, data: Any = None) -> Model:
    """The candidate itself, or grounded on `data`."""
    if not isinstance(candidate, Formulation):
        return candidate
    from solvers.solving import as_data

    return ground_model(candidate, as_data(candidate, data))


def why(found: FormulationEquivalence) -> str:
    """The reason of a verdict in one sentence."""
    match found.verdict:
        case "equivalent" if found.scope == "all data" and found.proof is not None:
            return f"the formulas are the same {found.proof.assumption}"
        case "equivalent":
            return "columns and rows match one to one after normalisation, and the match was verified"
        case "structurally_different":
            invariant = found.invariant
            assert invariant is not None
            counted = invariant.count_a or invariant.count_b
            return invariant.text + (f" ({invariant.count_a} in A, {invariant.count_b} in B)" if counted else "")
        case "semantically_different":
            return str(found.witness)
        case "undecided":
            return found.budget


def mapping(found: FormulationEquivalence) -> dict[str, list[list[str]]]:
    """What stands for what: symbols (kind, A, B) of a proof, columns and rows (A, B) of a certificate."""
    out: dict[str, list[list[str]]] = {}
    if found.proof is not None:
        out["symbols"] = [
            [p.kind, p.a, p.b + (f" (keys {', '.join(str(k + 1) for k in p.order)})" if p.order else "")]
            for p in found.proof.pairs
        ]  # fmt: skip
    if isinstance(found.certificate, Certificate) and found.models is not None:
        a, b = found.models
        columns, rows = found.certificate.columns.tolist(), found.certificate.rows.tolist()
        out["columns"] = [[a.column_label(j), b.column_label(w)] for j, w in enumerate(columns) if w >= 0]
        out["rows"] = [[a.row_label(i), b.row_label(w)] for i, w in enumerate(rows) if w >= 0]
    return out


def answer_document(found: FormulationEquivalence) -> dict[str, Any]:
    """An answer as plain values; keys are only ever added."""
    return {
        "verdict": found.verdict, "why": why(found), "scope": found.scope, "mode": found.mode,
        "formulas": found.formulas, "mapping": mapping(found),
        "diff": None if found.diff is None else found.diff.to_json(),
        "witness": None if found.witness is None else found.witness.to_json(), "sd": found.sd,
        "evidence": list(found.evidence), "notes": list(found.notes), "budget": found.budget, "seconds": found.seconds,
    }  # fmt: skip


def certificate_document(found: FormulationEquivalence) -> dict[str, Any]:
    """What `replay_document` can check without trusting the decision; `proof` is null where nothing can be."""
    kind, proof = "none", None
    if found.verdict == "equivalent" and found.scope == "all data" and found.proof is not None:
        kind, proof = "formulations", found.proof.to_json()
    elif found.verdict == "equivalent" and isinstance(found.certificate, Certificate):
        kind, proof = "models", found.certificate.to_json()
    elif found.witness is not None:
        kind, proof = "witness", found.witness.to_json()
    return {"schema": CERTIFICATE, "verdict": found.verdict, "why": why(found), "kind": kind, "proof": proof}


def replay_document(
    document: Mapping[str, Any], a: Candidate, b: Candidate, data: Any = None
) -> tuple[bool | None, str]:
    """Whether a certificate proves what it says of two candidates, and how that was seen; None: nothing to replay.

    Raises ValueError for a document that is no certificate.
    """
    if document.get("schema") != CERTIFICATE:
        raise ValueError(f"no certificate: its schema is {document.get('schema')!r}, not {CERTIFICATE!r}")
    proof = document.get("proof")
    said, shown = document.get("verdict"), _PROVES.get(str(document.get("kind")))
    if shown is not None and said != shown:
        raise ValueError(f"the certificate is damaged: it says {said!r} and comes with what would show {shown!r}")
    try:
        match document.get("kind"):
            case "formulations":
                return _replay_symbols(proof, a, b)
            case "models":
                return _replay_match(proof, as_model(a, data), as_model(b, data))
            case "witness":
                return _replay_witness(proof, as_model(a, data), as_model(b, data))
            case _:
                return None, f"the verdict {document.get('verdict')!r} came with nothing that could be replayed"
    except (KeyError, TypeError, IndexError, AttributeError, ZeroDivisionError) as error:
        raise ValueError(f"the certificate is damaged: {error!r}") from error


def _replay_match(proof: Any, a: Model, b: Model) -> tuple[bool, str]:
    from verify.equivalence.replay import replays

    tolerance = proof["tolerance"]
    if tolerance is not None and not (isinstance(tolerance, float) and 0 <= tolerance < 1):
        raise ValueError(f"the certificate is damaged: its tolerance is {tolerance!r}")
    within = "exactly" if tolerance is None else f"within the tolerance {tolerance:g}"
    if not replays(a, b, proof):
        return False, "the permutation and the log do not make A into B"
    return True, f"rows and columns were permuted and normalised by the log, and compared {within}"


def _replay_symbols(proof: Any, a: Candidate, b: Candidate) -> tuple[bool, str]:
    from verify.equivalence.symbolic.proof import Proof, check_proof

    if not (isinstance(a, Formulation) and isinstance(b, Formulation)):
        raise ValueError("the certificate is about two formulations, and a model was given")
    read = Proof.from_json(proof)
    if not check_proof(a, b, read):
        return False, "under the map A does not say what B says"
    told = "the map was put into A, both were brought to normal form and compared"
    return True, f"{told}: they are the same {read.assumption}"


def _replay_witness(proof: Any, a: Model, b: Model) -> tuple[bool | None, str]:
    """Both evaluations of the point again; optima are not solved for again."""
    from verify.equivalence.plain import plain
    from verify.equivalence.points import evaluate

    point = proof["point"]
    if not point or any(not names[side] for names in point for side in (0, 1)):
        return None, "the witness has no point in both models: its optima would have to be solved for again"
    found = []
    for model, side, told in ((a, 0, proof["in_a"]), (b, 1, proof["in_b"])):
        numbers = plain(model, tidy=False)
        values = {names[side]: Fraction(names[2]) for names in point}
        if len(point) != len(numbers.columns) or set(values) != {column.name for column in numbers.columns}:
            return False, "the point names other columns than the models have"
        evaluation = evaluate(model, numbers, tuple(values[column.name] for column in numbers.columns))
        if (evaluation.feasible, str(evaluation.objective)) != (told["feasible"], told["objective"]):
            return False, f"at the point {'AB'[side]} is {evaluation}"
        found.append(evaluation)
    signed = [e.objective * (-1 if m.sense == "max" else 1) for e, m in zip(found, (a, b))]
    differs = found[0].feasible != found[1].feasible or (found[0].feasible and signed[0] != signed[1])
    if not differs and proof["kind"] in ("optimum", "infeasible", "unbounded"):
        return None, "the point is evaluated as told; the optima would have to be solved for again"
    return differs, f"at the point, with columns matched as the certificate says, A is {found[0]}; B is {found[1]}"
