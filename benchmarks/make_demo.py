"""Write the demo catalogue, matcher/demo/*.csv, from demo_products.toml.

Five made-up sellers offer made-up products, each in its own style; `truth.csv` says what is what.
Run it from the repository root: ``python benchmarks/make_demo.py``.  The same seed gives the same
bytes.
"""

import csv
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
DEMO = HERE.parent / "matcher" / "demo"
COLUMNS = [
    "id",
    "seller",
    "title",
    "brand",
    "description",
    "category",
    "price",
    "gtin",
    "mpn",
    "color",
    "size",
]
DEMO_GTIN_PREFIX = "952"  # reserved by GS1 for demonstrations: never on a real product
PLACEHOLDER_GTIN = "1234567890128"  # valid check digit, meaningless, and common in real feeds
ABBREVIATIONS = {
    "Bluetooth": "BT",
    "Wireless": "WL",
    "Cordless": "CDLS",
    "Black": "BLK",
    "White": "WHT",
    "with": "w/",
    "Running": "Run",
    "Mineral Water": "Min. Water",
    "Generation": "Gen",
    "generation": "gen",
}


@dataclass(frozen=True)
class Product:
    """One sellable product, as an ideal feed would describe it."""

    product_id: str
    family_id: str
    categories: list[str]
    brand: str
    name: str
    kind: str
    model: str
    measure: str
    color: str
    size: str
    facts: tuple[str, ...]
    price: float
    gtin: str
    parent_gtin: str  # of the first color and size of the family
    mpn: str


@dataclass(frozen=True)
class Seller:
    """How one shop writes its offers."""

    name: str
    make_id: Callable[[int], str]
    share: float  # of the products that it offers
    title: str
    is_upper: bool
    has_brand: float  # share of filled brand columns
    in_columns: bool  # color and size stand in columns, not in the title
    model: Callable[[str], str]
    units: int  # column of `measure_spellings`
    price: Callable[[float], str]
    gtin: Callable[[str], str]
    has_gtin: float
    missing: tuple[str, ...]
    typos: float
    category: int  # column of [categories]


def us_price(value: float) -> str:
    """Write 1299.0 as ``$1,299.00``."""
    return f"${value:,.2f}"


def euro_price(value: float) -> str:
    """Write 1299.0 as ``1.299,00``."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def spaced(model: str) -> str:
    """Write ``LX-43M`` as ``LX 43 M``."""
    parts = re.findall(r"[A-Za-z]+|\d+", model)
    return " ".join(parts)


def squashed(model: str) -> str:
    """Write ``LX-43M`` as ``lx43m``."""
    return re.sub(r"[^a-z0-9]", "", model.lower())


SELLERS = (
    Seller(
        name="Nordmarkt",
        make_id=lambda n: f"NM-{n:04d}",
        share=0.68,
        title="{brand} {name} {model} {kind} {measure}",
        is_upper=False,
        has_brand=1.0,
        in_columns=True,
        model=str,
        units=0,
        price=euro_price,
        gtin=str,
        has_gtin=0.9,
        missing=("",),
        typos=0.0,
        category=0,
    ),
    Seller(
        name="ValueBarn",
        make_id=lambda n: f"VB{n + 70000}",
        share=0.62,
        title="{brand} {name} {kind} {model} {measure} {color} {size}",
        is_upper=True,
        has_brand=0.3,
        in_columns=False,
        model=str,
        units=1,
        price=us_price,
        gtin=lambda code: code.zfill(14),
        has_gtin=0.7,
        missing=("N/A",),
        typos=0.02,
        category=1,
    ),
    Seller(
        name="Click & Cart",
        make_id=lambda n: f"cc_{n:x}",
        share=0.56,
        title="{kind} {brand} {name} {measure} {model}",
        is_upper=False,
        has_brand=0.9,
        in_columns=True,
        model=spaced,
        units=2,
        price=lambda value: f"{value:.2f}",
        gtin=lambda code: f"{code[:1]} {code[1:7]} {code[7:]}",
        has_gtin=0.65,
        missing=("-", "n/a", ""),
        typos=0.02,
        category=2,
    ),
    Seller(
        name="Marketto",
        make_id=lambda n: f"mk-{n * 7919 % 99991:05d}",
        share=0.56,
        title="{name} {model} {kind}, {color} {size} {measure} - {brand}",
        is_upper=False,
        has_brand=0.4,
        in_columns=False,
        model=squashed,
        units=3,
        price=lambda value: f"{value:.2f}".replace(".", ",") + " EUR",
        gtin=str,
        has_gtin=0.35,
        missing=("", "null", "unknown"),
        typos=0.1,
        category=3,
    ),
    Seller(
        name="Handelshof",
        make_id=lambda n: f"{n + 4500:06d}",  # leading zeros, as many shop systems give them
        share=0.52,
        title="{brand} {kind} {name} {model} ({measure}, {color}, {size})",
        is_upper=False,
        has_brand=1.0,
        in_columns=False,
        model=lambda model: model.replace("-", "").replace(" ", ""),
        units=0,
        price=lambda value: euro_price(value) + " €",
        gtin=str,
        has_gtin=0.6,
        missing=("NULL", "--"),
        typos=0.03,
        category=0,
    ),
)


def check_digit(digits: str) -> str:
    """Return the GTIN check digit of 12 digits."""
    total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(digits))
    return str(-total % 10)


def read_products(random: Random) -> Iterator[Product]:
    """Yield every measure, color and size of every line of demo_products.toml."""
    tables = tomllib.loads((HERE / "demo_products.toml").read_text("utf-8"))
    families = 0
    products = 0
    for line in tables["line"]:
        for measure, extra in line.get("measures", {"": 0}).items():
            families += 1
            parent = ""
            for color in line.get("colors", [""]):
                for size in line.get("sizes", [""]):
                    products += 1
                    digits = f"{DEMO_GTIN_PREFIX}{random.randrange(10**9):09d}"
                    gtin = digits + check_digit(digits)
                    parent = parent or gtin
                    yield Product(
                        product_id=f"p{products:03d}",
                        family_id=f"f{families:03d}",
                        gtin=gtin,
                        parent_gtin=parent,
                        mpn=part_number(line, measure, color, size),
                        measure=measure,
                        color=color,
                        size=size,
                        price=line["price"] + extra,
                        model=line.get("model", ""),
                        facts=tuple(line["facts"]),
                        categories=tables["categories"][line["category"]],
                        **{key: line[key] for key in ("brand", "name", "kind")},
                    )


def part_number(line: dict[str, Any], measure: str, color: str, size: str) -> str:
    """Return the manufacturer's part number: the model, or the line with its variant."""
    shade = re.sub(r"[aeiou ]", "", color)[:4].upper()
    if line.get("model"):
        return f"{line['model']}-{shade}" if color else line["model"]
    if not line.get("mpn"):
        return ""
    return "-".join(filter(None, [line["mpn"], re.sub(r"\D", "", measure), shade, size]))


def measure_spellings(measure: str) -> tuple[str, str, str, str]:
    """Return how the sellers write a measure; `Seller.units` chooses one."""
    pack, _, single = measure.rpartition(" x ")
    amount, _, unit = single.partition(" ")
    number = float(re.sub(r"[^\d.]", "", amount) or 0)
    if unit == "ml":
        litres = f"{number / 1000:g}"
        short = f"{litres.replace('.', ',')}l"
        return pack_spellings(pack, single, f"{amount}ML", f"{litres} l", short)
    if unit == "l":
        return pack_spellings(pack, single, f"{amount}L", f"{number * 1000:g} ml", f"{amount}lt")
    if unit == "kg":
        return (measure, f"{amount}KG", f"{number * 1000:g} g", f"{amount}kg")
    if unit == "capsules":
        return (measure, f"{amount} CT", f"{amount} pcs", f"pack of {amount}")
    if amount.endswith('"'):
        inches = amount[:-1]
        return (measure, f"{inches} INCH", f"{inches}-inch", f"{inches}in")
    return (measure, measure.replace(" ", ""), measure, measure.replace(" ", "").lower())


def pack_spellings(
    pack: str, plain: str, upper: str, other: str, short: str
) -> tuple[str, str, str, str]:
    """Put the number of bottles or cans around four spellings of a volume."""
    if not pack:
        return (plain, upper, other, short)
    return (f"{pack} x {plain}", f"{pack}X{upper}", f"{pack}x{other}", f"{short} pack of {pack}")


def with_typo(text: str, random: Random) -> str:
    """Swap two letters inside one longer word."""
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    if not long:
        return text
    at = random.choice(long)
    cut = random.randrange(1, len(words[at]) - 2)
    word = words[at]
    words[at] = word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :]
    return " ".join(words)


def write_title(product: Product, seller: Seller, random: Random) -> str:
    """Return the title that a seller gives a product."""
    size = product.size and random.choice(("", "size ")) + product.size
    if product.size.isdigit():
        size = random.choice(("EU ", "", "size ")) + product.size
    title = seller.title.format(
        brand=product.brand,
        name=product.name,
        kind=product.kind,
        model=seller.model(product.model),
        measure=measure_spellings(product.measure)[seller.units],
        color=product.color,
        size=size,
    )
    title = re.sub(r"\((?:, )+", "(", title)
    title = re.sub(r"(?:, )+\)", ")", title)
    title = re.sub(r", (?:, )+", ", ", title)
    title = re.sub(r"\s*\(\)|\s+(?=,)", "", title)
    title = re.sub(r"\s+", " ", title).replace(", - ", " - ").strip()
    if random.random() < seller.typos:
        title = with_typo(title, random)
    if seller.is_upper:
        for word, short in ABBREVIATIONS.items():
            if random.random() < 0.4:
                title = title.replace(word, short)
        title = title.upper().replace("GREY", "GRAY")
    elif seller.name == "Marketto" and random.random() < 0.15:
        title = random.choice(("NEW! {}", "{} *free shipping*", "{} ✓ in stock")).format(title)
    return title


def write_description(product: Product, seller: Seller, random: Random) -> str:
    """Return what a seller says of a product: a sentence, HTML, or nothing."""
    facts = list(product.facts)
    if seller.name == "ValueBarn":
        items = "".join(f"<li>{fact}</li>" for fact in facts)
        return f"<p><b>{product.brand} {product.name}</b> &amp; more</p>\n<ul>{items}</ul>"
    if seller.name == "Click & Cart":
        return f'{product.kind} by {product.brand}: "{facts[0]}".' if random.random() < 0.7 else ""
    if seller.name == "Marketto":
        return random.choice(("", "Top quality, fast delivery!!!", ", ".join(facts)))
    random.shuffle(facts)
    return "; ".join(facts)


def write_gtin(product: Product, seller: Seller, random: Random) -> str:
    """Return the code that a seller gives: often right, at times none, a placeholder or a slip."""
    draw = random.random()
    if draw < seller.has_gtin:
        return seller.gtin(product.gtin)
    if draw > 0.96:
        return PLACEHOLDER_GTIN
    if draw > 0.95:  # all colors and sizes listed under the first one's code
        return seller.gtin(product.parent_gtin)
    if draw > 0.94:
        return product.gtin[:-1] + str((int(product.gtin[-1]) + 1) % 10)
    return random.choice(seller.missing)


def make_offer(product: Product, seller: Seller, number: int, random: Random) -> dict[str, str]:
    """Return one row of the catalogue."""
    price = product.price * random.uniform(0.93, 1.07)
    price = round(price) - 0.01 if price > 20 else round(price, 2)

    def or_missing(value: str, share: float) -> str:
        return value if value and random.random() < share else random.choice(seller.missing)

    return {
        "id": seller.make_id(number),
        "seller": seller.name,
        "title": write_title(product, seller, random),
        "brand": or_missing(product.brand, seller.has_brand),
        "description": write_description(product, seller, random),
        "category": product.categories[seller.category],
        "price": seller.price(price),
        "gtin": write_gtin(product, seller, random),
        "mpn": or_missing(product.mpn, 0.6 if seller.in_columns else 0.15),
        "color": or_missing(product.color, 0.99 if seller.in_columns else 0.0),
        "size": or_missing(product.size, 0.99 if seller.in_columns else 0.0),
    }


def make_offers(random: Random) -> Iterator[tuple[dict[str, str], Product]]:
    """Yield the offers of all sellers; one offer in thirty is listed twice by its seller."""
    products = list(read_products(random))
    for seller in SELLERS:
        offered = [product for product in products if random.random() < seller.share]
        again = [product for product in offered if random.random() < 1 / 30]
        for number, product in enumerate(offered + again, start=1):
            yield make_offer(product, seller, number, random), product


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[dict[str, str]]) -> None:
    """Write rows as UTF-8 with plain line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write catalogue.csv and truth.csv."""
    offers = list(make_offers(Random(2024)))
    Random(7).shuffle(offers)
    DEMO.mkdir(exist_ok=True)
    write_csv(DEMO / "catalogue.csv", COLUMNS, (row for row, _ in offers))
    write_csv(
        DEMO / "truth.csv",
        ("id", "product_id", "family_id"),
        (
            {"id": row["id"], "product_id": product.product_id, "family_id": product.family_id}
            for row, product in offers
        ),
    )
    print(f"{DEMO}: {len(offers)} offers of {len({p.product_id for _, p in offers})} products")


if __name__ == "__main__":
    main()
