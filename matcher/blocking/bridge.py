"""recordlinkage's indexers as blockers, and its MultiIndex of pairs taken and given."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher import extras
from matcher.blocking.equal import empty_proposal, merge
from matcher.errors import RecordsError, SettingsError, first_three, nearest
from matcher.types import Longs, Pairs, Proposal, Records

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class RecordlinkageBlocker:
    """Any recordlinkage indexer, run on the normalised texts of the columns.

    Needs ``matcher[recordlinkage]``. Where the indexer says by which columns it works, records
    that lack one of them are left out and counted: recordlinkage pairs all empty keys.

    Attributes
    ----------
    indexer : recordlinkage.base.BaseIndexAlgorithm
        `Block`, `SortedNeighbourhood`, or one of the user's own; its columns are named as the
        attributes of the catalogue.
    name : str
        Name in reports.

    Raises
    ------
    MissingExtraError
        recordlinkage is not installed (when proposing).
    SettingsError
        It works by a column that the catalogue lacks (when proposing).
    """

    indexer: Any
    name: str = "recordlinkage"

    def propose(self, records: Records) -> Proposal:
        """Return the pairs of the indexer, all of strength 1."""
        extras.require("recordlinkage", "recordlinkage")
        frame = _texts(records)
        keys = _key_columns(self.indexer)
        for key in keys:
            if key not in frame.columns:
                raise SettingsError(
                    f"{self.name}: the indexer works by a column that is not an attribute, "
                    f"got {key!r}.{nearest(key, frame.columns)} "
                    f"Use any of {', '.join(frame.columns)}."
                )
        complete = frame.dropna(subset=keys) if keys else frame
        report = {"records_without_key": len(frame) - len(complete)}
        sides = [complete]
        if records.is_link:
            side = records.sources[complete.index.to_numpy()]
            sides = [complete[side == 0], complete[side == 1]]
        if any(not len(part) for part in sides):
            return empty_proposal(report)
        index = self.indexer.index(*sides)
        first, second = (np.asarray(index.get_level_values(level), np.int64) for level in (0, 1))
        pairs, strength = merge(first, second, np.ones(len(first), np.float32))
        return Proposal(pairs, strength, report)


def pairs_from_multiindex(index: "pd.MultiIndex", records: Records) -> Pairs:
    """Read recordlinkage's pairs of ids.

    Parameters
    ----------
    index : pd.MultiIndex
        Two levels of record ids; when linking, of the left and of the right table.
    records : Records
        The records that have these ids.

    Raises
    ------
    RecordsError
        An id is unknown, or stands for several records.
    """
    first = _numbers(index.get_level_values(0), records, side=0)
    second = _numbers(index.get_level_values(1), records, side=1)
    return Pairs.from_unordered(first, second)


def pairs_to_multiindex(pairs: Pairs, records: Records) -> "pd.MultiIndex":
    """Return pairs as recordlinkage has them: two levels of the caller's ids."""
    import pandas as pd

    return pd.MultiIndex.from_arrays(
        [records.ids[pairs.left], records.ids[pairs.right]], names=["left_id", "right_id"]
    )


def _texts(records: Records) -> "pd.DataFrame":
    """Return the texts of all columns by record number; missing is None."""
    import pandas as pd

    return pd.DataFrame(
        {
            column.attribute.name: np.asarray(column.text.to_pandas(), object)
            for column in records.columns
        },
        index=pd.RangeIndex(len(records)),
        dtype=object,
    )


def _key_columns(indexer: Any) -> list[str]:
    """Return the columns that the indexer says it works by."""
    names: list[str] = []
    for field in ("left_on", "right_on", "block_left_on", "block_right_on"):
        value = getattr(indexer, field, None)
        if isinstance(value, str):
            names.append(value)
        elif isinstance(value, Iterable):
            names.extend(value)
    return list(dict.fromkeys(names))


def _numbers(ids: "pd.Index", records: Records, side: int) -> Longs:
    """Return the record number of every id."""
    import pandas as pd

    chosen = np.flatnonzero(records.sources == side) if records.is_link else np.arange(len(records))
    known = pd.Index(records.ids[chosen])
    wanted = ids.unique()
    repeated = wanted[wanted.isin(known[known.duplicated()])]
    if len(repeated):
        raise RecordsError(
            f"pairs: {len(repeated)} ids stand for several records, first "
            f"{first_three(list(repeated))}. Make ids unique over all sources to give pairs by id."
        )
    unknown = wanted[~wanted.isin(known)]
    if len(unknown):
        raise RecordsError(
            f"pairs: {len(unknown)} ids are not in the catalogue, first "
            f"{first_three(list(unknown))}. Give pairs of ids of its records."
        )
    return np.asarray(chosen[known.get_indexer(ids)], np.int64)
