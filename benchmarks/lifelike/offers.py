"""What the sellers write: titles and columns of each offer."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.lifelike.assortment import BY_AMOUNT, BY_MODEL, Products, Series, mix
from benchmarks.lifelike.sellers import JOINTS, SLOTS, Sellers
from benchmarks.lifelike.vocabulary import SPREAD, Vocabulary, Words, invent_names
from benchmarks.made_up import slip
from matcher.types import Bools, Longs

LETTERS = "ABCDEFGHKLMNPRSTUVWXYZ"
N_CODES = 10**4 * len(LETTERS) ** 2
FAMILY_NUMBERS, OPTION_NUMBERS = 8, 16  # more than a series has families, and a family products
GTIN_IS_WRONG = 0.03  # share of the GTINs
PRICE_IS_MISSING = 0.04


@dataclass(frozen=True, slots=True)
class Market:
    """A chunk of a market: what there is, and who offers it.

    Attributes
    ----------
    vocabulary : Vocabulary
        Words.
    series : Series
        All series of the chunk.
    products : Products
        All products of the chunk.
    sellers : Sellers
        All sellers.
    product, seller : Longs
        Shape (n_offers,): of each offer, its place among them.
    """

    vocabulary: Vocabulary
    series: Series
    products: Products
    sellers: Sellers
    product: Longs
    seller: Longs


def write_offers(market: Market, random: Generator) -> dict[str, pa.Array]:
    """Return the columns ``source``, ``title``, ``brand``, ``price``, ``gtin`` and ``category``."""
    vocabulary, sellers = market.vocabulary, market.sellers
    seller, series = market.seller, market.products.series[market.product]
    goods = market.series.goods[series]
    brand = vocabulary.brands.take(pa.array(market.series.brand[series]))
    is_empty = random.random(len(seller)) >= sellers.has_brand[seller]
    company = _optional(vocabulary.companies, sellers.company[seller])
    name = vocabulary.names.take(goods, sellers.name[seller] + 1)
    shelf = vocabulary.shelves.take(goods, goods)
    both = pc.binary_join_element_wise(shelf, name, " > ")
    return {
        "source": pa.array([f"shop-{number:03d}" for number in range(len(sellers.case))]).take(
            pa.array(seller)
        ),
        "title": _titles(market, random),
        "brand": _hide(_join([brand, company]), is_empty),
        "price": pa.array(_prices(market, random), from_pandas=True),  # NaN is missing
        "gtin": _gtins(market, random),
        "category": pc.choose(pa.array(sellers.shelf[seller]), name, shelf, both),
    }


def _titles(market: Market, random: Generator) -> pa.Array:
    parts = _parts(market, random)
    seller, sellers = market.seller, market.sellers
    n = len(seller)
    every = pa.concat_arrays([parts[slot] for slot in SLOTS])
    order = sellers.order[seller] * n + np.arange(n)[:, None]
    titles = _join([every.take(pa.array(column)) for column in order.T])
    titles = pc.choose(
        pa.array(sellers.case[seller]), titles, pc.utf8_lower(titles), pc.utf8_upper(titles)
    )
    return _with_slips(titles, random.random(n) < sellers.slips[seller], random)


def _parts(market: Market, random: Generator) -> dict[str, pa.Array]:
    """Return the parts of all titles by their slots; null is left out."""
    vocabulary, sellers, seller = market.vocabulary, market.sellers, market.seller
    series, family = (
        part[market.product] for part in (market.products.series, market.products.family)
    )
    goods, first = market.series.goods[series], market.series.first[series]
    says = {
        slot: random.random(len(seller)) < getattr(sellers, f"says_{slot}")[seller]
        for slot in ("brand", "line", "model", "name", "amount", "option")
    }
    says["name"] |= ~says["model"]
    short = sellers.is_short[seller] & (random.random(len(seller)) < 0.8)
    amount = first + np.where(market.series.differs[series] == BY_MODEL, 0, family)
    option = market.products.option[market.product]
    says["option"] &= vocabulary.options[0].counts[goods] > 1
    praise = _optional(vocabulary.praise, sellers.praise[seller])
    praises = random.integers(0, 3, len(seller))
    parts = {
        "praise": _hide(praise, praises != 0),
        "brand": vocabulary.brands.take(pa.array(market.series.brand[series])),
        "line": vocabulary.lines.take(pa.array(market.series.line[series])),
        "model": _models(market),
        "name": vocabulary.names.take(goods, sellers.name[seller]),
        "amount": _either(sellers.amount[seller], vocabulary.amounts, goods, amount),
        "option": _either(short, vocabulary.options, goods, option),
        "ending": _hide(praise, praises != 1),
    }
    n_facts = np.where(says["model"], sellers.n_facts[seller], 3)
    for at, spellings in enumerate(vocabulary.facts):
        fact = _either(short, spellings, goods, mix(market.series.facts[series], at))
        place = (at + seller) % len(vocabulary.facts)  # not all tell the same one first
        parts[f"fact {at + 1}"] = _hide(fact, place >= n_facts)
    return {
        slot: _hide(part, ~says[slot]) if slot in says else part for slot, part in parts.items()
    }


def _models(market: Market) -> pa.Array:
    """Return model numbers as the sellers write them, or names of what has none."""
    products, series, sellers = market.products, market.series, market.sellers
    step = np.where(series.differs[products.series] == BY_AMOUNT, 0, products.family)
    goods = series.goods[products.series]
    edition = market.vocabulary.editions.take(goods, series.first[products.series] + step)
    names = invent_names(series.number, 3).take(pa.array(products.series))
    product, seller = pa.array(market.product), market.seller
    named = _join([names, edition]).take(product)
    start, middle, end = (part.take(product) for part in model_numbers(series, products, step))
    end = pc.if_else(pa.array(sellers.is_cut[seller]), "", end)
    joint = pa.array(JOINTS).take(pa.array(sellers.joint[seller]))
    numbered = pc.binary_join_element_wise(
        start, pc.binary_join_element_wise(middle, end, ""), joint
    )
    is_numbered = market.vocabulary.is_numbered[goods][market.product]
    return pc.if_else(pa.array(is_numbered), numbered, named)


def model_numbers(series: Series, products: Products, step: Longs) -> list[pa.Array]:
    """Return start, middle and end of model numbers; siblings differ in one digit of the middle.

    No two series have the same middle and end.

    Parameters
    ----------
    series : Series
        Series.
    products : Products
        Products of them.
    step : Longs
        Shape (n_products,): which sibling, below ten.
    """
    way = mix(series.brand, series.goods)
    starts = [
        "".join(LETTERS[one >> 5 * place & 15] for place in range(2 + one % 2))
        for one in way.tolist()
    ]
    codes = (series.number * SPREAD % N_CODES).tolist()
    digits = [f"{code // len(LETTERS) ** 2:04d}" for code in codes]
    letters = [LETTERS[code // len(LETTERS) % len(LETTERS)] for code in codes]
    ends = [LETTERS[code % len(LETTERS)] for code in codes]
    is_split = (way // 2 % 2 == 0).tolist()
    last = (series.first[products.series] + step) % 10
    parts = [
        (
            starts[at],
            f"{digits[at][:2]}{letters[at]}{digits[at][2:]}{sign}"
            if is_split[at]
            else f"{digits[at]}{sign}",
            ends[at] if is_split[at] else f"{letters[at]}{ends[at]}",
        )
        for at, sign in zip(products.series.tolist(), last.tolist(), strict=True)
    ]
    return [pa.array(part, pa.string()) for part in zip(*parts, strict=True)]


def _with_slips(titles: pa.Array, has_slip: Bools, random: Generator) -> pa.Array:
    letters = Random(int(random.integers(1 << 60)))
    rows = np.flatnonzero(has_slip)
    slipped = [slip(title, letters) for title in titles.take(pa.array(rows)).to_pylist()]
    return pc.replace_with_mask(titles, pa.array(has_slip), pa.array(slipped, pa.string()))


def _prices(market: Market, random: Generator) -> NDArray[np.float64]:
    """Return prices; dearer the larger the amount or the newer the model, a few missing."""
    series, seller = market.products.series[market.product], market.seller
    price = market.series.price[series] * 1.12 ** market.products.family[market.product]
    spread = market.sellers.spread[seller]
    price *= market.sellers.level[seller] * (1 + spread * random.uniform(-1, 1, len(seller)))
    return np.where(random.random(len(seller)) < PRICE_IS_MISSING, np.nan, price.round(2))


def _gtins(market: Market, random: Generator) -> pa.Array:
    """Return the GTINs that some sellers tell, a few of them those of other products."""
    product = market.product
    is_wrong = random.random(len(product)) < GTIN_IS_WRONG
    product = np.where(
        is_wrong, random.integers(0, len(market.products.series), len(product)), product
    )
    series = market.series.number[market.products.series]
    number = (series * FAMILY_NUMBERS + market.products.family) * OPTION_NUMBERS
    body = 10**11 + (number + market.products.option) * SPREAD % 10**11
    gtins = pa.array(add_check_digit(body)).cast(pa.string()).take(pa.array(product))
    is_silent = random.random(len(product)) >= market.sellers.has_gtin[market.seller]
    return _hide(gtins, is_silent)


def add_check_digit(body: Longs) -> Longs:
    """Return GTINs of thirteen digits from their first twelve.

    Examples
    --------
    >>> add_check_digit(np.array([400638133393])).tolist()
    [4006381333931]
    """
    total = sum(body // 10**place % 10 * (3 if place % 2 == 0 else 1) for place in range(12))
    return body * 10 + -total % 10


def _optional(words: pa.StringArray, numbers: Longs) -> pa.Array:
    """Return a word for each number, null for -1."""
    return words.take(pa.array(numbers, mask=numbers < 0))


def _either(way: Longs, spellings: Sequence[Words], goods: Longs, numbers: Longs) -> pa.Array:
    """Return a word each, in one of several spellings."""
    return pc.choose(pa.array(way), *(words.take(goods, numbers) for words in spellings))


def _hide(texts: pa.Array, is_hidden: Bools) -> pa.Array:
    return pc.if_else(pa.array(is_hidden), None, texts)


def _join(parts: Sequence[pa.Array]) -> pa.Array:
    """Return texts with a space between their parts; null parts are left out, null before all."""
    return pc.binary_join_element_wise(*parts, " ", null_handling="skip")
