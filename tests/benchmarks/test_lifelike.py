"""Lifelike catalogues are the same every time, grow without repeating, and know their truth."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.random import default_rng

from benchmarks.lifelike import SAME_TITLE, write_catalogue
from benchmarks.lifelike.assortment import SERIES_PER_CHUNK, make_products, make_series
from benchmarks.lifelike.offers import model_numbers
from benchmarks.lifelike.vocabulary import N_SYLLABLES, invent_names, read_vocabulary
from benchmarks.lifelike.write import PLACEHOLDER_GTIN

ROWS = 60_000  # more than a chunk


def read(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    records, truth = (
        pd.read_csv(folder / name, dtype=str, keep_default_na=False, na_values=[""])
        for name in ("records.csv", "truth.csv")
    )
    return records, truth


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("lifelike")
    write_catalogue(ROWS, made)
    return made


@pytest.fixture(scope="module")
def tables(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    return read(folder)


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(
    folder: Path, tmp_path: Path
) -> None:
    for seed, is_same in ((0, True), (1, False)):
        write_catalogue(ROWS, tmp_path, seed)
        for name in ("records.csv", "truth.csv"):
            one, other = ((each / name).read_bytes() for each in (folder, tmp_path))
            assert (one == other) == is_same


def test_every_offer_has_an_id_of_its_own_and_a_place_in_the_truth(
    tables: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    records, truth = tables
    assert len(records) == ROWS
    assert records["id"].is_unique
    assert records["id"].tolist() == truth["id"].tolist()
    assert records["title"].str.strip().ne("").all()
    assert not records["title"].str.contains("  ").any()
    assert truth.groupby("product_id")["family_id"].nunique().max() == 1
    assert truth.groupby("family_id")["series_id"].nunique().max() == 1


def test_there_are_siblings_and_products_of_one_offer_and_of_several(
    tables: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    _, truth = tables
    assert truth.groupby("family_id")["product_id"].nunique().gt(1).mean() > 0.2
    assert truth.groupby("series_id")["family_id"].nunique().gt(1).mean() > 0.2
    n_offers = truth["product_id"].value_counts()
    assert 0.5 < n_offers.eq(1).mean() < 0.7
    assert 5 < n_offers.max() < 12


def test_no_column_gives_the_products_away(tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    records, truth = tables
    offers = records.merge(truth, on="id")
    assert 0.1 < offers["brand"].isna().mean() < 0.5
    assert 0.05 < offers["gtin"].notna().mean() < 0.25
    several = offers[offers["product_id"].duplicated(keep=False)]
    assert several.groupby("product_id")["title"].nunique().gt(1).mean() > 0.95
    by_gtin = offers.dropna(subset="gtin").groupby("gtin")["product_id"].nunique()
    assert 0 < by_gtin.gt(1).mean() < 0.05  # some are wrong


def test_a_larger_catalogue_has_the_offers_of_a_smaller_one_and_other_products(
    tables: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path
) -> None:
    write_catalogue(5000, tmp_path)
    small, large = (
        records.merge(truth, on="id").set_index("id") for records, truth in (read(tmp_path), tables)
    )
    pd.testing.assert_frame_equal(small, large.loc[small.index])
    further = large.drop(small.index)
    assert len(set(further["product_id"]) & set(small["product_id"])) <= 1  # the one that was cut


def test_model_numbers_and_names_of_different_series_differ() -> None:
    vocabulary, seen = read_vocabulary(), set()
    for chunk in (0, 1, 150):
        random = default_rng(chunk)
        series = make_series(chunk, vocabulary, random, 0.0)
        products = make_products(series, vocabulary, random)
        step = np.zeros(len(products.series), np.int64)
        _, middle, end = (part.to_pylist() for part in model_numbers(series, products, step))
        keys = {(a, b, c) for a, b, c in zip(middle, end, products.series, strict=True)}
        seen |= {(a, b) for a, b, _ in keys}
    assert len(seen) == 3 * SERIES_PER_CHUNK
    numbers = np.concatenate(
        [np.arange(50_000), np.arange(N_SYLLABLES**3 - 50_000, N_SYLLABLES**3)]
    )
    assert len(set(invent_names(numbers, 3).to_pylist())) == 100_000


def test_a_skewed_catalogue_has_one_brand_equal_titles_and_a_placeholder(tmp_path: Path) -> None:
    write_catalogue(ROWS, tmp_path, is_skewed=True)
    records, truth = read(tmp_path)
    assert records["id"].tolist() == truth["id"].tolist()
    assert records["title"].eq(SAME_TITLE).sum() == ROWS // 2  # 50,000 of larger ones
    assert records["gtin"].eq(PLACEHOLDER_GTIN).sum() == ROWS // 10
    brand = records["brand"].dropna().str.split().str[0]
    assert 0.4 < brand.value_counts(normalize=True).iloc[0] < 0.65


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="from 1 to 20,000,000, got 30,000,000"):
        write_catalogue(30_000_000, tmp_path)
