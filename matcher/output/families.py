"""The table of families: what their members share, in what they vary, and what is odd."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.output.headline import strip_options
from matcher.output.ids import Strings
from matcher.output.spellings import axis_texts, spellings
from matcher.output.tables import joined_names, titles
from matcher.types import Bits, Bools, Catalogue, Groups, Ints, Longs, Records

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
    ids: Mapping[str, Strings],
    *,
    concepts: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """Return one row per family, in canonical order.

    Parameters
    ----------
    catalogue : Catalogue
        The rows as they came in: titles and option values are shown as they were written.
    records, groups : Records, Groups
        The records, and the duplicate group and family of each.
    ids : Mapping[str, Strings]
        ``"match_id"`` and ``"family_id"``, shape (n_records,) each.
    concepts : Mapping[str, Sequence[str]]
        The columns of the category, the title, and so on; synonyms of several inputs are together.

    Returns
    -------
    pd.DataFrame
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
    title = titles(catalogue, records, concepts.get("title", ()))
    spelled = {axis: spellings(catalogue, records, axis, concepts) for axis in records.axes}
    chosen = _choose_titles(records, groups.family, title, varying)
    texts = axis_texts(spelled, records, groups.family, members.first, members.values)
    starts = np.flatnonzero(np.diff(members.family, prepend=-1))
    return pd.DataFrame(
        {
            "family_id": ids["family_id"][members.first[starts]],
            "title": _titles(records, title, chosen, varying),
            "varies_by": joined_names(varying.astype(np.uint64), list(records.axes)),
            "n_products": members.sizes(),
            "n_records": n_records,
            "members": _join(pa.array(ids["match_id"][members.first], pa.string()), starts, ";"),
            "options": _options(ids["match_id"][members.first], texts, starts),
            "problems": _problems(records, groups, members, varying, concepts.get("category", ())),
        }
    )


def _members(records: Records, groups: Groups, n_families: int) -> _Members:
    """Return the products, those of one family beside each other, else in canonical order."""
    first = np.unique(groups.match, return_index=True)[1]
    values = {}
    for axis in records.axes:
        known = np.full(len(first), -1, np.int32)
        np.maximum.at(known, groups.match, records.axis_values[axis])
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
    keys: Longs = np.unique((family[known].astype(np.int64) << 32) | values[known])
    return keys >> 32


def _varying_axes(members: _Members) -> Bits:
    """Return, for each family, the bits of the axes that have several known values in it."""
    bits = np.zeros(members.n_families, np.uint32)
    for bit, values in enumerate(members.values.values()):
        counts = np.bincount(_distinct(members.family, values), minlength=members.n_families)
        bits |= (counts > 1).astype(np.uint32) << np.uint32(bit)
    return bits


def _choose_titles(records: Records, family: Ints, title: pa.StringArray, axes: Bits) -> Longs:
    """Return, for each family, the record whose title is of middling length.

    Only records with the most known values on the `axes` of their family stand for election:
    in a title whose color is unknown, no word is known to be a color.
    """
    lengths = pc.utf8_length(title).to_numpy()
    n_known = np.zeros(len(family), np.int64)
    for bit, axis in enumerate(records.axes):
        counts = (axes[family] >> np.uint32(bit)) & 1 == 1
        n_known += counts & (records.axis_values[axis] >= 0)
    n_known[lengths == 0] = -1
    most = np.full(len(axes), -1, np.int64)
    np.maximum.at(most, family, n_known)
    is_last = (n_known < most[family]) | (lengths == 0)
    order = np.lexsort((lengths, is_last, family))
    n_electable = np.bincount(family[~is_last], minlength=len(axes))
    n_records = np.bincount(family, minlength=len(axes))
    starts = np.concatenate([[0], np.cumsum(n_records)[:-1]])[: len(axes)]
    middle: Longs = order[starts + np.maximum(n_electable - 1, 0) // 2]
    return middle


def _titles(records: Records, title: pa.StringArray, chosen: Longs, axes: Bits) -> Strings:
    """Return the chosen titles, without the words that are values of `axes` of the family."""
    texts: Strings = title.take(pa.array(chosen)).to_numpy(zero_copy_only=False)
    indptr, vocabulary = records.title.indptr, records.vocabulary.words
    for family in np.flatnonzero(axes):
        record = chosen[family]
        start, stop = indptr[record], indptr[record + 1]
        marked = (records.title.axes[start:stop] & axes[family]) != 0
        if marked.any():
            terms = records.title.terms[start:stop][marked].tolist()
            words = [vocabulary[term].as_py() for term in terms]
            texts[family] = strip_options(texts[family], words)
    return texts


def _options(match_ids: Strings, texts: Mapping[str, pa.StringArray], starts: Longs) -> Strings:
    """Return the JSON list of every family: an object for each member."""
    parts = [_json_fields("match_id", pa.array(match_ids, pa.string()))]
    parts += [_json_fields(axis, values) for axis, values in texts.items()]
    fields = pc.binary_join_element_wise(*parts, ", ", null_handling="skip")
    objects = pc.binary_join_element_wise("{", fields, "}", "")
    joined = pa.array(_join(objects, starts, ", "), pa.string())
    listed: Strings = pc.binary_join_element_wise("[", joined, "]", "").to_numpy(
        zero_copy_only=False
    )
    return listed


def _json_fields(name: str, values: pa.StringArray) -> pa.StringArray:
    """Return ``"name": "value"`` for each value, null for null."""
    encoded = values.dictionary_encode()
    head = json.dumps(name, ensure_ascii=False) + ": "
    fields = [
        head + json.dumps(value, ensure_ascii=False) for value in encoded.dictionary.to_pylist()
    ]
    return pa.array(fields, pa.string()).take(encoded.indices)


def _join(values: pa.StringArray, starts: Longs, separator: str) -> Strings:
    """Return the values of every family, joined; `starts` are the places of their first ones."""
    offsets = pa.array(np.append(starts, len(values)), pa.int64())
    lists = pa.LargeListArray.from_arrays(offsets, values)
    joined: Strings = pc.binary_join(lists, separator).to_numpy(zero_copy_only=False)
    return joined


def _problems(
    records: Records, groups: Groups, members: _Members, varying: Bits, categories: Sequence[str]
) -> Strings:
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
        combination = np.unique(keys, return_inverse=True)[1].astype(np.int64)
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
    groups = (family[known].astype(np.int64) << 32) | (records.sources[known] + 1)
    pairs = pd.DataFrame({"group": groups, "category": column.forms[known]}).drop_duplicates()
    sizes = pairs.groupby("group").size()
    spanning = sizes.index[sizes.to_numpy() > 1].to_numpy(np.int64) >> 32
    has_several: Bools = np.bincount(spanning, minlength=n_families) > 0
    return has_several
