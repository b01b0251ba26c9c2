"""Write catalogues, chunk by chunk."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import default_rng
from pyarrow import csv

from benchmarks.lifelike.assortment import make_offers, make_products, make_series
from benchmarks.lifelike.offers import FAMILY_NUMBERS, OPTION_NUMBERS, Market, write_offers
from benchmarks.lifelike.sellers import N_SELLERS, make_sellers
from benchmarks.lifelike.vocabulary import SPREAD, read_vocabulary
from matcher.types import Bools, Longs

MOST_ROWS = 20_000_000  # five rows a series, and four million names of series
N_IDS = 10**10

LEADER_SHARE = 0.5
SAME_TITLES = 50_000
SAME_TITLE = "Assorted Electronics Item - See Description"
PLACEHOLDER_GTINS = 10_000
PLACEHOLDER_GTIN = "4000000000006"  # with a right check digit, as the ones that feeds are full of


def write_catalogue(n_rows: int, folder: Path, seed: int = 0, *, is_skewed: bool = False) -> Path:
    """Write ``records.csv`` and ``truth.csv`` with `n_rows` offers; the same bytes every time.

    A larger catalogue of the same seed holds the offers of a smaller one, by the same ids, and
    further products.  Offers of a product stand apart, within some ten thousand rows.

    Parameters
    ----------
    n_rows : int
        How many offers to write, at most 20 million.
    folder : Path
        An existing folder.
    seed : int
        Of everything random.
    is_skewed : bool
        Whether half of the series are of one brand, 50,000 titles are equal (at most half of them)
        and 10,000 offers have the same placeholder for a GTIN (at most a tenth).

    Returns
    -------
    Path
        That of ``records.csv``, with ``id,source,title,brand,price,gtin,category``; ``truth.csv``
        has ``id,product_id,family_id,series_id``.  The products of a family differ in a color or in
        a size of clothes or shoes, the families of a series in a digit of the model number, in one
        word or in a capacity.

    Raises
    ------
    ValueError
        More rows than names suffice for.
    """
    if not 0 < n_rows <= MOST_ROWS:
        raise ValueError(f"n_rows: must be from 1 to {MOST_ROWS:,}, got {n_rows:,}.")
    path = folder / "records.csv"
    writers: list[csv.CSVWriter] = []
    for tables in _chunks(n_rows, seed, is_skewed=is_skewed):
        if not writers:
            paths = (path, folder / "truth.csv")
            schemas = (table.schema for table in tables)
            writers = [csv.CSVWriter(*each) for each in zip(paths, schemas, strict=True)]
        for writer, table in zip(writers, tables, strict=True):
            writer.write_table(table)
    for writer in writers:
        writer.close()
    return path


def _chunks(n_rows: int, seed: int, *, is_skewed: bool) -> Iterator[tuple[pa.Table, pa.Table]]:
    written = chunk = 0
    while written < n_rows:
        random = default_rng([seed, 0, chunk])
        market = _make_market(chunk, seed, random, LEADER_SHARE if is_skewed else 0.0)
        rows = written + np.arange(len(market.product))
        records = pa.table({"id": _ids(rows), **write_offers(market, random)})
        if is_skewed:
            records = _skew(records, rows, n_rows)
        truth = pa.table({"id": records["id"], **_truth(market)})
        n = min(len(rows), n_rows - written)
        order = pa.array(random.permutation(n))
        yield records.take(order), truth.take(order)
        written, chunk = written + n, chunk + 1


def _make_market(chunk: int, seed: int, random: np.random.Generator, leader: float) -> Market:
    vocabulary = read_vocabulary()
    sellers = make_sellers(seed, len(vocabulary.praise), len(vocabulary.companies))
    series = make_series(chunk, vocabulary, random, leader)
    products = make_products(series, vocabulary, random)
    offers = make_offers(len(products.series), N_SELLERS, random)
    return Market(vocabulary, series, products, sellers, *offers)


def _ids(rows: Longs) -> pa.Array:
    """Return ids that say nothing about which rows are of one product."""
    return pc.utf8_lpad(pa.array(rows * SPREAD % N_IDS).cast(pa.string()), 10, "0")


def _truth(market: Market) -> dict[str, pa.Array]:
    series = market.series.number[market.products.series][market.product]
    family = series * FAMILY_NUMBERS + market.products.family[market.product]
    product = family * OPTION_NUMBERS + market.products.option[market.product]
    numbers = {"product_id": product, "family_id": family, "series_id": series}
    return {
        name: pc.binary_join_element_wise(name[0], pa.array(number).cast(pa.string()), "")
        for name, number in numbers.items()
    }


def _skew(records: pa.Table, rows: Longs, n_rows: int) -> pa.Table:
    """Return the records with equal titles and placeholders, evenly spread."""
    is_same = pa.array(_is_chosen(rows, min(SAME_TITLES, n_rows // 2), n_rows))
    has_placeholder = pa.array(_is_chosen(rows, min(PLACEHOLDER_GTINS, n_rows // 10), n_rows))
    titles = pc.if_else(is_same, SAME_TITLE, records["title"])
    gtins = pc.if_else(has_placeholder, PLACEHOLDER_GTIN, records["gtin"])
    records = records.set_column(records.schema.get_field_index("title"), "title", titles)
    return records.set_column(records.schema.get_field_index("gtin"), "gtin", gtins)


def _is_chosen(rows: Longs, n_chosen: int, n_rows: int) -> Bools:
    """Return whether each row is one of `n_chosen` that lie evenly among `n_rows`."""
    return (rows + 1) * n_chosen // n_rows > rows * n_chosen // n_rows
