"""The few groups of a result that its report shows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.output.examples import Example
from matcher.output.odd import Oddity, find_oddities
from matcher.types import Groups, Ints, Records, first_of_each

N_EXAMPLES = 5
MAX_MEMBERS = 8
MAX_TEXT = 200  # characters of a value in the report: titles of a megabyte exist


@dataclass(frozen=True, slots=True)
class Group:
    """A group of records, as the report shows it.

    Attributes
    ----------
    id : str
        Its match id or family id.
    score : float
        Its weakest link; NaN where there is none.
    n_records : int
        How many records it holds.
    members : tuple[tuple[str, ...], ...]
        The first of its records: a value for each of `Excerpt.headers`.
    note : str
        What there is to say of it.
    """

    id: str
    score: float
    n_records: int
    members: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class OddGroups:
    """Duplicate groups that a person should look at.

    Attributes
    ----------
    kind : str
        ``"largest"``, ``"weakest"``, ``"codes"`` or ``"brands"``.
    n_groups : int
        How many there are.
    groups : tuple[Group, ...]
        The worst of them.
    """

    kind: str
    n_groups: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What a report shows of the catalogue itself.

    Attributes
    ----------
    headers : tuple[str, ...]
        Names of the values of every shown record.
    matches, families : tuple[Group, ...]
        Duplicate groups and families from all over the catalogue.
    odd : tuple[OddGroups, ...]
        Duplicate groups that a person should look at.
    examples : tuple[Example, ...]
        Pairs that show what was decided, and why.
    """

    headers: tuple[str, ...]
    matches: tuple[Group, ...]
    families: tuple[Group, ...]
    odd: tuple[OddGroups, ...]
    examples: tuple[Example, ...] = ()


def choose_excerpt(
    table: pa.Table, records: Records, groups: Groups, ids: Mapping[str, pa.StringArray], title: str
) -> Excerpt:
    """Choose what the report shows, the same for the same result.

    Parameters
    ----------
    table : pa.Table
        The rows as they came in.
    records, groups : Records, Groups
        The records and their groups.
    ids : Mapping[str, pa.StringArray]
        ``"record_id"``, ``"match_id"`` and ``"family_id"``, shape (n_records,) each.
    title : str
        Name of the column of the main text; empty if there is none.

    Returns
    -------
    Excerpt
        At most `N_EXAMPLES` groups of each kind, `MAX_MEMBERS` records of each group.
    """
    shown = _shown_columns(table, records, title)
    view = _View(table.select(shown), records, groups, ids["record_id"])
    sizes = np.bincount(groups.match)
    varied = np.bincount(groups.family[first_of_each(groups.match)])
    return Excerpt(
        headers=("id", *shown[:1], *view.source_header, *shown[1:]),
        matches=view.groups(groups.match, _spread(np.flatnonzero(sizes > 1)), ids["match_id"]),
        families=view.groups(groups.family, _spread(np.flatnonzero(varied > 1)), ids["family_id"]),
        odd=tuple(view.odd(oddity, ids["match_id"]) for oddity in find_oddities(records, groups)),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """The shown columns of the catalogue."""

    table: pa.Table
    records: Records
    found: Groups
    names: pa.StringArray

    @property
    def source_header(self) -> tuple[str, ...]:
        """What stands above the sources, where there are several."""
        return ("source",) if len(self.records.source_names) > 1 else ()

    def groups(
        self, groups: Ints, numbers: NDArray[np.int64], ids: pa.StringArray
    ) -> tuple[Group, ...]:
        return tuple(self._group(np.flatnonzero(groups == number), ids) for number in numbers)

    def odd(self, oddity: Oddity, ids: pa.StringArray) -> OddGroups:
        found = self.groups(self.found.match, oddity.groups, ids)
        noted = zip(found, oddity.notes, strict=True)
        groups = tuple(replace(group, note=note) for group, note in noted)
        return OddGroups(oddity.kind, oddity.n_groups, groups)

    def _group(self, members: NDArray[np.int64], ids: pa.StringArray) -> Group:
        members = members[np.argsort(self.found.match[members], kind="stable")]
        first = members[:MAX_MEMBERS]
        rows = self.table.take(pa.array(self.records.rows[first]))
        columns = [[shorten(value) for value in column.to_pylist()] for column in rows.columns]
        names = self.names.take(pa.array(first)).to_pylist()
        if self.source_header:
            sources = (*self.records.source_names, "")  # -1 is unknown
            columns.insert(1, [shorten(sources[number]) for number in self.records.sources[first]])
        return Group(
            id=ids[int(members[0])].as_py(),
            score=float(self.found.weakest[members[0]]),
            n_records=len(members),
            members=tuple(zip(map(shorten, names), *columns, strict=True)),
        )


def shorten(value: object) -> str:
    r"""Return a value as one line of readable text, cut after `MAX_TEXT` characters.

    Examples
    --------
    >>> shorten(None), shorten("a\n b\x00"), len(shorten("x" * 1000))
    ('', 'a b', 201)
    """
    if value is None:
        return ""
    text = str(value)[: MAX_TEXT * 4]
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"


def _shown_columns(table: pa.Table, records: Records, title: str) -> list[str]:
    """Return the main text, the axes and the numbers of the offer: what a person compares."""
    axes = [one.attribute.name for one in records.columns if one.attribute.role == "axis"]
    offers = [one.attribute.name for one in records.columns if one.attribute.role == "offer"]
    chosen = dict.fromkeys([title, *axes[:4], *offers[:2]])
    return [name for name in chosen if name in table.column_names]


def _spread(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return `N_EXAMPLES` of the numbers at equal distances."""
    at = np.linspace(0, len(numbers) - 1, min(N_EXAMPLES, len(numbers))).astype(int)
    spread: NDArray[np.int64] = numbers[at]
    return spread
