"""Read a result folder back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import RecordsError
from matcher.output.spellings import as_text
from matcher.output.write import FORMATS, RUN_FILE

NEEDED = ("family_id", "title", "varies_by", "options")


@dataclass(frozen=True, slots=True)
class ResultTables:
    """The tables of a result, from memory or from its folder.

    Attributes
    ----------
    records : pa.Table
        Every input row with the columns that the result added.
    families : pd.DataFrame
        The table of families, texts without missing values.
    run : Mapping[str, Any]
        What is in ``run.json``.
    """

    records: pa.Table
    families: pd.DataFrame
    run: Mapping[str, Any]

    def column(self, name: str) -> pd.Series:
        """Return a column of ids as text: ``match_id``, ``family_id``, or ``record_id``.

        The last one is the column of the ids that the run used, or made; ``""`` is missing.
        """
        written = self.run["columns"].get(name)
        names = [written] if written else self.run["concepts"].get("id", [])
        if not names:
            return pd.Series([""] * self.records.num_rows, dtype=object)
        texts = pc.coalesce(*(as_text(self.records[one]) for one in names), "")
        return pd.Series(texts.to_pylist(), dtype=object)


def read_tables(folder: Path) -> ResultTables:
    """Read the records, the families and the run of a result folder.

    Raises
    ------
    RecordsError
        There is no result, or it is of an older version.
    """
    records, families = (_find(folder, name) for name in ("records", "families"))
    if not records or not families or not (folder / RUN_FILE).is_file():
        raise RecordsError(
            f"{folder}: holds no result, got no records, families or {RUN_FILE}. "
            "Give the folder that 'matcher dedupe --out' wrote."
        )
    run = json.loads((folder / RUN_FILE).read_text("utf-8"))
    found = _read(families).to_pandas().fillna("")
    missing = [name for name in NEEDED if name not in found]
    if missing or "concepts" not in run:
        raise RecordsError(
            f"{folder}: the result is of an older version, got no {(missing or ['concepts'])[0]}. "
            "Run 'matcher dedupe' again."
        )
    return ResultTables(_read(records), found, run)


def _find(folder: Path, name: str) -> Path | None:
    paths = [folder / f"{name}.{ending}" for ending in FORMATS]
    return next((path for path in paths if path.is_file()), None)


def _read(path: Path) -> pa.Table:
    """Return a table; the values of a CSV file are text, and an empty field is missing."""
    try:
        if path.suffix == ".parquet":
            from pyarrow import parquet

            return parquet.read_table(path)
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
        return pa.Table.from_pandas(frame, preserve_index=False)
    except (ValueError, OSError) as error:
        raise RecordsError(
            f"{path}: cannot be read as a table, got {error}. Run 'matcher dedupe' again."
        ) from error
