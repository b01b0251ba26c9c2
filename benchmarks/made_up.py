"""Made-up catalogues with known families, to teach what an option is and what another model is.

Open catalogues with families are few.  Here invented brands sell lines of sibling products that
differ in one word or number ("Kavora R52", "R52 Pro", "R54"), each in several colours and sizes,
offered by sellers who write the options in columns, at the end, in front, or with slips.  The same
seed gives the same rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

import pandas as pd

SYLLABLES = [
    "ka",
    "vo",
    "ra",
    "lin",
    "tes",
    "mor",
    "bel",
    "zu",
    "nak",
    "fi",
    "dor",
    "en",
    "sil",
    "pra",
    "quo",
    "ves",
    "tam",
    "hel",
    "ji",
    "rox",
    "ul",
    "bri",
]
SUFFIXES = ("Pro", "Plus", "Lite", "Max", "Ultra", "Mini", "SE", "5G", "Prime", "Neo", "2021", "XL")
COLORS = [
    "Black",
    "White",
    "Blue",
    "Red",
    "Green",
    "Gray",
    "Silver",
    "Gold",
    "Purple",
    "Pink",
    "Yellow",
    "Brown",
    "Orange",
    "Beige",
]
TINTS = [
    "Midnight",
    "Phantom",
    "Pearl",
    "Arctic",
    "Cosmic",
    "Aurora",
    "Matte",
    "Crystal",
    "Ocean",
    "Royal",
    "Electric",
    "Frost",
    "Dark",
    "Light",
    "Deep",
    "Mystic",
    "Racing",
    "Sunset",
    "Forest",
    "Ice",
]
SHADES = [
    "Porcelain",
    "Ivory",
    "Sand",
    "Honey",
    "Almond",
    "Caramel",
    "Toffee",
    "Walnut",
    "Espresso",
    "Linen",
    "Shell",
    "Bisque",
    "Fawn",
    "Amber",
    "Chestnut",
    "Mocha",
    "Truffle",
    "Cameo",
    "Vanilla",
    "Ginger",
    "Clove",
    "Nutmeg",
    "Wheat",
    "Dune",
]
DEPTHS = [
    "Fair",
    "Light",
    "Medium",
    "Tan",
    "Deep",
    "Rich",
    "Warm",
    "Cool",
    "Neutral",
    "Golden",
    "Natural",
    "Soft",
]
GARMENTS = [
    "Hoodie",
    "T-Shirt",
    "Jacket",
    "Jogger Pant",
    "Tank Top",
    "Polo",
    "Sweatshirt",
    "Shorts",
    "Vest",
    "Blazer",
]
STYLES = [
    "Slim",
    "Classic",
    "Relaxed",
    "Cropped",
    "Quilted",
    "Ribbed",
    "Striped",
    "Fleece",
    "Mesh",
    "Denim",
    "Insulated",
]
MOTIFS = [
    "Skull",
    "Pumpkin",
    "Cat",
    "Rainbow",
    "Heart",
    "Mountain",
    "Coffee",
    "Dragon",
    "Sunflower",
    "Guitar",
    "Rocket",
    "Ghost",
    "Library",
    "Teacher",
    "Camping",
    "Moon",
    "Retro",
    "Vintage",
    "Floral",
    "Galaxy",
]
ITEMS = ("T-Shirt", "Sticker", "Mug", "Tote Bag", "Sweatshirt", "Baby Bodysuit", "Phone Case")
PARTS = [
    "Plate",
    "Brick",
    "Tile",
    "Hinge Plate",
    "Wheel",
    "Axle",
    "Panel",
    "Bracket",
    "Hex Bolt",
    "Washer",
    "Pipe",
    "Slope",
]
GRADES = ("LX", "MX", "HX", "Sport", "Comp", "Elite", "Basic")
PLACES = ("Mountain", "Road", "Touring", "City", "Front", "Rear", "Left", "Right")
GEAR = ("Frame", "Fork", "Saddle", "Handlebars", "Wheel", "Pedal", "Crankset", "Gloves", "Jersey")
CLUBS = [
    "North City",
    "Port United",
    "River Rovers",
    "Royal Stars",
    "Lake Athletic",
    "Hill Wanderers",
]
KINDS = {
    "phones": ("Smartphone", "Mobile Phone"),
    "clothes": ("Mens", "Casual Wear"),
    "beauty": ("Face", "Make-up"),
    "parts": ("Spare", "Replacement Part"),
    "gear": ("Bike", "for Bicycles"),
    "prints": ("Funny", "Gift Idea"),
    "kits": ("Football", "Soccer Shirt"),
}
PRAISE = ("New", "Original", "Top Quality", "Free Shipping", "Best Price", "2 Years Warranty")
SHELVES = ("Shop > {kind}", "{kind}s", "All/{kind}", "{kind}", "New in {kind}")
"""How each seller names a category."""

SHARED = 3
"""Lines of a brand that the next one has too."""

LETTERS = ("XS", "S", "M", "L", "XL", "2XL", "3XL")
NUMBERS = tuple(str(size) for size in range(36, 64, 2))


@dataclass(frozen=True, slots=True)
class Domain:
    """A kind of catalogue.

    Attributes
    ----------
    kind : str
        What it sells, a key of `KINDS`.
    axes : tuple[str, ...]
        Axes of its families, all ignored.
    is_loose : bool
        Whether sellers praise, leave words out and add some, as in offers from many shops; else all
        name a product alike, as they do where they take the names from its maker.
    licence : str
        As for `benchmarks.datasets.DataSet`.
    """

    kind: str
    axes: tuple[str, ...]
    is_loose: bool = False
    licence: str = "made up"

    @property
    def name(self) -> str:
        """Name of the catalogue."""
        return f"made-up-{'loose-' if self.is_loose else ''}{self.kind}"


@dataclass(frozen=True, slots=True)
class Styles:
    """How the sellers of a catalogue write options into titles.

    Attributes
    ----------
    before, between : str
        What stands before the first option and between two.
    label : str
        What stands before a size.
    kinds : tuple[str, str]
        What the product is called in front and at the end of a title.
    kind_first : bool
        Which of both is written.
    habits : tuple[int, ...]
        Who writes the kind and who turns words around, then, in a loose catalogue, who praises, who
        leaves a word out and who adds some.
    """

    before: str
    between: str
    label: str
    kinds: tuple[str, str]
    kind_first: bool
    habits: tuple[int, ...]


AXES = {
    "phones": ("color", "storage", "memory"),
    "clothes": ("color", "size"),
    "beauty": ("color",),
    "parts": ("color",),
    "gear": ("color", "size"),
    "prints": ("color", "size"),
    "kits": ("size",),
}
DOMAINS = tuple(
    Domain(kind, axes, is_loose) for is_loose in (False, True) for kind, axes in AXES.items()
)


def make_catalogue(domain: Domain, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the offers of a catalogue, and ``product`` and ``family`` of each by its id.

    Parameters
    ----------
    domain : Domain
        What it sells.
    seed : int
        Of everything random.
    """
    random = Random(f"{domain.name} {seed}")
    rows, truth = [], []
    styles = _styles(domain, random)
    for family, (brand, name, options) in enumerate(_families(domain, random)):
        for number, values in enumerate(options):
            price = round(random.uniform(8, 400), 2)
            for seller in random.sample(range(5), random.choice((1, 1, 2, 2, 3))):
                chosen = dict(zip(domain.axes, values, strict=True))
                said = _write(f"{brand}|{name}", chosen, seller, styles, random)
                said["price"] = f"{price * random.uniform(0.95, 1.05):.2f}"
                rows.append({"id": f"m{len(rows):06d}", "seller": f"s{seller}", **said})
                truth.append((rows[-1]["id"], f"{family}-{number}", str(family)))
    order = random.sample(range(len(rows)), len(rows))
    answers = pd.DataFrame(truth, columns=["id", "product", "family"]).set_index("id")
    return pd.DataFrame([rows[place] for place in order]), answers


def _families(domain: Domain, random: Random) -> Iterator[tuple[str, str, list[tuple[str, ...]]]]:
    lines: list[list[str]] = []
    for _ in range(12):
        brand = invent_name(random)
        own = [_siblings(domain, random) for _ in range(9)]
        # Some lines are called like those of another brand: only the brand tells them apart.
        names = [name for line in [*own, *lines[:SHARED]] for name in line]
        lines = own
        for name in dict.fromkeys(names):
            axes = [_values(axis, domain, random) for axis in domain.axes]
            every = list(product(*axes))
            yield brand, name, random.sample(every, min(len(every), random.randint(1, 7)))


def _styles(domain: Domain, random: Random) -> Styles:
    separators = (" - ", ", ", " | ", " / ", " ")
    return Styles(
        before=random.choice(separators),
        between=random.choice(separators),
        label=random.choice(("", "", "Size ", "Gr. ")),
        kinds=KINDS[domain.kind],
        kind_first=random.random() < 0.5,
        habits=tuple(random.sample(range(5), 5 if domain.is_loose else 2)),
    )


def invent_name(random: Random) -> str:
    """Return a name that nobody has."""
    return "".join(random.sample(SYLLABLES, random.randint(2, 3))).capitalize()


def _siblings(domain: Domain, random: Random) -> list[str]:
    """Return names that differ in a word or a number."""
    kind = domain.kind
    pick, count = random.choice, random.randint(1, 4)
    if kind == "phones":
        series, letter, number = (
            pick(["", invent_name(random)]),
            pick("ACFGKMRSVXYZ"),
            random.randint(2, 99),
        )
        models = [f"{letter}{number}", f"{letter}{number + pick((1, 2, 10))}", f"{letter}{number}s"]
        words = [pick(models), *models, *(f"{models[0]} {pick(SUFFIXES)}" for _ in range(3))]
        return [f"{series} {model}".strip() for model in words][: count + 1]
    if kind == "clothes":
        start, end = f"{invent_name(random)} {pick(STYLES)}", pick(GARMENTS)
        return [
            f"{start} {end}",
            *(f"{start} {pick(STYLES)} {end}" for _ in range(count)),
            f"{invent_name(random)} {end}",
        ]
    if kind == "beauty":
        start = (
            f"{pick(MOTIFS)} {pick(STYLES)} {pick(('Foundation', 'Concealer', 'Powder', 'Tint'))}"
        )
        return [
            start,
            *(
                f"{start} {pick(('SPF 15', 'SPF 30', 'Refill', 'Mini', 'Stick', 'Serum'))}"
                for _ in range(count)
            ),
        ]
    if kind == "parts":
        part, extra = pick(PARTS), pick(("", " with Groove", " Modified", " Round", " with Pin"))
        sizes = [f"{random.randint(1, 8)} x {random.randint(1, 16)}" for _ in range(count + 1)]
        return [f"{part} {size}{pick(('', extra))}" for size in sizes]
    if kind == "gear":
        place, item, code = pick(PLACES), pick(GEAR), random.choice((0, 100, 250, 1000))
        if code:
            return [f"{place}-{code * step}" for step in range(1, count + 2)]
        return [f"{grade} {place} {item}" for grade in random.sample(GRADES, count)] + [
            f"{GRADES[0]} {pick(PLACES)} {item}"
        ]
    if kind == "prints":
        motif = " ".join(random.sample(MOTIFS, random.randint(2, 4)))
        return [f"{motif} {item}" for item in random.sample(ITEMS, count)] + [
            f"{motif} {pick(MOTIFS)} {ITEMS[0]}"
        ]
    club, year = pick(CLUBS), random.randint(2019, 2025)
    kits = [
        f"{side} Jersey {year + step} {edition} Version".replace("  ", " ")
        for side in ("Home", "Away", "Third")
        for step in (0, 1)
        for edition in ("Player", "Fan")
    ]
    return [f"{club} {kit}" for kit in random.sample(kits, count + 1)]


def _values(axis: str, domain: Domain, random: Random) -> list[str]:
    if axis == "storage":
        return random.sample(["16 GB", "32 GB", "64 GB", "128 GB", "256 GB"], 3)
    if axis == "memory":
        return random.sample(["2 GB", "3 GB", "4 GB", "6 GB", "8 GB"], 2)
    if axis == "size":
        numeric = domain.kind == "gear" or random.random() < 0.2
        return random.sample(NUMBERS if numeric else LETTERS, 4)
    if domain.kind == "beauty":
        every = [f"{depth} {shade}" for depth in DEPTHS for shade in SHADES] + SHADES
        return random.sample(every, 6)
    plain = random.sample(COLORS, 4)
    is_named = domain.kind == "phones" or random.random() < 0.3
    return [
        f"{random.choice(TINTS)} {color}" if is_named and random.random() < 0.6 else color
        for color in plain
    ]


def _write(
    product_name: str, options: dict[str, str], seller: int, styles: Styles, random: Random
) -> dict[str, str]:
    """Return title, brand, description and option columns as one seller writes them."""
    brand, name = product_name.split("|")
    category = SHELVES[seller].format(kind=name.split()[-1] if random.random() < 0.9 else "Other")
    facts = Random(product_name).sample([*MOTIFS, *STYLES], 4)
    # A seller writes all variants of a product the same way.
    name = _dress(name, facts, seller, styles, Random(f"{product_name} {seller}"))
    labelled = [
        styles.label + value if axis == "size" else value for axis, value in options.items()
    ]
    columns, description, said_brand = dict.fromkeys(options, ""), "", brand
    if seller == 0:
        title, columns = name, dict(options)
    elif seller == 1:
        title = f"{name}{styles.before}{styles.between.join(labelled)}"
    elif seller == 2:
        title = " ".join([labelled[0], name, *labelled[1:]])
        first = next(iter(options))
        columns[first] = options[first]
        description = "; ".join(f"{axis}: {value}" for axis, value in options.items())
    elif seller == 3:
        title = f"{name} {' '.join(labelled)}" if random.random() < 0.7 else name
        title = slip(title, random) if random.random() < 0.4 else title
        title = title.upper() if random.random() < 0.4 else title
        columns = {axis: value if random.random() < 0.5 else "" for axis, value in options.items()}
        said_brand = "" if random.random() < 0.3 else brand
    else:
        title = f"{brand} {name} ({' / '.join(labelled)})"
    described = f"{'. '.join(random.sample(facts, 2))}. {description}".strip()
    said = {"title": title, "brand": said_brand, "description": described, "category": category}
    return said | columns


def _dress(name: str, facts: list[str], seller: int, styles: Styles, random: Random) -> str:
    """Return the name as a seller says it."""
    habit = styles.habits.index(seller) if seller in styles.habits else -1
    words = name.split()
    if habit == 0:
        return f"{styles.kinds[0]} {name}" if styles.kind_first else f"{name} {styles.kinds[1]}"
    if habit == 1 and random.random() < 0.5:
        return " ".join([words[-1], *words[:-1]])
    if habit == 2 and random.random() < 0.4:
        return f"{name} {random.choice(PRAISE)}"
    if habit == 3 and len(words) > 2 and random.random() < 0.3:
        # A phone without its "Pro" would be another phone.
        telling = {*SUFFIXES, *GRADES}
        loose = [place for place, word in enumerate(words) if word.isalpha() and len(word) > 3]
        loose = [place for place in loose if words[place] not in telling]
        if loose:
            del words[random.choice(loose)]
        return " ".join(words)
    if habit == 4:
        return " ".join([name, *random.sample(facts, random.randint(0, 2))])
    return name


def slip(title: str, random: Random) -> str:
    """Return the title with two letters swapped, one lost or one doubled."""
    places = [at for at in range(1, len(title) - 1) if title[at : at + 2].isalpha()]
    if not places:
        return title
    at = random.choice(places)
    middle = random.choice(
        (title[at + 1] + title[at], title[at + 1], title[at] * 2 + title[at + 1])
    )
    return title[:at] + middle + title[at + 2 :]
