"""Comparison of parsed values: prices, numbers, quantities, codes, brands, categories, vectors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.features.comparison import columns, ordered
from matcher.features.kernels import dimensions_of_pairs
from matcher.types import Floats, Ints, Pairs, Terms


def agreement(forms: Ints, pairs: Pairs) -> Floats:
    """Return 1 where two known values are equal, 0 where they differ, NaN where one is missing."""
    left, right = forms[pairs.left], forms[pairs.right]
    equal = np.asarray(left == right, dtype=np.float32)
    equal[(left < 0) | (right < 0)] = np.nan
    return equal


def log_ratio(values: NDArray[np.float64], pairs: Pairs) -> Floats:
    """Return ``|log(left / right)|`` of positive values, capped at 5; NaN where one is missing."""
    left, right = values[pairs.left], values[pairs.right]
    known = (left > 0) & (right > 0)
    missing = np.full(len(pairs), np.nan)
    distance = np.abs(
        np.log(left, out=missing.copy(), where=known) - np.log(right, out=missing, where=known)
    )
    return np.asarray(np.minimum(distance, 5), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Forms:
    """Equality of one categorical property in its normal form.

    Attributes
    ----------
    name : str
        Name of the feature.
    forms : Ints
        Shape (n_records,): number of the normal form, -1 where missing.
    """

    name: str
    forms: Ints

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return (self.name,)

    def compare(self, pairs: Pairs) -> Floats:
        """Return 1, 0 or NaN."""
        return columns(agreement(self.forms, pairs))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a pair: 0 for "exact?", 1 for "exact or variant?".

    Attributes
    ----------
    is_family : bool
        Whether it is the second.
    """

    is_family: bool

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return ("is_family_question",)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the question, the same for every pair."""
        return np.full((len(pairs), 1), self.is_family, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Ratio of one number, a price say.

    Attributes
    ----------
    name : str
        Name of the feature.
    values : NDArray[np.float64]
        Shape (n_records,), NaN where missing.
    """

    name: str
    values: NDArray[np.float64]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return (self.name,)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the absolute logarithm of the ratio: 0 is equal, 0.69 is double."""
        return columns(log_ratio(self.values, pairs))


@dataclass(frozen=True, slots=True)
class Categories:
    """How many of several categorical properties agree, conflict, or are unknown on a side.

    Attributes
    ----------
    prefix : str
        Of the feature names.
    forms : Ints
        Shape (n_properties, n_records): numbers of normal forms, -1 where missing.
    """

    prefix: str
    forms: Ints

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return tuple(f"{self.prefix}_{part}" for part in ("equal", "conflict", "unknown"))

    def compare(self, pairs: Pairs) -> Floats:
        """Return the three counts."""
        left, right = self.forms[:, pairs.left], self.forms[:, pairs.right]
        known = (left >= 0) & (right >= 0)
        equal = known & (left == right)
        counts = (equal.sum(axis=0), (known & ~equal).sum(axis=0), (~known).sum(axis=0))
        return columns(*(count.astype(np.float32) for count in counts))


@dataclass(frozen=True, slots=True)
class Quantities:
    """Agreement of quantities, dimension by dimension, in base units.

    Attributes
    ----------
    quantities : Terms
        Set of quantities of each record.
    dimensions : Ints
        Shape (n_quantities,): dimension of each quantity.
    pack : int
        Number of the dimension of packs; -1 where there is none.
    ignored : int
        Bits of the ignored axes.
    """

    quantities: Terms
    dimensions: Ints
    pack: int
    ignored: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return ("quantities_agree", "quantities_conflict", "quantities_one_sided", "pack_conflict")

    def compare(self, pairs: Pairs) -> Floats:
        """Return the number of dimensions that agree, conflict, or are known on one side only.

        And whether the number of items in a pack differs: one item is rarely written "pack of 1",
        so a pack on one side only is a difference.
        """
        left, right, shared = dimensions_of_pairs(
            self.quantities.indptr,
            self.quantities.terms,
            self.quantities.axes,
            self.dimensions,
            pairs.left,
            pairs.right,
            np.uint32(self.ignored),
        ).T
        pack = np.uint64(1 << self.pack if self.pack >= 0 else 0)
        dimensions = (left & right & shared, left & right & ~shared, left ^ right)
        return columns(
            *(np.bitwise_count(bits).astype(np.float32) for bits in dimensions),
            (((left | right) & ~shared & pack) != 0).astype(np.float32),
        )


@dataclass(frozen=True, slots=True)
class Vectors:
    """Cosine of vectors, from a semantic encoder.

    Attributes
    ----------
    name : str
        Name of the feature.
    vectors : Floats
        Shape (n_records, dimension), of length 1, or 0 where there is no text.
    """

    name: str
    vectors: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return (self.name,)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the cosines; NaN where a side has no text."""
        left, right = self.vectors[pairs.left], self.vectors[pairs.right]
        cosine = np.einsum("ij,ij->i", left, right)
        empty = ~(left.any(axis=1) & right.any(axis=1))
        return columns(np.where(empty, np.float32(np.nan), cosine))


@dataclass(frozen=True, slots=True)
class BrandInTitle:
    """Whether brands agree, and how rare the agreement is.

    Attributes
    ----------
    brands : Ints
        Shape (n_records,): number of the brand, -1 where unknown.
    sizes : Floats
        Shape (n_brands,): share of the records that have the brand.
    """

    brands: Ints
    sizes: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return ("brand_equal", "brand_share_min", "brand_share_max")

    def compare(self, pairs: Pairs) -> Floats:
        """Return agreement and shares; NaN where a brand is unknown."""
        shares = np.append(self.sizes, np.float32(np.nan))
        left, right = shares[self.brands[pairs.left]], shares[self.brands[pairs.right]]
        return columns(agreement(self.brands, pairs), *ordered(left, right))


def shares_of(brands: Ints) -> Floats:
    """Return the share of the records that have each brand, shape (n_brands,)."""
    return (np.bincount(brands[brands >= 0]) / max(len(brands), 1)).astype(np.float32)
