"""Whatever document is read, the outcome is a formulation that survives writing, or a SchemaError with a remedy."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.errors import SchemaError
from solvers.schema import dumps, from_dict, from_wire, loads, to_dict, to_wire

SEED = {
    "schema": "formulate/1", "name": "x",
    "sets": [{"name": "s", "elements": ["a", 2]}, {"name": "e", "dimension": 2, "elements": [["a", 1]]},
             {"name": "t", "expr": "range(1, n + 1)"}],
    "parameters": [{"name": "n", "values": 2},
                   {"name": "p", "axes": ["s", "t"], "values": {"a": [1, 2], "2": [3, None]}},
                   {"name": "q", "axes": ["e"], "cells": [{"key": ["a", 1], "value": 0.5, "quote": "half"}]}],
    "variables": [{"name": "v", "over": ["i in s"], "lower": 0}],
    "objective": {"sense": "min", "terms": [{"name": "cost", "expr": "sum(v[i] for i in s)"}]},
    "constraints": [{"name": "c", "expr": "v['a'] >= 1"}],
}
junk = st.recursive(
    st.sampled_from([None, True, False, 0, -1, 1.5, float("nan"), 10**400, "", "s", "t", "sum", "a b", "\ud800"]),
    lambda child: st.lists(child, max_size=2)
    | st.dictionaries(st.sampled_from(["name", "expr", "a", "key"]), child, max_size=2),
    max_leaves=4,
)


def places(node, path=()):
    yield path
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield from places(child, (*path, key))


def put(node, path, value, replace):
    if not path:
        return value
    copy = dict(node) if isinstance(node, dict) else list(node)
    key = path[0]
    if len(path) == 1 and not replace:
        del copy[key]
        if isinstance(copy, dict) and isinstance(value, str):
            copy[value] = node[key]
    else:
        copy[key] = put(node[key], path[1:], value, replace)
    return copy


def read_or_refused(read, document):
    try:
        formulation = read(document)
    except SchemaError as error:
        assert str(error) and error.remedy
        return
    assert repr(from_dict(to_dict(formulation))) == repr(formulation) == repr(from_wire(to_wire(formulation)))
    assert repr(loads(dumps(formulation))) == repr(formulation)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_document_is_read_or_refused(data):
    for read, seed in ((from_dict, SEED), (from_wire, to_wire(from_dict(SEED)))):
        path = data.draw(st.sampled_from(list(places(seed))))
        read_or_refused(read, put(seed, path, data.draw(junk), data.draw(st.booleans())))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.integers(0, 10_000), st.sampled_from(["yaml", "json"]))
def test_damaged_text_is_read_or_refused(splinter, position, format):
    text = dumps(from_dict(SEED), format)
    position %= len(text)
    read_or_refused(lambda t: loads(t, format), text[:position] + splinter + text[position + len(splinter):])


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("{}[]:-?,&*!|>'\"%@`# \n\tabc01.~<="), max_size=80))
def test_any_text_is_read_or_refused(text):
    read_or_refused(lambda t: loads(t, "yaml"), text)
    read_or_refused(lambda t: loads(t, "json"), text)
    read_or_refused(from_dict, text)
    read_or_refused(from_wire, json.loads(json.dumps({"name": text})))
