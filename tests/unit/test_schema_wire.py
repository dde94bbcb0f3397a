"""The wire form is inside the strict subset, the published files are current, wrong wire documents are refused."""

import copy
from importlib import resources

import pytest
from jsonschema import Draft202012Validator

from solvers.errors import SchemaError
from solvers.schema import canonical_json_schema, from_dict, from_wire, to_wire, wire_json_schema
from solvers.schema.jsonschema import published

TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}
ALLOWED = {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf"}
DOCUMENT = {
    "name": "x", "objective": {"sense": "max", "terms": [{"name": "gain", "expr": "sum(p[i] * x[i] for i in s)"}]},
    "sets": [{"name": "s", "elements": ["a", 2]}, {"name": "e", "dimension": 2, "elements": [["a", 1]]},
             {"name": "empty", "elements": []}, {"name": "later"}],
    "parameters": [{"name": "p", "axes": ["s"], "values": {"a": 1, 2: 2.5}},
                   {"name": "q", "axes": ["e"], "values": [0]}],
    "variables": [{"name": "x", "over": ["i in s"]}],
}


def strictness_faults(node, level=1, path="$"):
    """What strict structured output would refuse, in its older and narrower reading."""
    faults = [f"{path}: keyword {k}" for k in node if k not in ALLOWED]
    if level > 5:
        faults.append(f"{path}: level {level}")
    for k, branch in enumerate(node.get("anyOf", ())):
        faults += strictness_faults(branch, level, f"{path}|{k}")
    if "anyOf" not in node and node.get("type") not in TYPES:
        faults.append(f"{path}: type {node.get('type')}")
    if node.get("type") == "object":
        if node.get("additionalProperties") is not False:
            faults.append(f"{path}: open")
        if set(node["required"]) != set(node["properties"]):
            faults.append(f"{path}: optional properties")
        for name, child in node["properties"].items():
            faults += strictness_faults(child, level + 1, f"{path}.{name}")
    if node.get("type") == "array":
        faults += strictness_faults(node["items"], level + 1, f"{path}[]")
    return faults


def count_properties(node):
    own = len(node.get("properties", {}))
    children = [*node.get("properties", {}).values(), *node.get("anyOf", ())]
    if "items" in node:
        children.append(node["items"])
    return own + sum(map(count_properties, children))


def test_wire_schema_is_in_the_strict_subset():
    schema = wire_json_schema()
    assert schema["type"] == "object"
    assert strictness_faults(schema) == []
    assert count_properties(schema) < 100


def test_the_checker_can_fail():
    schema = wire_json_schema()
    schema["properties"]["sets"]["items"]["required"].pop()
    schema["properties"]["cells"]["items"]["additionalProperties"] = True
    assert len(strictness_faults(schema)) == 2
    assert strictness_faults(canonical_json_schema())


def test_both_schemas_are_schemas():
    Draft202012Validator.check_schema(wire_json_schema())
    Draft202012Validator.check_schema(canonical_json_schema())


def test_published_files_are_current():
    folder = resources.files("solvers.schema")
    for name, text in published().items():
        assert folder.joinpath(name).read_text(encoding="utf-8") == text, "run python -m solvers.schema"


def test_canonical_schema_judges_as_the_reader_does():
    check = Draft202012Validator(canonical_json_schema()).is_valid
    good = {**DOCUMENT, "parameters": [{"name": "p", "values": [[1], [2]]}], "variables": [{"name": "x", "lower": 0}]}
    assert check(good)
    for fault in ({"foo": 1}, {"name": 3}, {"variables": [{"name": "a b"}]}, {"objective": {"sense": "minimise"}},
                  {"unused": [{"quote": "", "value": True}]}):
        assert not check({**good, **fault}), fault


def test_wire_distinguishes_empty_listed_and_undeclared_sets():
    f = from_dict(DOCUMENT)
    again = from_wire(to_wire(f))
    assert [s.elements for s in again.sets] == [("a", 2), (("a", 1),), (), None] and again == f


def _broken(change):
    wire = copy.deepcopy(to_wire(from_dict(DOCUMENT)))
    change(wire)
    return wire


@pytest.mark.parametrize(("change", "match"), [
    (lambda w: w["cells"][1].update(parameter="nope"), r"cells\[1\]\.parameter: 'nope'"),
    (lambda w: w["elements"][0].update(set="later"), r"elements\[0\]\.set: 'later'"),
    (lambda w: w["elements"][0].update(element=["a", "b"]), "not one label"),
    (lambda w: w["cells"][0].update(value=True), r"cells\[0\]\.value: true"),
    (lambda w: w["cells"][0].pop("quote"), r"cells\[0\]: the field 'quote' is missing"),
    (lambda w: w["cells"][0].update(extra=1), "unknown field 'extra'"),
    (lambda w: w["cells"].append(dict(w["cells"][0])), "given twice"),
    (lambda w: w.update(sense="minimize"), "did you mean 'min'"),
    (lambda w: w["variables"][0].update(name="sum"), "word of the expression language"),
    (lambda w: w.update(schema="formulate/9"), "formulate/1"),
])
def test_wrong_wire_documents_are_refused(change, match):
    with pytest.raises(SchemaError, match=match) as caught:
        from_wire(_broken(change))
    assert caught.value.remedy


@pytest.mark.parametrize("document", [None, [], "x", 3, {}, {"sets": {"$ref": "#"}}])
def test_things_that_are_no_wire_document(document):
    with pytest.raises(SchemaError):
        from_wire(document)
