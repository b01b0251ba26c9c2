"""Model numbers that differ in digits only tell two products apart."""

import pandas as pd
import pytest

import matcher
from matcher.classify import SiblingModels
from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.settings import Settings
from matcher.types import Pairs


def sees_siblings(one: str, two: str) -> bool:
    catalogue = read_catalogue([pd.DataFrame({"id": ["a", "b"], "title": [one, two]})])
    settings = Settings()
    records = parse_records(catalogue, infer_schema(catalogue, settings), settings)
    keys = Pairs.from_unordered(*(pd.array([place]).to_numpy() for place in (0, 1)))
    return bool(SiblingModels.of(records).named(keys)[0])


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("Sony KD-43X80L TV", "Sony KD43X85L TV", True),
        ("Sony KD-43X80L TV", "Sony KD43X80L TV", False),  # the same
        ("Sony KD-43X80L TV", "Sony KD-43X80LW TV", False),  # letters, often a color
        ("Sony KD-43X80L KD-43X85L", "Sony KD43X80L", False),  # one in common
        ("Sony KD-43X80L TV", "Sony TV", False),
        ("Part 4017351", "Part 4017349", False),  # digits alone
    ],
)
def test_digits_tell_apart_and_letters_do_not(one, two, expected):
    assert sees_siblings(one, two) == sees_siblings(two, one) == expected


def test_siblings_are_two_products():
    titles = ["Sony KD43X80L Bravia LED TV", "Sony KD43X85L Bravia LED TV"]
    records = matcher.dedupe(pd.DataFrame({"id": ["a", "b"], "title": titles})).records
    assert records["match_id"].nunique() == 2
