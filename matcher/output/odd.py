"""Duplicate groups that a person should look at."""

from dataclasses import dataclass

import numpy as np

from matcher.types import Floats, Groups, Ints, Longs, Records, distinct, first_of_each

N_ODD = 4
"""Groups of each kind that are shown."""

LOW = 0.5
"""Links of less probability are weak: taken alone, they would rather keep records apart."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """What is odd about some duplicate groups.

    Attributes
    ----------
    kind : str
        ``"largest"``, ``"weakest"``, ``"codes"`` or ``"brands"``.
    n_groups : int
        How many duplicate groups are so.
    groups : Longs
        Numbers of the worst ones, the worst first.
    notes : tuple[str, ...]
        What there is to say of each of these.
    """

    kind: str
    n_groups: int
    groups: Longs
    notes: tuple[str, ...]


def find_oddities(records: Records, groups: Groups) -> list[Oddity]:
    """Return the duplicate groups that a person should look at, by what is odd about them.

    Parameters
    ----------
    records : Records
        The catalogue.
    groups : Groups
        Its groups.
    """
    sizes = np.bincount(groups.match)
    first = first_of_each(groups.match)
    return [
        _largest(sizes),
        _weakest(groups.weakest[first]),
        *(
            _several("codes", f"{name.upper()}s", groups.match, values)
            for name, values in records.codes.items()
        ),
        _several("brands", "brands", groups.match, records.brands),
    ]


def _largest(sizes: Longs) -> Oddity:
    order = np.argsort(-sizes, kind="stable")[:N_ODD]
    order = order[sizes[order] > 1]
    top = int(sizes.max(initial=0))
    return Oddity("largest", int((sizes == top).sum()) if top > 1 else 0, order, ("",) * len(order))


def _weakest(weakest: Floats) -> Oddity:
    """Return the groups that one improbable link holds together."""
    weak = np.flatnonzero(weakest < LOW)  # never those of one record: NaN is not less
    order = weak[np.argsort(weakest[weak], kind="stable")[:N_ODD]]
    notes = tuple(f"weakest link {100 * share:.0f} %" for share in weakest[order].tolist())
    return Oddity("weakest", len(weak), order, notes)


def _several(kind: str, noun: str, group: Ints, values: Ints) -> Oddity:
    """Return the groups whose records have several known values of a property."""
    known = np.flatnonzero(values >= 0)
    keys = distinct((group[known].astype(np.int64) << 32) | values[known])
    counts = np.bincount(keys >> 32, minlength=1)
    order = np.argsort(-counts, kind="stable")[:N_ODD]
    order = order[counts[order] > 1]
    notes = tuple(f"{count} {noun}" for count in counts[order].tolist())
    return Oddity(kind, int((counts > 1).sum()), order, notes)
