"""JSON-LD: product groups say in what they vary, products what they are."""

import json

import pytest

from matcher.output.exports.remarks import Remarks
from matcher.output.exports.schema_org import schema_org_graph


@pytest.fixture
def export():
    def write(*families):
        return json.loads(json.dumps(schema_org_graph(families, Remarks("schema.org"))))["@graph"]

    return write


def test_a_family_is_a_product_group_with_its_variants(export, family):
    members = [{"color": "Red", "storage": "64 GB"}, {"color": "Blue", "storage": "128 GB"}]
    (group,) = export(family("color;storage", *members))
    assert group["@type"] == "ProductGroup"
    assert group["productGroupID"] == "f-abc"
    assert group["variesBy"] == ["https://schema.org/color", "storage"]
    first = group["hasVariant"][0]
    assert (first["@type"], first["sku"], first["color"]) == ("Product", "p0", "Red")
    assert first["additionalProperty"] == [
        {"@type": "PropertyValue", "name": "storage", "value": "64 GB"}
    ]
    assert first["offers"] == {
        "@type": "Offer",
        "price": "9.90",
        "priceCurrency": "EUR",
        "url": "https://shop.example/a",
    }


def test_a_product_alone_is_a_product_and_missing_values_are_left_out(export, family):
    (node,) = export(family("", {}, price="", gtin="", brand="", image="", url=""))
    assert set(node) == {"@type", "sku", "name", "description", "category"}


def test_quotes_and_unicode_are_kept(export, family):
    (node,) = export(family("", {"color": "日本"}, title='12" "Löwe" 🦁'))
    assert (node["name"], node["color"]) == ('12" "Löwe" 🦁', "日本")
