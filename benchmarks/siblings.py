"""Catalogues of sibling products with real titles: how well they are told apart without labels.

A title of the data sets gives a line of products that differ in a digit of the model number, in a
capacity or in a color.  Sellers leave words out, slip, hyphenate the number and add praise; in one
of twenty offers the number, the capacity or the color is left out, so not all can be right.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

import pandas as pd

import matcher
from benchmarks.datasets import DataSet, choose
from benchmarks.journal import Journal
from benchmarks.made_up import PRAISE, slip
from matcher.evaluation import evaluate_groups

SETS = ("abt-buy", "amazon-google", "walmart-amazon", "wdc-lspc-computers", "pricerunner")
COLUMNS = {
    "title, price, source": ["id", "title", "price", "source"],
    "title, source": ["id", "title", "source"],
    "title": ["id", "title"],
}
COLORS = ("black", "white", "blue", "red", "silver", "grey", "green", "gold", "pink")
CAPACITIES = ("16GB", "32GB", "64GB", "128GB", "256GB", "512GB", "1TB", "2TB")
IS_NUMBER = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9-]{5,}", re.IGNORECASE)
IS_CAPACITY = re.compile(r"\d+[gtm]b", re.IGNORECASE)
N_SHOPS = 40
LEFT_OUT = 0.05  # share of the offers that leave out what tells siblings apart


@dataclass(frozen=True, slots=True)
class _Product:
    words: tuple[str, ...]
    number: str
    capacity: str
    color: str
    price: float


def measure_siblings(sizes: Sequence[int], seeds: Sequence[int], journal: Journal) -> None:
    """Measure the groups of catalogues of siblings, with fewer and fewer columns."""
    titles = read_titles(choose(list(SETS)))
    for n_rows in sizes:
        made = [make_siblings(titles, n_rows, seed) for seed in seeds]
        for said, columns in COLUMNS.items():
            found = [
                evaluate_groups(matcher.dedupe(offers[columns]).records, truth).match_pairwise
                for offers, truth in made
            ]
            figures = {
                name: [float(getattr(each, name)) for each in found]
                for name in ("precision", "recall", "f1")
            }
            journal.append(f"{n_rows:,}", figures, {"n_rows": n_rows}, case=said, seeds=seeds)
            print(f"{n_rows:,}, {said}: F1 {100 * figures['f1'][0]:.1f}", flush=True)


def read_titles(sets: Sequence[DataSet]) -> list[str]:
    """Return the titles of data sets without colors and capacities, each once, in order."""
    titles: set[str] = set()
    for path in (path for data in sets if data.is_here for path in data.inputs):
        table = pd.read_csv(path, dtype=str)
        column = table["title" if "title" in table else "name"].dropna()
        titles.update(" ".join(filter(_is_kept, title.split())) for title in column)
    return sorted(title for title in titles if 3 <= len(title.split()) <= 16)


def _is_kept(word: str) -> bool:
    return word.lower() not in COLORS and not IS_CAPACITY.fullmatch(word)


def make_siblings(
    titles: Sequence[str], n_rows: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return offers of sibling products, and the product of each; the same for the same seed.

    Parameters
    ----------
    titles : Sequence[str]
        From which lines are made; used again, with other words left out, if there are too few.
    n_rows : int
        How many offers.
    seed : int
        Of everything random.

    Returns
    -------
    tuple[pd.DataFrame, pd.DataFrame]
        Columns ``id``, ``title``, ``price``, ``source``, and ``id``, ``product_id``.
    """
    random = Random(seed)
    rows = list(islice(_offers(titles, random), n_rows))
    random.shuffle(rows)
    ids = [f"r{number}" for number in range(len(rows))]
    products, said, prices, shops = zip(*rows, strict=True) if rows else ((), (), (), ())
    offers = pd.DataFrame({"id": ids, "title": said, "price": prices, "source": shops})
    return offers, pd.DataFrame({"id": ids, "product_id": products})


def _offers(titles: Sequence[str], random: Random) -> Iterator[tuple[str, str, str, str]]:
    """Yield product, title, price and shop of offers without end."""
    number = 0
    while titles:
        for title in random.sample(titles, len(titles)):
            for product in _line(title, random):
                number += 1
                for _ in range(random.choice((1, 1, 2, 2, 3, 4))):
                    price = product.price * random.uniform(0.92, 1.08)
                    shop = f"shop {random.randrange(N_SHOPS)}"
                    yield f"p{number}", _write(product, random), f"{price:.2f}", shop


def _line(title: str, random: Random) -> list[_Product]:
    """Return the products of a line, each of another number, capacity or color."""
    words = title.split()
    numbers = [word for word in words if IS_NUMBER.fullmatch(word)]
    rest = tuple(word for word in words if word not in numbers) or tuple(words)
    # Every line has a number of its own: that of the title may be on another line's titles too.
    pattern = (
        random.choice(numbers) if numbers else "".join(random.sample("ABDEHKLPSTVX", 2)) + "1234"
    )
    model = re.sub(r"\d", lambda _: str(random.randrange(10)), pattern)
    kind = random.choice(("number", "number", "capacity", "color", "none"))
    capacity = (
        random.randrange(len(CAPACITIES)) if kind == "capacity" or random.random() < 0.2 else -1
    )
    color = random.randrange(len(COLORS)) if kind == "color" or random.random() < 0.3 else -1
    price = 10 ** random.uniform(1, 3)
    found = {}
    for step in range(1 if kind == "none" else random.randint(2, 5)):
        own, asked = model, price
        if kind == "number" and step:
            own, asked = _next_number(model, step, random), price * random.uniform(0.8, 1.4)
        size, shade = (
            names[(first + step * (kind == name)) % len(names)] if first >= 0 else ""
            for name, names, first in (("capacity", CAPACITIES, capacity), ("color", COLORS, color))
        )
        asked *= 1.2**step if kind == "capacity" else 1.0
        found.setdefault((own, size, shade), _Product(rest, own, size, shade, asked))
    return list(found.values())


def _next_number(model: str, step: int, random: Random) -> str:
    at = random.choice([place for place, sign in enumerate(model) if sign.isdigit()])
    return f"{model[:at]}{(int(model[at]) + step) % 10}{model[at + 1 :]}"


def _write(product: _Product, random: Random) -> str:
    words = list(product.words)
    if random.random() < 0.4 and len(words) > 3:
        del words[random.randrange(1, len(words))]
    number = product.number
    if random.random() < 0.15 and len(number) > 5:
        number = f"{number[:3]}-{number[3:]}"
    if random.random() >= LEFT_OUT:
        words.insert(random.choice((1, len(words))), number)
    if product.capacity and random.random() >= LEFT_OUT:
        is_apart = random.random() < 0.3
        words.append(
            f"{product.capacity[:-2]} {product.capacity[-2:]}" if is_apart else product.capacity
        )
    if product.color and random.random() >= LEFT_OUT:
        words.append(product.color)
    if random.random() < 0.2:
        words.append(random.choice(PRAISE))
    title = " ".join(words)
    title = slip(title, random) if random.random() < 0.15 else title
    return random.choice((title, title, title, title.title(), title.upper(), title.lower()))
