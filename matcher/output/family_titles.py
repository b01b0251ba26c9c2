"""The title of a family: that of one of its records, without the words of options."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.output.headline import strip_options
from matcher.types import Bits, Ints, Longs, Records


def family_titles(
    records: Records, family: Ints, title: pa.StringArray, axes: Bits
) -> pa.StringArray:
    """Return a title for each family, without the words that are values of its `axes`.

    Parameters
    ----------
    records : Records
        The records.
    family : Ints
        Shape (n_records,): family of each record.
    title : pa.StringArray
        Shape (n_records,): their titles; ``""`` is missing.
    axes : Bits
        Shape (n_families,): bits of the axes by which each family varies.
    """
    chosen = _choose_records(records, family, title, axes)
    texts = title.take(pa.array(chosen))
    varied = np.flatnonzero(axes)
    counts, words = _option_words(records, chosen[varied], axes[varied])
    is_named = np.zeros(len(axes), np.bool_)
    is_named[varied[counts > 0]] = True
    mask, ends = pa.array(is_named), np.cumsum(np.append(0, counts[counts > 0]))
    lists = pa.LargeListArray.from_arrays(pa.array(ends), words).to_pylist()
    stripped = map(strip_options, texts.filter(mask).to_pylist(), lists)
    return pc.replace_with_mask(texts, mask, pa.array(stripped, pa.string()))


def _choose_records(records: Records, family: Ints, title: pa.StringArray, axes: Bits) -> Longs:
    """Return, for each family, the record whose title is of middling length.

    Only records with the most known values on the `axes` of their family stand for election:
    in a title whose color is unknown, no word is known to be a color.
    """
    lengths = pc.utf8_length(title).to_numpy().astype(np.int64)
    n_known = np.zeros(len(family), np.int64)
    for bit, axis in enumerate(records.axes):
        counts = (axes[family] >> np.uint32(bit)) & 1 == 1
        n_known += counts & (records.axis_values[axis] >= 0)
    n_known[lengths == 0] = -1
    most = np.full(len(axes), -1, np.int64)
    np.maximum.at(most, family, n_known)
    is_last = (n_known < most[family]) | (lengths == 0)
    keys = (family.astype(np.int64) << 33) | (is_last.astype(np.int64) << 32) | lengths
    order = np.argsort(keys, kind="stable")
    n_electable = np.bincount(family[~is_last], minlength=len(axes))
    n_records = np.bincount(family, minlength=len(axes))
    starts = np.concatenate([[0], np.cumsum(n_records)[:-1]])[: len(axes)]
    middle: Longs = order[starts + np.maximum(n_electable - 1, 0) // 2]
    return middle


def _option_words(records: Records, chosen: Longs, axes: Bits) -> tuple[Longs, pa.StringArray]:
    """Return how many words of the titles of some records are values of the axes, and the words."""
    starts, stops = records.title.indptr[chosen], records.title.indptr[chosen + 1]
    lengths = stops - starts
    owners = np.repeat(np.arange(len(chosen)), lengths)
    places = np.arange(len(owners)) + (stops - np.cumsum(lengths))[owners]
    is_option = (records.title.axes[places] & axes[owners]) != 0
    terms = records.title.terms[places[is_option]]
    words = records.vocabulary.words.take(pa.array(terms))
    return np.bincount(owners[is_option], minlength=len(chosen)), words
