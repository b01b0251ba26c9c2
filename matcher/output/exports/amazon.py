"""Rows as Amazon's listing templates have them: a parent without an offer, and its children."""

from collections.abc import Iterable, Iterator

from matcher.output.exports.offer import Family, Product, arranged, ask_for, cut
from matcher.output.exports.remarks import Remarks

THEMES = {  # of the templates; other axes are written under their own name
    "color": ("ColorName", "color_name"),
    "size": ("SizeName", "size_name"),
    "material": ("MaterialType", "material_type"),
    "pattern": ("PatternName", "pattern_name"),
    "flavor": ("FlavorName", "flavor_name"),
}
FIRST = (
    *("item_sku", "external_product_id", "external_product_id_type", "item_name", "brand_name"),
    *("product_description", "standard_price", "currency", "main_image_url"),
    *("parentage", "parent_sku", "relationship_type", "variation_theme"),
)
MAX_NAME, MAX_DESCRIPTION = 200, 2000
GTIN_TYPES = {8: "EAN", 13: "EAN", 14: "GTIN"}


def amazon_fields(families: Iterable[Family]) -> tuple[str, ...]:
    """Return the columns: the fixed ones, and one for each axis that occurs."""
    axes = dict.fromkeys(
        axis for family in families for product in family.members for axis in product.options
    )
    return (*FIRST, *(_field(axis) for axis in axes))


def amazon_rows(families: Iterable[Family], remarks: Remarks) -> Iterator[dict[str, str]]:
    """Yield the rows: single products, and parents followed by their children."""
    for family in arranged(families, remarks):
        if not family.varies_by:
            yield _product_row(family.members[0], remarks)
            continue
        if any(axis not in THEMES for axis in family.varies_by):
            remarks.add("unusual_axis", f"{family.id} ({', '.join(family.varies_by)})")
        theme = "-".join(_theme(axis) for axis in family.varies_by)
        yield _parent_row(family, theme, remarks)
        for product in family.members:
            yield _product_row(product, remarks) | {
                "parentage": "child",
                "parent_sku": family.id,
                "relationship_type": "Variation",
                "variation_theme": theme,
            }


def _parent_row(family: Family, theme: str, remarks: Remarks) -> dict[str, str]:
    head = family.members[0]
    return {
        "item_sku": family.id,
        "item_name": cut(family.title, MAX_NAME, remarks, family.id),
        "brand_name": head.brand,
        "product_description": cut(head.description, MAX_DESCRIPTION, remarks, family.id),
        "main_image_url": head.image,
        "parentage": "parent",
        "variation_theme": theme,
    }


def _product_row(product: Product, remarks: Remarks) -> dict[str, str]:
    wanted = {"price": "missing_price", "image": "missing_image"}
    ask_for(product, wanted, remarks)
    return {
        "item_sku": product.id,
        "external_product_id": product.gtin,
        "external_product_id_type": GTIN_TYPES.get(len(product.gtin), ""),
        "item_name": cut(product.title, MAX_NAME, remarks, product.id),
        "brand_name": product.brand,
        "product_description": cut(product.description, MAX_DESCRIPTION, remarks, product.id),
        "standard_price": product.price,
        "currency": product.currency,
        "main_image_url": product.image,
        **{_field(axis): value for axis, value in product.options.items()},
    }


def _theme(axis: str) -> str:
    return THEMES[axis][0] if axis in THEMES else axis.title().replace("_", "")


def _field(axis: str) -> str:
    return THEMES[axis][1] if axis in THEMES else axis
