import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.records.models import find_models, models_in
from matcher.records.tokens import Runs, spell, split_joined, split_tokens


def models(texts, codes=()):
    text = pa.array(texts, pa.string())
    columns = [pa.array(column, pa.string()) for column in codes]
    terms, words = find_models(
        [split_joined(text)], [split_tokens(spell(text))], columns, len(texts)
    )
    found = [words[int(term)].as_py() for term in terms.terms]
    return [set(found[a:b]) for a, b in zip(terms.indptr[:-1], terms.indptr[1:], strict=True)]


def test_all_spellings_of_a_model_are_one():
    assert models(["tv lx-43m", "lx43m tv", "tv lx 43 m", "lx 43 m2"]) == [
        {"lx43m"},
        {"lx43m"},
        {"lx43m"},
        set(),
    ]


def test_a_model_with_spaces_counts_only_where_it_is_known():
    assert models(["lx 43 m", "fan 7 b"]) == [set(), set()]


def test_a_model_does_not_run_over_into_the_next_record():
    assert models(["lx", "43m", "lx43m"]) == [set(), set(), {"lx43m"}]


def test_code_columns_bring_models():
    assert models(["tv lx 43", None], [["lx-43", None]]) == [{"lx43"}, set()]


def test_prose_in_code_columns_brings_none():
    assert models(["tv", "tv"], [["windows 7", "ipad 10w usb power adapter"]]) == [set(), set()]


@pytest.mark.parametrize(
    "run",
    [
        "64gb",
        "15.6-inch",
        "10-pack",
        "1920x1080",
        "10th",
        "1080p",
        "v2.0",
        "2024-25",
        "a4",
        "sony",
        "pant-32-blue",
        "8-port",
        "3-way",
        "3-in-1",
        "1400spin",
        "1234",
        "black/white",
    ],
)
def test_what_describes_is_no_model(run):
    assert models_in(run) == []


@pytest.mark.parametrize(
    ("run", "found"),
    [
        ("kdl-40v4000", ["kdl40v4000"]),
        ("121066", ["121066"]),
        ("touring-3000", ["touring3000"]),
        ("bj-2c75-59", ["bj2c7559"]),
        ("dif04b1/dif04b1", ["dif04b1", "dif04b1"]),
        ("mz-5pa128/us", ["mz5pa128", "mz5pa128us"]),
    ],
)
def test_what_names_is_a_model(run, found):
    assert models_in(run) == found


@given(st.lists(st.text("abgix019-/._é²", min_size=1, max_size=9), min_size=1, unique=True))
def test_what_most_runs_are_is_told_as_models_in_tells_it(runs):
    terms, words = find_models(
        [Runs(np.arange(len(runs) + 1), np.arange(len(runs), dtype=np.int32), pa.array(runs))],
        [],
        [],
        len(runs),
    )
    found = [words[int(term)].as_py() for term in terms.terms]
    for run, start, stop in zip(runs, terms.indptr[:-1], terms.indptr[1:], strict=True):
        assert set(found[start:stop]) == set(models_in(run))
