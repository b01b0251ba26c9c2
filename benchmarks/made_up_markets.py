"""Made-up markets with known truth, to teach what two shops have in common that name one product.

In `benchmarks.made_up` every seller starts from the maker's name of a product.  Shops of goods with
model numbers do not: one writes brand and number, one a row of facts, one both and some praise; a
number is cut, hyphenated or has a country behind it; siblings differ in one character of it.  The
same seed gives the same rows.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pandas as pd

from benchmarks.made_up import COLORS, PRAISE, invent_name, slip


@dataclass(frozen=True, slots=True)
class Goods:
    """What a kind of market sells.

    Attributes
    ----------
    nouns : tuple[tuple[str, ...], ...]
        What things are called; each with its other names.
    facts : tuple[tuple[str, tuple[str, ...]], ...]
        Units with their values.
    words : tuple[str, ...]
        What is said of some of them.
    names : tuple[str, ...]
        Words that make up the names of what has no model number.
    asides : tuple[str, ...]
        What some shops add and what tells nothing.
    has_numbers : bool
        Whether makers give model numbers; else names, with an edition or a flavor.
    """

    nouns: tuple[tuple[str, ...], ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    words: tuple[str, ...]
    names: tuple[str, ...]
    asides: tuple[str, ...]
    has_numbers: bool


def _read_goods() -> dict[str, Goods]:
    text = (Path(__file__).parent / "goods.toml").read_text(encoding="utf-8")
    return {
        kind: Goods(
            nouns=tuple(map(tuple, said["nouns"])),
            facts=tuple((fact["unit"], tuple(fact["values"])) for fact in said["facts"]),
            words=tuple(said["words"]),
            names=tuple(said["names"]),
            asides=tuple(said["asides"]),
            has_numbers=said["has_numbers"],
        )
        for kind, said in tomllib.loads(text).items()
    }


GOODS = _read_goods()
UNITS = {
    "kg": ("kg", " kg", "kg load"),
    "rpm": ("rpm", " rpm", " spin"),
    "inch": (" inch", '"', "-inch", " in"),
    "GB": ("GB", " GB", "gb"),
    "litre": (" litre", "L", " l"),
    "core": (" core", "-core", " cores"),
    "user": (" user", " users", "-user"),
    "pack": (" pack", "-pack", " x"),
}
"""How shops write a unit; the others are joined or not."""

COUNTRIES = ("UK", "EU", "TXXU", "GB", "DE", "/A", "ZX")


@dataclass(frozen=True, slots=True)
class Market:
    """A made-up market.

    Attributes
    ----------
    kind : str
        What it sells, a key of `GOODS`.
    n_shops : int
        Who offers it; two give two tables to link.
    columns : tuple[str, ...]
        What is said beside the title, of ``shop``, ``brand``, ``description``, ``price`` and
        ``category``.
    licence : str
        As for `benchmarks.datasets.DataSet`.
    """

    kind: str
    n_shops: int
    columns: tuple[str, ...]
    licence: str = "made up"

    @property
    def name(self) -> str:
        """Name of the market."""
        return f"made-up-market-{self.kind}-{self.n_shops}"

    @property
    def is_link(self) -> bool:
        """Whether it comes as two tables."""
        return self.n_shops == 2


MARKETS = (
    Market("appliances", 30, ("shop", "category")),
    Market("appliances", 2, ("description", "price")),
    Market("electronics", 12, ("brand", "description", "price")),
    Market("electronics", 2, ("brand", "price", "category")),
    Market("components", 40, ("brand", "price")),
    Market("components", 6, ("shop", "brand", "description")),
    Market("tools", 8, ("shop", "price", "category")),
    Market("software", 2, ("brand", "description", "price")),
    Market("software", 6, ("shop", "brand", "price")),
    Market("groceries", 5, ("shop", "brand", "price")),
)


@dataclass(frozen=True, slots=True)
class _Product:
    number: int
    family: int
    brand: str
    line: str
    model: str
    noun: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    color: str
    extra: str
    price: float


@dataclass(frozen=True, slots=True)
class _Shop:
    """How a shop writes: shares of its offers, and its ways."""

    name: str
    n_facts: int
    says_brand: float
    says_model: float
    says_noun: float
    says_color: float
    noun: int
    unit: int
    country: str
    is_cut: bool
    joint: str
    order: tuple[str, ...]
    is_lower: bool
    praise: str
    slips: float
    level: float
    spread: float
    company: str
    adds_number: float
    adds_aside: float


def make_market(market: Market, seed: int) -> tuple[list[pd.DataFrame], pd.DataFrame]:
    """Return the offers of a market, one table or two, and ``product`` and ``family`` by id."""
    random = Random(f"{market.name} {seed}")
    shops = [_shop(number, random) for number in range(market.n_shops)]
    rows: list[list[dict[str, str]]] = [[], []]
    truth = []
    for product in _products(GOODS[market.kind], random):
        for number in _sellers(market, random):
            for _ in range(2 if random.random() < 0.03 else 1):
                said = _offer(product, shops[number], market, random)
                table = number if market.is_link else 0
                said = {"id": f"{'ab'[table]}{len(rows[table]):06d}", **said}
                rows[table].append(said)
                truth.append((said["id"], str(product.number), str(product.family)))
    answers = pd.DataFrame(truth, columns=["id", "product", "family"]).set_index("id")
    tables = [random.sample(table, len(table)) for table in rows if table]
    return [pd.DataFrame(table) for table in tables], answers


def _sellers(market: Market, random: Random) -> list[int]:
    if market.is_link:
        return random.choice(([0], [1], [1], [0, 1]))
    most = min(market.n_shops, 8)
    return random.sample(range(market.n_shops), min(most, 1 + int(random.expovariate(0.8))))


def _shop(number: int, random: Random) -> _Shop:
    order = ["brand", "line", "model", "noun", "facts", "words", "color"]
    if random.random() < 0.5:
        # Most begin with the brand and the model; what follows is anybody's choice.
        tail = order[3:]
        order = [*order[:3], *random.sample(tail, len(tail))]
    elif random.random() < 0.5:
        order = random.sample(order, len(order))
    return _Shop(
        name=f"shop {number}",
        n_facts=random.choice((0, 1, 2, 3, 5, 8)),
        says_brand=random.choice((0.5, 0.9, 1.0, 1.0)),
        says_model=random.choice((0.6, 0.9, 1.0, 1.0)),
        says_noun=random.choice((0.2, 0.7, 1.0)),
        says_color=random.choice((0.3, 0.8, 1.0)),
        noun=random.randrange(3),
        unit=random.randrange(3),
        country=random.choice(("", "", "", *COUNTRIES)),
        is_cut=random.random() < 0.15,
        joint=random.choice(("", "", "", "-", " ", "/")),
        order=tuple(order),
        is_lower=random.random() < 0.3,
        praise=random.choice(("", "", "", *PRAISE, "with 5 Year Warranty", "- Refurbished by us")),
        slips=random.choice((0.0, 0.0, 0.05)),
        level=random.choice((1.0, 1.0, 0.9, 0.75, 0.6)),
        spread=random.choice((0.03, 0.1, 0.35)),
        company=random.choice(("", "", "", " Inc", " Corp.", " Group")),
        adds_number=random.choice((0.0, 0.0, 0.0, 0.5, 0.9)),
        adds_aside=random.choice((0.0, 0.1, 0.6)),
    )


def _products(goods: Goods, random: Random) -> list[_Product]:
    """Return products in lines of siblings."""
    found: list[_Product] = []
    family = 0
    brands = [invent_name(random) for _ in range(14)]
    while len(found) < 1100:
        brand, noun = random.choice(brands), random.choice(goods.nouns)
        line = random.choice(("", invent_name(random), invent_name(random)))
        if goods.names:
            line = " ".join(random.sample(goods.names, random.randint(2, 4)))
        facts = tuple((unit, random.choice(values)) for unit, values in goods.facts)
        facts = tuple(random.sample(facts, random.randint(2, len(facts))))
        words = tuple(random.sample(goods.words, random.randint(2, 6)))
        model, price = _number(goods, random), random.uniform(10, 900)
        for _ in range(random.choice((1, 1, 2, 3, 5))):
            n_colors = 2 if random.random() < 0.1 else 1
            colors = random.sample(COLORS, n_colors) if goods.has_numbers else [""]
            extra = f"with {random.choice(goods.words)} Kit" if random.random() < 0.04 else ""
            for color in colors:
                found.append(
                    _Product(
                        len(found),
                        family,
                        brand,
                        line,
                        model,
                        noun,
                        facts,
                        words,
                        color,
                        extra,
                        price,
                    )
                )
            family += 1
            model = _next_number(model, goods, random)
            if random.random() < 0.6:
                at = random.randrange(len(facts))
                values = next(v for u, v in goods.facts if u == facts[at][0] and facts[at][1] in v)
                facts = (*facts[:at], (facts[at][0], random.choice(values)), *facts[at + 1 :])
            if random.random() < 0.4 or not goods.has_numbers:
                words = (random.choice(goods.words), *words[1:])
            price *= random.uniform(0.9, 1.3)
    return found


def _number(goods: Goods, random: Random) -> str:
    if not goods.has_numbers:
        return invent_name(random) if random.random() < 0.2 else ""
    letters = "".join(random.choice("ABCDEFGHKLMNPRSTUVWX") for _ in range(random.randint(1, 4)))
    digits = "".join(random.choice("0123456789") for _ in range(random.randint(2, 5)))
    end = "".join(random.choice("ABDEFKSWX") for _ in range(random.randint(0, 3)))
    return letters + digits + end


def _next_number(model: str, goods: Goods, random: Random) -> str:
    if not goods.has_numbers:
        return model if random.random() < 0.7 else _number(goods, random)
    at = random.randrange(len(model))
    pool = "0123456789" if model[at].isdigit() else "ABDEFKSWX"
    return model[:at] + random.choice(pool.replace(model[at], "")) + model[at + 1 :]


def _offer(product: _Product, shop: _Shop, market: Market, random: Random) -> dict[str, str]:
    model = product.model
    says_model = bool(model) and random.random() < shop.says_model
    goods = GOODS[market.kind]
    n_facts = shop.n_facts if says_model else max(shop.n_facts, 4)
    facts = [_fact(unit, value, shop) for unit, value in product.facts]
    words = list(product.words)
    chosen = random.sample([*facts, *words], min(n_facts, len(facts) + len(words)))
    noun = product.noun[shop.noun % len(product.noun)]
    parts = {
        "brand": product.brand + shop.company if random.random() < shop.says_brand else "",
        "line": product.line if goods.names or random.random() < 0.8 else "",
        "model": _write_model(model, shop, random) if says_model else "",
        "noun": noun if random.random() < shop.says_noun or not says_model else "",
        "facts": " ".join(each for each in chosen if each in facts),
        "words": " ".join(each for each in chosen if each in words),
        "color": product.color if random.random() < shop.says_color * 0.6 else "",
    }
    title = " ".join(filter(None, (*(parts[name] for name in shop.order), product.extra)))
    if not goods.has_numbers and random.random() < shop.adds_number:
        own = Random(f"{shop.name} {product.number}").randint(1000, 9999999)
        title = f"{own} {title}" if len(shop.name) % 2 else f"{title} ({own})"
    if random.random() < shop.adds_aside:
        title = f"{title} {random.choice(goods.asides)}"
    if random.random() < 0.5:
        title = f"{title} {shop.praise}".strip()
    title = slip(title, random) if random.random() < shop.slips else title
    rest = [each for each in (*facts, *words) if each not in chosen or random.random() < 0.5]
    price = product.price * shop.level * random.uniform(1 - shop.spread, 1 + shop.spread)
    every = {
        "title": (title.lower() if shop.is_lower else title) or f"{product.brand} {noun}",
        "shop": shop.name,
        "brand": product.brand if random.random() < 0.85 else "",
        "description": ". ".join((noun, *random.sample(rest, len(rest)), product.color)),
        "price": f"{price:.2f}",
        "category": noun if random.random() < 0.9 else "Sale",
    }
    return {name: every[name] for name in ("title", *market.columns)}


def _fact(unit: str, value: str, shop: _Shop) -> str:
    if unit in ("year", "version"):
        ways = (value, value, value) if unit == "year" else (value, f"v{value}", f"Version {value}")
        return ways[shop.unit]
    units = UNITS.get(unit, (unit, f" {unit}", unit.lower()))
    return value + units[shop.unit % len(units)]


def _write_model(model: str, shop: _Shop, random: Random) -> str:
    at = next((place for place, sign in enumerate(model) if sign.isdigit()), 0)
    if model.isalpha():
        return model
    written = model[:at] + shop.joint + model[at:] if shop.joint != "/" and at else model
    if shop.is_cut and at and random.random() < 0.5:
        written = model[at:]
    if shop.country and random.random() < 0.7:
        written += shop.country
    return f"{written}/{model}" if shop.joint == "/" and random.random() < 0.5 else written
