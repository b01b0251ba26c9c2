"""JSON-LD of schema.org: a ``ProductGroup`` for each family, a ``Product`` for each product.

References: https://schema.org/ProductGroup and
https://developers.google.com/search/docs/appearance/structured-data/product-variants
"""

from collections.abc import Iterable, Iterator
from typing import Any

from matcher.output.exports.offer import Family, Product, arranged, ask_for
from matcher.output.exports.remarks import Remarks

PROPERTIES = ("color", "size", "material", "pattern")  # others are an additionalProperty


def schema_org_graph(families: Iterable[Family], remarks: Remarks) -> dict[str, Any]:
    """Return the document: product groups with their variants, and single products."""
    return {
        "@context": "https://schema.org/",
        "@graph": list(_nodes(arranged(families, remarks), remarks)),
    }


def _nodes(families: Iterable[Family], remarks: Remarks) -> Iterator[dict[str, Any]]:
    for family in families:
        variants = [_product(product, remarks) for product in family.members]
        if family.varies_by:
            yield _group(family, variants)
        else:
            yield from variants


def _group(family: Family, variants: list[dict[str, Any]]) -> dict[str, Any]:
    brands = {product.brand for product in family.members if product.brand}
    node: dict[str, Any] = {
        "@type": "ProductGroup",
        "productGroupID": family.id,
        "name": family.title,
        "variesBy": [
            f"https://schema.org/{axis}" if axis in PROPERTIES else axis
            for axis in family.varies_by
        ],
        "hasVariant": variants,
    }
    if len(brands) == 1:
        node["brand"] = {"@type": "Brand", "name": brands.pop()}
    return node


def _product(product: Product, remarks: Remarks) -> dict[str, Any]:
    ask_for(product, {"price": "missing_price"}, remarks)
    texts = {
        "name": product.title,
        "description": product.description,
        "category": product.category,
        "image": product.image,
        "url": product.url,
        "gtin": product.gtin,
        **{name: product.options.get(name, "") for name in PROPERTIES},
    }
    node: dict[str, Any] = {"@type": "Product", "sku": product.id}
    node |= {name: text for name, text in texts.items() if text}
    if product.brand:
        node["brand"] = {"@type": "Brand", "name": product.brand}
    others = [
        {"@type": "PropertyValue", "name": axis, "value": value}
        for axis, value in product.options.items()
        if axis not in PROPERTIES
    ]
    if others:
        node["additionalProperty"] = others
    if product.price:
        node["offers"] = _offer(product)
    return node


def _offer(product: Product) -> dict[str, str]:
    texts = {
        "price": product.price,
        "priceCurrency": product.currency,
        "url": product.url,
    }
    return {"@type": "Offer"} | {name: text for name, text in texts.items() if text}
