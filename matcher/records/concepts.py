"""The columns that stand for the usual ideas of a shop, by their names: title, price, picture."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.codes import parse_gtin
from matcher.records.frames import text_of
from matcher.records.missing import blank_missing
from matcher.records.names import meaning_of, plain_name
from matcher.records.numeric import parse_numbers
from matcher.types import Attribute


def find_concepts(
    attributes: Iterable[Attribute], merged: Mapping[str, str] = MappingProxyType({})
) -> dict[str, list[str]]:
    """Return the columns of every concept, the one that bears its very name first.

    Parameters
    ----------
    attributes : Iterable[Attribute]
        The attributes of a catalogue; unused ones stand for nothing.
    merged : Mapping[str, str]
        From `merged_columns`: columns of other inputs that were taken for one of these.

    Returns
    -------
    dict[str, list[str]]
        ``"title"``, ``"brand"``, ``"price"``, ``"gtin"``, ``"image"``, ... where there are such.

    Examples
    --------
    >>> names = ["list_price", "price", "Marke", "venue"]
    >>> find_concepts(Attribute(name, "text", "identity") for name in names)
    {'price': ['price', 'list_price'], 'brand': ['Marke']}
    """
    found: dict[str, list[str]] = {}
    for attribute in attributes:
        meaning = meaning_of(attribute.name)
        if meaning and attribute.role != "unused":
            others = [name for name, kept in merged.items() if kept == attribute.name]
            found.setdefault(meaning.concept, []).extend([attribute.name, *others])
    return {
        concept: sorted(names, key=lambda name: plain_name(name) != concept)
        for concept, names in found.items()
    }


TEXTS = ("title", "brand", "description", "category", "image", "url", "sku")
_CURRENCIES = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "円": "JPY",
    "元": "CNY",
    "₩": "KRW",
    "원": "KRW",
    "₹": "INR",
    "₽": "RUB",
    "\u0440\u0443\u0431": "RUB",  # roubles and hryvnias, as shops write them
    "₴": "UAH",
    "\u0433\u0440\u043d": "UAH",
    "zł": "PLN",
    "kč": "CZK",
    "₺": "TRY",
    "₪": "ILS",
    "฿": "THB",
    "₫": "VND",
}
_CODE = re.compile(r"\b[A-Z]{3}\b")


def read_concepts(table: pa.Table, concepts: Mapping[str, Sequence[str]]) -> pa.Table:
    """Return the columns of the usual ideas, read: what is spelt as missing is null.

    Parameters
    ----------
    table : pa.Table
        Rows with the columns as they came in.
    concepts : Mapping[str, Sequence[str]]
        From `find_concepts`; the first column that has a value counts.

    Returns
    -------
    pa.Table
        Columns `TEXTS`, ``gtin`` (valid ones, as GTIN-13 where that is enough), ``price`` (float64,
        null where there is none), ``currency`` (three letters).

    Examples
    --------
    >>> table = pa.table({"price": ["1526,99 EUR", "N/A"], "ean": ["4006381333931", "unknown"]})
    >>> read_concepts(table, {"price": ["price"], "gtin": ["ean"]}).select(
    ...     ["gtin", "price", "currency"]
    ... ).to_pylist()[0]
    {'gtin': '4006381333931', 'price': 1526.99, 'currency': 'EUR'}
    """

    def first(concept: str) -> pa.StringArray:
        names = [name for name in concepts.get(concept, ()) if name in table.column_names]
        texts = [blank_missing(text_of(table[name])) for name in names]
        return pc.coalesce(*texts) if texts else pa.nulls(table.num_rows, pa.string())

    price = first("price")
    lowered = pc.utf8_lower(price)
    columns = {name: first(name) for name in TEXTS}
    columns["gtin"] = _gtins(first("gtin"))
    columns["price"] = pa.array(parse_numbers(lowered), from_pandas=True)
    columns["currency"] = pc.coalesce(_currency(first("currency")), _currency(price))
    return pa.table(columns)


def _gtins(values: pa.StringArray) -> pa.StringArray:
    encoded = values.dictionary_encode()
    codes = [parse_gtin(value).code for value in encoded.dictionary.to_pylist()]
    short = [code.removeprefix("000000" if code[:6] == "000000" else "0") for code in codes]
    return pa.array([code or None for code in short], pa.string()).take(encoded.indices)


def _currency(values: pa.StringArray) -> pa.StringArray:
    """Return the currency that a value names by its code or its sign, else null."""
    # Prices differ, what stands around their digits hardly.
    around = pc.replace_substring_regex(values, r"[0-9.,'\s+-]+", " ").dictionary_encode()
    found = [_currency_of(signs) for signs in around.dictionary.to_pylist()]
    return pa.array(found, pa.string()).take(around.indices)


def _currency_of(text: str) -> str | None:
    code = _CODE.search(text.upper())
    named = (currency for sign, currency in _CURRENCIES.items() if sign in text.lower())
    return code[0] if code else next(named, None)
