"""The large catalogue is the same every time, and its repetitions are other products."""

from pathlib import Path

import pandas as pd

from benchmarks.large import write_large

OFFERS = pd.DataFrame(
    {
        "id": ["1", "2"],
        "title": ["apple iphone 8 64gb", "Phone, 8 64 gb"],
        "vendor_id": ["v", "w"],
        "category": ["Phones", "Phones"],
    }
)
TRUTH = pd.Series(["x", "x"], index=["1", "2"])


def test_it_has_the_asked_size_and_the_same_bytes_every_time(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        texts.append(write_large(OFFERS, TRUTH, 25, tmp_path / name).read_bytes())
    assert texts[0] == texts[1]
    assert len(pd.read_csv(tmp_path / "one" / "records.csv")) == 25


def test_the_first_repetition_is_the_catalogue_and_the_next_is_of_other_products(
    tmp_path: Path,
) -> None:
    records = pd.read_csv(write_large(OFFERS, TRUTH, 4, tmp_path), dtype=str)
    truth = pd.read_csv(tmp_path / "truth.csv", dtype=str)
    assert records["title"].tolist()[:2] == OFFERS["title"].tolist()
    assert records["id"].tolist() == truth["id"].tolist() == ["0-1", "0-2", "1-1", "1-2"]
    assert truth["product_id"].tolist() == ["0-x", "0-x", "1-x", "1-x"]
    assert "64" not in records["title"][2]
