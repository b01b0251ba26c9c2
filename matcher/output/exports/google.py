"""Google Merchant Center: a row for each product, variants joined by ``item_group_id``.

References: https://support.google.com/merchants/answer/7052112 (fields and their limits) and
https://support.google.com/merchants/answer/6324507 (item groups).
"""

from collections.abc import Iterable, Iterator

from matcher.output.exports.offer import Family, Product, alone, arranged, ask_for, cut
from matcher.output.exports.remarks import Remarks

VARIANT_FIELDS = {
    "color": 100,
    "size": 100,
    "material": 200,
    "pattern": 100,
    "age_group": 20,
    "gender": 20,
}
FIELDS = (
    *("id", "title", "description", "link", "image_link", "price", "brand", "gtin"),
    *("item_group_id", *VARIANT_FIELDS),
)
MAX_TITLE, MAX_DESCRIPTION = 150, 5000
WANTED = {
    "price": "missing_price",
    "url": "missing_link",
    "image": "missing_image",
    "description": "missing_description",
}


def google_rows(families: Iterable[Family], remarks: Remarks) -> Iterator[dict[str, str]]:
    """Yield the rows of a product feed, a value for each of `FIELDS`.

    Only color, size, material, pattern, age group and gender group variants; a family that varies
    by something else too is written as single products.
    """
    for family in arranged(_supported(families, remarks), remarks):
        for product in family.members:
            yield _row(family, product, remarks)


def _supported(families: Iterable[Family], remarks: Remarks) -> Iterator[Family]:
    for family in families:
        others = [axis for axis in family.varies_by if axis not in VARIANT_FIELDS]
        if others and len(family.members) > 1:
            remarks.add("unsupported_axis", f"{family.id} ({', '.join(others)})")
            yield from (alone(family, product) for product in family.members)
        else:
            yield family


def _row(family: Family, product: Product, remarks: Remarks) -> dict[str, str]:
    ask_for(product, WANTED, remarks)
    options = {
        name: cut(product.options.get(name, ""), limit, remarks, product.id, "cut_option")
        for name, limit in VARIANT_FIELDS.items()
    }
    return {
        "id": product.id,
        "title": cut(product.title, MAX_TITLE, remarks, product.id),
        "description": cut(product.description, MAX_DESCRIPTION, remarks, product.id),
        "link": product.url,
        "image_link": product.image,
        "price": f"{product.price} {product.currency}".strip(),
        "brand": product.brand,
        "gtin": product.gtin,
        "item_group_id": family.id if family.varies_by else "",
        **options,
    }
