"""What label files call the inputs of a catalogue, and which input such a name means.

Ids may repeat between two files that name no source.  A label then says the file: by as much of the
end of its path as tells the inputs apart, so that it is still found when the folder has moved.
"""

from collections.abc import Sequence
from pathlib import PurePath

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.types import Longs, Records


def short_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return the shortest ends of paths that tell the inputs apart; numbers where nothing does.

    Examples
    --------
    >>> short_names(["/data/abt.csv", "/data/buy.csv"]), short_names(["a/x.csv", "b/x.csv"])
    (('abt.csv', 'buy.csv'), ('a/x.csv', 'b/x.csv'))
    >>> short_names(["left", "right"]), short_names(["x.csv", "x.csv"])
    (('left', 'right'), ('1', '2'))
    """
    parts = [PurePath(name).parts for name in names]
    for n_parts in range(1, max(map(len, parts), default=0) + 1):
        ends = [str(PurePath(*each[-n_parts:])) if each else "" for each in parts]
        if len(set(ends)) == len(ends):
            return tuple(ends)
    return tuple(str(number) for number in range(1, len(names) + 1))


def name_sources(records: Records) -> NDArray[np.object_]:
    """Return what a label file calls the source of each record, so that it is found again.

    That is its input where two tables are linked, or where it has no source and ids repeat.

    Returns
    -------
    NDArray[np.object_]
        Shape (n_records,); ``""`` where the id says enough.
    """
    inputs = np.array(short_names(records.part_names), np.object_)[records.parts]
    if records.is_link:
        return inputs
    names = np.array([*records.source_names, ""], np.object_)[records.sources]
    is_unique = pc.count_distinct(pa.array(records.ids, pa.string())).as_py() == len(records)
    if is_unique or len(records.part_names) == 1:
        return names
    return np.where(records.sources < 0, inputs, names)


def find_inputs(texts: pa.StringArray, names: Sequence[str]) -> Longs:
    """Return the number of the input that each text names, -1 where it names none or several.

    A text names an input if one of them is the end of the other's path, or by the number that
    `short_names` gives.

    Parameters
    ----------
    texts : pa.StringArray
        Shape (n_texts,): names in a label file; null and ``""`` name nothing.
    names : Sequence[str]
        The inputs of the catalogue.

    Returns
    -------
    Longs
        Shape (n_texts,).

    Examples
    --------
    >>> find_inputs(pa.array(["buy.csv", "old/abt.csv", "north", None]), ["abt.csv", "d/buy.csv"])
    array([ 1,  0, -1, -1])
    """
    encoded = pc.dictionary_encode(pc.fill_null(texts, ""))
    found = [_find_input(text, names) for text in encoded.dictionary.to_pylist()]
    return np.array(found, np.int64)[np.asarray(encoded.indices, np.int64)]


def _find_input(text: str, names: Sequence[str]) -> int:
    short = short_names(names)
    if text in short:
        return short.index(text)
    own = PurePath(text).parts
    ends = [PurePath(name).parts for name in names]
    same = [number for number, each in enumerate(ends) if own and _is_end(own, each)]
    return same[0] if len(same) == 1 else -1


def _is_end(first: Sequence[str], second: Sequence[str]) -> bool:
    n_parts = min(len(first), len(second))
    return n_parts > 0 and first[-n_parts:] == second[-n_parts:]
