"""The two records that are to be explained, parsed and as they came in."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.types import Ints, Records, Terms


@dataclass(frozen=True, slots=True)
class Offer:
    """One record as it came in, its texts printable and not too long.

    Attributes
    ----------
    number : int
        Its record number.
    source : str
        Its shop, seller or feed; empty where unknown.
    title, brand : str
        Empty where missing.
    codes : Mapping[str, str]
        Its ``"gtin"`` and ``"mpn"``, where it has them.
    price : float
        NaN where unknown.
    currency : str
        Three letters; empty where unknown.
    columns : Mapping[str, str]
        The texts of its columns, missing ones left out.
    """

    number: int
    source: str
    title: str
    brand: str
    codes: Mapping[str, str]
    price: float
    currency: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """Two records of a catalogue.

    Attributes
    ----------
    records : Records
        The catalogue, or so much of it as was parsed.
    left, right : Offer
        The two.
    ignored : int
        Bits of the axes that may differ between them inside a family.
    told : frozenset[str]
        Columns whose values are told as the title or the brand.
    """

    records: Records
    left: Offer
    right: Offer
    ignored: int
    told: frozenset[str]

    def both(self, values: Ints) -> tuple[int, int]:
        """Return the numbers that two records have in an array over all records."""
        return int(values[self.left.number]), int(values[self.right.number])

    def conflicts(self, axis: str) -> bool:
        """Return whether known values of an axis conflict."""
        numbers = (np.array([self.left.number]), np.array([self.right.number]))
        return bool(self.records.differs(axis, *numbers)[0])

    def ignores(self, axis: str) -> bool:
        """Return whether an axis may differ inside a family."""
        return bool(self.records.axis_bits([axis]) & self.ignored)


def terms_of(terms: Terms, record: int) -> Ints:
    """Return the term numbers of one record, values of axes left out."""
    part = slice(int(terms.indptr[record]), int(terms.indptr[record + 1]))
    return np.asarray(terms.terms[part][terms.axes[part] == 0])


def n_records_with(terms: Terms, term: int) -> int:
    """Return how many records have a term, from its inverse document frequency."""
    return max(round((1 + terms.n_records) / float(np.exp(terms.idf[term] - 1)) - 1), 1)
