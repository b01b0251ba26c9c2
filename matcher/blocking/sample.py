"""A small part of a catalogue in which records that are alike stay together."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from matcher.blocking.shared import title_ranks
from matcher.types import Column, Ints, Longs, Records, Terms

RUN = 50
"""Records of a run: long enough that most duplicates of a record are in its run."""


def sample_runs(records: Records, n_sampled: int) -> Records:
    """Return about `n_sampled` records: equally spaced runs of the alphabetical order of titles.

    Records drawn one by one would leave hardly a duplicate together with its partner.
    """
    if len(records) <= n_sampled:
        return records
    order = np.arange(len(records))
    if not records.are_by_title:
        order = np.argsort(title_ranks(records, order))
    starts = np.linspace(0, len(order) - RUN, max(n_sampled // RUN, 1)).astype(np.int64)
    return take(records, np.unique(order[(starts[:, None] + np.arange(RUN)).ravel()]))


def take(records: Records, numbers: Longs) -> Records:
    """Return the records `numbers`, ascending, as a catalogue of their own.

    Vocabularies and document frequencies stay those of the whole.
    """

    def taken(arrays: Mapping[str, Ints]) -> dict[str, Ints]:
        return {name: array[numbers] for name, array in arrays.items()}

    return replace(
        records,
        ids=records.ids[numbers],
        rows=records.rows[numbers],
        sources=records.sources[numbers],
        columns=tuple(_take_column(column, numbers) for column in records.columns),
        axis_values=taken(records.axis_values),
        axis_limits={axis: each[:, numbers] for axis, each in records.axis_limits.items()},
        title=take_terms(records.title, numbers),
        core=take_terms(records.core, numbers),
        whole=take_terms(records.whole, numbers),
        models=take_terms(records.models, numbers),
        grams=take_terms(records.grams, numbers),
        title_grams=take_terms(records.title_grams, numbers),
        quantities=take_terms(records.quantities, numbers),
        codes=taken(records.codes),
        brands=records.brands[numbers],
    )


def take_terms(terms: Terms, numbers: Longs) -> Terms:
    """Return the terms of the records `numbers`."""
    lengths = np.diff(terms.indptr)[numbers]
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    place = np.arange(indptr[-1]) + np.repeat(terms.indptr[numbers] - indptr[:-1], lengths)
    return replace(terms, indptr=indptr, terms=terms.terms[place], axes=terms.axes[place])


def _take_column(column: Column, numbers: Longs) -> Column:
    return replace(
        column,
        text=column.text.take(pa.array(numbers)),
        tokens=None if column.tokens is None else take_terms(column.tokens, numbers),
        values=column.values[numbers],
        forms=column.forms[numbers],
    )
