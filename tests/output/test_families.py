"""Families show what their members share, how each differs, and what is odd about them."""

import json

import pandas as pd
import pytest

import matcher
from matcher.output.headline import strip_options


def offers(*rows, family="f"):
    """Offers of (product, color, size); all of one family."""
    frame = pd.DataFrame(rows, columns=["product", "color", "size"])
    return frame.assign(
        id=[f"{number:02}" for number in range(len(frame))],
        seller="one",
        title="Strider 3",
        family=family,
    )


def only(build, frame):
    (row,) = build(frame).families.to_dict("records")
    return row


@pytest.mark.parametrize(
    ("title", "words", "stripped"),
    [
        ("Strider 3 - Black - Nike", ["black"], "Strider 3 - Nike"),
        ("Strider 3, Black, Nike", ["black"], "Strider 3, Nike"),
        ("Strider 3 (Black / 42)", ["black", "42"], "Strider 3"),
        ("Strider 3 (Black, GTX)", ["black"], "Strider 3 (GTX)"),
        ("BLACK STRIDER 3 SIZE L", ["black", "l"], "STRIDER 3"),
        ("Strider 42 | Größe 42", ["42"], "Strider"),
        ("Pico 5 64 GB blue", ["64gb"], "Pico 5 blue"),
        ("Pico 5, 64GB, 164gb", ["64gb"], "Pico 5, 164gb"),
        ("Bottle 1,5 Liter green", ["1.5l"], "Bottle green"),
        ("Blackbird Black", ["black"], "Blackbird"),
        ("Mug CAFÉ noir", ["cafe", "noir"], "Mug"),
        ("Weißer Stuhl weiß", ["weiss"], "Weißer Stuhl"),
        ("FL10-Black-S", ["black", "s"], "FL10"),
        ("Black", ["black"], "Black"),
        ("신발 검정", ["검정"], "신발"),
        ("Shoe\x00 red", ["red"], "Shoe"),
        ("", ["red"], ""),
    ],
)
def test_option_words_are_taken_out_of_a_title_with_what_dangles(title, words, stripped):
    assert strip_options(title, words) == stripped


def test_a_very_long_title_keeps_its_tail():
    title = "shoe red " + "x" * 5000
    assert strip_options(title, ["red"]) == "shoe " + "x" * 5000


def test_members_and_their_options_are_listed(build):
    frame = offers(("p", "Navy", "M"), ("p", "navy", "M"), ("q", "Red", ""))
    family = only(build, frame)
    options = json.loads(family["options"])
    assert family["members"].split(";") == [option["match_id"] for option in options]
    assert [option.get("color") for option in options] == ["Navy", "Red"]
    assert [option.get("size") for option in options] == ["M", None]
    assert list(options[1]) == ["match_id", "color"]


def test_a_value_is_spelt_as_most_rows_of_the_family_do(build):
    rows = [("p", "navy", "S"), ("q", "NAVY", "M"), ("r", "navy", "L"), ("s", "Red", "L")]
    options = json.loads(only(build, offers(*rows))["options"])
    assert [option["color"] for option in options] == ["navy", "navy", "navy", "Red"]


def test_quotes_and_unicode_in_values_are_json(build):
    family = only(build, offers(("p", 'Bl"ä\\', "S"), ("q", "日本", "M")))
    assert [one["color"] for one in json.loads(family["options"])] == ['Bl"ä\\', "日本"]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([("p", "red", "S"), ("q", "red", "M"), ("r", "blue", "S")], ""),
        ([("p", "red", "S"), ("q", "red", "S"), ("r", "blue", "S")], "same_options"),
        ([("p", "red", "S"), ("q", "", "M")], ""),
        ([("p", "red", "S"), ("q", "blue", ""), ("r", "red", "M")], "missing_option"),
        ([("p", "", ""), ("q", "", "")], "missing_option"),
        (
            [("p", "red", ""), ("q", "red", "")],
            "same_options;missing_option;constant_axis:color",
        ),
        ([("p", "red", "S"), ("p", "red", "S")], ""),
    ],
)
def test_problems_of_options_are_named(build, rows, problems):
    assert only(build, offers(*rows))["problems"] == problems


def test_the_problems_do_not_depend_on_the_order_of_rows(build):
    frame = offers(("p", "red", "S"), ("q", "red", "S"), ("r", "blue", ""))
    pd.testing.assert_frame_equal(build(frame).families, build(frame[::-1]).families)


def test_titles_lose_the_words_in_which_members_differ_and_keep_the_others():
    frame = pd.DataFrame(
        [
            ("1", "Fjordlin Basic Crew T-Shirt Navy Size L", "Fjordlin", "Navy", "L"),
            ("2", "Fjordlin Basic Crew T-Shirt Navy Size M", "Fjordlin", "Navy", "M"),
            ("3", "Fjordlin Basic Crew T-Shirt Navy Size S", "Fjordlin", "Navy", "S"),
            ("4", "Bosch drill GSR 12V", "Bosch", "", ""),
        ],
        columns=["id", "title", "brand", "color", "size"],
    )
    families = matcher.dedupe(frame).families.set_index("n_products")
    assert families.loc[3, "title"] == "Fjordlin Basic Crew T-Shirt Navy"
    assert families.loc[3, "varies_by"] == "size"
    assert families.loc[1, "title"] == "Bosch drill GSR 12V"


def test_families_across_brands_and_categories_of_one_source_are_reported():
    rows = [
        ("1", "Strider 3 running shoe red", "Casca", "red", "Shoes"),
        ("2", "Strider 3 running shoe blue", "Casca", "blue", "Boots"),
    ]
    frame = pd.DataFrame(rows, columns=["id", "title", "brand", "color", "category"])
    labels = pd.DataFrame({"left_id": ["1"], "right_id": ["2"], "relation": ["variant"]})
    (found,) = matcher.dedupe(frame, labels=labels).families["problems"]
    assert found == "spans_categories"
