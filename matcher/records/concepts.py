"""The columns that stand for the usual ideas of a shop, by their names: title, price, picture."""

from collections.abc import Iterable

from matcher.records.names import meaning_of, plain_name
from matcher.types import Attribute


def find_concepts(attributes: Iterable[Attribute]) -> dict[str, list[str]]:
    """Return the columns of every concept, the one that bears its very name first.

    Parameters
    ----------
    attributes : Iterable[Attribute]
        The attributes of a catalogue; unused ones stand for nothing.

    Returns
    -------
    dict[str, list[str]]
        ``"title"``, ``"brand"``, ``"price"``, ``"gtin"``, ``"image"``, ... where there are such.

    Examples
    --------
    >>> names = ["list_price", "price", "Marke", "venue"]
    >>> find_concepts(Attribute(name, "text", "identity") for name in names)
    {'price': ['price', 'list_price'], 'brand': ['Marke']}
    """
    found: dict[str, list[str]] = {}
    for attribute in attributes:
        meaning = meaning_of(attribute.name)
        if meaning and attribute.role != "unused":
            found.setdefault(meaning.concept, []).append(attribute.name)
    return {
        concept: sorted(names, key=lambda name: plain_name(name) != concept)
        for concept, names in found.items()
    }
