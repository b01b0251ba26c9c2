"""What the values of an axis are held against each other by."""

from collections.abc import Sequence

import numpy as np

from matcher.records.colors import base_color
from matcher.records.sizes import size_system
from matcher.types import AttributeType, Bools, Ints, Longs


def limits_of(values: Ints, names: Sequence[str], kind: AttributeType) -> Ints:
    """Return the limits of the values of an axis, as in `Records.axis_limits`.

    Parameters
    ----------
    values : Ints
        Shape (n_records,): number of the normal form in `names`; -1 is unknown, ``-2 - form`` a
        vague value, of which a longer one may be meant.
    names : Sequence[str]
        The normal forms.
    kind : AttributeType
        Type of the axis.

    Returns
    -------
    Ints
        Shape (n_limits, n_records).  Sizes of one system ("eu 42", "us 9") are held against each
        other and not against those of another.  Of other values the first limit is the value, if
        it has no longer one; the second is what is nested in it: the base colour, or a shorter
        value of the same axis.
    """
    if kind == "quantity":
        return np.maximum(values, -1)[None, :]
    if kind == "size":
        return _by_system(np.maximum(values, -1), names)
    bases, is_shared = _bases(names, is_color=kind == "color")
    is_general = bases == np.arange(len(names))
    # A value that nothing is nested in needs but one limit, its base.
    specific = np.append(np.where(is_general & is_shared, -1, np.arange(len(names))), -1)
    forms = np.where(values >= -1, values, -2 - values)
    strict = np.where(values >= 0, specific[values], -1)
    base = np.where(forms >= 0, np.append(bases, -1)[forms], -1)
    lost = (values < -1) & ~np.append(is_shared, False)[forms]
    base[lost] = -1
    return np.stack([strict, base]).astype(np.int32)


def confirm_vague(values: Ints, cores: Longs) -> Ints:
    """Return the values with those vague ones made sure to which nothing is left to add.

    "Black" of "Note 6 Pro Black" may be the end of a longer value that no column taught.  It is not
    if the rest of the title, its core, is also that of a record of another value: "pearl" would
    stand in it.

    Parameters
    ----------
    values : Ints
        Shape (n_records,): as for `limits_of`.
    cores : Longs
        Shape (n_records,): number of the core of the title, -1 where there is none.
    """
    vague = np.flatnonzero((values < -1) & (cores >= 0))
    if not len(vague):
        return values
    is_asked = np.zeros(int(cores.max()) + 1, np.bool_)
    is_asked[cores[vague]] = True
    forms = np.where(values >= -1, values, -2 - values)
    known = np.flatnonzero((forms >= 0) & (cores >= 0) & is_asked[cores])
    least, most = np.full(len(is_asked), np.iinfo(np.int32).max), np.full(len(is_asked), -1)
    np.minimum.at(least, cores[known], forms[known])
    np.maximum.at(most, cores[known], forms[known])
    sure = vague[least[cores[vague]] < most[cores[vague]]]
    confirmed = values.copy()
    confirmed[sure] = forms[sure]
    return confirmed


def _by_system(values: Ints, names: Sequence[str]) -> Ints:
    systems = np.array([*map(size_system, names), ""])
    found = sorted(set(systems[:-1].tolist()))
    rows = [np.where(systems[values] == system, values, -1) for system in found]
    return np.stack(rows).astype(np.int32) if rows else values[None, :]


def _bases(names: Sequence[str], *, is_color: bool) -> tuple[Ints, Bools]:
    """Return the number of each value's base, and whether it is also that of another value."""
    number: dict[str, int] = {name: place for place, name in enumerate(names)}
    bases = []
    for name in names:
        base = base_color(name) if is_color else ""
        base = base or next((word for word in name.split() if word in number), name)
        bases.append(number.setdefault(base, len(number)))
    counts = np.bincount(bases, minlength=len(number)) if bases else np.zeros(0, np.int64)
    array = np.array(bases, dtype=np.int32)
    return array, counts[array] > 1 if len(array) else np.zeros(0, np.bool_)
