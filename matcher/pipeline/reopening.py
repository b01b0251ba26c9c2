"""A result taken up again: its rows, how they are called, and their groups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.errors import RecordsError, first_three, nearest
from matcher.output import (
    PAIRS_SCHEMA,
    MatchResult,
    ResultTables,
    display_ids,
    read_pairs_among,
    read_tables,
)
from matcher.records import comparison_table, order_records
from matcher.settings import Settings, settings_of
from matcher.types import Catalogue, Longs, Schema

Strings = NDArray[np.object_]
ReadPairs = Callable[[Sequence[str]], pa.Table]

MOST_COMPARED_IDS = 20_000
"""Ids among which the nearest to an unknown one is looked for: 20,000 take half a second."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A result that is asked about its records.

    Attributes
    ----------
    catalogue : Catalogue
        The rows as they came in.
    settings : Settings
        Those of the run.
    run : Mapping[str, Any]
        What is in ``run.json``.
    ids, names : Strings
        Shape (n_rows,): the caller's own id of each row, and what ``pairs`` calls it.
    match, family : Strings
        Shape (n_rows,): ids of the groups.
    read_pairs : Callable[[Sequence[str]], pa.Table]
        Reads the listed pairs among records of these names.
    """

    catalogue: Catalogue
    settings: Settings
    run: Mapping[str, Any]
    ids: Strings
    names: Strings
    match: Strings
    family: Strings
    read_pairs: ReadPairs

    def find(self, name: str, *, is_left: bool) -> int:
        """Return the row of a record; in a link the one of its own table where both have the id.

        Raises
        ------
        RecordsError
            There is no such record.
        """
        rows = np.flatnonzero(self.names == name)
        if not len(rows):
            raise RecordsError(
                f"explain: there is no record {name!r} in the result.{_meant(name, self.names)} "
                "Give an id as the table of pairs has it."
            )
        if self.catalogue.is_link:
            own = rows[self.catalogue.parts[rows] == (0 if is_left else 1)]
            rows = own if len(own) else rows
        return int(rows[0])

    def rows_of(self, rows: Longs) -> dict[str, dict[str, int]]:
        """Return the row of each name, as the left and as the right record of a pair."""
        sides = {"left_id": rows, "right_id": rows}
        if self.catalogue.is_link:
            parts = self.catalogue.parts[rows]
            sides = {"left_id": rows[parts == 0], "right_id": rows[parts == 1]}
        return {
            side: dict(zip(self.names[each].tolist(), each.tolist(), strict=True))
            for side, each in sides.items()
        }

    def pairs_among(self, rows: Longs) -> list[tuple[int, int, dict[str, Any]]]:
        """Return the listed pairs among these rows, each with what was found."""
        places = self.rows_of(rows)
        found = self.read_pairs(self.names[rows].tolist()).to_pylist()
        return [
            (places["left_id"][pair["left_id"]], places["right_id"][pair["right_id"]], pair)
            for pair in found
            if pair["left_id"] in places["left_id"] and pair["right_id"] in places["right_id"]
        ]


def _meant(name: str, names: Strings) -> str:
    """Return the question whether a known id was meant; where ids repeat, one with its source."""
    ends = [one for one in names if one.endswith(f"/{name}")]
    if ends:
        return f" Did you mean {first_three(ends).replace(', ', ' or ')}?"
    known = names.tolist()
    if len(known) > MOST_COMPARED_IDS:
        known = [one for one in known if one[:2] == name[:2] and abs(len(one) - len(name)) < 3]
    return nearest(name, known[:MOST_COMPARED_IDS])


def reopen(result: MatchResult | str | PathLike[str]) -> Reopened:
    """Take up a result, or the folder that one was written into.

    Raises
    ------
    RecordsError
        The folder holds no result, or one of another version.
    """
    if isinstance(result, MatchResult):
        found = result

        def read_pairs(names: Sequence[str]) -> pa.Table:
            pairs = found.pairs
            among = pairs["left_id"].isin(names) & pairs["right_id"].isin(names)
            kept = pairs.loc[among, PAIRS_SCHEMA.names]
            return pa.Table.from_pandas(kept, PAIRS_SCHEMA, preserve_index=False)

        return _reopened(found.tables(), read_pairs, "result")
    folder = Path(result)
    tables = read_tables(folder)
    return _reopened(tables, lambda names: read_pairs_among(folder, names), str(folder))


def _reopened(tables: ResultTables, read_pairs: ReadPairs, where: str) -> Reopened:
    run = tables.run
    table = tables.records.drop_columns([*run["columns"].values()])
    counts = run.get("input_rows") or [table.num_rows]
    if sum(counts) != table.num_rows:
        raise RecordsError(
            f"{where}: the rows are not those of the run, got {table.num_rows:,} rows of inputs "
            f"of {first_three(counts)}. Give the files as 'matcher dedupe' wrote them."
        )
    names = run.get("input_names") or [str(number) for number in range(1, len(counts) + 1)]
    parts = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    catalogue = Catalogue(table, parts, tuple(names), run["job"] == "link", ())
    known = {name: value for name, value in run["settings"].items() if value is not None}
    settings = settings_of(known, where)
    ids, shown = _names(tables, catalogue, settings)
    return Reopened(
        catalogue=catalogue,
        settings=settings,
        run=run,
        ids=ids,
        names=shown,
        match=tables.column("match_id").to_numpy(object),
        family=tables.column("family_id").to_numpy(object),
        read_pairs=read_pairs,
    )


def _names(
    tables: ResultTables, catalogue: Catalogue, settings: Settings
) -> tuple[Strings, Strings]:
    """Return the id of each row, and what ``pairs`` calls it."""
    if made := tables.run["columns"].get("record_id"):
        column = pc.cast(tables.records[made], pa.string())
        names = np.asarray(column.to_numpy(), dtype=object)
        return names, names
    schema = Schema(settings.id, settings.source, ())
    order = order_records(catalogue, comparison_table(catalogue), schema)
    ids, names = np.empty((2, len(order.rows)), dtype=object)
    ids[order.rows] = order.ids
    names[order.rows] = display_ids(catalogue, order).to_numpy(zero_copy_only=False)
    return ids, names
