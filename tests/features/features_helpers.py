"""Catalogues for the tests of features: real records, parsed from small tables."""

import numpy as np
import pandas as pd

from matcher.features import compare_records, lasting_comparisons
from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.settings import Settings
from matcher.types import Pairs, Terms

OFFERS = {
    "id": [f"o{number:02d}" for number in range(10)],
    "title": [
        "Sony Xperia LX-43M Smartphone 64 GB Black",
        "sony xperia lx43m smart phone 64gb, white",
        "Acme Running Shoe Trail Blue",
        "Acme running shoes trail, red",
        "N/A",
        "Cola 6 x 330 ml",
        "Cola 330 ml",
        'Monitor 15.6" LCD grey',
        "Žluťoučký kůň 漢字 テレビ",
        "Žluťoučký kůň 漢字 テレヒ",
    ],
    "description": [
        "A very good telephone with a charger and a long description that says many things twice",
        "Telephone with charger and cable, sold with a long guarantee and many other good things",
        None,
        "Shoes for running in the woods and on the hills, light and dry, made for the long way",
        "",
        "A drink that is brown and sweet, and that is sold in packs of six cans for your fridge",
        None,
        "A screen for the office, with a stand and a cable, and a long guarantee of five years",
        None,
        None,
    ],
    "brand": ["Sony", None, "Acme", "Acme", None, "Cola", "Cola", None, None, None],
    "color": ["Black", "White", "Blue", "Red", None, None, None, "gray", None, None],
    "gtin": ["4006381333931", "4006381333931", None, "5901234123457", *([None] * 6)],
    "price": [499.0, 459.5, 80, 80, None, 3, 1, 120, 10, 10],
}


def parse(frame, **options):
    catalogue = read_catalogue([frame], is_link=False)
    chosen = Settings(**options)
    return parse_records(catalogue, infer_schema(catalogue, chosen), chosen)


def offers():
    return parse(pd.DataFrame(OFFERS))


def all_pairs(records):
    left, right = np.triu_indices(len(records), 1)
    return Pairs(left.astype(np.int32), right.astype(np.int32))


def swapped(pairs):
    return Pairs(pairs.right, pairs.left)


def comparisons(records, ignore=(), candidates=None, vectors=None):
    candidates = all_pairs(records) if candidates is None else candidates
    ignored = records.axis_bits(ignore)
    return compare_records(
        records, lasting_comparisons(records, candidates, vectors or {}), ignored
    )


def feature(parts, name, pairs):
    return parts.compare(pairs)[:, parts.names.index(name)]


def make_terms(rows, n_terms, axes=None, weights=None, *, is_set=True):
    """Make terms from lists of numbers; `axes` are bits by row and term, `weights` by term."""
    counts = [len(row) for row in rows]
    flat = [term for row in rows for term in row]
    bits = [bit for row in axes for bit in row] if axes is not None else [0] * len(flat)
    return Terms(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        terms=np.array(flat, dtype=np.int32),
        axes=np.array(bits, dtype=np.uint32),
        idf=np.asarray(np.ones(n_terms) if weights is None else weights, dtype=np.float32),
        is_set=is_set,
    )


def record_number(records, record_id):
    return int(np.flatnonzero(records.ids == record_id)[0])


def pair_of(records, first, second):
    one, other = sorted((record_number(records, first), record_number(records, second)))
    return Pairs(np.array([one], dtype=np.int32), np.array([other], dtype=np.int32))
