"""What is known about how far a formulation can be trusted: findings, each with its verdict and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Verdict = Literal["refuted", "suspect", "consistent", "not_applicable", "could_not_run"]
"""`refuted` comes with a certificate; `could_not_run` is never a pass."""

_ORDER: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says about one element (empty for the whole): the evidence, and what to do."""

    check: str
    verdict: Verdict
    element: str = ""
    evidence: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All findings on one candidate, and what nobody has verified."""

    findings: tuple[Finding, ...] = ()
    not_verified: tuple[str, ...] = ()

    @property
    def refuted(self) -> tuple[Finding, ...]:
        """Findings that convict."""
        return self.with_verdict("refuted")

    @property
    def suspect(self) -> tuple[Finding, ...]:
        """Findings to look at."""
        return self.with_verdict("suspect")

    @property
    def could_not_run(self) -> tuple[Finding, ...]:
        """Checks that say nothing because they could not run."""
        return self.with_verdict("could_not_run")

    def with_verdict(self, verdict: Verdict) -> tuple[Finding, ...]:
        """The findings with one verdict, in order."""
        return tuple(finding for finding in self.findings if finding.verdict == verdict)

    def sorted(self) -> tuple[Finding, ...]:
        """The gravest first."""
        return tuple(sorted(self.findings, key=lambda finding: _ORDER.index(finding.verdict)))

    @property
    def summary(self) -> str:
        """One line: `1 suspect, 3 consistent, 1 could not run`; never the word `verified`."""
        counts = [(verdict, len(self.with_verdict(verdict))) for verdict in _ORDER]
        said = [f"{count} {verdict.replace('_', ' ')}" for verdict, count in counts if count]
        return ", ".join(said) or "nothing was checked"

    def __str__(self) -> str:
        lines = [self.summary]
        for finding in self.sorted():
            about = f" {finding.element}" if finding.element else ""
            lines.append(f"- {finding.verdict.replace('_', ' ')}: {finding.check}{about}: {finding.evidence}")
            if finding.hint:
                lines.append(f"    {finding.hint}")
        lines += [f"- not verified: {text}" for text in self.not_verified]
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "schema": "formulate-report/1",
            "summary": self.summary,
            "findings": [asdict(finding) for finding in self.findings],
            "not_verified": list(self.not_verified),
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Report:
        """The inverse of `to_dict`. Raises ValueError for a verdict that does not exist."""
        findings = tuple(Finding(**finding) for finding in document["findings"])
        for finding in findings:
            if finding.verdict not in _ORDER:
                raise ValueError(f"{finding.verdict!r} is no verdict; there are {', '.join(_ORDER)}")
        return cls(findings, tuple(document["not_verified"]))
