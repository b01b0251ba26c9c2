import numpy as np
import pyarrow as pa
import pytest

from matcher.records.quantities import number_quantities, parse_quantity, quantities_among
from matcher.records.text import normalize_text
from matcher.records.units import BY_SPELLING, DIMENSIONS, UNITS

PINT_BASE = {
    "storage": "mebibyte",
    "volume": "milliliter",
    "weight": "gram",
    "length": "millimeter",
    "power": "watt",
    "voltage": "volt",
    "charge": "milliampere_hour",
    "energy": "watt_hour",
    "frequency": "hertz",
    "current": "ampere",
    "time": "second",
}
PINT_NAMES = {
    "w": "watt",
    "kw": "kilowatt",
    "v": "volt",
    "kv": "kilovolt",
    "hz": "hertz",
    "khz": "kilohertz",
    "mhz": "megahertz",
    "ghz": "gigahertz",
    "kb": "kibibyte",
    "mb": "mebibyte",
    "gb": "gibibyte",
    "tb": "tebibyte",
    "floz": "fluid_ounce",
    "pt": "pint",
    "qt": "quart",
    "gal": "gallon",
    "cuft": "foot ** 3",
    "btu": "british_thermal_unit / hour",
    "ft": "foot",
    "yd": "yard",
    "amp": "ampere",
    "ma": "milliampere",
    "mah": "milliampere_hour",
    "ah": "ampere_hour",
    "wh": "watt_hour",
    "kwh": "kilowatt_hour",
    "hr": "hour",
    "min": "minute",
    "sec": "second",
}


@pytest.fixture(scope="module")
def registry():
    import pint

    return pint.UnitRegistry(cache_folder=None)


@pytest.mark.parametrize("unit", [u for u in UNITS if u.dimension in PINT_BASE])
def test_factors_are_those_of_pint(unit, registry):
    found = registry.Quantity(1, PINT_NAMES.get(unit.symbol, unit.symbol))
    assert found.to(PINT_BASE[unit.dimension]).magnitude == pytest.approx(unit.factor, rel=1e-6)


def test_units_are_spelled_as_normal_text_has_them():
    spellings = pa.array([*BY_SPELLING])
    texts, _ = normalize_text(spellings, 40)
    assert texts.to_pylist() == spellings.to_pylist()


def test_no_spelling_stands_for_two_units():
    spellings = [s for unit in UNITS for s in {unit.symbol, *unit.spellings}]
    twice = {s for s in spellings if spellings.count(s) > 1}
    assert all(BY_SPELLING[s].dimension == "pack" for s in twice)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *[("64gb", "65536mb"), ("3l", "3000ml"), ("1.5kg", "1500g"), ("30pk", "30ct")],
        *[("1tb", "1000gb"), ("1tb", "1024gb"), ("2to", "2tb"), ("64go", "64gb")],
    ],
)
def test_equal_quantities_have_equal_bases(one, other):
    first, second = parse_quantity(one), parse_quantity(other)
    assert first.base == second.base
    assert first.unit.dimension == second.unit.dimension


@pytest.mark.parametrize("token", ["", "gb", "64", "64gbx", "lx43m", "1.2.3gb", "64 gb", "5g"])
def test_other_tokens_are_no_quantities(token):
    assert parse_quantity(token) is None


def test_quantities_of_a_vocabulary_are_numbered_by_dimension_and_value():
    words = pa.array(["tv", "65536mb", "64gb", "1l", "0ghz", "3l"])
    found = number_quantities(quantities_among(words), len(words))
    assert found.terms.tolist() == [-1, 0, 0, 1, -1, 2]
    assert [DIMENSIONS[d] for d in found.dimensions] == ["storage", "volume", "volume"]
    assert np.array_equal(found.values, [65536, 1000, 3000])
