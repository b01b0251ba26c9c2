"""Write a result as the file that a platform reads."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import SettingsError, nearest
from matcher.output.exports import amazon, google, shopify
from matcher.output.exports.offer import Family, ReadConcepts, make_families
from matcher.output.exports.remarks import Remarks
from matcher.output.exports.schema_org import schema_org_graph
from matcher.output.read import ResultTables
from matcher.output.write import write_file, write_json
from matcher.types import Notice

PLATFORMS = ("google", "schema.org", "shopify", "amazon")


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote, and what it could not write as it was found.

    Attributes
    ----------
    platform, path : str
        What the file is for, and where it is.
    n_products : int
        Products of the result that have a title: all of them are in the file.
    n_families : int
        Families of several products in the result.
    notices : tuple[Notice, ...]
        What was left out, cut or written apart from its family, and what the platform asks for
        and the catalogue lacks, each with its count.
    """

    platform: str
    path: str
    n_products: int
    n_families: int
    notices: tuple[Notice, ...]


def check_platform(name: str) -> str:
    """Return the platform, or say which ones exist.

    Raises
    ------
    SettingsError
        It is not one of `PLATFORMS`.
    """
    if name in PLATFORMS:
        return name
    raise SettingsError(
        f"to: unknown platform, got {name!r}. "
        f"Choose one of {', '.join(PLATFORMS)}.{nearest(name, PLATFORMS)}"
    )


def write_export(tables: ResultTables, read: ReadConcepts, to: str, path: Path) -> ExportReport:
    """Write a result for a platform: all of the file, or nothing.

    Parameters
    ----------
    tables : ResultTables
        The result.
    read : ReadConcepts
        How title, brand, price and so on are read from the records.
    to : str
        One of `PLATFORMS`.
    path : Path
        The file; an existing one is replaced.  Tabs are between the values where it ends in
        ``.tsv`` or ``.txt``, else commas.

    Raises
    ------
    SettingsError
        Unknown platform, or a place that cannot be written.
    """
    remarks = Remarks(check_platform(to))
    families = make_families(tables, read, remarks)
    if to == "schema.org":
        graph = schema_org_graph(families, remarks)
        write_file(path, lambda new: write_json(graph, new))
    else:
        fields, rows = _rows(to, families, remarks)
        separator = "\t" if path.suffix.lower() in (".tsv", ".txt") else ","
        write_file(path, lambda new: _write_rows(new, fields, rows, separator))
    return ExportReport(
        platform=to,
        path=str(path),
        n_products=sum(len(family.members) for family in families),
        n_families=sum(len(family.members) > 1 for family in families),
        notices=remarks.notices(),
    )


def _rows(
    to: str, families: Sequence[Family], remarks: Remarks
) -> tuple[Sequence[str], Iterable[Mapping[str, str]]]:
    if to == "google":
        return google.FIELDS, google.google_rows(families, remarks)
    if to == "shopify":
        return shopify.FIELDS, shopify.shopify_rows(families, remarks)
    return amazon.amazon_fields(families), amazon.amazon_rows(families, remarks)


def _write_rows(
    path: Path, fields: Sequence[str], rows: Iterable[Mapping[str, str]], separator: str
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, restval="", delimiter=separator, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
