"""How the values of axes are written: as in the catalogue, one spelling for a family."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.types import Catalogue, Ints, Longs, Records


def axis_texts(
    spelled: Mapping[str, pa.StringArray],
    records: Records,
    family: Ints,
    first: Longs,
    values: Mapping[str, Ints],
) -> dict[str, pa.StringArray]:
    """Return the values of every product in words.

    Parameters
    ----------
    spelled : Mapping[str, pa.StringArray]
        For each axis, from `spellings`.
    records : Records
        The records.
    family : Ints
        Shape (n_records,): family of each record.
    first : Longs
        Shape (n_products,): a record of each product.
    values : Mapping[str, Ints]
        For each axis, shape (n_products,): number of its normal form; -1 is unknown.

    Returns
    -------
    dict[str, pa.StringArray]
        For each axis, shape (n_products,), null where unknown: the spelling of the columns that is
        the most frequent in the family, else in the catalogue (the first one among equals), else
        the normal form, where a value stands in titles only.
    """
    return {
        axis: _axis_text(spelled[axis], records, family[first], family, axis).of(numbers)
        for axis, numbers in values.items()
    }


@dataclass(frozen=True, slots=True)
class _Written:
    """Spellings of one axis.

    Attributes
    ----------
    texts : pa.StringArray
        The different spellings, and behind them the normal forms.
    in_family : Longs
        Ascending keys ``family << 32 | form``.
    chosen : Longs
        For each key, the number of its spelling.
    usual : Longs
        Shape (n_forms,): number of the usual spelling of each form.
    family : Ints
        Shape (n_products,): the family of each product.
    """

    texts: pa.StringArray
    in_family: Longs
    chosen: Longs
    usual: Longs
    family: Ints

    def of(self, forms: Ints) -> pa.StringArray:
        """Return the spelling of the form of each product."""
        known = forms >= 0
        picked = np.zeros(len(forms), np.int64)
        picked[known] = self.usual[forms[known]]
        keys = (self.family.astype(np.int64) << 32) | np.maximum(forms, 0)
        at = np.minimum(np.searchsorted(self.in_family, keys), max(len(self.in_family) - 1, 0))
        if len(self.in_family):
            is_there = known & (self.in_family[at] == keys)
            picked[is_there] = self.chosen[at[is_there]]
        return self.texts.take(pa.array(picked, mask=~known))


def _axis_text(
    spelled: pa.StringArray, records: Records, of_products: Ints, family: Ints, axis: str
) -> _Written:
    encoded = spelled.dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1)).astype(np.int64)
    forms = records.axis_values[axis].astype(np.int64)
    rows = np.flatnonzero((codes >= 0) & (forms >= 0))
    in_family, chosen = _most_frequent(
        (family[rows].astype(np.int64) << 32) | forms[rows], codes[rows]
    )
    usual: Longs = np.arange(len(records.axis_forms[axis]), dtype=np.int64) + len(
        encoded.dictionary
    )
    seen, spelling = _most_frequent(forms[rows], codes[rows])
    usual[seen] = spelling
    texts = pa.concat_arrays([encoded.dictionary, pa.array(records.axis_forms[axis], pa.string())])
    return _Written(texts, in_family, chosen, usual, of_products)


def _most_frequent(keys: Longs, codes: Longs) -> tuple[Longs, Longs]:
    """Return the different keys, ascending, and the most frequent code of each."""
    order = np.lexsort((codes, keys))
    keys, codes = keys[order], codes[order]
    starts = np.flatnonzero((np.diff(keys, prepend=-1) != 0) | (np.diff(codes, prepend=-1) != 0))
    counts = np.diff(starts, append=len(keys))
    keys, codes = keys[starts], codes[starts]
    # Codes are counted in the order of the records, so the lower one was written first.
    best = np.lexsort((codes, -counts, keys))
    keys, codes = keys[best], codes[best]
    heads = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[heads], codes[heads]


def spellings(
    catalogue: Catalogue, records: Records, axis: str, concepts: Mapping[str, Sequence[str]]
) -> pa.StringArray:
    """Return how the columns of an axis write its value, shape (n_records,); null is missing."""
    spelled = pa.nulls(len(records), pa.string())
    for column in records.columns:
        name = column.attribute.name
        if column.attribute.axis != axis or name not in catalogue.table.column_names:
            continue
        names = next((list(names) for names in concepts.values() if name in names), [])
        texts = [as_text(catalogue.table[one]) for one in dict.fromkeys([name, *names])]
        written = pc.coalesce(*texts).take(pa.array(records.rows))
        written = pc.utf8_trim_whitespace(pc.replace_substring_regex(written, r"\s+", " "))
        written = pc.if_else(pa.array(column.forms >= 0), written, None)
        spelled = pc.coalesce(spelled, written)
    return spelled


def as_text(column: pa.ChunkedArray) -> pa.StringArray:
    """Return a column of any type as text; lists and structs become JSON.

    Examples
    --------
    >>> as_text(pa.chunked_array([[42.0, None]])).to_pylist()
    ['42', None]
    """
    if pa.types.is_nested(column.type):
        texts = [
            None if value is None else json.dumps(value, ensure_ascii=False, default=str)
            for value in column.to_pylist()
        ]
        return pa.array(texts, pa.string())
    return pc.cast(column, pa.string()).combine_chunks()
