"""Which test pairs a model may remember: those that it was taught under the same or another id."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.datasets import DataSet
from matcher.types import Bools

TAUGHT = ("pairs_train", "pairs_valid")


@dataclass(frozen=True, slots=True)
class Overlap:
    """What of the test pairs occurs among those of training and validation.

    Attributes
    ----------
    same_records : Bools
        Shape (n_pairs,): the pair itself, whichever side is which inside a pool.
    same_texts : Bools
        Shape (n_pairs,): a pair whose sides say the same, `same_records` among them.
    known_records : Bools
        Shape (n_pairs,): both records, in whatever pairs; only what is between them is new.
    """

    same_records: Bools
    same_texts: Bools
    known_records: Bools


def overlap(data: DataSet, test: str) -> Overlap:
    """Return what of a test file was taught.

    Two records say the same if their values in all columns but the id and the price are equal once
    case and spaces are.
    """
    taught = pd.concat([data.read(name) for name in TAUGHT if data.has(name)], ignore_index=True)
    tested = data.read(test)
    tables = [pd.read_csv(path, dtype=str, keep_default_na=False) for path in data.inputs]
    texts = [texts_of(table) for table in (tables if data.is_link else [pd.concat(tables)] * 2)]
    sides = (*zip(("left_id", "right_id"), texts, strict=True),)
    known, asked = (_keys(data, pairs) for pairs in (taught, tested))
    known_texts, asked_texts = (
        _keys(data, pairs.assign(**{side: pairs[side].map(said) for side, said in sides}))
        for pairs in (taught, tested)
    )
    seen = {side: set(taught[side]) for side, _ in sides}
    if not data.is_link:
        seen = dict.fromkeys(seen, seen["left_id"] | seen["right_id"])
    same_records = asked.isin(known)
    return Overlap(
        same_records=same_records,
        same_texts=same_records | asked_texts.isin(known_texts),
        known_records=np.all([tested[side].isin(ids) for side, ids in seen.items()], axis=0),
    )


def texts_of(table: pd.DataFrame) -> pd.Series:
    """Return by id what each record says.

    Examples
    --------
    >>> texts_of(pd.DataFrame({"id": ["1"], "title": ["A  Shirt "], "price": ["5"]})).to_list()
    ['a shirt']
    """
    columns = [name for name in table.columns if name != "id" and not name.startswith("price")]
    said = table[columns].agg("|".join, axis=1).str.casefold()
    said = said.str.replace(r"\s+", " ", regex=True).str.replace(r" ?\| ?", "|", regex=True)
    return said.str.strip().set_axis(table["id"])


def _keys(data: DataSet, pairs: pd.DataFrame) -> pd.MultiIndex:
    left, right = (pairs[side].to_numpy(object) for side in ("left_id", "right_id"))
    if not data.is_link:
        left, right = np.minimum(left, right), np.maximum(left, right)
    return pd.MultiIndex.from_arrays([left, right])
