"""Brands, from their column or found in the title."""

import numpy as np
import pyarrow as pa

from matcher.records.hashing import hash_strings
from matcher.records.joined import find_joined
from matcher.records.terms import Rows
from matcher.types import Floats, Ints

_COMPANY = frozenset(
    ("inc", "ltd", "llc", "corp", "corporation", "gmbh", "co", "company", "ag", "kg", "limited")
) | {"plc", "sa", "spa", "bv", "the"}
LONGEST = 3
"""Words of a brand that is looked for in titles."""

_TRUSTED = 0.5
# A word of the title is a brand when at least half of the records that have both agree.


def brand_form(value: str) -> str:
    """Return a normalised brand without its legal form.

    Examples
    --------
    >>> brand_form("sony corp."), brand_form("the north face")
    ('sony', 'north face')
    """
    if not value.replace(" ", "").isalnum():
        value = "".join(c if c.isalnum() else " " for c in value.replace("'", ""))
    words = value.split()
    kept = [word for word in words if word not in _COMPANY]
    return " ".join(kept or words)


def find_brands(
    column: pa.StringArray | None, title: Rows, words: pa.StringArray
) -> tuple[Ints, list[str]]:
    """Return the number of each record's brand, -1 where unknown, and the brands.

    Parameters
    ----------
    column : pa.StringArray | None
        Normalised values of the brand column, shape (n_records,); None where there is none.
    title : Rows
        Tokens of the titles, searched for the brands of the column where it is empty.
    words : pa.StringArray
        The vocabulary.
    """
    if column is None:
        return np.full(len(title.indptr) - 1, -1, dtype=np.int32), []
    known, forms = _of_column(column)
    return _fill_from_titles(known, forms, title, words), forms


def trusted_brands(column: pa.StringArray, title: Rows, words: pa.StringArray) -> dict[str, bool]:
    """Return the brands of a column, each with whether a title that names it is of it.

    Parameters
    ----------
    column, title, words : pa.StringArray, Rows, pa.StringArray
        As for `find_brands`.
    """
    known, forms = _of_column(column)
    brands, owners, _ = _mentions(forms, title, words)
    trust = _trust(known, brands, owners, len(forms))
    return dict(zip(forms, (trust >= _TRUSTED).tolist(), strict=True))


def _of_column(column: pa.StringArray) -> tuple[Ints, list[str]]:
    encoded = column.dictionary_encode()
    forms: dict[str, int] = {}
    table = [
        forms.setdefault(form, len(forms)) if form else -1
        for form in map(brand_form, encoded.dictionary.to_pylist())
    ]
    indices = np.asarray(encoded.indices.fill_null(len(table)))
    return np.array([*table, -1], dtype=np.int32)[indices], list(forms)


def _fill_from_titles(known: Ints, forms: list[str], title: Rows, words: pa.StringArray) -> Ints:
    brands, owners, starts = _mentions(forms, title, words)
    trust = _trust(known, brands, owners, len(forms))
    is_first = starts == title.indptr[owners]
    usable = (known[owners] < 0) & (is_first | (trust[brands] >= _TRUSTED))
    brands, owners, starts = brands[usable], owners[usable], starts[usable]
    # The earliest mention wins; among those the longest, which `_mentions` lists last.
    order = np.lexsort((-np.arange(len(brands)), starts, owners))
    first = order[np.flatnonzero(np.diff(owners[order], prepend=-1))]
    filled = known.copy()
    filled[owners[first]] = brands[first]
    return filled


def _trust(known: Ints, brands: Ints, owners: Ints, n_brands: int) -> Floats:
    has_brand = known[owners] >= 0
    mentioned = np.bincount(brands[has_brand], minlength=n_brands)
    agree = has_brand & (known[owners] == brands)
    right = np.bincount(brands[agree], minlength=n_brands)
    return (right / np.maximum(mentioned, 1)).astype(np.float32)


def _mentions(forms: list[str], title: Rows, words: pa.StringArray) -> tuple[Ints, Ints, Ints]:
    """Return brand, record and position of every run of tokens that spells a brand."""
    hashes = hash_strings(pa.array([form.replace(" ", "") for form in forms], pa.string()))
    sizes = np.array([form.count(" ") + 1 for form in forms])
    of_size = {size: np.flatnonzero(sizes == size) for size in range(1, LONGEST + 1)}
    wanted = {size: hashes[brands] for size, brands in of_size.items()}
    longest = max((len(form.encode()) for form in forms), default=0)
    found = [*find_joined(title, words, wanted, longest)]
    brands = [of_size[size][places] for size, (_, _, places) in zip(wanted, found, strict=True)]
    return (
        np.concatenate(brands).astype(np.int32),
        np.concatenate([records for records, _, _ in found]),
        np.concatenate([firsts for _, firsts, _ in found]).astype(np.int32),
    )
