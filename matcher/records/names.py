"""Names that columns and axes go by; `names.toml` has their spellings."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from matcher.scripts import PLAIN_LETTERS
from matcher.types import AttributeType, Role


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column name says.

    Attributes
    ----------
    concept : str
        Name of the idea; columns with one concept are synonyms.
    type : AttributeType
        Type that its values have.
    role : Role
        Role that it plays.
    axis : str
        The axis that it fills, or empty.
    """

    concept: str
    type: AttributeType
    role: Role
    axis: str = ""


_NAMES = tomllib.loads(files("matcher.records").joinpath("names.toml").read_text(encoding="utf-8"))

_AXIS_TYPES: dict[str, AttributeType] = {
    "color": "color",
    "size": "size",
    "storage": "quantity",
    "memory": "quantity",
    **dict.fromkeys(("volume", "weight", "length", "pack"), "quantity"),
    **dict.fromkeys(("material", "pattern", "flavor", "condition"), "category"),
}
AXES: dict[str, tuple[Meaning, str]] = {
    axis: (Meaning(axis, kind, "axis", axis), _NAMES["axes"][axis])
    for axis, kind in _AXIS_TYPES.items()
}
"""What variants differ in, with the names that say so."""

_OTHERS = (
    Meaning("title", "text", "identity"),
    Meaning("brand", "category", "identity"),
    Meaning("description", "text", "identity"),
    Meaning("options", "text", "identity"),
    Meaning("category", "category", "identity"),
    Meaning("model", "code", "code"),
    Meaning("gtin", "code", "code"),
    Meaning("sku", "code", "code"),
    Meaning("price", "number", "offer"),
    Meaning("currency", "category", "offer"),
    Meaning("stock", "number", "offer"),
    Meaning("rating", "number", "offer"),
    Meaning("url", "text", "offer"),
    Meaning("image", "image", "media"),
    Meaning("language", "category", "identity"),
    Meaning("genre", "category", "identity"),
    Meaning("year", "number", "identity"),
    Meaning("truth", "category", "unused"),
)

ID_NAMES: tuple[str, ...] = tuple(_NAMES["keys"]["id"].split())
SOURCE_NAMES: tuple[str, ...] = tuple(_NAMES["keys"]["source"].split())

_SEPARATORS = re.compile(r"[^\w()]+|_+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _unaccented(name: str) -> str:
    """Return a name in lower case without accents: ``matière`` is ``matiere``."""
    letters = unicodedata.normalize("NFKD", name.lower())
    plain = (PLAIN_LETTERS.get(one, one) for one in letters if not unicodedata.combining(one))
    return "".join(plain)


AXIS_BY_NAME = {
    name: axis for axis, (_, names) in AXES.items() for name in _unaccented(names).split()
}
BY_NAME: dict[str, Meaning] = {name: AXES[axis][0] for name, axis in AXIS_BY_NAME.items()} | {
    name: meaning
    for meaning in _OTHERS
    for name in _unaccented(_NAMES["others"][meaning.concept]).split()
}


def plain_name(name: str) -> str:
    """Return a column name in lower case with single underscores.

    Examples
    --------
    >>> plain_name("Product Name"), plain_name("priceCurrency"), plain_name("Model-No.")
    ('product_name', 'price_currency', 'model_no')
    """
    return _SEPARATORS.sub("_", _CAMEL.sub("_", name.strip())).strip("_").lower() or name


@lru_cache(maxsize=1024)  # every search asks for its columns
def meaning_of(name: str) -> Meaning | None:
    """Return what a column name says, None where it says nothing.

    Examples
    --------
    >>> meaning_of("Manufacturer").concept, meaning_of("farbe").axis, meaning_of("venue")
    ('brand', 'color', None)
    >>> meaning_of("商品名").concept, meaning_of("Цена").concept
    ('title', 'price')
    """
    plain = _unaccented(plain_name(name))
    return BY_NAME.get(plain) or BY_NAME.get(plain.replace("_", ""))


def concept_of(name: str) -> str:
    """Return the concept that a column name says, empty where it says nothing."""
    meaning = meaning_of(name)
    return meaning.concept if meaning else ""


def axis_name(name: str) -> str:
    """Return the canonical name of an axis: ``colour`` is ``color``; unknown names stay.

    Examples
    --------
    >>> axis_name("Colour"), axis_name("neck style")
    ('color', 'neck_style')
    """
    plain = plain_name(name)
    return AXIS_BY_NAME.get(_unaccented(plain), plain)
