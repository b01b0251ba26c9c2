"""What the codes of a catalogue contradict."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from matcher.errors import first_three
from matcher.types import Ints, Longs, Notice


def gtin_conflicts(
    ids: NDArray[np.object_], gtins: Ints, axis_limits: Mapping[str, Ints]
) -> list[Notice]:
    """Return the notice of GTINs whose records differ in an axis, if there are any.

    A GTIN names one colour in one size: such records are not one product, whatever their code says.

    Parameters
    ----------
    ids : NDArray[np.object_]
        Shape (n_records,): ids, for the message.
    gtins : Ints
        Shape (n_records,): number of the GTIN, -1 is unknown.
    axis_limits : Mapping[str, Ints]
        As in `Records`.

    Examples
    --------
    >>> ids, gtins = np.array(["a", "b"], dtype=object), np.zeros(2, np.int32)
    >>> gtin_conflicts(ids, gtins, {"size": np.array([[0, 1]], np.int32)})[0].count
    1
    """
    found = {
        axis: np.unique(np.concatenate([_with_several(gtins, each) for each in limits]))
        for axis, limits in axis_limits.items()
    }
    guilty = np.unique(np.concatenate([np.zeros(0, np.int64), *found.values()]))
    if len(guilty) == 0:
        return []
    first = ids[gtins == guilty[0]].tolist()
    axes = ", ".join(axis for axis, several in found.items() if len(several))
    message = (
        f"codes: {len(guilty)} GTINs are on records that differ in {axes}, first on "
        f"{first_three(first)}. They are not one duplicate group; check the GTINs."
    )
    return [Notice("gtin_conflict", message, len(guilty))]


def _with_several(gtins: Ints, forms: Ints) -> Longs:
    """Return the GTINs, ascending, of which records know several values of an axis."""
    known = (gtins >= 0) & (forms >= 0)
    keys = np.unique((gtins[known].astype(np.int64) << 32) | forms[known])
    several, counts = np.unique(keys >> 32, return_counts=True)
    return np.asarray(several[counts > 1], np.int64)
