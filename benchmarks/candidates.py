"""The pairs that blocking proposes, by their ids."""

import pandas as pd

from benchmarks.datasets import DataSet
from benchmarks.default_model import prepare_set


def candidates_of(data: DataSet, seed: int) -> pd.DataFrame:
    """Return every candidate pair of a data set, ``left_id`` and ``right_id``, in one order.

    Pairs that a result leaves out as surely different are among them.
    """
    prepared = prepare_set(data, seed)
    pairs, ids = prepared.candidates.pairs, prepared.records.ids
    return pd.DataFrame({"left_id": ids[pairs.left], "right_id": ids[pairs.right]})
