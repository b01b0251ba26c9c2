"""Which columns and words look like axes, and what is told of it."""

import numpy as np
import pandas as pd
import pytest

from matcher.records import (
    LabelEvidence,
    infer_schema,
    inspect_catalogue,
    parse_records,
    read_catalogue,
    write_settings,
)
from matcher.settings import Settings, load_settings
from matcher.types import DIFFERENT, EXACT, VARIANT, Labels, Pairs

FINISHES = ("Matte", "Glossy", "Satin")


def inspect(frame, labels=None):
    catalogue = read_catalogue([pd.DataFrame(frame)])
    schema = infer_schema(catalogue, Settings())
    records = parse_records(catalogue, schema, Settings())
    return inspect_catalogue(catalogue, schema, records, labels)


def evidence(inspection, name):
    return next(each for each in inspection.axes if each.name == name)


@pytest.fixture(scope="module")
def paints():
    """Return ten paints in three finishes, written in titles, and in two tins, which are not."""
    return pd.DataFrame(
        [
            {
                "title": f"{finish} wall paint of kind{number}x",
                "brand": "Acme",
                "finish": finish,
                "tin": tin,
                "hall": f"Hall {number % 3}",
                "note": f"A long text, which says much of paint {number} and ends in {tin}.",
                "price": 9.5 + len(tin),
            }
            for number in range(10)
            for finish in FINISHES
            for tin in ("round", "square")
        ]
    ).assign(id=lambda frame: [f"r{number:02d}" for number in range(len(frame))])


@pytest.fixture(scope="module")
def inspection(paints):
    return inspect(paints)


def test_a_column_in_which_near_identical_records_differ_looks_like_an_axis(inspection):
    finish, tin = evidence(inspection, "finish"), evidence(inspection, "tin")
    assert str(finish) == "in 10 of 10 near-identical groups it differs (Matte, Glossy, Satin)"
    assert (finish.axis, finish.n_unique, finish.share, finish.looks_like_axis) == ("", 3, 1, True)
    assert str(tin) == "in 30 of 30 near-identical groups it differs (round, square)"


def test_a_column_that_goes_with_the_title_does_not_look_like_an_axis(inspection):
    hall = evidence(inspection, "hall")
    assert str(hall) == "in 0 of 30 near-identical groups it differs"
    assert not hall.looks_like_axis


def test_titles_brands_texts_and_offers_are_no_candidates(inspection):
    assert [each.name for each in inspection.axes] == ["finish", "tin", "hall"]


def test_a_known_axis_is_judged_too_also_by_values_that_stand_in_titles_only(paints):
    frame = paints.rename(columns={"finish": "color"}).assign(
        color=["Black", "Black", "White", "White", None, None] * 10,
        title=[
            f"{color} wall paint of kind{number}x"
            for number in range(10)
            for color in ("Black", "White", "White")
            for _ in range(2)
        ],
    )
    color = evidence(inspect(frame), "color")
    assert (color.axis, color.looks_like_axis) == ("color", True)
    assert str(color) == "in 10 of 10 near-identical groups it differs (Black, White)"


def test_numbers_and_quantities_are_taken_out_of_titles_too():
    rows = [
        (f"Acme lamp kind{n}x {w} W {v}", f"{w} W", v)
        for n in range(8)
        for w, v in ((5, 110), (5, 230), (9, 110))
    ]
    frame = pd.DataFrame(rows, columns=["title", "power", "volts"])
    frame["id"] = [f"r{number:02d}" for number in range(len(frame))]
    found = inspect(frame)
    assert str(evidence(found, "power")) == "in 8 of 8 near-identical groups it differs (5 W, 9 W)"
    assert str(evidence(found, "volts")) == (
        "in 8 of 8 near-identical groups it differs (110, 230)"
    )


def test_two_shops_that_write_a_value_in_two_ways_make_no_axis():
    rows = [
        (shop, f"paint kind{number}x", f"{shop}'s {number % 2}", color)
        for shop in ("north", "south")
        for number in range(10)
        for color in ("red", "blue")
    ]
    found = inspect(pd.DataFrame(rows, columns=["shop", "title", "shelf", "color"]))
    assert str(evidence(found, "shelf")) == "in 0 of 20 near-identical groups it differs"
    assert evidence(found, "color").n_differ == 20


def test_words_in_place_of_each_other_are_told_without_axes_numbers_and_slips():
    rows = [
        (f"Acme {word} shirt kind{number}x {size} {year}", size)
        for number in range(8)
        for word in ("home", "away")
        for size in ("S", "M")
        for year in (24, 25)
    ]
    rows.append(("Acme hmoe shirt kind1x S 24", "S"))
    found = inspect(pd.DataFrame(rows, columns=["title", "size"]))
    assert sorted(map(str, found.words)) == ["away (16: home)", "home (16: away)"]


def test_labels_of_variants_against_exact_ones_are_added_to_the_evidence(paints):
    frame = paints.assign(title=[f"paint {number} aa{number}b" for number in range(len(paints))])
    starts = np.arange(0, 60, 6, dtype=np.int32)
    pairs = Pairs.from_unordered(
        np.concatenate([starts, starts, starts]),
        np.concatenate([starts + 1, starts + 2, starts + 3]),
    )
    relations = np.tile(np.array([EXACT, VARIANT, DIFFERENT], np.int8), 10)
    found = inspect(frame, Labels(pairs, relations))
    finish, tin = evidence(found, "finish"), evidence(found, "tin")
    assert finish.labelled == LabelEvidence(10, 10, 10, 0)
    assert finish.looks_like_axis
    assert str(finish) == (
        "in 0 of 0 near-identical groups it differs; in 10 of 10 variant and 0 of 10 exact labels"
    )
    assert tin.labelled == LabelEvidence(10, 0, 10, 10)
    assert not tin.looks_like_axis


@pytest.mark.parametrize(
    ("counts", "speaks"),
    [((4, 4, 9, 0), False), ((5, 5, 9, 0), True), ((9, 9, 9, 9), False), ((10, 1, 9, 0), False)],
)
def test_labels_speak_for_an_axis_where_variants_differ_and_exact_pairs_do_not(counts, speaks):
    assert LabelEvidence(*counts).speaks_for_axis == speaks


def test_suggestions_are_comments_in_the_written_settings(inspection, tmp_path):
    path = tmp_path / "matcher.toml"
    write_settings(inspection, Settings(), path)
    written = path.read_text(encoding="utf-8")
    assert (
        '# [attributes."finish"] looks like an axis: in 10 of 10 near-identical groups it differs '
        '(Matte, Glossy, Satin)\n# To make it one: role = "axis"\n[attributes."finish"]\n'
    ) in written
    assert '[attributes."hall"] looks' not in written
    assert load_settings(path).attributes["finish"].role == "identity"


@pytest.mark.parametrize("frame", [{"id": [], "title": []}, {"id": ["a"], "price": [5]}])
def test_nothing_is_suggested_of_next_to_nothing(frame):
    found = inspect(frame)
    assert (found.axes, found.words) == ((), ())
