"""A few values are normalised and cut by other means than many, to the same result."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcher
from matcher.records import text as text_module
from matcher.records.text import TITLE_LIMIT, normalize_text
from matcher.records.tokens import spell

LETTERS = "ab1250 '\"+x*-./,<>!éßяж½²gmlinozftcu\n\x00京"
FEW = text_module.FEW


def spelled(values):
    return spell(normalize_text(pa.array(values, pa.string()), TITLE_LIMIT)[0]).to_pylist()


def spelled_as_many(values, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(text_module, "FEW", -1)
        return spelled(values)


def test_titles_are_spelled_the_same_one_by_one(monkeypatch):
    demo = pd.read_csv(Path(matcher.__file__).parent / "demo" / "catalogue.csv", dtype=str)
    titles = demo["title"].dropna().tolist()
    assert len(titles) > FEW
    assert [spelled([one])[0] for one in titles] == spelled(titles)


@pytest.mark.parametrize(
    "value",
    [
        *("cola 6 x 330 ml", "pack of 12", "2 x 8 GB", "10 fl oz", "fl. oz", "cu ft", "6 Gb/s"),
        *("6 кг", "S21+", "я+*", "8GB+128GB", "8 1/2 in", "5' x 7' rug", '15.6" lcd'),
        *("men's", "<b>x</b> & y", "5'", "a\nb\tc"),
    ],
)
def test_what_patterns_look_for_is_spelled_the_same(value, monkeypatch):
    assert spelled([value]) == spelled_as_many([value], monkeypatch)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.none() | st.text(LETTERS, max_size=20), max_size=5))
def test_any_values_are_spelled_the_same(values):
    with pytest.MonkeyPatch.context() as patch:
        assert spelled(values) == spelled_as_many(values, patch)
