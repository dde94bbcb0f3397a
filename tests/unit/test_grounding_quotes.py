"""Quotes of a formulation against its text: what they cite is claimed, and no more than that."""

from __future__ import annotations

from typing import Any

import pytest

from solvers.schema import from_dict
from verify.basics import number_findings
from verify.grounding import quote_claims
from verify.reading.reader import read

TEXT = (
    "A beam takes 2 hours of sawing and 5 hours of drying, and earns 40 euros. There are 15 hours of sawing and 1200 "
    "hours of drying. From 08:00 to 16:00 at least 3 workers are there; 35% of them may rest."
)


def formulation(*cells: tuple[str, float, str], **more: Any) -> Any:
    return from_dict({
        "schema": "formulate/1", "name": "t", "variables": [{"name": "x", "lower": "0"}],
        "parameters": [{"name": name, "cells": [{"key": [], "value": value, "quote": quote}]} for name, value, quote in cells],
        "objective": {"sense": "min", "terms": [{"name": "g", "expr": "x"}]}, **more,
    })


def claimed(*cells: tuple[str, float, str], **more: Any) -> list[str]:
    claims, _ = quote_claims(formulation(*cells, **more), TEXT)
    return [TEXT[claim.start : claim.end] for claim in claims]


def doubted(*cells: tuple[str, float, str], **more: Any) -> list[str]:
    _, doubts = quote_claims(formulation(*cells, **more), TEXT)
    return [f"{finding.element}: {finding.evidence}" for finding in doubts]


def test_a_sentence_cited_for_one_number_does_not_answer_for_the_others() -> None:
    sentence = TEXT.split(". ")[0]
    assert claimed(("saw", 2, sentence)) == ["2"] and claimed(("dry", 5, sentence)) == ["5"]
    model = formulation(("saw", 2, TEXT))
    loose = number_findings(read(TEXT).ledger().quantities, quote_claims(model, TEXT)[0], model)
    assert {"5", "40", "15", "1200"} <= {finding.element.split()[0] for finding in loose}


def test_a_whole_text_set_aside_for_one_number_sets_one_aside() -> None:
    unused = [{"quote": TEXT, "value": 40, "reason": "not needed"}]
    said = claimed(unused=unused)
    assert any(part.startswith("40") for part in said) and not {"2", "5", "15", "1200", "3"} & set(said)


def test_numbers_are_whole_and_clock_times_belong_to_their_quote() -> None:
    assert claimed(("dry", 5, "5 hours of drying")) == ["5 hours of drying"]
    assert claimed(("saw", 5, "5 hours of sawing")) == [] and claimed(("n", 200, "200 hours of drying")) == []
    assert set(claimed(("crew", 3, "From 08:00 to 16:00 at least 3 workers"))) >= {"3", "08", "16"}


@pytest.mark.parametrize(("value", "quote"), [(7, ""), (7, "of drying"), (7, "and"), (0.07, "")])
def test_a_number_that_stands_nowhere_needs_an_assumption(value: float, quote: str) -> None:
    (doubt,) = doubted(("p", value, quote))
    assert "stands nowhere in the text" in doubt
    assert not doubted(("p", value, quote), assumptions=[{"about": "p", "text": "as is usual"}])


@pytest.mark.parametrize(
    ("value", "quote"), [(0, ""), (1, "hours"), (40, ""), (0.35, "of them"), (-2, "2 hours"), (0.35, "35% of them")]
)
def test_what_the_text_says_somewhere_is_not_made_up(value: float, quote: str) -> None:
    assert not doubted(("p", value, quote))


def test_a_quote_of_another_number_or_of_no_words_of_the_text_is_suspect() -> None:
    assert "is cited for 41" in doubted(("p", 41, "earns 40 euros"))[0]
    assert "does not stand in the text" in doubted(("p", 41, "earns 41 euros"))[0]
