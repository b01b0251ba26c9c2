import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.compiled import number_texts
from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.records.cores import find_cores, mark_brands
from matcher.records.terms import Rows
from matcher.settings import Settings

N_WORDS = 6
REPAIRED = np.array([0, 1, 0, 3, 3, 5], dtype=np.int32)  # 2 is a slip of 0, 4 one of 3
# Token, whether it is part of an option, whether of the brand.
TOKEN = st.tuples(st.integers(0, N_WORDS - 1), st.booleans(), st.booleans())


def rows(records):
    indptr = np.concatenate([[0], np.cumsum([len(record) for record in records])]).astype(np.int64)
    return Rows(indptr, np.array([term for record in records for term in record], dtype=np.int32))


def cores_of(records):
    flat = [token for record in records for token in record]
    found = find_cores(
        rows([[term for term, _, _ in record] for record in records]),
        np.array([option << 3 for _, option, _ in flat], dtype=np.uint32),
        np.array([brand for _, _, brand in flat], dtype=np.bool_),
        REPAIRED,
    )
    return [
        found.terms[start:stop].tolist()
        for start, stop in zip(found.indptr[:-1], found.indptr[1:], strict=True)
    ]


def core_of(record):
    said = [(term, brand) for term, option, brand in record if not option]
    bare = [term for term, brand in said if not brand] or [term for term, _ in said]
    return sorted({int(REPAIRED[term]) for term in bare})


@settings(deadline=None)
@given(st.lists(st.lists(TOKEN, max_size=5), max_size=6))
def test_a_core_is_what_is_left_without_options_and_brand_each_word_once(records):
    assert cores_of(records) == [core_of(record) for record in records]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(-1, 2), st.lists(st.integers(0, 3), max_size=5)), max_size=6),
    st.lists(st.sampled_from(["acme", "acme pro", "kite", "of kite"]), min_size=3, max_size=3),
)
def test_only_the_words_of_the_records_own_brand_are_marked(records, names):
    words = ["acme", "pro", "kite", "lamp"]
    title = rows([terms for _, terms in records])
    brands = np.array([brand for brand, _ in records], dtype=np.int32)
    expected = [
        brand >= 0 and words[term] in names[brand].split()
        for brand, terms in records
        for term in terms
    ]
    assert mark_brands(title, brands, names, pa.array(words)).tolist() == expected


def test_without_brands_nothing_is_marked():
    marked = mark_brands(rows([[0], [1]]), np.array([-1, -1], np.int32), [], pa.array(["a", "b"]))
    assert marked.tolist() == [False, False]


@pytest.fixture(scope="module")
def core():
    """Return the core of each title of a small catalogue of phones, as a number."""
    titles = [
        "Acme Galaxy S21 - Black, 64 GB",
        "Galaxy S21 white",
        "BLUE Acme S21 Galaxy",
        "Acme Galaxy S21 Plus - Black",
        "Acme",
        "black",
    ]
    frame = pd.DataFrame({"id": list("abcdef"), "title": titles, "brand": ["Acme"] * 6})
    catalogue = read_catalogue([frame])
    chosen = Settings(ignore=("color", "storage"))
    records = parse_records(catalogue, infer_schema(catalogue, chosen), chosen)
    return dict(zip(records.ids, number_texts(records.core).tolist(), strict=True))


def test_records_of_one_family_have_one_core_however_they_write_their_options(core):
    assert core["a"] == core["b"] == core["c"] >= 0


def test_a_word_more_is_another_core(core):
    assert core["d"] not in (core["a"], -1)


def test_a_title_of_nothing_but_its_brand_keeps_it_and_one_of_nothing_but_options_has_none(core):
    assert core["e"] >= 0
    assert core["f"] == -1
