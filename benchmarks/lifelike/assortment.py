"""Series of sibling families, their products, and who offers them."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.lifelike.vocabulary import N_BRANDS, N_LINES, SPREAD, Vocabulary
from matcher.types import Longs

SERIES_PER_CHUNK = 8192
FAMILIES = (0.6, 0.2, 0.1, 0.05, 0.03, 0.02)  # share of the series with one family, with two ...
PRODUCTS = (0.6, 0.2, 0.1, 0.06, 0.03, 0.01)  # of the families with one product, with two ...
MOST_OFFERS = 8
OFFER_EXPONENT = 1.8  # six of ten products have one offer
BRAND_EXPONENT = 0.95  # the largest of 8,000 brands has a tenth of the series
GOODS_PER_BRAND = 4
LINES_PER_BRAND = 6
BY_MODEL, BY_AMOUNT, BY_BOTH = range(3)
"""In what the families of a series differ."""


@dataclass(frozen=True, slots=True)
class Series:
    """Series of a maker, whose families differ in a model number, an amount or both.

    All arrays are of shape (n_series,).

    Attributes
    ----------
    number : Longs
        Of all series of the catalogue.
    brand, goods, line : Longs
        Who makes it, what it is, and under which name.
    differs : Longs
        `BY_MODEL`, `BY_AMOUNT` or `BY_BOTH`.
    first : Longs
        Where its amounts, editions and digits begin.
    facts : Longs
        What is said of it.
    price : NDArray[np.float64]
        Of its first family.
    """

    number: Longs
    brand: Longs
    goods: Longs
    line: Longs
    differs: Longs
    first: Longs
    facts: Longs
    price: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Products:
    """Products, each of a family of a series.

    All arrays are of shape (n_products,).

    Attributes
    ----------
    series : Longs
        Its place in `Series`.
    family : Longs
        Which of its series, from 0.
    option : Longs
        Which color or size, from 0; no two of a family have the same.
    """

    series: Longs
    family: Longs
    option: Longs


def zipf_shares(n: int, exponent: float) -> NDArray[np.float64]:
    """Return the shares of `n` ranks, the first the largest.

    Examples
    --------
    >>> zipf_shares(2, 1.0).round(2).tolist()
    [0.67, 0.33]
    """
    weights = np.arange(1, n + 1) ** -exponent
    return weights / weights.sum()


def draw(random: Generator, shares: NDArray[np.float64] | tuple[float, ...], n: int) -> Longs:
    """Draw `n` ranks, from 0, by their shares."""
    places = np.searchsorted(np.cumsum(shares), random.random(n), side="right")
    return np.minimum(places, len(shares) - 1)


def mix(*numbers: Longs | int) -> Longs:
    """Return numbers that look random and that the given ones decide."""
    mixed = np.zeros(1, np.uint64)
    for each in numbers:
        mixed = (mixed ^ np.asarray(each).astype(np.uint64)) * np.uint64(SPREAD)
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(8)).astype(np.int64)


def make_series(
    chunk: int, vocabulary: Vocabulary, random: Generator, leader_share: float
) -> Series:
    """Return the series of a chunk of the catalogue.

    Parameters
    ----------
    chunk : int
        Which chunk; its series have the numbers that follow those of the one before.
    vocabulary : Vocabulary
        What is sold.
    random : Generator
        Of this chunk alone.
    leader_share : float
        Share of the series that the first brand has besides its usual ones.
    """
    n = SERIES_PER_CHUNK
    brand = draw(random, zipf_shares(N_BRANDS, BRAND_EXPONENT), n)
    brand[random.random(n) < leader_share] = 0
    goods = mix(brand, random.integers(0, GOODS_PER_BRAND, n)) % len(vocabulary.prices)
    line = mix(brand, goods, random.integers(0, LINES_PER_BRAND, n)) % N_LINES
    low, high = np.log(vocabulary.prices[goods].T)
    return Series(
        number=np.arange(n) + chunk * n,
        brand=brand,
        goods=goods,
        line=line,
        differs=draw(random, (0.5, 0.3, 0.2), n),
        first=random.integers(0, 2520, n),  # divided by every length of a list up to ten
        facts=random.integers(0, 1 << 30, n),
        price=np.exp(random.uniform(low, high)),
    )


def make_products(series: Series, vocabulary: Vocabulary, random: Generator) -> Products:
    """Return the products of all families of the series, in their order."""
    n_families = 1 + draw(random, FAMILIES, len(series.number))
    of_family = np.repeat(np.arange(len(n_families)), n_families)
    n_products = 1 + draw(random, PRODUCTS, len(of_family))
    n_options = vocabulary.options[0].counts[series.goods[of_family]]
    n_products = np.minimum(n_products, n_options)
    of_product = np.repeat(np.arange(len(of_family)), n_products)
    first = random.integers(0, n_options)
    option = (first[of_product] + places_within(n_products)) % n_options[of_product]
    family = places_within(n_families)
    return Products(of_family[of_product], family[of_product], option)


def places_within(counts: Longs) -> Longs:
    """Return the place of each member in its group, from 0, the groups laid end to end.

    Examples
    --------
    >>> places_within(np.array([2, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    starts = np.cumsum(counts) - counts
    return np.arange(counts.sum()) - np.repeat(starts, counts)


def make_offers(n_products: int, n_sellers: int, random: Generator) -> tuple[Longs, Longs]:
    """Return product and seller of each offer, in the order of the products.

    Large sellers have many products; a few of them offer one twice.
    """
    counts = 1 + draw(random, zipf_shares(MOST_OFFERS, OFFER_EXPONENT), n_products)
    product = np.repeat(np.arange(n_products), counts)
    seller = draw(random, zipf_shares(n_sellers, 0.8), len(product))
    _, first = np.unique(product * n_sellers + seller, return_index=True)
    is_kept = random.random(len(product)) < 0.1
    is_kept[first] = True
    return product[is_kept], seller[is_kept]
