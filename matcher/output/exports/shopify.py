"""Shopify's product CSV: the rows of one ``Handle`` are the variants of one product.

References: https://help.shopify.com/en/manual/products/import-export/using-csv
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from matcher.output.exports.offer import Family, Product, arranged, ask_for, cut
from matcher.output.exports.remarks import Remarks

MAX_OPTIONS, MAX_VARIANTS, MAX_TEXT = 3, 2048, 255
FIELDS = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Type"),
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value"),
    *("Option3 Name", "Option3 Value", "Variant SKU", "Variant Barcode", "Variant Price"),
    *("Image Src", "Variant Image"),
)
DEFAULT = "Default"


def shopify_rows(families: Iterable[Family], remarks: Remarks) -> Iterator[dict[str, str]]:
    """Yield the rows of a product file, a value for each of `FIELDS`.

    A product has at most three options (further axes are joined into the last one) and 2,048
    variants (larger families become several products).
    """
    currency = ""
    for family in arranged(families, remarks, default=DEFAULT):
        for product in family.members:
            ask_for(product, {"price": "missing_price"}, remarks)
            currency = currency or product.currency
            if product.currency not in ("", currency):
                remarks.add("several_currencies", product.id)
        for number, part in enumerate(_parts(family, remarks), 1):
            yield from _rows(part, number, remarks)


def _parts(family: Family, remarks: Remarks) -> Iterator[Family]:
    if len(family.varies_by) > MAX_OPTIONS:
        remarks.add("too_many_options", f"{family.id} ({', '.join(family.varies_by)})")
    if len(family.members) > MAX_VARIANTS:
        remarks.add("too_many_variants", f"{family.id} ({len(family.members)})")
    for start in range(0, len(family.members), MAX_VARIANTS):
        yield replace(family, members=family.members[start : start + MAX_VARIANTS])


def _rows(family: Family, number: int, remarks: Remarks) -> Iterator[dict[str, str]]:
    handle = make_handle(family) + (f"-{number}" if number > 1 else "")
    for at, product in enumerate(family.members):
        row = dict.fromkeys(FIELDS, "") | {
            "Handle": handle,
            **_option_fields(family, product, remarks),
            "Variant SKU": product.id,
            "Variant Barcode": product.gtin,
            "Variant Price": product.price,
            "Variant Image": product.image if family.varies_by else "",
        }
        if at == 0:
            row |= {
                "Title": cut(family.title, MAX_TEXT, remarks, family.id),
                "Body (HTML)": product.description,
                "Vendor": cut(product.brand, MAX_TEXT, remarks, product.id),
                "Type": product.category,
                "Image Src": product.image,
            }
        yield row


def _option_fields(family: Family, product: Product, remarks: Remarks) -> Mapping[str, str]:
    if not family.varies_by:
        return {"Option1 Name": "Title", "Option1 Value": "Default Title"}
    axes = family.varies_by
    groups = [(axis,) for axis in axes[: MAX_OPTIONS - 1]] + [axes[MAX_OPTIONS - 1 :]]
    fields = {}
    for number, group in enumerate(filter(None, groups), 1):
        value = " / ".join(product.options[axis] for axis in group)
        fields[f"Option{number} Name"] = " / ".join(map(option_name, group))
        fields[f"Option{number} Value"] = cut(value, MAX_TEXT, remarks, product.id, "cut_option")
    return fields


def option_name(axis: str) -> str:
    """Return an axis as a person reads it.

    Examples
    --------
    >>> option_name("neck_style")
    'Neck style'
    """
    return axis.replace("_", " ").capitalize()


def make_handle(family: Family) -> str:
    """Return the part of the address of a product: its title, and its id to keep it unique."""
    plain = unicodedata.normalize("NFKD", family.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")
    own = family.id if family.varies_by else family.members[0].id
    own = re.sub(r"[^a-z0-9]+", "-", own.lower()).strip("-")
    return f"{slug}-{own}".strip("-")
