import numpy as np
import pandas as pd
import pytest
from blocking_helpers import assert_valid, build_records, listed

from matcher import extras
from matcher.blocking import RecordlinkageBlocker, pairs_from_multiindex, pairs_to_multiindex
from matcher.errors import MissingExtraError, RecordsError, SettingsError
from matcher.types import Pairs


def test_block_pairs_equal_values_and_leaves_out_empty_ones():
    recordlinkage = pytest.importorskip("recordlinkage")
    records = build_records(["drill", "saw", "drill", "", ""])
    blocker = RecordlinkageBlocker(recordlinkage.index.Block("title"), name="same-title")
    found = blocker.propose(records)
    assert listed(found.pairs) == [(0, 2)]
    assert found.report == {"records_without_key": 2}


def test_sorted_neighbourhood_is_not_blown_up_by_empty_keys():
    recordlinkage = pytest.importorskip("recordlinkage")
    records = build_records(["drill a", "drill b", "saw"] + [""] * 300)
    indexer = recordlinkage.index.SortedNeighbourhood("title", window=3)
    found = RecordlinkageBlocker(indexer).propose(records)
    assert_valid(found.pairs, records)
    assert listed(found.pairs) == [(0, 1), (1, 2)]


def test_an_indexer_of_the_user_sees_the_texts_of_both_tables():
    recordlinkage = pytest.importorskip("recordlinkage")

    class FirstLetter(recordlinkage.base.BaseIndexAlgorithm):
        def _link_index(self, df_a, df_b):
            pairs = [
                (a, b)
                for a, one in df_a["title"].items()
                for b, other in df_b["title"].items()
                if one[0] == other[0]
            ]
            return pd.MultiIndex.from_tuples(pairs)

    records = build_records(["drill", "saw", "dremel", "kettle"], n_left=2)
    found = RecordlinkageBlocker(FirstLetter()).propose(records)
    assert listed(found.pairs) == [(0, 2)]
    assert found.strength.tolist() == [1]


def test_a_table_of_empty_keys_yields_no_pairs():
    recordlinkage = pytest.importorskip("recordlinkage")
    records = build_records(["", "", "drill"], n_left=2)
    found = RecordlinkageBlocker(recordlinkage.index.Block("title")).propose(records)
    assert len(found.pairs) == 0


def test_an_unknown_column_is_named_with_the_nearest_one():
    recordlinkage = pytest.importorskip("recordlinkage")
    blocker = RecordlinkageBlocker(recordlinkage.index.Block("titel"))
    message = (
        r"recordlinkage: the indexer works by a column that is not an attribute, got 'titel'\. "
        r"Did you mean 'title'\? Use any of title\."
    )
    with pytest.raises(SettingsError, match=message):
        blocker.propose(build_records(["a", "b"]))


def test_a_missing_package_names_the_command_that_installs_it(monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(extras, "import_module", missing)
    with pytest.raises(MissingExtraError, match=r"pip install 'matcher\[recordlinkage\]'"):
        RecordlinkageBlocker(object()).propose(build_records(["a", "b"]))


def test_pairs_become_ids_and_ids_become_pairs_again():
    records = build_records(["a", "b", "c"], ids=["x", "y", "z"])
    pairs = Pairs(np.array([0, 1], np.int32), np.array([2, 2], np.int32))
    index = pairs_to_multiindex(pairs, records)
    assert index.names == ["left_id", "right_id"]
    assert index.tolist() == [("x", "z"), ("y", "z")]
    again = pairs_from_multiindex(index, records)
    assert listed(again) == listed(pairs)


def test_ids_in_reverse_order_and_repeated_pairs_give_one_pair():
    records = build_records(["a", "b"], ids=["x", "y"])
    index = pd.MultiIndex.from_tuples([("y", "x"), ("x", "y")])
    assert listed(pairs_from_multiindex(index, records)) == [(0, 1)]


def test_linked_tables_may_use_the_same_ids():
    records = build_records(["a", "b", "c", "d"], n_left=2, ids=["1", "2", "1", "2"])
    index = pd.MultiIndex.from_tuples([("1", "2"), ("2", "1")])
    assert listed(pairs_from_multiindex(index, records)) == [(0, 3), (1, 2)]


def test_unknown_ids_are_counted_and_named():
    records = build_records(["a", "b"], ids=["x", "y"])
    index = pd.MultiIndex.from_tuples([("x", "q"), ("x", "r")])
    message = r"pairs: 2 ids are not in the catalogue, first 'q', 'r'\. Give pairs of ids"
    with pytest.raises(RecordsError, match=message):
        pairs_from_multiindex(index, records)


def test_an_id_of_several_records_is_refused():
    records = build_records(["a", "b", "c"], ids=["x", "x", "y"])
    index = pd.MultiIndex.from_tuples([("x", "y")])
    with pytest.raises(RecordsError, match=r"pairs: 1 ids stand for several records, first 'x'\."):
        pairs_from_multiindex(index, records)
