"""The variants benchmark asks one model for several ignore sets, and has a rule beside it."""

from pathlib import Path

import pandas as pd
import pytest

from benchmarks import variants
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal, read_newest
from benchmarks.strip_rule import strip_rule
from benchmarks.unseen import UnseenModels
from benchmarks.variants import NO_LABELS, WITH_LABELS, measure_variants


def make_offers(folder: Path, titles: list[str], **columns: list[str]) -> DataSet:
    folder.mkdir()
    ids = [f"o{number}" for number in range(len(titles))]
    records = pd.DataFrame({"id": ids, "title": titles, **columns})
    records.to_csv(folder / "records.csv", index=False)
    return DataSet(folder.name, ignore=("color",), axes=("color",))


def test_the_rule_groups_what_is_left_of_the_title_with_the_brand(data_folder: Path) -> None:
    data = make_offers(
        data_folder / "set",
        ["Zero 5 - Bronze Sky", "zero 5 (Red)", "Acme Zero 5", "Zero 6 Red", "Zero 5 Red"],
        brand=["Acme", "ACME", "Acme", "Acme", "Other"],
        color=["", "", "Bronze Sky", "", ""],
    )
    assert strip_rule(data)["family_id"].tolist() == [0, 0, 0, 1, 2]


def test_the_rule_leaves_a_kept_option_in_the_title(data_folder: Path) -> None:
    data = make_offers(data_folder / "set", ["Shirt Red XL", "Shirt Blue XL", "Shirt Red S"])
    assert strip_rule(data)["family_id"].tolist() == [0, 0, 1]


@pytest.fixture
def measured(data_folder: Path, offers: DataSet, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the results of a run whose models are names."""
    for name in ("labels_train", "labels_test"):
        (offers.folder / f"{name}.csv").write_text("left_id,right_id,relation\na,b,exact\n")
    monkeypatch.setattr(UnseenModels, "of", lambda _, data, seed: f"unseen {data.name} {seed}")
    monkeypatch.setattr(variants, "_taught", lambda _, data, seed: f"taught {data.name} {seed}")
    for name in ("variant_figures", "group_figures"):
        monkeypatch.setattr(variants, name, lambda data, model, seed: {"f1": len(data.ignore)})
    monkeypatch.setitem(variants.IGNORE_SETS, "offers", ((), ("color", "storage")))
    results = data_folder / "results"
    journals = (Journal.start("variants", results), Journal.start("ignore-sets", results))
    pool = DataSet("offers-absent")
    measure_variants([offers, pool], [0, 1], [NO_LABELS, WITH_LABELS], *journals)
    return results


def test_a_catalogue_has_a_line_for_the_rule_and_for_every_case(measured: Path) -> None:
    lines = read_newest("variants", measured)
    found = [(line["set"], line["case"], line["seeds"]) for line in lines]
    assert found == [
        ("offers", "rule", [0]),
        ("offers", "no labels", [0, 1]),
        ("offers", "with labels", [0, 1]),
    ]


def test_what_is_ignored_varies_and_the_model_does_not(measured: Path) -> None:
    lines = read_newest("ignore-sets", measured)
    assert [(line["case"], line["settings"]["ignore"]) for line in lines] == [
        ("no labels, nothing ignored", []),
        ("no labels, color + storage ignored", ["color", "storage"]),
        ("with labels, nothing ignored", []),
        ("with labels, color + storage ignored", ["color", "storage"]),
    ]
    assert [line["figures"]["f1"]["mean"] for line in lines] == [0, 2, 0, 2]
