"""Read a result folder back."""

import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import RecordsError, first_three
from matcher.output.spellings import as_text
from matcher.output.write import FORMATS, RUN_FILE

RESULT_FORMAT = 1  # of result folders; a higher one is refused
BLOCK, LONGEST_ROW = 1 << 20, 1 << 28  # bytes of a CSV file that are read at a time
NEEDED = ("family_id", "title", "varies_by", "options")
PAIRS_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("left_id", "right_id", "relation")),
        *((name, pa.float64()) for name in ("p_exact", "p_variant", "p_different")),
    ]
)

FAMILIES_SCHEMA = pa.schema([("n_products", pa.int64()), ("n_records", pa.int64())])


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
        There is no result, or it is of an older or a newer version.
    """
    records, families = (_find(folder, name) for name in ("records", "families"))
    if not records or not families or not (folder / RUN_FILE).is_file():
        raise RecordsError(
            f"{folder}: holds no result, got no records, families or {RUN_FILE}. "
            "Give the folder that 'matcher dedupe --out' wrote."
        )
    run = read_run(folder)
    found = read_table(families).to_pandas().fillna("")
    _require(folder, NEEDED, found)
    return ResultTables(read_table(records), found, run)


def read_records(folder: Path) -> pa.Table:
    """Read the records of a result folder, with the columns that the result added.

    Raises
    ------
    RecordsError
        There are none, or they cannot be read.
    """
    return read_table(_found(folder, "records"))


def read_families(folder: Path) -> pa.Table:
    """Read the families of a result folder, as they were written; raises as `read_records`."""
    return _typed(read_table(_found(folder, "families")), FAMILIES_SCHEMA)


def read_pairs(folder: Path) -> pa.Table:
    """Read the pairs of a result folder, as they were written; raises as `read_records`."""
    return _typed(read_table(_found(folder, "pairs")), PAIRS_SCHEMA)


def pairs_file(folder: Path) -> Path:
    """Return the file of the pairs of a result folder; raises as `read_records`."""
    return _found(folder, "pairs")


def records_file(folder: Path) -> Path:
    """Return the file of the records of a result folder; raises as `read_records`."""
    return _found(folder, "records")


def families_file(folder: Path) -> Path:
    """Return the file of the families of a result folder; raises as `read_records`."""
    return _found(folder, "families")


def _typed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table whose numbers are numbers, and whose texts are never missing."""
    for place, name in enumerate(table.column_names):
        column = table[name]
        if name in schema.names and not pa.types.is_string(schema.field(name).type):
            column = column.cast(schema.field(name).type)
        elif pa.types.is_string(column.type):
            column = column.fill_null("")
        table = table.set_column(place, name, column)
    return table


def _found(folder: Path, name: str) -> Path:
    path = _find(folder, name)
    if path is None:
        raise RecordsError(
            f"{folder}: holds no {name}. Give the folder that 'matcher dedupe --out' wrote."
        )
    return path


def read_groups(folder: Path) -> tuple[pa.Table, dict[str, Any]]:
    """Read what says who the records of a result folder are, and in which groups.

    Returns
    -------
    pa.Table
        The columns of id and source, and those that the result added.
    dict[str, Any]
        What is in ``run.json``.

    Raises
    ------
    RecordsError
        There is no result, or it is of an older or a newer version.
    """
    records = _find(folder, "records")
    if not records or not (folder / RUN_FILE).is_file():
        raise RecordsError(
            f"{folder}: holds no result, got no records or {RUN_FILE}. "
            "Give the folder that 'matcher dedupe --out' wrote."
        )
    run = read_run(folder)
    _require(folder, ("input_rows",), run)
    wanted = {*run["columns"].values(), *identity_columns(run, "id")}
    wanted |= {*identity_columns(run, "source")}
    table = read_table(records, wanted)
    missing = sorted(wanted - {*table.column_names})
    if missing:
        raise RecordsError(
            f"{records}: {len(missing)} columns of the result are missing, got no "
            f"{first_three(missing)}. Give the file as 'matcher dedupe' wrote it."
        )
    return table, run


def read_pairs_among(folder: Path, ids: Sequence[str]) -> pa.Table:
    """Read the listed pairs of a result folder of which both ids are among these.

    The file is read piece by piece: pairs are ten times as many as records.

    Raises
    ------
    RecordsError
        There are no pairs, or they cannot be read.
    """
    path = _found(folder, "pairs")
    wanted = pa.array(ids, pa.string())
    try:
        found = [_among(batch, wanted) for batch in _pair_batches(path)]
    except (ValueError, OSError) as error:
        raise RecordsError(
            f"{path}: cannot be read as a table, got {error}. Run 'matcher dedupe' again."
        ) from error
    return pa.concat_tables([PAIRS_SCHEMA.empty_table(), *found])


def _pair_batches(path: Path) -> Iterator[pa.Table]:
    """Yield the pairs, piece by piece, with the columns that say what was found."""
    names = PAIRS_SCHEMA.names
    if path.suffix == ".parquet":
        from pyarrow import parquet

        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=names):
                yield pa.Table.from_batches([batch]).cast(PAIRS_SCHEMA)
        return
    from pyarrow import csv

    kept = csv.ConvertOptions(include_columns=names, column_types=PAIRS_SCHEMA)
    parsed = csv.ParseOptions(newlines_in_values=True)
    with csv.open_csv(path, parse_options=parsed, convert_options=kept) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


def _among(pairs: pa.Table, ids: pa.StringArray) -> pa.Table:
    are_in = [pc.is_in(pairs[name], value_set=ids) for name in ("left_id", "right_id")]
    return pairs.filter(pc.and_(*are_in))


def identity_columns(run: Mapping[str, Any], what: str) -> list[str]:
    """Return the columns that were read as ``"id"`` or as ``"source"``, of all inputs."""
    names: list[str] = run["concepts"].get(what, [])
    return names


def read_run(folder: Path) -> dict[str, Any]:
    """Read what is in ``run.json`` of a result folder.

    Raises
    ------
    RecordsError
        There is no result, or it is of an older or a newer version.
    """
    path = folder / RUN_FILE
    try:
        run: dict[str, Any] = json.loads(path.read_text("utf-8"))
        number = int(run.get("format", RESULT_FORMAT))
    except FileNotFoundError as error:
        raise RecordsError(
            f"{folder}: holds no result, got no {RUN_FILE}. Give the folder that "
            "'matcher dedupe --out' wrote."
        ) from error
    except (ValueError, TypeError, AttributeError, OSError) as error:
        raise RecordsError(
            f"{path}: cannot be read, got {error}. Run 'matcher dedupe' again."
        ) from error
    if number > RESULT_FORMAT:
        raise RecordsError(
            f"{path}: was written by a newer version of matcher, got format {number} where "
            f"{RESULT_FORMAT} is the highest known. Update matcher."
        )
    _require(folder, ("columns", "concepts"), run)
    return run


def _require(folder: Path, names: Sequence[str], found: Container[str]) -> None:
    missing = [name for name in names if name not in found]
    if missing:
        raise RecordsError(
            f"{folder}: the result is of an older version, got no {missing[0]}. "
            "Run 'matcher dedupe' again."
        )


def _find(folder: Path, name: str) -> Path | None:
    paths = [folder / f"{name}.{ending}" for ending in FORMATS]
    return next((path for path in paths if path.is_file()), None)


def read_table(path: Path, wanted: Container[str] | None = None) -> pa.Table:
    """Return a table; the values of a CSV file are text, and an empty field is missing.

    Of the `wanted` columns, those that it has.
    """

    def is_wanted(name: str) -> bool:
        return wanted is None or name in wanted

    try:
        if path.suffix == ".parquet":
            from pyarrow import parquet

            names = [one for one in parquet.read_schema(path).names if is_wanted(one)]
            return parquet.read_table(path, columns=names)
        return read_csv(path, is_wanted)
    except (ValueError, OSError) as error:
        raise RecordsError(
            f"{path}: cannot be read as a table, got {error}. Run 'matcher dedupe' again."
        ) from error


def read_csv(file: Path | pa.Buffer, is_wanted: Callable[[str], bool] = lambda _: True) -> pa.Table:
    """Read a CSV file, or its bytes, in small blocks, as is quicker; a long row needs a large one.

    Every value is text, and an empty field is missing.

    Raises
    ------
    pa.ArrowInvalid
        It is no such file.
    """
    try:
        return _read_blocks(file, is_wanted, BLOCK)
    except pa.ArrowInvalid:
        return _read_blocks(file, is_wanted, LONGEST_ROW)


def _read_blocks(file: Path | pa.Buffer, is_wanted: Callable[[str], bool], size: int) -> pa.Table:
    from pyarrow import csv

    def opened() -> Any:
        return file if isinstance(file, Path) else pa.BufferReader(file)

    parsed = csv.ParseOptions(newlines_in_values=True)
    read = csv.ReadOptions(block_size=size)
    with csv.open_csv(opened(), read_options=read, parse_options=parsed) as reader:
        names = [name for name in reader.schema.names if is_wanted(name)]
    texts = csv.ConvertOptions(
        include_columns=names,
        column_types=dict.fromkeys(names, pa.string()),
        strings_can_be_null=True,
        null_values=[""],
    )
    return csv.read_csv(opened(), read_options=read, parse_options=parsed, convert_options=texts)
