"""`Attempt`: all that came of one problem, as one record that evaluation, synthesis and training share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from formulate.errors import RecordError
from formulate.plain import plain
from formulate.records import result_from_dict, result_to_dict
from solvers.errors import FormulateError
from solvers.formulation import Formulation
from solvers.result import SolveResult
from verify.problem import Problem
from verify.reading.ledger import Claim, Leftover
from verify.report import Report

if TYPE_CHECKING:
    from solvers.model import Model

SCHEMA = "formulate-attempt/1"
Outcome = Literal["answered", "abstained", "failed"]
Stage = Literal["formulate", "check", "data", "run", "solve"]
_PROVEN = ("infeasible", "unbounded", "infeasible_or_unbounded")


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that ended an attempt: where, what, and how to mend it."""

    stage: Stage
    kind: str
    message: str
    place: str = ""
    remedy: str = ""
    exit_code: int = 2

    @classmethod
    def of(cls, stage: Stage, error: FormulateError) -> Failure:
        """The record of an error."""
        return cls(stage, type(error).__name__, error.message, str(error.place), error.remedy, error.exit_code)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text}\n  remedy: {self.remedy}" if self.remedy else text


@dataclass(frozen=True)
class Attempt:
    """What came of one problem. Exactly one of three outcomes:

    `answered`: there is a solution, or a proof that there is none; `abstained`: the text was not understood, and
    `abstained` names the sentences; `failed`: `error` says why, or the solver stopped without a solution.
    `code` is the program for `code_target`, or None, and `code_note` says why. `claims` tell which words each slot
    was read from; `tokens` counts prompt and completion tokens.

    An attempt that came as a program has no formulation: `code` is that program, and `model` what it gave its solver,
    as the sandbox captured it (in memory only: a record holds the program, which builds it again).
    """

    problem: Problem
    formulation: Formulation | None = None
    code: str | None = None
    result: SolveResult | None = None
    report: Report = field(default_factory=Report)
    abstained: tuple[Leftover, ...] = ()
    error: Failure | None = None
    model_class: str | None = None
    formulator: str = ""
    claims: tuple[Claim, ...] = ()
    prompts: tuple[str, ...] = ()
    completions: tuple[str, ...] = ()
    tokens: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    code_target: str = ""
    code_note: str = ""
    model: Model | None = field(default=None, compare=False, repr=False)

    @property
    def outcome(self) -> Outcome:
        """Answered, abstained or failed."""
        if self.abstained:
            return "abstained"
        result = self.result
        known = result is not None and (result.has_solution or result.termination in _PROVEN)
        return "answered" if known and self.error is None else "failed"

    def __str__(self) -> str:
        if self.abstained:
            return "abstained: " + "; ".join(map(str, self.abstained))
        if self.error is not None:
            return f"failed ({self.error.stage}): {self.error}"
        if self.result is None:
            return "failed: nothing was solved"
        objective = "" if self.result.objective is None else f", objective {self.result.objective:.10g}"
        return f"{self.outcome}: {self.result.termination.replace('_', ' ')}{objective} ({self.report.summary})"

    def __repr__(self) -> str:
        return f"<Attempt {self}>"

    def _repr_markdown_(self) -> str:
        from formulate.markdown import attempt_markdown

        return attempt_markdown(self)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, with nothing lost. Raises RecordError where `problem` holds live objects."""
        from solvers.schema import to_dict

        return {
            "schema": SCHEMA,
            "outcome": self.outcome,
            "problem": _problem_to_dict(self.problem),
            "formulation": None if self.formulation is None else to_dict(self.formulation),
            "code": self.code,
            "code_target": self.code_target,
            "code_note": self.code_note,
            "result": None if self.result is None else result_to_dict(self.result),
            "report": self.report.to_dict(),
            "abstained": [asdict(leftover) for leftover in self.abstained],
            "error": None if self.error is None else asdict(self.error),
            "model_class": self.model_class,
            "formulator": self.formulator,
            "claims": [asdict(claim) for claim in self.claims],
            "prompts": list(self.prompts),
            "completions": list(self.completions),
            "tokens": dict(self.tokens),
            "seconds": self.seconds,
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Attempt:
        """The inverse of `to_dict`. Raises RecordError for another schema or a missing field."""
        if document.get("schema") != SCHEMA:
            raise RecordError(f"not a record of {SCHEMA}: schema is {document.get('schema')!r}")
        from solvers.schema import from_dict

        try:
            return cls(
                problem=_problem_from_dict(document["problem"]),
                formulation=None if document["formulation"] is None else from_dict(document["formulation"]),
                code=document["code"],
                code_target=document.get("code_target", ""),
                code_note=document.get("code_note", ""),
                result=None if document["result"] is None else result_from_dict(document["result"]),
                report=Report.from_dict(document["report"]),
                abstained=tuple(Leftover(**leftover) for leftover in document["abstained"]),
                error=None if document["error"] is None else Failure(**document["error"]),
                model_class=document["model_class"],
                formulator=document["formulator"],
                claims=tuple(Claim(**claim) for claim in document["claims"]),
                prompts=tuple(document["prompts"]),
                completions=tuple(document["completions"]),
                tokens=dict(document["tokens"]),
                seconds=float(document["seconds"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise RecordError(f"a damaged record: {type(error).__name__}: {error}") from error

    def to_json(self) -> str:
        """One line of a JSONL file, without its line break."""
        return json.dumps(self.to_dict(), allow_nan=False)

    @classmethod
    def from_json(cls, line: str) -> Attempt:
        """The inverse of `to_json`. Raises RecordError."""
        try:
            document = json.loads(line)
        except ValueError as error:
            raise RecordError(f"not JSON: {error}") from error
        if not isinstance(document, dict):
            raise RecordError("a record is a JSON object")
        return cls.from_dict(document)


def write_jsonl(attempts: Iterable[Attempt], path: str | Path) -> None:
    """Append attempts to a JSONL file, one whole line each."""
    with open(path, "a", encoding="utf-8") as file:
        for attempt in attempts:
            file.write(attempt.to_json() + "\n")
            file.flush()


def read_jsonl(path: str | Path) -> Iterator[Attempt]:
    """The attempts of a JSONL file. Raises RecordError naming the line."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield Attempt.from_json(line)
                except RecordError as error:
                    raise RecordError(error.message, place=f"{path}, line {number}") from error


def _problem_to_dict(problem: Problem) -> dict[str, Any]:
    data: Any = problem.data
    if isinstance(data, Path):
        data = {"path": str(data)}
    elif data is not None:
        data = {"text": data} if isinstance(data, str) else {"values": _exact(data, "problem.data")}
    reference = problem.reference
    return {"id": problem.id, "text": problem.text, "data": data, "reference": _exact(reference, "problem.reference")}


def _problem_from_dict(document: Mapping[str, Any]) -> Problem:
    data = document["data"]
    if data is not None:
        data = Path(data["path"]) if "path" in data else data.get("text", data.get("values"))
    return Problem(text=document["text"], id=document["id"], data=data, reference=document["reference"])


def _exact(value: Any, place: str) -> Any:
    """Plain values that JSON gives back equal; refuses what it would change."""
    written = plain(value)
    try:
        same = json.loads(json.dumps(written, allow_nan=False)) == value
    except (TypeError, ValueError):
        same = False
    if not same:
        raise RecordError(
            f"a {type(value).__name__} cannot be kept in a record as it is", place=place,
            remedy="give a path, or a mapping of names to numbers, texts and lists",
        )
    return written
