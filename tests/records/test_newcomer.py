"""A record is parsed alone as it is among all others of its catalogue."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import matcher
from matcher.pipeline.word_book import Speller, WordBook
from matcher.records import (
    Learned,
    Lore,
    NewcomerParser,
    Options,
    Slips,
    comparison_table,
    infer_schema,
    lore_of,
    parse_and_learn,
    read_catalogue,
    texts_of,
)
from matcher.records.terms import document_frequency
from matcher.settings import Settings
from matcher.types import Records

SHIRTS = pd.DataFrame(
    {
        "id": [f"r{number}" for number in range(60)],
        "title": [
            f"{brand} {kind} shirt AB-{number % 7}00X {color}, {size}"
            for number, (brand, kind, color, size) in enumerate(
                [("Nord", "cotton", "navy blue", "M"), ("Sud & Co", "linen", "red", "XL")] * 30
            )
        ],
        "brand": ["Nord GmbH", None, "Sud & Co"] * 20,
        "color": ["navy blue", "red", None, "dark red", None, "rouge"] * 10,
        "size": ["M", None, "L"] * 20,
        "description": ["Color: navy; Size: M. Soft cotton of 200 g, made to last. " * 9, ""] * 30,
        "mpn": ["AB-100X", None, "ab 200 x"] * 20,
        "ean": ["4006381333931", "123", None, "04006381333931"] * 15,
        "price": ["1.299,50", "12,00", None] * 20,
        "capacity": ["2 l", None, "1500 ml"] * 20,
    }
)


@dataclass(frozen=True)
class Parsed:
    """A catalogue that is parsed, and what parses one more record."""

    rows: list[dict[str, str | None]]
    records: Records
    learned: Learned
    lore: Lore
    parser: NewcomerParser


def parsed(frame):
    catalogue = read_catalogue([frame])
    schema = infer_schema(catalogue, Settings())
    records, learned = parse_and_learn(catalogue, schema, Settings())
    lore = lore_of(catalogue, schema, records, learned)
    words = records.vocabulary.words
    frequency = document_frequency(records.whole.indptr, records.whole.terms, len(words))
    speller = Speller(WordBook.of(words), learned.repaired, Slips.of(words, frequency))
    are_models = WordBook.of(records.model_words).are_known
    parser = NewcomerParser(schema, lore, Options.of(lore), speller.repair, are_models)
    names = [each.name for each in schema.attributes]
    table = texts_of(comparison_table(catalogue), names).take(pa.array(records.rows))
    return Parsed(table.to_pylist(), records, learned, lore, parser)


@pytest.fixture(scope="module", params=["demo", "shirts", "without brands"])
def catalogue(request):
    if request.param == "demo":
        path = Path(matcher.__file__).parent / "demo" / "catalogue.csv"
        return parsed(pd.read_csv(path, dtype=str).iloc[:400])
    return parsed(SHIRTS if request.param == "shirts" else SHIRTS[["id", "title", "price"]])


def spelled(terms, words, number):
    found = terms.terms[terms.indptr[number] : terms.indptr[number + 1]]
    return [words[term] for term in found]


def test_texts_and_their_marks_are_those_of_the_run(catalogue):
    records, words = catalogue.records, catalogue.records.vocabulary.words.to_pylist()
    for number, row in enumerate(catalogue.rows):
        new = catalogue.parser.parse(row)
        for terms, own in ((records.title, new.title), (records.whole, new.whole)):
            assert list(own.tokens) == spelled(terms, words, number)
            marks = terms.axes[terms.indptr[number] : terms.indptr[number + 1]]
            assert list(own.bits) == marks.tolist()
        assert sorted(new.core) == sorted(spelled(records.core, words, number))


def test_models_quantities_brands_and_codes_are_those_of_the_run(catalogue):
    records, models = catalogue.records, catalogue.records.model_words.to_pylist()
    brands = [*(catalogue.lore.brands or {})]
    amounts = [
        (records.dimensions[dimension], float(value))
        for dimension, value in zip(
            records.quantity_dimensions, records.quantity_values, strict=True
        )
    ]
    for number, row in enumerate(catalogue.rows):
        new = catalogue.parser.parse(row)
        assert sorted(new.models) == sorted(spelled(records.models, models, number))
        assert sorted(new.quantities) == sorted(spelled(records.quantities, amounts, number))
        brand = records.brands[number]
        assert new.brand == (brands[brand] if brand >= 0 else "")
        assert {kind: kind in new.codes for kind in records.codes} == {
            kind: bool(codes[number] >= 0) for kind, codes in records.codes.items()
        }


def test_axes_and_columns_are_those_of_the_run(catalogue):
    records, names = catalogue.records, catalogue.learned.axes.names
    for number, row in enumerate(catalogue.rows):
        new = catalogue.parser.parse(row)
        for axis, forms in records.axis_values.items():
            known = names[axis][forms[number]] if forms[number] >= 0 else None
            _, form, is_vague = new.axes.get(axis, (axis, None, False))
            assert form == known or (is_vague and known is None)
        for column, cell in zip(records.columns, new.cells, strict=True):
            assert cell.text == column.text[number].as_py()
            np.testing.assert_equal(cell.value, column.values[number])


def test_forms_are_equal_where_those_of_the_run_are(catalogue):
    cells = [catalogue.parser.parse(row).cells for row in catalogue.rows]
    for place, column in enumerate(catalogue.records.columns):
        if column.attribute.type != "number":  # whose values are compared
            forms = [own[place].form for own in cells]
            assert len(set(zip(forms, column.forms.tolist(), strict=True))) == len(set(forms))


def test_what_a_catalogue_teaches_survives_json(catalogue):
    assert Lore.of(json.loads(json.dumps(catalogue.lore.to_dict()))) == catalogue.lore


def test_slips_of_new_words_are_repaired_and_models_of_the_catalogue_known():
    catalogue = parsed(SHIRTS)
    new = catalogue.parser.parse({"title": "Nord cottton shirt AB 100 X"})
    assert "cotton" in new.core
    assert "cottton" in new.title.tokens
    assert "ab100x" in new.models


def test_new_colors_are_found_although_no_record_has_them():
    new = parsed(SHIRTS[["id", "title", "price"]]).parser.parse({"title": "Nord shirt grün, M"})
    assert new.axes["color"][1] == "green"


@pytest.mark.parametrize(
    ("title", "color"),
    [("Nord shirt, gold", "gold"), ("Gold Nord shirt", None), ("Orange shirt silver", "silver")],
)
def test_words_that_are_often_something_else_are_colors_at_the_end_of_a_title(title, color):
    new = parsed(SHIRTS[["id", "title", "price"]]).parser.parse({"title": title})
    assert new.axes.get("color", (None, None))[1] == color


@pytest.mark.parametrize(
    ("title", "color"),
    [
        ("Black case for the white phone", None),
        ("Case for the white phone - black", "black"),
        ("White case black", "black"),
        ("Phone case black white", None),
        ("Red case for the white phone", None),
    ],
)
def test_of_several_colors_the_one_at_the_end_is_meant(title, color):
    titles = [f"{word} case for phone {n}x" for word in ("black", "white", "red") for n in range(9)]
    catalogue = parsed(pd.DataFrame({"id": map(str, range(28)), "title": [*titles, title]}))
    form = catalogue.records.axis_values["color"][catalogue.records.ids.tolist().index("27")]
    assert (catalogue.learned.axes.names["color"][form] if form >= 0 else None) == color
    found = catalogue.parser.parse({"title": title}).axes.get("color")
    assert (found[1] if found else None) == color


@pytest.mark.parametrize("title", ["Silver Nord shirt", "Nord shirt rot cotton"])
def test_words_that_the_catalogue_uses_as_colors_are_colors_wherever_they_stand(title):
    words = ["black", "white", "silver", "rot"]
    titles = [f"{words[n % 4]} Nord {n % 5} shirt cotton" for n in range(200)]
    frame = pd.DataFrame({"id": map(str, range(201)), "title": [*titles, title]})
    catalogue = parsed(frame)
    place = catalogue.records.ids.tolist().index("200")
    form = catalogue.records.axis_values["color"][place]
    known = catalogue.learned.axes.names["color"][form]
    assert known == ("silver" if "Silver" in title else "red")
    assert catalogue.parser.parse({"title": title}).axes["color"][1] == known


def test_numbers_inside_a_title_are_no_sizes_where_a_column_tells_sizes():
    sizes = ["36", "37", "38", "39", "40", "41"] * 30
    titles = [f"Nord {size} runner {n % 5} mesh" for n, size in enumerate(sizes)]
    taught = [size if n < 90 else None for n, size in enumerate(sizes)]
    frame = pd.DataFrame({"id": map(str, range(180)), "title": titles, "size": taught})
    records = parsed(frame).records
    assert {*records.ids[records.axis_values["size"] >= 0]} == {*map(str, range(90))}


def test_sizes_that_the_catalogue_uses_count_wherever_they_stand():
    sizes = ["36", "37", "38", "39", "40", "41"]
    titles = [f"Nord {size} runner {n % 5} mesh" for n in range(30) for size in sizes]
    new = ["Nord 38 runner 3 mesh", "Nord 40 mesh runner 38", "Nord 51 runner 3 mesh"]
    frame = pd.DataFrame({"id": map(str, range(183)), "title": [*titles, *new]})
    catalogue = parsed(frame)
    names = catalogue.learned.axes.names["size"]
    for number, known in zip(("180", "181", "182"), ("38", None, None), strict=True):
        form = catalogue.records.axis_values["size"][catalogue.records.ids.tolist().index(number)]
        assert (names[form] if form >= 0 else None) == known
        found = catalogue.parser.parse({"title": new[int(number) - 180]}).axes.get("size")
        assert (found[1] if found else None) == known


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"title": None},
        {"title": "\x00\u202e<script>alert(1)</script>"},
        {"title": "x" * 100_000, "description": "Color: " * 5_000},
        {"title": "\u65e5\u672c\u8a9e 5\u2033", "ean": "nan", "price": "1e999", "capacity": "-"},
        {"title": ": = - ", "color": ";;", "size": "0", "brand": "'", "mpn": "/", "ean": "\u0661"},
    ],
)
def test_hostile_records_are_parsed(row):
    new = parsed(SHIRTS).parser.parse(row)
    assert len(new.title.tokens) == len(new.title.bits)
