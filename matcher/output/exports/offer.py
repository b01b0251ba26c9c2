"""Families and their products, one row for each product, as every platform wants them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pyarrow as pa

from matcher.output.exports.remarks import Remarks
from matcher.output.read import ResultTables

ReadConcepts = Callable[[pa.Table, Mapping[str, Sequence[str]]], pa.Table]
"""Reads the columns of title, brand, price and so on; ``matcher.records`` knows how."""

OF_OFFER = ("price", "currency", "url")  # of one record together: a price is of one shop
MAX_ID = 40  # characters: Amazon's limit of a SKU; Google allows 50


@dataclass(frozen=True, slots=True)
class Product:
    """One product: what its records say of it together.

    Attributes
    ----------
    id : str
        The id of its fullest record, or its match id where that one cannot serve.
    title, brand, description, category, image, url, gtin, price, currency : str
        As in its fullest record, else in another one (but for price and link); ``""`` is missing.
    options : Mapping[str, str]
        Its known values of axes.
    """

    id: str
    title: str
    brand: str
    description: str
    category: str
    image: str
    url: str
    gtin: str
    price: str
    currency: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """Products that belong on one page.

    Attributes
    ----------
    id, title : str
        As in the table of families.
    varies_by : tuple[str, ...]
        The axes in which the members differ; empty for a product that stands alone.
    members : tuple[Product, ...]
        Its products.
    """

    id: str
    title: str
    varies_by: tuple[str, ...]
    members: tuple[Product, ...]


def make_families(tables: ResultTables, read: ReadConcepts, remarks: Remarks) -> list[Family]:
    """Return the families of a result; products without a title are left out."""
    products = {product["match_id"]: product for product in _product_rows(tables, read, remarks)}
    found = tables.families
    options = json.loads("[" + ",".join(found["options"]) + "]")
    columns = (found["family_id"], found["title"], found["varies_by"], options)
    families = []
    for family_id, title, varies_by, members in zip(*columns, strict=True):
        made = [_product(products[one["match_id"]], one) for one in members]
        for product in made:
            if not product.title:
                remarks.add("no_title", product.id)
        titled = tuple(product for product in made if product.title)
        axes = tuple(filter(None, varies_by.split(";")))
        if titled:
            families.append(Family(family_id, title or titled[0].title, axes, titled))
    return families


def _product(row: Mapping[str, Any], member: Mapping[str, str]) -> Product:
    options = {axis: value for axis, value in member.items() if axis != "match_id"}
    texts = {name: row[name] for name in Product.__dataclass_fields__ if name in row}
    return Product(**texts, options=options)


def _product_rows(
    tables: ResultTables, read: ReadConcepts, remarks: Remarks
) -> list[dict[str, Any]]:
    """Return the fields of every product: its fullest record, gaps filled from the others."""
    frame = read(tables.records, tables.run["concepts"]).to_pandas()
    frame["n_filled"] = frame.notna().sum(axis=1)
    frame["match_id"] = tables.column("match_id")
    frame["id"] = tables.column("record_id")
    order = ["match_id", "n_filled", "id"]
    frame = frame.sort_values(order, ascending=[True, False, True], kind="stable")
    heads = frame.drop_duplicates("match_id").set_index("match_id")
    joined = frame.groupby("match_id", sort=True).first()
    for name in (*OF_OFFER, "id"):
        joined[name] = heads[name]
    joined["price"] = ["" if price != price else f"{price:.2f}" for price in joined["price"]]
    joined = joined.astype(object).where(joined.notna(), "").reset_index()
    joined["id"] = _usable_ids(joined, remarks)
    for name in ("title", "brand", "category", "url"):
        joined[name] = [" ".join(text.split()) for text in joined[name]]
    joined["image"] = [next(iter(text.split()), "").strip(",;") for text in joined["image"]]
    rows: list[dict[str, Any]] = joined.to_dict("records")
    return rows


def _usable_ids(products: pd.DataFrame, remarks: Remarks) -> list[str]:
    ids, match_ids = products["id"], products["match_id"]
    is_bad = ids.duplicated(keep=False) | (ids == "") | (ids.str.len() > MAX_ID)
    for one in ids[is_bad]:
        remarks.add("unusable_id", one[:MAX_ID])
    return [match if bad else one for one, match, bad in zip(ids, match_ids, is_bad, strict=True)]


def arranged(families: Iterable[Family], remarks: Remarks, default: str = "") -> Iterator[Family]:
    """Yield the families whose members have different, known options, and the rest one by one.

    Parameters
    ----------
    families : Iterable[Family]
        Families of one and of several products.
    remarks : Remarks
        Gains why products were taken out of their family.
    default : str
        What a missing option is called; without it a product with a missing option stands alone.
    """
    for family in families:
        if len(family.members) == 1:
            yield alone(family, family.members[0])
        elif not family.varies_by:
            remarks.add("no_varying_option", family.id)
            yield from (alone(family, product) for product in family.members)
        else:
            yield from _apart(family, remarks, default)


def _apart(family: Family, remarks: Remarks, default: str) -> Iterator[Family]:
    kept: dict[tuple[str, ...], Product] = {}
    single = []
    for product in family.members:
        values = tuple(product.options.get(axis) or default for axis in family.varies_by)
        is_lacking = any(not product.options.get(axis) for axis in family.varies_by)
        if "" in values or values in kept:
            remarks.add("missing_option" if "" in values else "same_options", product.id)
            single.append(product)
            continue
        if is_lacking:
            remarks.add("default_option", product.id)
        named = dict(zip(family.varies_by, values, strict=True))
        kept[values] = replace(product, options={**product.options, **named})
    if len(kept) > 1:
        axes = zip(family.varies_by, zip(*kept, strict=True), strict=True)
        varies_by = tuple(axis for axis, values in axes if len(set(values)) > 1)
        yield replace(family, varies_by=varies_by, members=tuple(kept.values()))
    else:
        single = [*kept.values(), *single]
    yield from (alone(family, product) for product in single)


def alone(family: Family, product: Product) -> Family:
    """Return a product as a family of its own."""
    return replace(family, title=product.title, varies_by=(), members=(product,))


def cut(text: str, limit: int, remarks: Remarks, example: str, kind: str = "cut_text") -> str:
    """Return a text of at most `limit` characters."""
    if len(text) <= limit:
        return text
    remarks.add(kind, example)
    return text[: limit - 1].rstrip() + "…"


def ask_for(product: Product, wanted: Mapping[str, str], remarks: Remarks) -> None:
    """Count what a platform wants and a product lacks: fields, and the kinds of remarks."""
    for name, kind in wanted.items():
        if not getattr(product, name):
            remarks.add(kind, product.id)
    if product.price and not product.currency:
        remarks.add("missing_currency", product.id)
