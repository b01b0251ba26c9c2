"""The catalogue that ships with the package is lifelike, labelled and reproducible."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from stdnum import ean

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "matcher" / "demo"


@pytest.fixture(scope="module")
def offers() -> pd.DataFrame:
    return pd.read_csv(DEMO / "catalogue.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def truth() -> pd.DataFrame:
    return pd.read_csv(DEMO / "truth.csv", dtype=str)


def test_generator_writes_the_shipped_bytes(tmp_path):
    for folder in ("benchmarks", "matcher"):
        (tmp_path / folder).mkdir()
    for name in ("make_demo.py", "demo_products.toml"):
        (tmp_path / "benchmarks" / name).write_bytes((ROOT / "benchmarks" / name).read_bytes())
    subprocess.run([sys.executable, tmp_path / "benchmarks" / "make_demo.py"], check=True)
    for name in ("catalogue.csv", "truth.csv"):
        assert (tmp_path / "matcher" / "demo" / name).read_bytes() == (DEMO / name).read_bytes()


def test_every_offer_has_a_unique_id_and_a_truth(offers, truth):
    assert 400 <= len(offers) <= 600
    assert offers.id.is_unique
    assert offers.id.tolist() == truth.id.tolist()
    assert offers.seller.nunique() == 5


def test_products_nest_in_families_that_differ_in_color_and_size_only(truth):
    assert truth.groupby("product_id").family_id.nunique().max() == 1
    assert truth.groupby("family_id").product_id.nunique().gt(1).sum() >= 20


def test_most_gtins_are_valid_and_a_placeholder_is_shared(offers, truth):
    valid = offers.gtin.map(ean.is_valid)
    assert 0.5 <= valid.mean() <= 0.8
    placeholder = offers.gtin == "1234567890128"
    assert truth.product_id[placeholder].nunique() > 5


def test_sellers_write_in_their_own_style(offers):
    titles = offers.groupby("seller").title
    assert titles.agg(lambda text: text.str.isupper().all()).sum() == 1
    spellings = " ".join(offers.title)
    for spelling in ("OX-55K8", "OX 55 K 8", "ox55k8", "OX55K8", "6 x 330 ml", "6X330ML", "0,33l"):
        assert spelling in spellings
    assert offers.price.str.startswith("$").any()
    assert offers.price.str.fullmatch(r"\d\.\d{3},\d{2}").any()
    assert offers.description.str.contains("<li>").any()
    missing = Counter(value for column in ("brand", "gtin", "color") for value in offers[column])
    assert all(missing[spelling] for spelling in ("", "N/A", "-", "NULL", "null", "unknown"))
