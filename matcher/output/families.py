"""The table of families: what their members share, in what they vary, and what is odd."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.beside import do_all
from matcher.output.family_titles import family_titles
from matcher.output.spellings import axis_texts, spellings
from matcher.output.tables import joined_names, titles
from matcher.types import (
    Bits,
    Bools,
    Catalogue,
    Groups,
    Ints,
    Longs,
    Records,
    distinct,
    first_of_each,
)

SPANS_BRANDS = "spans_brands"
SPANS_CATEGORIES = "spans_categories"
SAME_OPTIONS = "same_options"
MISSING_OPTION = "missing_option"
CONSTANT_AXIS = "constant_axis"


@dataclass(frozen=True, slots=True)
class _Members:
    """The products of all families.

    Attributes
    ----------
    family, first : Longs
        Shape (n_products,): number of the family, and a record of the product, its first.
    values : Mapping[str, Ints]
        For each axis, shape (n_products,): the known value of its records, -1 is unknown.
    n_families : int
        How many families there are.
    """

    family: Longs
    first: Longs
    values: Mapping[str, Ints]
    n_families: int

    def per_family(self, flags: Bools) -> Longs:
        """Return how many products of each family have a flag."""
        return np.bincount(self.family[flags], minlength=self.n_families)

    def sizes(self) -> Longs:
        """Return how many products each family has."""
        return np.bincount(self.family, minlength=self.n_families)


def family_table(
    catalogue: Catalogue,
    records: Records,
    groups: Groups,
    ids: Mapping[str, pa.StringArray],
    *,
    concepts: Mapping[str, Sequence[str]],
    threads: int = 1,
) -> pa.Table:
    """Return one row per family, in canonical order.

    Parameters
    ----------
    catalogue : Catalogue
        The rows as they came in: titles and option values are shown as they were written.
    records, groups : Records, Groups
        The records, and the duplicate group and family of each.
    ids : Mapping[str, pa.StringArray]
        ``"match_id"`` and ``"family_id"``, shape (n_records,) each.
    concepts : Mapping[str, Sequence[str]]
        The columns of the category, the title, and so on; synonyms of several inputs are together.
    threads : int
        Those that may be used; 0 is any number.

    Returns
    -------
    pa.Table
        ``family_id, title, varies_by, n_products, n_records, members, options, problems``.  The
        title is the one of middling length (the shortest often lacks the brand, and the longest is
        an advertisement), without the words that tell one member from another.  ``members`` are
        match ids joined by ``;``, ``options`` is a JSON list with the known axis values of every
        member, ``problems`` are names joined by ``;``.
    """
    n_families = int(groups.family.max(initial=-1)) + 1
    n_records = np.bincount(groups.family, minlength=n_families)
    members = _members(records, groups, n_families)
    varying = _varying_axes(members)
    starts = np.flatnonzero(np.diff(members.family, prepend=-1))
    match_ids = ids["match_id"].take(pa.array(members.first))

    works: list[Callable[[], Any]] = [  # the title takes as long as the others
        lambda: family_titles(
            records, groups.family, titles(catalogue, records, concepts.get("title", ())), varying
        ),
        lambda: _options(match_ids, _texts(catalogue, records, groups, members, concepts), starts),
        lambda: _problems(records, groups, members, varying, concepts.get("category", ())),
    ]
    title, options, problems = do_all(works, threads)
    return pa.table(
        {
            "family_id": ids["family_id"].take(pa.array(members.first[starts])),
            "title": title,
            "varies_by": joined_names(varying.astype(np.uint64), list(records.axes)),
            "n_products": members.sizes(),
            "n_records": n_records,
            "members": _join(match_ids, starts, ";"),
            "options": options,
            "problems": problems,
        }
    )


def _texts(
    catalogue: Catalogue,
    records: Records,
    groups: Groups,
    members: _Members,
    concepts: Mapping[str, Sequence[str]],
) -> dict[str, pa.StringArray]:
    """Return the values of all products in words, by axis."""
    spelled = {axis: spellings(catalogue, records, axis, concepts) for axis in records.axes}
    return axis_texts(spelled, records, groups.family, members.first, members.values)


def _members(records: Records, groups: Groups, n_families: int) -> _Members:
    """Return the products, those of one family beside each other, else in canonical order."""
    first = first_of_each(groups.match)
    values = {}
    for axis in records.axes:
        said, known = records.axis_values[axis], np.full(len(first), -1, np.int32)
        told = np.flatnonzero(said >= 0)
        np.maximum.at(known, groups.match[told], said[told])
        values[axis] = known
    order = np.argsort(groups.family[first], kind="stable")
    return _Members(
        family=groups.family[first][order].astype(np.int64),
        first=first[order],
        values={axis: known[order] for axis, known in values.items()},
        n_families=n_families,
    )


def _distinct(family: NDArray[np.integer], values: Ints) -> Longs:
    """Return the family of every different pair of family and known value."""
    known = values >= 0
    return distinct((family[known].astype(np.int64) << 32) | values[known]) >> 32


def _varying_axes(members: _Members) -> Bits:
    """Return, for each family, the bits of the axes that have several known values in it."""
    bits = np.zeros(members.n_families, np.uint32)
    for bit, values in enumerate(members.values.values()):
        counts = np.bincount(_distinct(members.family, values), minlength=members.n_families)
        bits |= (counts > 1).astype(np.uint32) << np.uint32(bit)
    return bits


def _options(
    match_ids: pa.StringArray, texts: Mapping[str, pa.StringArray], starts: Longs
) -> pa.StringArray:
    """Return the JSON list of every family: an object for each member."""
    parts = [pc.binary_join_element_wise('{"match_id": "', match_ids, '"', "")]  # no id has quotes
    parts += [_json_fields(axis, values) for axis, values in texts.items()]
    fields = pc.binary_join_element_wise(*parts, ", ", null_handling="skip")
    return pc.binary_join_element_wise("[", _join(fields, starts, "}, "), "}]", "")


def _json_fields(name: str, values: pa.StringArray) -> pa.StringArray:
    """Return ``"name": "value"`` for each value, null for null."""
    encoded = values.dictionary_encode()
    head = json.dumps(name, ensure_ascii=False) + ": "
    fields = [
        head + json.dumps(value, ensure_ascii=False) for value in encoded.dictionary.to_pylist()
    ]
    return pa.array(fields, pa.string()).take(encoded.indices)


def _join(values: pa.StringArray, starts: Longs, separator: str) -> pa.StringArray:
    """Return the values of every family, joined; `starts` are the places of their first ones."""
    offsets = pa.array(np.append(starts, len(values)), pa.int64())
    return pc.binary_join(pa.LargeListArray.from_arrays(offsets, values), separator)


def _problems(
    records: Records, groups: Groups, members: _Members, varying: Bits, categories: Sequence[str]
) -> pa.ChunkedArray:
    """Return the names of what is odd about each family, joined by ``;``."""
    names: list[str] = []
    bits = np.zeros(members.n_families, np.uint64)
    for name, has_it in _findings(records, groups, members, varying, categories):
        bits |= has_it.astype(np.uint64) << np.uint64(len(names))
        names.append(name)
    return joined_names(bits, names)


def _findings(
    records: Records, groups: Groups, members: _Members, varying: Bits, categories: Sequence[str]
) -> Iterator[tuple[str, Bools]]:
    """Yield the name of each problem, and which families have it."""
    n_families = members.n_families
    brands = np.bincount(_distinct(groups.family, records.brands), minlength=n_families)
    yield SPANS_BRANDS, brands > 1
    yield SPANS_CATEGORIES, _spans_categories(records, groups.family, n_families, categories)
    is_several = members.sizes() > 1
    yield SAME_OPTIONS, is_several & _has_same_options(members, varying)
    lacking = np.zeros(len(members.family), bool)
    for bit, values in enumerate(members.values.values()):
        varies = (varying >> np.uint32(bit)) & 1 == 1
        lacking |= varies[members.family] & (values < 0)
    yield MISSING_OPTION, is_several & ((members.per_family(lacking) > 0) | (varying == 0))
    for axis in records.declared:
        values = members.values[axis]
        is_known = members.per_family(values >= 0) > 1
        yield f"{CONSTANT_AXIS}:{axis}", is_several & (varying == 0) & is_known


def _has_same_options(members: _Members, varying: Bits) -> Bools:
    """Return which families have two members with the same known value on every varying axis.

    Where no axis varies, all known axes count.
    """
    nothing_varies = varying[members.family] == 0
    is_known, lacking = np.zeros((2, len(members.family)), bool)
    combination = members.family
    for bit, values in enumerate(members.values.values()):
        counts = ((varying[members.family] >> np.uint32(bit)) & 1 == 1) | nothing_varies
        is_known |= counts & (values >= 0)
        lacking |= counts & (values < 0) & ~nothing_varies
        keys = (combination << 32) | np.where(counts, values + 1, 0)
        combination = pd.factorize(keys)[0].astype(np.int64)
    rows = np.flatnonzero(is_known & ~lacking)
    repeated = np.bincount(combination[rows], minlength=1)[combination[rows]] > 1
    has_same: Bools = np.bincount(members.family[rows[repeated]], minlength=members.n_families) > 0
    return has_same


def _spans_categories(
    records: Records, family: Ints, n_families: int, categories: Sequence[str]
) -> Bools:
    """Return which families have several categories within one source: each has its own words."""
    column = next((one for one in records.columns if one.attribute.name in categories), None)
    if column is None:
        return np.zeros(n_families, bool)
    known = column.forms >= 0
    sources = records.sources[known].astype(np.int64) + 1
    scopes, found = pd.factorize((family[known].astype(np.int64) << 32) | sources)
    pairs = distinct((scopes.astype(np.int64) << 32) | column.forms[known]) >> 32
    spanning = found[np.bincount(pairs, minlength=len(found)) > 1] >> 32
    has_several: Bools = np.bincount(spanning, minlength=n_families) > 0
    return has_several
