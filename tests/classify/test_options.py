"""When two records agree in all their options."""

import numpy as np
import pandas as pd
import pytest

from matcher.classify import differing_axes, known_axes, options_agree, say_the_same
from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.settings import Settings
from matcher.types import Pairs


def agree(first, second):
    frame = pd.DataFrame(
        [("a", "Tee", *first), ("b", "Tee", *second)], columns=["id", "title", "color", "size"]
    )
    catalogue = read_catalogue([pd.concat([frame, frame.assign(id=["c", "d"])])])
    settings = Settings()
    records = parse_records(catalogue, infer_schema(catalogue, settings), settings)
    number = {each: place for place, each in enumerate(records.ids)}
    pair = Pairs.from_unordered(*(pd.Series([number[each]]).to_numpy() for each in "ab"))
    return bool(options_agree(records, pair)[0])


def test_equal_options_agree():
    assert agree(("Red", "M"), ("red", "M"))


def test_an_option_that_neither_has_does_not_matter():
    assert agree(("Red", None), ("Red", None))


def test_an_option_that_one_has_is_not_agreement():
    assert not agree(("Red", "M"), ("Red", None))


def test_a_conflict_is_not_agreement():
    assert not agree(("Red", "M"), ("Red", "L"))


def test_records_without_options_do_not_agree_in_any():
    assert not agree((None, None), (None, None))


@pytest.fixture(scope="module")
def made():
    """Return offers whose values repeat, and all pairs of them."""
    random = np.random.default_rng(4)
    columns = {
        "title": ["Basic tee", "Tee basic", "Basic tee red", None],
        "color": ["red", "Red", "blue", None],
        "size": ["M", "L", None],
        "storage": ["64 GB", "65536 MB", None],
        "fabric": ["cotton", "wool", None],
        "gtin": ["4006381333931", None, None],
    }
    frame = pd.DataFrame({name: random.choice(said, 60) for name, said in columns.items()})
    frame.insert(0, "id", [f"o{number}" for number in range(60)])
    catalogue, settings = read_catalogue([frame]), Settings()
    records = parse_records(catalogue, infer_schema(catalogue, settings), settings)
    return records, Pairs(*(each.astype(np.int32) for each in np.triu_indices(60, 1)))


def says_the_same(records, left, right):
    """Say what `say_the_same` says, one pair and one thing at a time."""
    words = [
        sorted(records.whole.terms[records.whole.indptr[one] : records.whole.indptr[one + 1]])
        for one in (left, right)
    ]
    with_column = {column.attribute.axis for column in records.columns}
    axes = [
        forms[left] == forms[right]
        and (forms[left] >= 0 or axis not in {*with_column, "color", "size"})
        for axis, forms in records.axis_values.items()
    ]
    columns = [
        column.forms[left] == column.forms[right]
        for column in records.columns
        if column.attribute.role == "identity"
    ]
    codes = [
        forms[left] == forms[right] or min(forms[left], forms[right]) < 0
        for forms in records.codes.values()
    ]
    return words[0] == words[1] and words[0] != [] and all((*axes, *columns, *codes))


def test_records_say_the_same_where_every_part_does(made):
    records, pairs = made
    both = [*zip(pairs.left, pairs.right, strict=True)]
    expected = [says_the_same(records, left, right) for left, right in both]
    assert any(expected)
    assert not all(expected)
    assert say_the_same(records, pairs).tolist() == expected


def test_options_agree_where_one_is_known_and_all_are_equal(made):
    records, pairs = made
    said = np.stack([*records.axis_values.values()])
    left, right = said[:, pairs.left], said[:, pairs.right]
    expected = (left == right).all(axis=0) & (left >= 0).any(axis=0)
    assert options_agree(records, pairs).tolist() == expected.tolist()


def test_a_bit_tells_which_axes_differ_and_which_are_known(made):
    records, pairs = made
    differing, known = differing_axes(records, pairs), known_axes(records)
    for axis in records.axes:
        bit = records.axis_bits([axis])
        expected = records.differs(axis, pairs.left, pairs.right)
        assert (differing & bit != 0).tolist() == expected.tolist()
        assert (known & bit != 0).tolist() == (records.axis_values[axis] >= 0).tolist()
