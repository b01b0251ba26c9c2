import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.records import (
    infer_schema,
    inspect_catalogue,
    parse_records,
    read_catalogue,
    write_settings,
)
from matcher.settings import (
    AttributeSettings,
    BlockingSettings,
    IgnoreByCategory,
    Settings,
    load_settings,
)

FRAME = {
    "id": ["1", "2", "3"],
    "Produkt Titel": ["a\nb # \x7f", 'c "quoted"', "d\\e"],
    "farbe": ["rot", "blau", "rot"],
    "näme.x": ["1 kg", "2 kg", None],
    "seller": ["s", "s", "s"],
    "leer": [None, None, None],
}


def round_trip(frame, chosen, path):
    catalogue = read_catalogue([pd.DataFrame(frame)])
    schema = infer_schema(catalogue, chosen)
    records = parse_records(catalogue, schema, chosen)
    write_settings(inspect_catalogue(catalogue, schema, records), chosen, path)
    loaded = load_settings(path)
    return schema, infer_schema(catalogue, loaded), loaded


@pytest.mark.parametrize(
    "chosen",
    [
        Settings(),
        Settings(ignore=()),
        Settings(
            ignore=("colour", "näme.x"),
            ignore_by_category=IgnoreByCategory("leer", {'a "b"': ("farbe",), "ä": ()}),
            at_most_one_per_source=True,
            one_to_one=True,
            threshold_exact=0.9,
            threshold_family=0.5,
            seed=7,
            threads=2,
            memory=8_000_000_000,
            attributes={"Produkt Titel": AttributeSettings("category", "axis", "kind")},
            blocking=BlockingSettings(5, 100, ("tokens",), "models/x", 0.25),
        ),
    ],
)
def test_written_settings_are_read_back_to_the_same_schema(chosen, tmp_path):
    before, after, loaded = round_trip(FRAME, chosen, tmp_path / "matcher.toml")
    assert after == before
    assert loaded.ignore_by_category == chosen.ignore_by_category
    for name in (
        "ignore",
        "threshold_exact",
        "threshold_family",
        "seed",
        "threads",
        "memory",
        "blocking",
    ):
        assert getattr(loaded, name) == getattr(chosen, name)
    assert loaded.at_most_one_per_source == chosen.at_most_one_per_source
    assert loaded.one_to_one == chosen.one_to_one


@settings(max_examples=30, deadline=None)
@given(
    name=st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8),
    value=st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
)
def test_any_column_name_and_value_can_be_written(tmp_path_factory, name, value):
    frame = {"id": ["1", "2"], name: [value, "other"]} if name != "id" else {"id": ["1", "2"]}
    path = tmp_path_factory.mktemp("settings") / "matcher.toml"
    before, after, _ = round_trip(frame, Settings(), path)
    assert after == before


def test_columns_are_described_in_comments(tmp_path):
    round_trip(FRAME, Settings(), tmp_path / "matcher.toml")
    text = (tmp_path / "matcher.toml").read_text(encoding="utf-8")
    assert "# 100% filled, 2 different: rot | blau" in text
    assert '[attributes."farbe"]\ntype = "color"\nrole = "axis"\naxis = "color"\n' in text


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "matcher.toml"
    round_trip(FRAME, Settings(), path)
    assert [file.name for file in tmp_path.iterdir()] == ["matcher.toml"]
