"""A table of which rows go, change and come is written as it is read, the rest byte by byte."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from matcher.output.patched import Patched
from matcher.output.read import read_table
from matcher.output.rows import CsvRows, open_rows
from matcher.output.write import write_table

NAMES = ("id", "title", "group", "score")


def rows_of(n_rows, first=0):
    numbers = range(first, first + n_rows)
    columns = [
        pa.array([f"r{number}" for number in numbers], pa.string()),
        pa.array([f'of "{number}"\nand, {number}' for number in numbers], pa.string()),
        pa.array([f"g{number}" for number in numbers], pa.string()),
        pa.array([None if number % 2 else number / 7 for number in numbers], pa.float64()),
    ]
    return pa.table(columns, names=NAMES)


def patched(tmp_path, n_rows, removed, changed, n_added):
    path = tmp_path / "before.csv"
    write_table(rows_of(n_rows), path, "csv")
    tails = rows_of(len(changed), 100).select(NAMES[2:])
    return Patched(
        path,
        lambda: read_table(path),
        rows_of(n_added, 200),
        open_rows(path, ["id"], 2),
        np.array(removed, np.int64),
        np.array(changed, np.int64),
        tails,
    )


@given(st.lists(st.sampled_from(["left", "removed", "changed"]), min_size=1), st.integers(0, 3))
def test_its_bytes_and_its_table_say_the_same(tmp_path_factory, fates, n_added):
    tmp_path = tmp_path_factory.mktemp("patched")
    removed, changed = (
        [row for row, fate in enumerate(fates) if fate == one] for one in ("removed", "changed")
    )
    table = patched(tmp_path, len(fates), removed, changed, n_added)
    assert isinstance(table.rows, CsvRows)
    table.write(tmp_path / "after.csv", "csv")
    ends = [f"g{100 + number}" for number in range(len(changed))]
    groups = {row: f"g{row}" for row in range(len(fates))} | dict(zip(changed, ends, strict=True))
    kept = [row for row in range(len(fates)) if row not in removed]
    found = read_table(tmp_path / "after.csv")
    added = [*range(200, 200 + n_added)]
    assert found["id"].to_pylist() == [f"r{row}" for row in [*kept, *added]]
    assert found["group"].to_pylist() == [*map(groups.get, kept), *(f"g{row}" for row in added)]
    table.write(tmp_path / "after.parquet", "parquet")
    whole = parquet.read_table(tmp_path / "after.parquet")
    assert whole.select(NAMES[:3]).to_pylist() == found.select(NAMES[:3]).to_pylist()


def test_rows_that_stay_keep_every_byte(tmp_path):
    table = patched(tmp_path, 6, [1], [3], 2)
    table.write(tmp_path / "after.csv", "csv")
    before, after = (
        (tmp_path / f"{name}.csv").read_bytes().split(b'\n"r') for name in ("before", "after")
    )
    assert after[:2] == [before[0], before[1]]
    assert after[2] == before[3]
    assert after[3] == before[4].replace(b'"g3",', b'"g100",14.285714285714286')
    assert after[4:6] == [before[5], before[6].removesuffix(b"\n")]


def test_the_old_file_is_never_written(tmp_path):
    table = patched(tmp_path, 3, [], [], 1)
    before = table.path.read_bytes()
    table.write(tmp_path / "after.csv", "csv")
    assert table.path.read_bytes() == before
    assert not (tmp_path / "after.csv").samefile(table.path)


def test_a_file_without_a_last_line_end_is_written_anew(tmp_path):
    table = patched(tmp_path, 3, [], [], 1)
    table.path.write_bytes(table.path.read_bytes()[:-1])
    table.write(tmp_path / "after.csv", "csv")
    assert read_table(tmp_path / "after.csv")["id"].to_pylist() == ["r0", "r1", "r2", "r200"]
