"""Records that have ids and sources, and nothing else."""

import numpy as np
import pyarrow as pa

from matcher.types import Records, Terms, Vocabulary


def records_of(
    ids, sources=None, source_names=(), *, is_link=False, parts=None, part_names=("records",)
):
    n = len(ids)
    if is_link:
        parts, part_names = sources, source_names
    ints = np.full(n, -1, np.int32)
    empty = pa.array([], pa.string())
    zero, floats = np.empty(0, np.int32), np.empty(0, np.float32)
    terms = Terms(np.zeros(n + 1, np.int64), zero, zero.astype(np.uint32), floats, is_set=True)
    return Records(
        ids=np.array(ids, object),
        rows=np.arange(n, dtype=np.int64),
        sources=ints if sources is None else np.array(sources, np.int32),
        source_names=source_names,
        parts=np.zeros(n, np.int32) if parts is None else np.array(parts, np.int32),
        part_names=part_names,
        is_link=is_link,
        columns=(),
        axes=(),
        axis_values={},
        axis_limits={},
        axis_forms={},
        declared=(),
        vocabulary=Vocabulary(empty, floats, zero.astype(np.uint8)),
        title=terms,
        core=terms,
        whole=terms,
        models=terms,
        model_words=empty,
        grams=terms,
        title_grams=terms,
        quantities=terms,
        quantity_dimensions=zero,
        quantity_values=zero.astype(float),
        dimensions=(),
        codes={},
        gtin_columns=(),
        brands=ints,
        notices=(),
    )
