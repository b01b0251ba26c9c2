"""A few rows of a long column of text."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.compiled import kernel
from matcher.types import Bools, Ints, Longs

Bytes = NDArray[np.uint8]


def one_chunk(column: pa.ChunkedArray) -> pa.StringArray:
    """Return a column as one array, without copying it if it is one already."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def take_texts(texts: pa.StringArray, rows: Ints | Longs) -> pa.StringArray:
    """Return some rows as Arrow's ``take`` does, which needs five times as long for a few.

    Examples
    --------
    >>> take_texts(pa.array(["red", None, "blue"]), np.array([2, 1])).to_pylist()
    ['blue', None]
    """
    if not len(texts) or not len(rows):
        return pa.array([], pa.string())
    bitmap, starts, data = texts.buffers()
    wide = np.int64 if pa.types.is_large_string(texts.type) else np.int32
    letters = np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8)
    places = rows + np.int64(texts.offset)
    taken, offsets = _take(np.frombuffer(starts, wide), letters, places)
    valid, n_missing = None, 0
    if texts.null_count:
        bits = np.frombuffer(bitmap, np.uint8)[places >> 3]
        is_known: Bools = bits >> (places & 7).astype(np.uint8) & 1 != 0
        n_missing = len(rows) - int(np.count_nonzero(is_known))
        valid = pa.py_buffer(np.packbits(is_known, bitorder="little")) if n_missing else None
    parts = pa.py_buffer(offsets), pa.py_buffer(taken), valid, n_missing
    return pa.StringArray.from_buffers(len(rows), *parts)


@kernel
def _take(starts: Longs, letters: Bytes, places: Longs) -> tuple[Bytes, Ints]:
    offsets = np.empty(len(places) + 1, np.int32)
    offsets[0] = 0
    for number in range(len(places)):
        size = starts[places[number] + 1] - starts[places[number]]
        offsets[number + 1] = offsets[number] + size
    found = np.empty(offsets[-1], np.uint8)
    for number in range(len(places)):
        start = starts[places[number]]
        for step in range(offsets[number + 1] - offsets[number]):
            found[offsets[number] + step] = letters[start + step]
    return found, offsets
