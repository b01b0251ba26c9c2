"""Records as they came in, for those who explain or show them."""

from collections.abc import Mapping, Sequence
from math import nan

import numpy as np
import pyarrow as pa

from matcher.explanation import Offer
from matcher.output import shorten
from matcher.records import parse_gtin, read_concepts, read_ids, squash
from matcher.types import Records

MOST_BRANDED = 200
"""Records of a brand that are looked through for the way one of them writes it."""


def read_offers(
    table: pa.Table,
    compared: pa.Table,
    records: Records,
    concepts: Mapping[str, Sequence[str]],
    numbers: Sequence[int],
) -> list[Offer]:
    """Return records as they came in.

    Parameters
    ----------
    table, compared : pa.Table
        The rows as they came in, and as `matcher.records.comparison_table` gives them.
    records : Records
        The same, parsed.
    concepts : Mapping[str, Sequence[str]]
        From `matcher.records.find_concepts`.
    numbers : Sequence[int]
        The records.
    """
    rows = pa.array(records.rows[list(numbers)])
    read = read_concepts(table.take(rows), concepts).to_pylist()
    chosen = compared.take(rows)
    texts = {name: read_ids(chosen, [name]).to_pylist() for name in chosen.column_names}
    offers = []
    for nth, (number, said) in enumerate(zip(numbers, read, strict=True)):
        columns = {name: shorten(each[nth]) for name, each in texts.items() if each[nth]}
        source = int(records.sources[number])
        brand = shorten(said["brand"]) or _brand(table, records, concepts, number)
        offers.append(
            Offer(
                number=number,
                source=shorten(records.source_names[source]) if source >= 0 else "",
                title=shorten(said["title"]),
                brand=brand,
                codes=_codes(records, columns, concepts),
                price=nan if said["price"] is None else said["price"],
                currency=said["currency"] or "",
                columns=columns,
            )
        )
    return offers


def _brand(
    table: pa.Table, records: Records, concepts: Mapping[str, Sequence[str]], number: int
) -> str:
    """Return the brand of a record that names it in its title only, as another record has it."""
    if records.brands[number] < 0:
        return ""
    same = np.flatnonzero(records.brands == records.brands[number])[:MOST_BRANDED]
    read = read_concepts(table.take(pa.array(records.rows[same])), concepts)
    return shorten(next((name for name in read["brand"].to_pylist() if name), ""))


def _codes(
    records: Records, columns: Mapping[str, str], concepts: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Return the GTIN and the part number of a record, those that were compared, as it has them."""
    names = [column.attribute.name for column in records.columns if column.attribute.role == "code"]
    written = [(name, columns[name]) for name in names if name in columns]
    gtins, numbers = set(records.gtin_columns), set(concepts.get("sku", ()))
    valid = [text for name, text in written if name in gtins and parse_gtin(text).code]
    parts = [
        text for name, text in written if name not in gtins and name not in numbers and squash(text)
    ]
    found = {"gtin": valid[:1], "mpn": parts[:1]}
    return {kind: texts[0] for kind, texts in found.items() if texts}
