"""The data sets know the truth of their pairs, and say when they are not here."""

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.datasets import ALL, DataSet, choose, find
from matcher.types import DIFFERENT, EXACT, VARIANT


def ids(text: str) -> np.ndarray:
    return np.array(list(text), dtype=object)


def test_linked_pairs_are_exact_where_gold_names_them_in_this_direction(linked: DataSet) -> None:
    assert linked.relations(ids("001"), ids("100")).tolist() == [EXACT, DIFFERENT, EXACT]


def test_pairs_of_a_pool_are_exact_inside_a_cluster_and_never_variant(pool: DataSet) -> None:
    assert pool.relations(ids("12"), ids("34")).tolist() == [EXACT, DIFFERENT]


def test_offers_are_variants_only_where_all_kept_axes_agree(offers: DataSet) -> None:
    found = offers.relations(ids("aaac"), ids("bcdd"))
    assert found.tolist() == [EXACT, VARIANT, DIFFERENT, DIFFERENT]


def test_without_ignored_axes_every_product_is_a_family(offers: DataSet) -> None:
    found = replace(offers, ignore=()).relations(ids("aa"), ids("bc"))
    assert found.tolist() == [EXACT, DIFFERENT]


def test_true_pairs_of_a_pool_are_all_pairs_inside_clusters_once(pool: DataSet) -> None:
    assert sorted(pool.true_pairs()) == [("1", "2"), ("1", "3"), ("2", "3")]


def test_true_pairs_of_two_tables_are_those_of_gold(linked: DataSet) -> None:
    assert sorted(linked.true_pairs()) == [("0", "1"), ("1", "0")]


def test_order_of_the_sides_counts_between_two_tables_only(linked: DataSet, pool: DataSet) -> None:
    pairs = pd.DataFrame({"left_id": ["2", "1", "2"], "right_id": ["1", "2", "1"]})
    assert list(pool.index(pairs)) == [("1", "2")]
    assert list(linked.index(pairs)) == [("2", "1"), ("1", "2")]


def test_inputs_are_one_file_or_two(linked: DataSet, pool: DataSet, offers: DataSet) -> None:
    names = [[path.name for path in data.inputs] for data in (linked, pool, offers)]
    assert names == [["left.csv", "right.csv"], ["left.csv"], ["records.csv"]]
    assert [data.is_link for data in (linked, pool, offers)] == [True, False, False]
    assert [data.has_clusters for data in (linked, pool, offers)] == [False, True, True]


def test_ids_are_read_as_text_from_compressed_files_too(pool: DataSet) -> None:
    with gzip.open(pool.folder / "extra.csv.gz", "wt") as file:
        file.write("id,title\n007,NA\n")
    assert pool.read("extra").values.tolist() == [["007", "NA"]]


def test_a_missing_file_is_named(pool: DataSet) -> None:
    with pytest.raises(FileNotFoundError, match=r"pool: no file gold\.csv or gold\.csv\.gz"):
        pool.file("gold")


def test_absent_data_sets_are_skipped_with_a_word(
    data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data_folder / "dblp-acm").mkdir()
    assert [data.name for data in choose(["abt-buy", "dblp-acm"])] == ["dblp-acm"]
    assert capsys.readouterr().out == f"skipped abt-buy: not in {data_folder}\n"


def test_no_name_chooses_all(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert choose([]) == []
    assert capsys.readouterr().out.count("skipped") == len(ALL)


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(KeyError, match=r"got 'abt-bui'\. Did you mean 'abt-buy'\?"):
        find("abt-bui")
