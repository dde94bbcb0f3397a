"""An abstention always names sentences of the text."""

from __future__ import annotations

from formulate.offline import formulate_offline
from formulate.offline.base import Abstention


def test_a_text_of_no_known_class_names_its_sentences():
    text = "Sixteen singers stand on 3 steps. Each step holds 7 singers. How should they stand so that it sounds best?"
    outcome = formulate_offline(text)
    assert isinstance(outcome, Abstention)
    sentences = {reason.sentence for reason in outcome.reasons if reason.sentence}
    assert sentences
    assert all(sentence in text for sentence in sentences)


def test_a_table_that_no_class_fits_names_its_sentences():
    text = (
        "A choir plans. There are 90 chairs in the hall.\n\n| voice | singers |\n|---|---|\n| alto | 4 |\n| bass | 6 |\n\n"
        "Find the best order."
    )
    outcome = formulate_offline(text)
    assert isinstance(outcome, Abstention)
    assert any("90 chairs" in reason.sentence for reason in outcome.reasons)
