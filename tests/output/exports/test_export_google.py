"""Google's feed: a row for each product, groups by the attributes that it knows."""

import pytest

from matcher.output.exports.google import FIELDS, google_rows
from matcher.output.exports.remarks import Remarks


@pytest.fixture
def export():
    def write(*families):
        remarks = Remarks("google")
        return list(google_rows(families, remarks)), remarks.notices()

    return write


def kinds(notices):
    return {notice.kind: notice.count for notice in notices}


def test_variants_share_a_group_and_tell_their_options(export, family):
    rows, notices = export(family("color", {"color": "Red"}, {"color": "Blue"}))
    assert [(row["id"], row["item_group_id"], row["color"]) for row in rows] == [
        ("p0", "f-abc", "Red"),
        ("p1", "f-abc", "Blue"),
    ]
    assert rows[0]["price"] == "9.90 EUR"
    assert tuple(rows[0]) == FIELDS
    assert notices == ()


def test_a_product_alone_has_no_group(export, family):
    rows, notices = export(family("", {"color": "Red"}))
    assert rows[0]["item_group_id"] == ""
    assert notices == ()


def test_a_family_that_varies_by_another_axis_is_written_as_single_products(export, family):
    members = [{"color": "Red", "storage": "64 GB"}, {"color": "Red", "storage": "128 GB"}]
    rows, (notice,) = export(family("storage", *members))
    assert [row["item_group_id"] for row in rows] == ["", ""]
    assert notice.message == (
        "google: 1 families vary by what the platform does not group by, first "
        "'f-abc (storage)'. They were written as single products."
    )


def test_products_with_a_missing_or_a_repeated_option_leave_their_group(export, family):
    colors = [{"color": "Red"}, {"color": "Blue"}, {"color": "Red"}, {}]
    rows, notices = export(family("color", *colors))
    assert [row["item_group_id"] for row in rows] == ["f-abc", "f-abc", "", ""]
    assert kinds(notices) == {"missing_option": 1, "same_options": 1}


def test_what_google_asks_for_and_the_catalogue_lacks_is_counted(export, family):
    lacking = dict.fromkeys(("image", "url", "price", "description"), "")
    _, notices = export(family("", {}, **lacking))
    assert set(kinds(notices)) == {
        *("missing_image", "missing_link", "missing_price", "missing_description")
    }


def test_long_texts_are_cut_and_counted(export, family):
    long = family("", {"color": "r" * 101}, title="t" * 151, description="d" * 5001)
    rows, notices = export(long)
    assert [len(rows[0][name]) for name in ("title", "description", "color")] == [150, 5000, 100]
    assert kinds(notices) == {"cut_text": 2, "cut_option": 1}
