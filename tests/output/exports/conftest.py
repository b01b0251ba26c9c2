"""Families as the exports take them."""

from collections.abc import Callable
from typing import Any

import pytest

from matcher.output.exports.offer import Family, Product

PRODUCT = {
    "title": "Strider 3",
    "brand": "Casca",
    "description": "A shoe.",
    "category": "Shoes",
    "image": "https://shop.example/a.jpg",
    "url": "https://shop.example/a",
    "gtin": "4006381333931",
    "price": "9.90",
    "currency": "EUR",
}


def make_product(number: int, options: dict[str, str], **fields: str) -> Product:
    texts: dict[str, Any] = PRODUCT | {"id": f"p{number}", "options": options} | fields
    return Product(**texts)


@pytest.fixture
def family() -> Callable[..., Family]:
    """Make a family that varies by axes (names joined by ``;``), of members with given options."""

    def make(varies_by: str, *members: dict[str, str], **fields: str) -> Family:
        axes = tuple(filter(None, varies_by.split(";")))
        products = tuple(make_product(at, one, **fields) for at, one in enumerate(members))
        return Family("f-abc", "Strider", axes, products)

    return make


@pytest.fixture
def product() -> Callable[..., Product]:
    return make_product
