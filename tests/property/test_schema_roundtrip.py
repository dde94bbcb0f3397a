"""Every formulation survives every way of writing it down, types and signs of zero included."""

import json

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from solvers.expression.nodes import RESERVED
from solvers.formulation import (
    Assumption,
    Cell,
    Constraint,
    Formulation,
    IndexSet,
    NamedExpression,
    Objective,
    Parameter,
    Term,
    Unused,
    Variable,
)
from solvers.schema import (
    canonical_json_schema,
    dumps,
    from_dict,
    from_wire,
    loads,
    to_dict,
    to_wire,
    wire_json_schema,
)

NASTY = st.sampled_from([
    "", " ", "yes", "no", "on", "off", "y", "true", "False", "null", "~", "1", "-1", "007", "0x1F", "1e5", "1.5", "+3",
    ".5", "5.", "1_000", "1:30", "2024-01-01", ".inf", ".nan", "NaN", "<<", "=", "- a", "a: b", "a #b", "#", "&a", "*a",
    "!t", "|", ">", "%", "@", "`", "{a}", "[a]", "a,b", "'", '"', "\\", "\n", "a\nb\n", "\ttab", "trail ",
    "\x85", "\u2028",
    "\ufeff", "é", "日本", "😀", "\x7f", "\x00", "\x1b", "?", "? a", "---", "...", "a\r\nb", "x" * 200, "1e400",
])
texts = NASTY | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
integers = st.integers(-(10**40), 10**40) | st.sampled_from([0, 1, 2**53 + 1, -(2**63), 10**300])
floats = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, -0.0, 1.0, 5e-324, 1e22, 1e16, 0.1])
labels = st.integers(-1000, 1000) | texts
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True).filter(lambda n: n not in RESERVED)
optional_text = st.none() | texts
many_texts = st.lists(texts, max_size=3).map(tuple)
values = st.none() | integers | floats | texts


def distinct(elements):
    """Distinct also where Python takes 1 and 1.0 for one; labels are integers or text, so `==` suffices."""
    return st.lists(elements, max_size=4, unique=True).map(tuple)


@st.composite
def index_sets(draw, name):
    dimension = draw(st.integers(1, 3))
    element = labels if dimension == 1 else st.tuples(*[labels] * dimension)
    kind = draw(st.sampled_from(["listed", "computed", "bound"]))
    return IndexSet(
        name, elements=draw(distinct(element)) if kind == "listed" else None,
        expr=draw(texts) if kind == "computed" else None, over=draw(many_texts) if kind == "computed" else (),
        within=draw(optional_text), dimension=dimension, bind=draw(optional_text), description=draw(texts),
        source=draw(many_texts),
    )


@st.composite
def parameters(draw, name, sets):
    axes = tuple(draw(st.lists(st.sampled_from(sets), max_size=2))) if sets else ()
    width = sum(s.dimension for s in axes)
    keys = draw(st.lists(st.tuples(*[labels] * width), max_size=4, unique=True))
    derived = not keys and draw(st.booleans())
    return Parameter(
        name, role=draw(st.sampled_from(["cost", "other"])), unit=draw(optional_text), axes=tuple(s.name for s in axes),
        cells=tuple(Cell(k, draw(values), draw(texts), draw(optional_text)) for k in keys),
        expr=draw(texts) if derived else None, over=draw(many_texts) if derived else (), values_in=draw(optional_text),
        default=draw(values), symmetric=draw(st.booleans()), nullable=draw(st.booleans()),
        by_position=tuple({s.name: 0 for s in axes if s.dimension == 1}) if draw(st.booleans()) else (),
        bind=draw(optional_text), description=draw(texts), source=draw(many_texts),
    )


@st.composite
def formulations(draw):
    count = st.integers(0, 2)
    pool = draw(st.lists(names, min_size=8, max_size=8, unique=True))
    sets = [draw(index_sets(n)) for n in pool[: draw(count)]]
    described = {"description": texts, "source": many_texts}
    return Formulation(
        draw(texts),
        Objective(
            draw(st.sampled_from(["min", "max"])),
            tuple(draw(st.builds(Term, st.just(n), texts, priority=st.integers(-5, 5), **described))
                  for n in pool[: draw(count)]),
            draw(optional_text), draw(texts),
        ),
        sets=tuple(sets),
        parameters=tuple(draw(parameters(n, sets)) for n in pool[2 : 2 + draw(count)]),
        variables=tuple(
            draw(st.builds(Variable, st.just(n), many_texts, st.sampled_from(["continuous", "semi-integer"]),
                           optional_text, optional_text, optional_text, **described))
            for n in pool[4 : 4 + draw(count)]
        ),
        expressions=tuple(
            draw(st.builds(NamedExpression, st.just(n), texts, many_texts, optional_text, **described))
            for n in pool[6 : 6 + draw(count)]
        ),
        constraints=tuple(
            draw(st.builds(Constraint, st.just(n), texts, many_texts, **described)) for n in pool[: draw(count)]
        ),
        assumptions=draw(st.lists(st.builds(Assumption, texts, texts), max_size=2).map(tuple)),
        unused=draw(st.lists(st.builds(Unused, texts, st.none() | integers | floats, texts), max_size=2).map(tuple)),
        asked=draw(many_texts), description=draw(texts),
    )


def same(a, b):
    """Equal in every type and sign too: 1 is not 1.0, -0.0 is not 0.0."""
    return a == b and repr(a) == repr(b)


CANONICAL = Draft202012Validator(canonical_json_schema())
WIRE = Draft202012Validator(wire_json_schema())


@settings(max_examples=150, deadline=None)
@given(formulations())
def test_canonical_dict_json_and_yaml_are_lossless(formulation):
    document = to_dict(formulation)
    CANONICAL.validate(document)
    assert same(from_dict(document), formulation)
    assert same(loads(dumps(formulation, "json"), "json"), formulation)
    assert same(loads(dumps(formulation, "yaml"), "yaml"), formulation)


@settings(max_examples=150, deadline=None)
@given(formulations())
def test_wire_form_is_lossless_and_valid(formulation):
    wire = to_wire(formulation)
    WIRE.validate(wire)
    assert same(from_wire(wire), formulation)
    assert same(from_wire(json.loads(json.dumps(wire))), formulation)


@settings(max_examples=80, deadline=None)
@given(formulations())
def test_written_text_means_the_same_to_other_readers(formulation):
    document = to_dict(formulation)
    assert repr(json.loads(dumps(formulation, "json"))) == repr(document)
    assert repr(yaml.safe_load(dumps(formulation, "yaml"))) == repr(document)


@settings(max_examples=50, deadline=None)
@given(formulations())
def test_writing_is_stable(formulation):
    for format in ("json", "yaml"):
        text = dumps(formulation, format)
        assert dumps(loads(text, format), format) == text
