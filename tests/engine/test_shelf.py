"""What lies in files is what was put there, costs no memory, and leaves nothing behind."""

import mmap
import tempfile
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from matcher.engine.shelf import LEAST, Shelf
from matcher.errors import SettingsError
from matcher.memory import resident_bytes

LARGE = LEAST // 4


@dataclass(frozen=True, slots=True)
class Part:
    numbers: np.ndarray
    name: str


@dataclass(frozen=True, slots=True)
class Whole:
    one: Part
    more: tuple
    by_name: dict
    text: pa.StringArray


def make_whole():
    numbers = np.arange(LARGE, dtype=np.int32)
    part = Part(numbers, "<script>\x00")
    text = pa.array([None if n % 7 == 0 else f"é{n}" for n in range(LARGE)])
    return Whole(part, (part, 3, None), {"x": numbers, "y": np.float32([np.nan])}, text)


def is_in_file(array):
    while isinstance(array, np.ndarray):
        array = array.base
    return isinstance(array, memoryview | mmap.mmap)


def test_a_closed_shelf_gives_back_the_value_itself():
    whole = make_whole()
    assert Shelf().put(whole) is whole
    assert Shelf(limit=10**12).put(whole) is whole


def test_large_arrays_lie_in_files_and_are_equal():
    whole, shelf = make_whole(), Shelf(limit=10**12, is_open=True)
    found = shelf.put(whole)
    assert is_in_file(found.one.numbers)
    np.testing.assert_array_equal(found.one.numbers, whole.one.numbers)
    assert found.text.equals(whole.text)
    assert found.one.name == whole.one.name
    assert found.more[1:] == (3, None)
    assert found.by_name["y"] is whole.by_name["y"]  # small
    assert found.one.numbers.flags.writeable  # else kernels would be compiled once more
    assert shelf.n_bytes > whole.one.numbers.nbytes


def test_what_is_held_twice_is_put_once_and_never_again():
    shelf = Shelf(limit=10**12, is_open=True)
    found = shelf.put(make_whole())
    assert found.more[0] is found.one
    assert found.by_name["x"] is found.one.numbers
    n_bytes = shelf.n_bytes
    assert shelf.put(found.one).numbers is found.one.numbers
    assert shelf.n_bytes == n_bytes


def test_tables_lie_in_files_with_their_types_and_missing_values():
    table = pa.table({"id": pa.array(range(LARGE)), "x": pa.array([None, "a"] * (LARGE // 2))})
    before = pa.total_allocated_bytes()
    found = Shelf(limit=10**12, is_open=True).put(table)
    assert pa.total_allocated_bytes() == before
    assert found.equals(table)
    assert found.schema == table.schema


@pytest.mark.skipif(not resident_bytes(), reason="this system does not tell")
def test_room_is_made_where_the_limit_is_near():
    shelf = Shelf(limit=1, is_open=True)
    found = shelf.put(Part(np.ones(25_000_000), ""))  # 200 MB
    assert found.numbers.sum() == 25_000_000
    held = resident_bytes()
    shelf._held = 0  # as if nothing else took memory
    shelf.make_room()
    assert resident_bytes() < held - 150e6
    assert found.numbers.sum() == 25_000_000


def test_a_watched_run_is_given_room_again_and_again():
    shelf = Shelf(limit=1, is_open=True)
    found = shelf.put(Part(np.ones(1_000_000), ""))
    with shelf.watched():
        assert [found.numbers.sum() for _ in range(300)] == [1_000_000] * 300


def test_nothing_stays_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = Shelf(limit=10**12, is_open=True).put(make_whole())
    assert list(tmp_path.iterdir()) == []  # even if it is killed now
    assert found.one.numbers[5] == 5


def test_a_full_disk_is_named(monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(SettingsError, match=r"got No space left on device\. Free some room"):
        Shelf(limit=10**12, is_open=True).put(make_whole())
