"""DESIGN section 3 on random catalogues: what holds of one of them holds of all."""

from dataclasses import dataclass
from itertools import combinations

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matcher

MODELS = ["Acme Nova 5", "Acme Nova 5", "Acme Nova 6 Pro", "Bolt Zeta vest", None]
SPELLINGS = {
    "color": [["black", "Schwarz"], ["grey", "GRAY", "серый"], ["red"], ["white"]],
    "size": [["M", "medium"], ["XL", "x-large"], ["L"]],
    "storage": [["64 GB", "65536 MB", "64gb"], ["128 GB", "131072 MB"]],
}
AXES = tuple(SPELLINGS)
IN_TITLES = ("color", "storage")  # A size in a title counts only where many titles end in one.
EVER = {"threshold_exact": 0.01, "threshold_family": 0.01}  # a model that says yes to everything
THRESHOLDS = st.sampled_from([{}, EVER, {"threshold_family": 0.01}])
IGNORED = st.sets(st.sampled_from(AXES))


@dataclass(frozen=True)
class Drawn:
    """A catalogue, and for each axis the number of every record's value, None where unknown."""

    frame: pd.DataFrame
    values: dict[str, list[int | None]]

    def differ(self, axis, one, other):
        left, right = (self.values[axis][int(record_id[1:])] for record_id in (one, other))
        return left is not None and right is not None and left != right


@st.composite
def catalogues(draw, max_size=8):
    """Draw offers of a few models whose options stand in columns or in titles or nowhere."""
    in_columns = draw(st.sets(st.sampled_from(AXES)))
    rows, values = [], {axis: [] for axis in AXES}
    for number in range(draw(st.integers(2, max_size))):
        row = {"id": f"r{number}", "shop": draw(st.sampled_from("ns"))}
        said = []
        for axis in AXES:
            value = draw(st.one_of(st.none(), st.integers(0, len(SPELLINGS[axis]) - 1)))
            spelled = None if value is None else draw(st.sampled_from(SPELLINGS[axis][value]))
            if axis in in_columns:
                row[axis] = spelled
            elif axis in IN_TITLES and spelled:
                said.append(spelled)
            else:
                value = None
            values[axis].append(value)
        model = draw(st.sampled_from(MODELS))
        row["title"] = model and " ".join(draw(st.permutations([model, *said])))
        if model is None:
            for axis in set(IN_TITLES) - in_columns:
                values[axis][-1] = None
        row["price"] = draw(st.sampled_from([9.5, 10.0, None]))
        rows.append(row)
    return Drawn(pd.DataFrame(rows), values)


def examples(count):
    # A run takes a tenth of a second, so there are few, and the first ones wait for compilation.
    return settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def is_nested(fine, coarse):
    """Return whether every group of `fine` lies inside one of `coarse`."""
    return len(set(zip(fine, coarse, strict=True))) == len(set(fine))


def together(records, column):
    """Return all pairs of ids that have the same value in a column."""
    for _, ids in records.groupby(column)["id"]:
        yield from combinations(ids, 2)


@examples(15)
@given(catalogues(), IGNORED, THRESHOLDS)
def test_records_that_conflict_are_never_together(drawn, ignored, thresholds):
    result = matcher.dedupe(drawn.frame, ignore=sorted(ignored), **thresholds)
    records = result.records
    assert is_nested(records["match_id"], records["family_id"])
    for axis in AXES:
        assert not any(drawn.differ(axis, *pair) for pair in together(records, "match_id"))
        if axis not in ignored:
            assert not any(drawn.differ(axis, *pair) for pair in together(records, "family_id"))


@examples(15)
@given(catalogues(), IGNORED)
def test_pairs_conflict_where_two_known_values_differ_and_nowhere_else(drawn, ignored):
    frame = drawn.frame
    pairs = pd.DataFrame(combinations(frame["id"], 2), columns=["left_id", "right_id"])
    found = matcher.score(frame, pairs, ignore=sorted(ignored), **EVER)
    for row in found.itertuples():
        conflicts = {axis for axis in AXES if drawn.differ(axis, row.left_id, row.right_id)}
        if conflicts - ignored:
            assert (row.relation, row.p_different) == ("different", 1)
        elif conflicts:
            assert row.relation != "exact"
            assert row.p_exact == 0
        elif frame["title"][[int(row.left_id[1:]), int(row.right_id[1:])]].notna().all():
            assert row.p_exact > 0


@examples(8)
@given(catalogues(), THRESHOLDS, st.data())
def test_ignoring_more_only_adds_variants(drawn, thresholds, data):
    order = data.draw(st.permutations(AXES))
    chain = [
        matcher.dedupe(drawn.frame, ignore=sorted(order[:size]), **thresholds) for size in (0, 1, 3)
    ]
    nothing = chain[0]
    assert set(nothing.pairs["relation"]) <= {"exact", "different"}
    assert is_nested(nothing.records["family_id"], nothing.records["match_id"])
    for fewer, more in combinations(chain, 2):
        assert exact_pairs(fewer) <= exact_pairs(more)
        assert is_nested(fewer.records["match_id"], more.records["match_id"])
        assert is_nested(fewer.records["family_id"], more.records["family_id"])


def exact_pairs(result):
    pairs = result.pairs[result.pairs["relation"] == "exact"]
    return set(zip(pairs["left_id"], pairs["right_id"], strict=True))


@examples(10)
@given(catalogues(), IGNORED, THRESHOLDS, st.randoms(use_true_random=False), st.integers(1, 3))
def test_neither_the_order_of_the_rows_nor_the_threads_change_a_byte(
    drawn, ignored, thresholds, random, threads
):
    frame, options = drawn.frame, {"ignore": sorted(ignored), **thresholds}
    rows = random.sample(range(len(frame)), len(frame))
    one = matcher.dedupe(frame, threads=1, **options)
    other = matcher.dedupe(frame.iloc[rows].reset_index(drop=True), threads=threads, **options)
    for expected, found in ((one.pairs, other.pairs), (one.families, other.families)):
        assert found.to_csv() == expected.to_csv()
    assert other.records.to_csv(index=False) == one.records.iloc[rows].to_csv(index=False)


@examples(12)
@given(catalogues(), IGNORED, THRESHOLDS, st.data())
def test_labels_that_do_not_contradict_each_other_are_kept(drawn, ignored, thresholds, data):
    ids = drawn.frame["id"]
    product = {record_id: data.draw(st.integers(0, 3)) for record_id in ids}
    pairs = data.draw(st.lists(st.sampled_from([*combinations(ids, 2)]), unique=True, max_size=4))
    # Products 0 and 1 are a family, 2 and 3 another one.
    said = [(one, other, relation(product[one], product[other])) for one, other in pairs]
    labels = pd.DataFrame(said, columns=["left_id", "right_id", "relation"])
    result = matcher.dedupe(drawn.frame, labels=labels, ignore=sorted(ignored), **thresholds)
    match, family = (result.records.set_index("id")[name] for name in ("match_id", "family_id"))
    for one, other, told in said:
        assert (match[one] == match[other]) == (told == "exact")
        assert (family[one] == family[other]) == (told != "different")
    assert is_nested(match, family)
    found = {frozenset((row.left_id, row.right_id)): row for row in result.pairs.itertuples()}
    for one, other, told in said:
        row = found.get(frozenset((one, other)))
        # What is surely different is not listed.
        assert row is None if told == "different" else getattr(row, f"p_{told}") == 1


def relation(one, other):
    if one == other:
        return "exact"
    return "variant" if one // 2 == other // 2 else "different"


VALUE = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "N/A", "nan", "Ünï 漢字 🙂", "\t1.234,56", "<b>x</b>", "0012"]),
    st.text(max_size=4),
)
NUMBERS = st.one_of(st.floats(width=32), st.none())


@examples(10)
@given(st.data(), st.integers(1, 5))
def test_every_column_and_value_comes_out_as_it_went_in(data, n_rows):
    def column(values):
        return data.draw(st.lists(values, min_size=n_rows, max_size=n_rows))

    frame = pd.DataFrame(
        {
            "id": [f"r{number}" for number in range(n_rows)],
            "Title ": column(VALUE),
            "color": column(VALUE),
            "match_id": column(VALUE),
            "price": pd.array(column(NUMBERS), dtype="Float64"),
            "stock": column(st.integers(-9, 1 << 60)),
            "is new": column(st.booleans()),
        },
        index=data.draw(st.permutations(range(n_rows))),
    )
    before = frame.copy(deep=True)
    records = matcher.dedupe(frame).records
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(records[frame.columns], before)


@examples(10)
@given(catalogues(), IGNORED, st.data())
def test_an_equal_gtin_does_not_merge_what_conflicts_and_is_reported(drawn, ignored, data):
    codes = ["4006381333931", "9780306406157"]
    gtins = [data.draw(st.sampled_from([*codes, None])) for _ in drawn.frame["id"]]
    ids = drawn.frame["id"].tolist()
    guilty = {
        gtins[one]
        for one, other in combinations(range(len(ids)), 2)
        if gtins[one]
        and gtins[one] == gtins[other]
        and any(drawn.differ(axis, ids[one], ids[other]) for axis in AXES)
    }
    result = matcher.dedupe(drawn.frame.assign(gtin=gtins), ignore=sorted(ignored), **EVER)
    told = [notice for notice in result.run["notices"] if notice["kind"] == "gtin_conflict"]
    assert sum(notice["count"] for notice in told) == len(guilty)
    for one, other in together(result.records, "match_id"):
        assert not any(drawn.differ(axis, one, other) for axis in AXES)
        left, right = gtins[ids.index(one)], gtins[ids.index(other)]
        assert left == right or None in (left, right)
