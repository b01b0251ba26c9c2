"""Arrays in files: what memory has no room for lies on the disk and is read where it is touched."""

import mmap
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from matcher.errors import SettingsError
from matcher.memory import give_back, resident_bytes

_Value = TypeVar("_Value")

LEAST = 1 << 18
"""Bytes of the smallest array that goes into a file."""

FULL, STEP = 0.8, 0.05
"""Shares of the limit: above which room is made, and by how much more is held before it is made
again, where what is in no file takes that much already."""

PAUSE = 0.005
"""Seconds from one look at the memory to the next: of what is mapped, 10 GB/s may be touched."""


@dataclass
class Shelf:
    """Puts arrays into files that are mapped into memory, where a limit asks for it.

    The files have no name (or go when they are closed), so that nothing stays behind, not even of a
    run that is killed.

    Attributes
    ----------
    limit : int
        Bytes that the process is to keep to; 0 is no limit.
    is_open : bool
        Whether arrays go into files: the limit is less than the run would need.
    n_bytes : int
        How many bytes went into files so far.
    expected : int
        Bytes that the process would take without a limit, roughly.
    """

    limit: int = 0
    is_open: bool = False
    n_bytes: int = 0
    expected: int = 0
    _maps: list["weakref.ref[mmap.mmap]"] = field(default_factory=list)
    _held: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, value: _Value) -> _Value:
        """Return the value with its large arrays in files, if the shelf is open.

        Parameters
        ----------
        value : Any
            An array of numbers, an Arrow array or table, or a dataclass, tuple or mapping of such,
            however deep.  It is not changed; arrays that it holds twice are put once.

        Raises
        ------
        SettingsError
            The files cannot be written.
        """
        if not self.is_open:
            return value
        put: _Value = self._put(value, {})
        self.make_room()
        return put

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Make room, as often as it is needed, while the body of a ``with`` runs."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(PAUSE):
                self.make_room()

        if not self.is_open:
            yield
            return
        watcher = threading.Thread(target=watch, name="matcher-memory", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def make_room(self) -> None:
        """Give memory back if the limit is near: what lies in files can be read again."""
        if not self.limit or resident_bytes() < self._held + FULL * self.limit:
            return
        with self._lock:
            give_back()
            for reference in self._maps:
                mapped = reference()
                if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
                    mapped.madvise(mmap.MADV_DONTNEED)
            self._maps = [each for each in self._maps if each() is not None]
            # Where other memory is over the limit by itself, what is in files is not all dropped
            # each time that a page of it is read.
            over = resident_bytes() - FULL * self.limit
            self._held = max(0, int(over + STEP * self.limit))

    def _put(self, value: Any, done: dict[int, tuple[Any, Any]]) -> Any:
        """Return `value` in files; `done` has what is there already, by the numbers of objects."""
        if id(value) not in done:
            done[id(value)] = value, self._put_new(value, done)
        return done[id(value)][1]

    def _put_new(self, value: Any, done: dict[int, tuple[Any, Any]]) -> Any:
        if isinstance(value, np.ndarray):
            return self._put_array(value) if _is_large(value) else value
        if isinstance(value, pa.Table):
            return self._put_table(value)
        if isinstance(value, pa.Array):
            return self._put_arrow(value)
        if isinstance(value, tuple):
            return tuple(self._put(each, done) for each in value)
        if isinstance(value, Mapping):
            return {name: self._put(each, done) for name, each in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            old = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
            new = {name: self._put(each, done) for name, each in old.items()}
            changed = {name: each for name, each in new.items() if each is not old[name]}
            return replace(value, **changed) if changed else value
        return value

    def _put_array(self, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        mapped = self._map(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
        return np.frombuffer(mapped, array.dtype).reshape(array.shape)

    def _put_arrow(self, array: pa.Array) -> pa.Array:
        if array.nbytes < LEAST:
            return array
        table = self._put_table(pa.table({"": array}))
        return table.column(0).chunk(0)

    def _put_table(self, table: pa.Table) -> pa.Table:
        if table.nbytes < LEAST:
            return table
        try:
            file = tempfile.TemporaryFile()  # noqa: SIM115 - the map outlives it
            with file, pyarrow.ipc.new_stream(pa.PythonFile(file, "w"), table.schema) as stream:
                stream.write_table(table)
                stream.close()
                file.flush()
                mapped = self._remember(mmap.mmap(file.fileno(), 0))
        except OSError as error:
            raise _no_room(error) from error
        return pyarrow.ipc.open_stream(pa.py_buffer(mapped)).read_all()

    def _map(self, data: memoryview) -> mmap.mmap:
        try:
            with tempfile.TemporaryFile() as file:
                file.write(data)
                file.flush()
                return self._remember(mmap.mmap(file.fileno(), 0))
        except OSError as error:
            raise _no_room(error) from error

    def _remember(self, mapped: mmap.mmap) -> mmap.mmap:
        with self._lock:
            self._maps.append(weakref.ref(mapped))
            self.n_bytes += len(mapped)
        return mapped


def _is_large(array: np.ndarray[Any, Any]) -> bool:
    """Return whether an array takes much memory: of numbers, of its own, and in no file yet."""
    base: Any = array
    while isinstance(base, np.ndarray):
        if base.base is None:
            break
        base = base.base
    is_in_file = isinstance(base, mmap.mmap | memoryview)
    is_repeated = 0 in array.strides
    return not (array.dtype.hasobject or is_repeated or is_in_file or array.nbytes < LEAST)


def _no_room(error: OSError) -> SettingsError:
    return SettingsError(
        f"memory: what memory has no room for cannot be written into {tempfile.gettempdir()}, got "
        f"{error.strerror or error}. Free some room there, name another folder in the environment "
        "variable TMPDIR, or raise the limit."
    )
