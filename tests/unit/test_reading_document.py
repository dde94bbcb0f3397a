"""Documents: sentences with true offsets, list items, tables, and texts that nobody should hand in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulate.offline import formulate_offline
from formulate.offline.base import Abstention
from solvers.errors import FormulateError
from verify.reading.document import MAX_CHARACTERS, ReadError, clean_text, read_document
from verify.reading.reader import read


def test_sentences_survive_decimals_and_abbreviations() -> None:
    document = read_document("Fig. 1 shows 2.5 kg vs. 3 kg. Each bag, e.g. a large one, costs $1.50. How many?")
    assert [s.text for s in document.sentences] == [
        "Fig. 1 shows 2.5 kg vs. 3 kg.",
        "Each bag, e.g. a large one, costs $1.50.",
        "How many?",
    ]


def test_items_headings_and_tables_are_blocks() -> None:
    document = read_document("Data:\n- first item\n2. second item\n\n| a | b |\n| 1 | 2 |\nEnd.")
    assert [b.kind for b in document.blocks] == ["heading", "item", "item", "table", "prose"]
    assert document.tables[0].lines == ("| a | b |", "| 1 | 2 |")
    assert [b.marker for b in document.items] == ["-", "2."]


def test_cleaning_keeps_length_and_unwraps_notation() -> None:
    text = r"Project $X_1$ costs \$50 and $\$75$.\nThe rest \( t = 1 \)."
    clean = clean_text(text)
    assert len(clean) == len(text)
    assert "X1" in clean and "$50" in clean and "$75" in clean and "\n" in clean and "\\" not in clean


def test_money_is_not_mistaken_for_mathematics() -> None:
    assert clean_text("It costs $5 and sells for $8.") == "It costs $5 and sells for $8."


@pytest.mark.parametrize("text", ["", "  \n\t ", "a\x00b", "\x01\x02\x03\x04", "x" * (MAX_CHARACTERS + 1)])
def test_unreadable_text_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(text)
    assert isinstance(caught.value, FormulateError) and caught.value.remedy


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab .,;:!?\n\t-*|$\\()[]{}0123456789%'\"_^~xX¡é—", min_size=1, max_size=300))
def test_spans_are_true_for_any_text(text: str) -> None:
    if not text.strip():
        return
    reading = read(text)
    document = reading.document
    for sentence in document.sentences:
        assert document.clean[sentence.start : sentence.end] == sentence.text
        for token in sentence.tokens:
            assert document.clean[token.start : token.end] == token.text
    for quantity in reading.quantities:
        assert 0 <= quantity.start < quantity.end <= len(text)
    spans = [(q.start, q.end) for q in reading.quantities]
    assert all(a[1] <= b[0] for a, b in pairwise(spans)), "quantities overlap"
    reading.to_dict()


def test_sentence_at_finds_the_sentence_of_an_offset() -> None:
    document = read_document("One here. Two there.")
    assert document.sentence_at(12) is document.sentences[1]
    assert document.sentence_at(9) is None


def test_a_number_that_no_solver_holds_is_refused() -> None:
    with pytest.raises(ReadError, match="300 digits") as caught:
        formulate_offline(f"Crate A weighs {'1' * 5000} kg. Crate B weighs 2 kg. Load the most valuable crates.")
    assert caught.value.remedy


def test_many_numbers_without_spaces_are_no_endless_number() -> None:
    for lowest in (10, 200):
        assert isinstance(formulate_offline(",".join(map(str, range(lowest, 3000))) + " kg."), Abstention)
