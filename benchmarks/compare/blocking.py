"""Rare tokens: the blocking of tools that have none for titles."""

import numpy as np
import pandas as pd

from benchmarks.compare.task import TOKEN

MOST_RECORDS = 200  # a token in more records of a side tells little and proposes much
PER_RECORD = 10


def rare_token_pairs(
    left: pd.Series, right: pd.Series, per_record: int = PER_RECORD
) -> pd.DataFrame:
    """Return pairs of texts that share rare tokens, the best of each side.

    Parameters
    ----------
    left, right : pd.Series
        Texts, with the ids of the records as index.
    per_record : int
        How many pairs to keep of each record, of either side.

    Returns
    -------
    pd.DataFrame
        Columns ``left_id``, ``right_id`` and ``weight``, the sum of the squared IDFs of the shared
        tokens over the length of both texts; and ``rank``, the better of its places among the pairs
        of its two records, from 0.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(token_pattern=TOKEN.pattern, sublinear_tf=True)
    both = vectors.fit_transform(pd.concat([left, right]))
    sides = both[: len(left)], both[len(left) :]
    is_rare = np.all([np.diff(side.tocsc().indptr) <= MOST_RECORDS for side in sides], axis=0)
    products = (sides[0][:, is_rare] @ sides[1][:, is_rare].T).tocoo()
    found = pd.DataFrame({"left": products.row, "right": products.col, "weight": products.data})
    ranks = [
        found.groupby(side)["weight"].rank(method="first", ascending=False) - 1
        for side in ("left", "right")
    ]
    found["rank"] = np.minimum(*ranks).astype(np.int64)
    found = found[found["rank"] < per_record].sort_values(["left", "right"], ignore_index=True)
    ids = {
        "left_id": left.index.to_numpy()[found.pop("left")],
        "right_id": right.index.to_numpy()[found.pop("right")],
    }
    return pd.DataFrame({**ids, "weight": found["weight"], "rank": found["rank"]})
