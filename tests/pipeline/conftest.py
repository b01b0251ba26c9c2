"""Small catalogues whose groups are known."""

from itertools import product
from pathlib import Path

import pandas as pd
import pytest

import matcher

DEMO = Path(matcher.__file__).parent / "demo"


@pytest.fixture(scope="session")
def demo() -> pd.DataFrame:
    """Return the first offers of the example catalogue, with dirty and missing values."""
    return pd.read_csv(DEMO / "catalogue.csv", dtype=str)[:160]


@pytest.fixture(scope="session")
def truth(demo) -> pd.DataFrame:
    """Return ``id, match, family`` of the offers of `demo`."""
    known = pd.read_csv(DEMO / "truth.csv", dtype=str).set_index("id").loc[demo["id"]]
    columns = {"product_id": "match", "family_id": "family"}
    return known.rename(columns=columns)[["match", "family"]].reset_index()


@pytest.fixture(scope="session")
def phones() -> pd.DataFrame:
    """Return offers of two shops with three axes, each value missing now and then."""
    models = ("Acme Nova 5", "Acme Nova 6 Pro", "Bolt Zeta X", "Kite Ray 11")
    rows = []
    axes = product(models, ("black", "white", "blue"), ("64 GB", "128 GB"), ("4 GB", "6 GB"))
    for number, (model, color, storage, memory) in enumerate(axes):
        for shop, form in (("north", "{} {} {}"), ("south", "{0} smartphone {2}, {1}")):
            is_bare = (number + (shop == "south")) % 4 == 0
            rows.append(
                {
                    "id": f"{shop[0]}{number:02d}",
                    "shop": shop,
                    "title": model if is_bare else form.format(model, color, storage),
                    "color": None if number % 5 == 0 and is_bare else color,
                    "storage": None if number % 7 == 0 else storage,
                    "memory": None if number % 3 == 0 and shop == "north" else memory,
                }
            )
    return pd.DataFrame(rows)


@pytest.fixture(scope="session")
def labels(demo, truth) -> pd.DataFrame:
    """Return labels of pairs of `demo`: every relation, each pair once."""
    rows = []
    known = list(truth.itertuples(index=False))
    for number, one in enumerate(known):
        for other in known[number + 1 :: 7]:
            relation = "different" if one.family != other.family else "variant"
            relation = "exact" if one.match == other.match else relation
            rows.append((one.id, other.id, relation))
    frame = pd.DataFrame(rows, columns=["left_id", "right_id", "relation"])
    different = frame[frame["relation"] == "different"][::20]
    return pd.concat([frame[frame["relation"] != "different"], different], ignore_index=True)
