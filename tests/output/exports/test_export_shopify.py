"""Shopify's product file: at most three options and 2,048 variants, each combination once."""

import pytest

from matcher.output.exports.remarks import Remarks
from matcher.output.exports.shopify import FIELDS, shopify_rows


@pytest.fixture
def export():
    def write(*families):
        remarks = Remarks("shopify")
        rows = list(shopify_rows(families, remarks))
        return rows, {notice.kind: notice.count for notice in remarks.notices()}

    return write


def options(row):
    return [row[f"Option{number} Value"] for number in (1, 2, 3)]


def test_variants_share_a_handle_and_the_first_row_tells_of_the_product(export, family):
    rows, notices = export(family("color", {"color": "Red"}, {"color": "Blue"}))
    assert {row["Handle"] for row in rows} == {"strider-f-abc"}
    assert [row["Title"] for row in rows] == ["Strider", ""]
    assert [row["Variant SKU"] for row in rows] == ["p0", "p1"]
    assert [options(row)[0] for row in rows] == ["Red", "Blue"]
    assert rows[0]["Option1 Name"] == "Color"
    assert tuple(rows[0]) == FIELDS
    assert notices == {}


def test_a_product_alone_has_the_default_title(export, family):
    rows, _ = export(family("", {"color": "Red"}))
    assert (rows[0]["Option1 Name"], options(rows[0])) == ("Title", ["Default Title", "", ""])
    assert rows[0]["Handle"] == "strider-3-p0"


def test_a_fourth_option_is_joined_into_the_third(export, family):
    axes = ("color", "size", "material", "neck_style")
    members = [dict(zip(axes, values, strict=True)) for values in ("abcd", "efgh")]
    rows, notices = export(family(";".join(axes), *members))
    assert rows[0]["Option3 Name"] == "Material / Neck style"
    assert [options(row) for row in rows] == [["a", "b", "c / d"], ["e", "f", "g / h"]]
    assert notices == {"too_many_options": 1}


def test_2049_variants_become_two_products(export, family):
    rows, notices = export(family("size", *({"size": str(at)} for at in range(2049))))
    handles = [row["Handle"] for row in rows]
    assert (handles.count("strider-f-abc"), handles.count("strider-f-abc-2")) == (2048, 1)
    assert rows[-1]["Title"] == "Strider"
    assert notices == {"too_many_variants": 1}


def test_2048_variants_are_one_product(export, family):
    rows, notices = export(family("size", *({"size": str(at)} for at in range(2048))))
    assert len({row["Handle"] for row in rows}) == 1
    assert notices == {}


def test_a_combination_stands_once_and_a_missing_option_is_the_default(export, family):
    members = [{"color": "Red"}, {"color": "Blue"}, {}, {}, {"color": "Red"}]
    rows, notices = export(family("color", *members))
    grouped = [options(row)[0] for row in rows if row["Handle"] == "strider-f-abc"]
    assert grouped == ["Red", "Blue", "Default"]
    assert [row["Option1 Value"] for row in rows[3:]] == ["Default Title"] * 2
    assert notices == {"default_option": 1, "same_options": 2}


def test_prices_in_another_currency_are_counted(export, family, product):
    (_, notices) = export(family("", {}), family("", {}, currency="USD"))
    assert notices == {"several_currencies": 1}
