"""Units as people write them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.units import LITERAL, PURE, Unit, clash, parse_unit, singular


def _unit(text: str) -> Unit:
    found = parse_unit(text)
    assert found is not None, text
    return found


@pytest.mark.parametrize(("one", "other"), [
    ("kg", "kilograms"), ("hours", "h"), ("hours", "hrs"), ("dollar/case", "$ per case"), ("€/MWh", "euro per MWh"),
    ("m^2", "m²"), ("m^2", "square meters"), ("m2", "m**2"), ("ton-hours", "hour*ton"), ("person-days", "person*day"),
    ("10,000 yuan", "10000 yuan"), ("thousand dollars", "1000 $"), ("$/(unit*day)", "$ per unit per day"),
    ("kg of steel", "kg"), ("labor hours per unit", "hours"), ("units", "items"), ("%", "percent"), ("people", "person"),
    ("tons", "tonnes"), ("metric tons", "t"), ("1/h", "h^-1"), ("sq ft", "square feet"), ("KG", "kg"),
    ("dollars a day", "$/day"), ("gallons of milk per day", "gallon/day"), ("US dollars", "USD"), ("Minutes", "min"),
])
def test_the_same_unit_in_other_words(one: str, other: str) -> None:
    a, b = _unit(one), _unit(other)
    assert a.dims == b.dims
    assert a.nouns == b.nouns
    assert a.scale == pytest.approx(b.scale)


@pytest.mark.parametrize(("big", "small", "ratio"), [
    ("hours", "minutes", 60), ("tons", "kg", 1000), ("km", "m", 1000), ("week", "day", 7), ("MWh", "kWh", 1000),
    ("thousand dollars", "$", 1000), ("m^3", "liters", 1000), ("$", "cents", 100), ("ha", "m^2", 10_000),
    ("kg", "g", 1000), ("hours", "h", 1), ("ton-km", "kg*m", 1_000_000), ("$/kg", "$/ton", 1000), ("year", "months", 12),
])
def test_scales(big: str, small: str, ratio: float) -> None:
    a, b = _unit(big), _unit(small)
    assert a.dims == b.dims
    assert a.scale is not None
    assert b.scale is not None
    assert a.scale / b.scale == pytest.approx(ratio)
    assert clash(a, b) == ("scale" if ratio != 1 else None)


@pytest.mark.parametrize(("one", "other"), [
    ("kg", "dollar"), ("hours", "$"), ("$", "€"), ("km", "kg"), ("yuan", "hours"), ("$/kg", "$"), ("MW", "km"),
    ("$/hour", "kg/hour"), ("m", "m^2"),
])
def test_different_dimensions_clash(one: str, other: str) -> None:
    assert clash(_unit(one), _unit(other)) == "dimension"
    assert clash(_unit(other), _unit(one)) == "dimension"


@pytest.mark.parametrize(("one", "other"), [
    ("cases", "units"), ("dollar/case", "dollar"), ("hours", "hours per unit"), ("kg", "items"), ("people", "hours"),
    ("labor hours", "machine hours"), ("hours/week", "hours"), ("$ per month", "dollars"), ("tons per day", "tons"),
    ("chairs per day", "chairs"), ("%", "units"), ("%", "fraction"), ("gizmos", "%"),
    ("pounds", "kg"), ("ounces", "$"), ("calories", "kcal"), ("points", "hours"), ("unit", "m"),
])
def test_what_proves_nothing_does_not_clash(one: str, other: str) -> None:
    assert clash(_unit(one), _unit(other)) in (None, "noun")


def test_nouns_are_a_hint_at_most() -> None:
    assert clash(_unit("people"), _unit("kg")) == "mixed"
    assert clash(_unit("dollar"), _unit("cases")) == "mixed"
    assert clash(_unit("cases"), _unit("dollar/case")) == "mixed"
    assert clash(_unit("pallets"), _unit("tons")) is None
    assert clash(_unit("patients"), _unit("nurses")) == "noun"
    assert clash(_unit("patients"), _unit("patient")) is None


def test_a_period_left_out_still_shows_the_scale() -> None:
    assert clash(_unit("minutes"), _unit("hours/week")) == "scale"
    assert clash(_unit("hours"), _unit("hours/week")) is None


def test_percent_is_a_scale_of_its_own() -> None:
    assert clash(_unit("%") * _unit("$"), _unit("$")) == "percent"
    assert clash(_unit("%") * _unit("$"), _unit("%") * _unit("dollars")) is None
    assert clash((_unit("%") * _unit("$")).loosened(), _unit("$")) is None


def test_products_cancel() -> None:
    assert _unit("$/case") * _unit("cases") == _unit("$")
    assert (_unit("km/hour") * _unit("hours")).dims == _unit("km").dims
    assert _unit("m") ** 2 == _unit("m^2")
    assert _unit("kg") / _unit("kg") == PURE
    assert clash(_unit("hours/day") * _unit("days"), _unit("hours")) is None


@pytest.mark.parametrize("text", ["", " ", ")", "((", "m^", "^2", "m^99", "1e400", "a" * 10_000, "kg\x00", "°C", "(" * 60])
def test_what_is_no_unit_is_unknown(text: str) -> None:
    assert parse_unit(text) is None


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=60), st.lists(
    st.sampled_from(["kg", "per", "/", "*", "^", "2", "-", "(", ")", "%", "$", "of", "a", "hour", "bag", "1e9", "²"]),
    max_size=12).map(" ".join)))
def test_any_text_is_a_unit_or_unknown(text: str) -> None:
    found = parse_unit(text)
    if found is not None:
        assert clash(found, found) is None
        assert str(found)
        assert clash(found * found, found**2) is None


@settings(deadline=None)
@given(*[st.sampled_from(["kg", "ton", "$", "€", "hour", "minute", "case", "%", "$/kg", "km/h", "unit", "hours/week"])] * 2)
def test_clashes_are_symmetric_and_literals_never_clash(one: str, other: str) -> None:
    a, b = _unit(one), _unit(other)
    assert clash(a, b) == clash(b, a)
    assert clash(a, LITERAL) is None
    assert clash(a.loosened(), b) in (None, "dimension", "noun", "mixed")


@pytest.mark.parametrize(("plural", "one"), [
    ("boxes", "box"), ("batteries", "battery"), ("people", "person"), ("buses", "bus"), ("glasses", "glass"),
    ("trucks", "truck"), ("gas", "gas"), ("cargo ships", "cargo ship"), ("calories", "calorie"), ("classes", "class"),
])
def test_singulars(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_pint_is_imported_only_for_units_that_are_not_common() -> None:
    code = (
        "import sys; from solvers.check import check; from solvers.formulation import *; import solvers.units;"
        "f = Formulation('f', Objective('min', (Term('t', 'x'),)), variables=(Variable('x', unit='kg'),));"
        "assert check(f, units=False).ok; assert 'pint' not in sys.modules;"
        "assert check(f).units['x'] == 'kg'; assert 'pint' not in sys.modules;"
        "assert solvers.units.parse_unit('kilonewton').dims; assert 'pint' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
