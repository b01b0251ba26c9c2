"""Amazon's rows: parents without an offer, children that name them and their theme."""

import pytest

from matcher.output.exports.amazon import amazon_fields, amazon_rows
from matcher.output.exports.remarks import Remarks


@pytest.fixture
def export():
    def write(*families):
        remarks = Remarks("amazon")
        rows = list(amazon_rows(families, remarks))
        return rows, {notice.kind: notice.count for notice in remarks.notices()}

    return write


def test_a_parent_without_an_offer_stands_before_its_children(export, family):
    members = [{"color": "Red", "size": "S"}, {"color": "Blue", "size": "M"}]
    (parent, *children), notices = export(family("color;size", *members))
    assert (parent["item_sku"], parent["parentage"]) == ("f-abc", "parent")
    assert not {"standard_price", "external_product_id", "parent_sku"} & set(parent)
    for child in children:
        assert child["parent_sku"] == "f-abc"
        assert child["parentage"] == "child"
        assert child["relationship_type"] == "Variation"
    assert {row["variation_theme"] for row in (parent, *children)} == {"ColorName-SizeName"}
    assert [child["color_name"] for child in children] == ["Red", "Blue"]
    assert notices == {}


def test_a_product_alone_has_neither_parent_nor_theme(export, family):
    (row,), _ = export(family("", {"color": "Red"}))
    assert not {"parentage", "parent_sku", "variation_theme"} & set(row)
    assert (row["standard_price"], row["external_product_id_type"]) == ("9.90", "EAN")


def test_an_axis_only_some_members_vary_in_is_not_in_the_theme(export, family):
    members = [{"color": "Red", "size": "S"}, {"color": "Red", "size": "M"}, {"color": "Blue"}]
    rows, notices = export(family("color;size", *members))
    assert [row.get("variation_theme", "") for row in rows] == ["SizeName"] * 3 + [""]
    assert notices == {"missing_option": 1}


def test_an_axis_without_a_usual_theme_is_written_under_its_own_name_and_counted(export, family):
    found = family("neck_style", {"neck_style": "V"}, {"neck_style": "crew"})
    rows, notices = export(found)
    assert rows[1]["neck_style"] == "V"
    assert rows[0]["variation_theme"] == "NeckStyle"
    assert amazon_fields([found])[-1] == "neck_style"
    assert notices == {"unusual_axis": 1}
