"""Records as they came in, for explanations."""

from collections.abc import Mapping, Sequence
from math import nan

import pyarrow as pa

from matcher.explanation import Offer
from matcher.output import shorten
from matcher.records import comparison_table, read_concepts, read_ids
from matcher.types import Catalogue, Records

MOST_NAMED = 1_000
"""Records of one brand among which one that writes its name is looked for."""


def as_offers(
    catalogue: Catalogue,
    records: Records,
    numbers: Sequence[int],
    concepts: Mapping[str, Sequence[str]],
) -> list[Offer]:
    """Return records as they came in.

    Parameters
    ----------
    catalogue, records : Catalogue, Records
        The rows, and what was made of them.
    numbers : Sequence[int]
        Record numbers.
    concepts : Mapping[str, Sequence[str]]
        Which columns are the title, brand, price and so on.
    """
    rows = pa.array(records.rows[list(numbers)])
    read = read_concepts(catalogue.table.take(rows), concepts).to_pylist()
    compared = comparison_table(catalogue).take(rows)
    texts = {name: read_ids(compared, [name]).to_pylist() for name in compared.column_names}
    offers = []
    for nth, (number, said) in enumerate(zip(numbers, read, strict=True)):
        columns = {name: shorten(each[nth]) for name, each in texts.items() if each[nth]}
        source = int(records.sources[number])
        offers.append(
            Offer(
                number=number,
                source=shorten(records.source_names[source]) if source >= 0 else "",
                title=shorten(said["title"]),
                brand=shorten(said["brand"]) or _brand(catalogue, records, number, concepts),
                codes=_codes(records, columns, concepts, said["gtin"]),
                price=nan if said["price"] is None else said["price"],
                currency=said["currency"] or "",
                columns=columns,
            )
        )
    return offers


def _brand(
    catalogue: Catalogue, records: Records, number: int, concepts: Mapping[str, Sequence[str]]
) -> str:
    """Return the brand of a record that names it in its title only, as another record has it."""
    if records.brands[number] < 0:
        return ""
    same = records.rows[(records.brands == records.brands[number]).nonzero()[0][:MOST_NAMED]]
    read = read_concepts(catalogue.table.take(pa.array(same)), concepts)
    return shorten(next((name for name in read["brand"].to_pylist() if name), ""))


def _codes(
    records: Records,
    columns: Mapping[str, str],
    concepts: Mapping[str, Sequence[str]],
    gtin: str | None,
) -> dict[str, str]:
    """Return the GTIN and the part number of a record as it writes them."""
    others = {name for concept in ("gtin", "sku") for name in concepts.get(concept, [])}
    written = [
        (column.attribute.name, columns[column.attribute.name])
        for column in records.columns
        if column.attribute.role == "code" and column.attribute.name in columns
    ]
    parts = [text for name, text in written if name not in others]
    found = {"gtin": gtin or "", "mpn": parts[0] if parts else ""}
    if not gtin and written:  # a column of GTINs under another name
        found["gtin"] = written[0][1]
    return {kind: text for kind, text in found.items() if text}
