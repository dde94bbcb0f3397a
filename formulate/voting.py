"""Votes of several samples of one problem: grouped by proven equivalence of their models, not by equal answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from formulate.attempt import Attempt
from formulate.complaints import standing
from solvers.formulation import Formulation
from solvers.model import Model
from verify.equivalence.classes import Classes, equivalence_classes
from verify.report import Finding

LEAST = 3
"""Standing from which a sample votes: it was run, and a solver said something about it."""


def elect(samples: Sequence[Attempt], data: Any = None) -> Attempt:
    """The sample that represents most others, with a finding on how the vote went.

    Samples vote that have a model and a word of a solver. The largest group of proven equivalent models wins; between
    groups of the same size the one whose optimum more samples share, then the better standing, then the earlier.
    Prompts, completions and tokens of all samples are kept. Without a voter the best-standing sample is given.
    """
    voters = [k for k, sample in enumerate(samples) if standing(sample)[0] >= LEAST and _candidate(sample) is not None]
    if not voters:
        best = max(range(len(samples)), key=lambda k: (standing(samples[k]), -k))
        return _kept(samples, best, Finding("vote", "could_not_run", "", f"none of {len(samples)} samples was solved"))
    candidates = [_candidate(samples[k]) for k in voters]
    optima = [_optimum(samples[k]) for k in voters]
    classes = equivalence_classes(
        [c for c in candidates if c is not None], data, objectives=optima, solve_missing=False
    )
    shared = _sharing(classes)
    groups = [
        (len(group.members), shared[g], max(standing(samples[voters[k]]) for k in group.members), -g)
        for g, group in enumerate(classes.groups)
    ]
    chosen = classes.groups[-max(groups)[3]]
    best = max(chosen.members, key=lambda k: (standing(samples[voters[k]]), -k))
    return _kept(samples, voters[best], _finding(classes, len(chosen.members), len(samples), len(voters)))


def _candidate(sample: Attempt) -> Formulation | Model | None:
    return sample.formulation or sample.model


def _optimum(sample: Attempt) -> float | None:
    return sample.result.objective if sample.result is not None and sample.result.is_optimal else None


def _sharing(classes: Classes) -> list[int]:
    """For each group, how many samples reach its optimum, its own members included."""
    size = {group.members[0]: len(group.members) for group in classes.groups}
    shared = dict(size)
    for pair in classes.between:
        if pair.level == "same objective only":
            shared[pair.one] += size[pair.two]
            shared[pair.two] += size[pair.one]
    return [shared[group.members[0]] for group in classes.groups]


def _finding(classes: Classes, agreed: int, samples: int, voters: int) -> Finding:
    others = len(classes.groups) - 1
    evidence = f"{agreed} of {samples} samples are the same model, proven; {others} other models were given"
    if voters < samples:
        evidence += f"; {samples - voters} came to nothing"
    if agreed == 1 and samples > 1:
        return Finding("vote", "suspect", "", evidence, "no two samples agree: ask a stronger model, or more samples")
    if 2 * agreed <= samples:
        return Finding("vote", "suspect", "", evidence, "there is no majority")
    return Finding("vote", "consistent", "", evidence)


def _kept(samples: Sequence[Attempt], best: int, finding: Finding) -> Attempt:
    chosen = samples[best]
    tokens: dict[str, int] = {}
    for sample in samples:
        for name, count in sample.tokens.items():
            tokens[name] = tokens.get(name, 0) + count
    return replace(
        chosen, report=replace(chosen.report, findings=(*chosen.report.findings, finding)), tokens=tokens,
        prompts=tuple(dict.fromkeys(p for sample in samples for p in sample.prompts)),
        completions=tuple(text for sample in samples for text in sample.completions),
        formulator=f"{chosen.formulator}, {len(samples)} samples",
    )
