"""DESIGN section 3 on catalogues of real shops, where they are at hand (`MATCHER_DATA`)."""

import re
from itertools import pairwise

import pandas as pd
import pytest
from stdnum import ean

import matcher
from benchmarks.datasets import find

pytestmark = pytest.mark.slow

NAMES = ["magento_luma", "adventureworks_bikes", "flipkart_mobiles", "kct_menswear"]
N_RECORDS = 200  # a quarter of a second a run
PLAIN = re.compile(r"black|white|red|blue|green|yellow|xs|s|m|l|xl|\d+|\d+ gb")
"""Values that two shops cannot mean the same by and write differently."""


@pytest.fixture(scope="module", params=NAMES)
def data(request):
    found = find(f"offers-{request.param}")
    if not found.is_here:
        pytest.skip(f"{found.folder} is not here")
    return found


@pytest.fixture(scope="module")
def offers(data):
    """Return whole families of a shop, as many as a test has time for."""
    families = data.truth["family"].sort_values(kind="stable")
    return data.read("records").set_index("id").loc[families.index[:N_RECORDS]].reset_index()


@pytest.fixture(scope="module")
def chain(data, offers):
    """Return the axes that are ignored, ever more of them, and the results."""
    sets = [data.axes[:size] for size in range(len(data.axes) + 1)]
    return [(ignored, matcher.dedupe(offers, ignore=ignored)) for ignored in sets]


def is_nested(fine, coarse):
    """Return whether every group of `fine` lies inside one of `coarse`."""
    return len(set(zip(fine, coarse, strict=True))) == len(set(fine))


def plain(values):
    """Return the values of which nobody can doubt that two of them differ."""
    folded = values.str.strip().str.lower()
    return folded.where(folded.str.fullmatch(PLAIN))


def most_values(records, axis, group):
    """Return how many plain values of an axis a group has at most."""
    return plain(records[axis]).groupby(records[group]).nunique().max()


def exact_pairs(result):
    pairs = result.pairs[result.pairs["relation"] == "exact"]
    return set(zip(pairs["left_id"], pairs["right_id"], strict=True))


def test_groups_nest_and_hold_one_value_of_an_axis(data, chain):
    for ignored, result in chain:
        records = result.records
        assert is_nested(records["match_id"], records["family_id"])
        for axis in data.axes:
            assert most_values(records, axis, "match_id") == 1
            if axis not in ignored:
                assert most_values(records, axis, "family_id") == 1
    assert any(most_values(chain[-1][1].records, axis, "family_id") > 1 for axis in data.axes)


def test_conflicts_hold_against_a_model_that_says_yes_to_everything(data, offers):
    result = matcher.dedupe(offers, ignore=data.axes, threshold_exact=0.01, threshold_family=0.01)
    differs = result.pairs["differs_in"] != ""
    assert set(result.pairs["relation"][differs]) == {"variant"}
    assert (result.pairs["p_exact"][differs] == 0).all()
    assert max(most_values(result.records, axis, "match_id") for axis in data.axes) == 1


def test_where_nothing_is_ignored_there_are_no_variants_and_ignoring_more_adds_only_them(chain):
    nothing = chain[0][1]
    assert set(nothing.pairs["relation"]) <= {"exact", "different"}
    assert is_nested(nothing.records["family_id"], nothing.records["match_id"])
    for (_, fewer), (_, more) in pairwise(chain):
        assert exact_pairs(fewer) == exact_pairs(more)
        assert fewer.records["match_id"].equals(more.records["match_id"])
        assert is_nested(fewer.records["family_id"], more.records["family_id"])
        assert fewer.run["counts"]["families"] > more.run["counts"]["families"]


def test_neither_the_order_of_the_rows_nor_the_threads_change_a_byte(chain, offers):
    ignored, expected = chain[-1]
    shuffled = offers.sample(frac=1, random_state=0)
    found = matcher.dedupe(shuffled, ignore=ignored, threads=1)
    assert found.pairs.to_csv() == expected.pairs.to_csv()
    assert found.families.to_csv() == expected.families.to_csv()
    assert found.records.to_csv() == expected.records.loc[shuffled.index].to_csv()
    pd.testing.assert_frame_equal(found.records[offers.columns], shuffled)


def test_labels_of_people_are_kept(data, chain, offers):
    labels = pd.concat([data.read("labels_train"), data.read("labels_test")])
    ends = labels[["left_id", "right_id"]]
    labels = labels[ends.isin(offers["id"].tolist()).all(axis="columns")]
    assert len(labels) > 10
    result = matcher.dedupe(offers, ignore=chain[-1][0], labels=labels)
    match, family = (result.records.set_index("id")[name] for name in ("match_id", "family_id"))
    for one, other, told in labels[["left_id", "right_id", "relation"]].itertuples(index=False):
        assert (match[one] == match[other]) == (told == "exact")
        assert (family[one] == family[other]) == (told != "different")


def test_a_gtin_on_a_whole_family_is_reported_and_merges_nothing_that_conflicts(data, offers):
    families = offers["id"].map(data.truth["family"])
    numbers = [f"40063{number:07d}" for number in pd.factorize(families)[0]]
    gtins = [number + ean.calc_check_digit(number) for number in numbers]
    result = matcher.dedupe(offers.assign(gtin=gtins), ignore=data.axes)
    for axis in data.axes:
        assert most_values(result.records, axis, "match_id") == 1
    (notice,) = [each for each in result.run["notices"] if each["kind"] == "gtin_conflict"]
    guilty = {
        gtin
        for axis in data.axes
        for gtin, values in plain(offers[axis]).groupby(gtins)
        if len(set(values.dropna())) > 1
    }
    assert notice["count"] >= len(guilty) > 0
