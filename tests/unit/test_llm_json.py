"""JSON in what models write: found in prose, mended where the meaning is plain, refused where it is not."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formulate.llm import Choice, Message, Request
from formulate.llm.asking import Asked, ask, read_json
from formulate.llm.errors import ModelError, RateLimitedError
from formulate.llm.json_text import JsonTextError, find_json
from formulate.llm.scripted import Line, Scripted
from solvers.errors import FormulateError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
PROSE = st.text(st.characters(exclude_characters="{}<>"), max_size=80)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.text(max_size=6), VALUES, min_size=1, max_size=4), PROSE, PROSE, st.booleans(), st.booleans())
def test_json_in_prose_comes_back_without_repairs(
    value: dict[str, Any], before: str, after: str, fenced: bool, ascii_only: bool
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1)
    found = find_json(f"{before}\n```json\n{text}\n```\n{after}" if fenced else f"{before} {text} {after}")
    assert found.value == json.loads(text) and found.repairs == ()


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=6), VALUES, min_size=1, max_size=4), st.data())
def test_what_is_cut_off_is_never_completed(value: dict[str, Any], data: st.DataObject) -> None:
    text = json.dumps(value)
    cut = data.draw(st.integers(1, len(text) - 1))
    with pytest.raises(JsonTextError):
        find_json("Here it is: " + text[:cut])


@pytest.mark.parametrize(
    ("text", "value", "repair"),
    [
        ('{"a": [1, 2,], }', {"a": [1, 2]}, "a comma before"),
        ("{'a': 'it is'}", {"a": "it is"}, "single quotes"),
        ("{a: 1, b_c: true}", {"a": 1, "b_c": True}, "without quotes"),
        ('{"a": None, "b": True}', {"a": None, "b": True}, "None was read"),
        ('{"a": 1, // why\n "b": 2 /* because */}', {"a": 1, "b": 2}, "comment"),
        ('{"a": 1_000, "b": +2, "c": .5}', {"a": 1000, "b": 2, "c": 0.5}, "a number"),
        ('{"a": "two\nlines"}', {"a": "two\nlines"}, "line break"),
        ('{"a": "\\alpha"}', {"a": "\\alpha"}, "backslash"),
    ],
)
def test_slips_are_mended_and_told(text: str, value: Any, repair: str) -> None:
    found = find_json(text)
    assert found.value == value and any(repair in told for told in found.repairs)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("nothing here", "no JSON object"),
        ("", "no JSON object"),
        ("<think>{\"a\": 1}</think> sorry", "no JSON object"),
        ('<think>{"a": 1} and on and on', "all thought"),
        ('{"a": 3 / 4}', "comma or"),
        ('{"a": 3kg}', "formulas"),
        ('{"a": 1e999}', "finite"),
        ('{"a": 1, "a": 2}', "only once"),
        ('{"a" 1}', "colon"),
        ('{"a": "\\ud83d"', "cut off"),
        ('{"a": ' + "[" * 100 + "]" * 100 + "}", "nested deeper"),
        ('{"x": {"y": 1}, "z": ', "cut off"),
        ('First {"x": 1}. Then {"x": 2, "y', "cut off"),
    ],
)
def test_what_has_no_plain_meaning_is_refused(text: str, says: str) -> None:
    with pytest.raises(JsonTextError, match=says):
        find_json(text)


def test_thoughts_and_sets_in_prose_are_not_the_answer() -> None:
    text = '<think>maybe {"a": 9}</think>With x in {0, 1} and \\text{cost}:\n{"a": 1}\nwhere {x : x > 0}.'
    assert find_json(text).value == {"a": 1}


def test_the_last_whole_object_counts() -> None:
    assert find_json('Draft: {"a": 1}. Final: {"a": 2, "b": {"c": 3}}').value == {"a": 2, "b": {"c": 3}}


def test_surrogates_become_letters_or_a_mark() -> None:
    assert find_json('{"a": "\\ud83d\\ude00 \\ud800"}').value == {"a": "\U0001f600 \ufffd"}


@pytest.mark.parametrize("text", ["{" * 10**6, '{"a":' * 10**5, "{'" * 10**6, "[{" * 10**5, '{"' + "\\" * 10**6, "{/*" * 10**5])
def test_hostile_texts_end(text: str) -> None:
    with pytest.raises(JsonTextError):
        find_json(text)


# -- asking until it fits ------------------------------------------------------------------------------


def whole(value: object) -> int:
    if not (isinstance(value, dict) and isinstance(value.get("n"), int)):
        raise FormulateError("n is missing", place="n", remedy="give n")
    return int(value["n"])


def run(script: list[Line], rounds: int = 3, max_tokens: int | None = None) -> tuple[Asked[int], Scripted]:
    client = Scripted(script)
    request = Request("m", (Message("user", "n?"),), max_tokens=max_tokens)
    return asyncio.run(ask(client, request, lambda text: read_json(text, whole), rounds=rounds)), client


def test_errors_are_handed_back_until_the_answer_fits() -> None:
    asked, client = run(["no idea", '{"m": 1}', '{"n": 5}'])
    assert asked.value == 5 and len(asked.errors) == 2 and len(asked.answers) == 3
    roles = [m.role for m in client.requests[-1].messages]
    assert roles == ["user", "assistant", "user", "assistant", "user"]
    assert "n is missing" in client.requests[-1].messages[-1].content


def test_rounds_have_an_end_and_parrots_too() -> None:
    asked, client = run(["a", "b", "c", "d"])
    assert asked.value is None and len(client.requests) == 3 and len(asked.errors) == 3
    asked, client = run(["same", "same", "never"])
    assert asked.value is None and len(client.requests) == 2


def test_a_cut_answer_is_asked_again_with_more_room() -> None:
    asked, client = run([Choice('{"n": 1', "length"), '{"n": 1}'], max_tokens=50)
    assert asked.value == 1 and [r.max_tokens for r in client.requests] == [50, 100]
    assert len(client.requests[-1].messages) == 1


def test_a_model_that_fails_ends_the_asking() -> None:
    with pytest.raises(ModelError):
        run([RateLimitedError("slow down")])
