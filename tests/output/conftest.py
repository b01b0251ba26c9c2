"""Small runs whose groups are known, as the earlier stages would hand them over."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import settings

from matcher.output import Example, MatchResult, StageTime, build_result, list_pairs, run_report
from matcher.settings import Settings
from matcher.types import (
    Attribute,
    Catalogue,
    Column,
    Groups,
    Notice,
    Pairs,
    Records,
    Scores,
    Terms,
    Vocabulary,
)

settings.register_profile("matcher", deadline=None)  # seconds of a busy machine say nothing
settings.load_profile("matcher")

DEMO = Path(__file__).parents[2] / "matcher" / "demo"
EMPTY = np.empty(0, np.int32)
MISSING = ("", "N/A", "n/a", "-", "--", "null", "NULL", "unknown")


def known(values: pd.Series) -> pd.Series:
    return values.astype(object).where(~values.isin(MISSING))


def number_terms(values: pd.Series) -> Terms:
    """One term for each record: the number of its text."""
    codes = pd.factorize(values, sort=True)[0].astype(np.int32)
    ones = np.ones(int(codes.max(initial=-1)) + 1, np.float32)
    indptr = np.arange(len(codes) + 1, dtype=np.int64)
    return Terms(indptr, codes, np.zeros(len(codes), np.uint32), ones, is_set=False)


def make_column(attribute: Attribute, values: pd.Series) -> Column:
    text = known(values).where(lambda one: one.notna(), None)
    forms = pd.factorize(known(values).str.lower(), sort=True)[0].astype(np.int32)
    return Column(
        attribute=attribute,
        text=pa.array(text.tolist(), pa.string()),
        tokens=number_terms(values) if attribute.type == "text" else None,
        values=np.full(len(values), np.nan),
        forms=forms,
    )


ATTRIBUTES = (
    Attribute("title", "text", "identity"),
    Attribute("brand", "category", "identity"),
    Attribute("price", "number", "offer"),
    Attribute("color", "color", "axis", "color"),
    Attribute("size", "size", "axis", "size"),
)


def make_records(frame: pd.DataFrame) -> Records:
    """Records in canonical order: by seller, then by id."""
    order = frame.reset_index(drop=True).sort_values(["seller", "id"], kind="stable").index
    frame = frame.reset_index(drop=True).loc[order]
    names = tuple(sorted(frame["seller"].unique()))
    columns = tuple(
        make_column(attribute, frame[attribute.name])
        for attribute in ATTRIBUTES
        if attribute.name in frame
    )
    forms = {column.attribute.name: column.forms for column in columns}
    empty = number_terms(pd.Series([], dtype=object))
    return Records(
        ids=frame["id"].to_numpy(object),
        rows=order.to_numpy(np.int64),
        sources=np.array([names.index(seller) for seller in frame["seller"]], np.int32),
        source_names=names,
        parts=np.zeros(len(frame), np.int32),
        part_names=("records",),
        is_link=False,
        columns=columns,
        axes=tuple(axis for axis in ("color", "size") if axis in forms),
        axis_values={axis: forms[axis] for axis in ("color", "size") if axis in forms},
        axis_limits={axis: forms[axis][None] for axis in ("color", "size") if axis in forms},
        axis_forms={
            axis: _texts(frame[axis], forms[axis]) for axis in ("color", "size") if axis in forms
        },
        declared=tuple(axis for axis in ("color", "size") if axis in forms),
        vocabulary=Vocabulary(pa.array([], pa.string()), np.empty(0, np.float32), EMPTY),
        title=number_terms(frame["title"]),
        core=number_terms(frame["title"]),
        whole=empty,
        models=empty,
        model_words=pa.array([], pa.string()),
        grams=empty,
        title_grams=empty,
        quantities=empty,
        quantity_dimensions=EMPTY,
        quantity_values=np.empty(0),
        dimensions=(),
        codes={},
        gtin_columns=(),
        brands=np.full(len(frame), -1, np.int32),
        notices=(),
    )


def _texts(values: pd.Series, forms: np.ndarray) -> tuple[str, ...]:
    """The text of each form."""
    known = {number: text for number, text in zip(forms, values, strict=True) if number >= 0}
    return tuple(str(known[number]) for number in sorted(known))


def make_scores(products: np.ndarray, families: np.ndarray) -> Scores:
    """Every pair inside a family, surely right."""
    found = [
        pair
        for family in np.unique(families)
        for pair in combinations(np.flatnonzero(families == family), 2)
    ]
    left, right = np.array(found or np.empty((0, 2)), np.int64).T
    pairs = Pairs.from_unordered(left, right)
    relations = np.where(products[pairs.left] == products[pairs.right], 0, 1).astype(np.int8)
    probabilities = np.full((len(pairs), 3), 0.05, np.float32)
    probabilities[np.arange(len(pairs)), relations] = 0.9
    return Scores(pairs, probabilities, relations)


def make_groups(products: np.ndarray, families: np.ndarray) -> Groups:
    match, family = (pd.factorize(one)[0].astype(np.int32) for one in (products, families))
    alone = np.bincount(match)[match] == 1
    weakest = np.where(alone, np.nan, 0.9).astype(np.float32)
    return Groups(match, family, weakest, {})


def make_result(
    frame: pd.DataFrame,
    original: Any = None,
    scores: Scores | None = None,
    notices: tuple[Notice, ...] = (),
    examples: tuple[Example, ...] = (),
) -> MatchResult:
    """Result of a frame with columns id, seller, title, product, family; by its own truth."""
    records = make_records(frame)
    shown = frame.drop(columns=["product", "family"])
    catalogue = Catalogue(
        table=pa.Table.from_pandas(shown, preserve_index=False),
        parts=np.zeros(len(frame), np.int32),
        names=("records",),
        is_link=False,
        notices=notices,
    )
    products, families = (frame[name].to_numpy()[records.rows] for name in ("product", "family"))
    run = run_report(
        "dedupe",
        settings=Settings(),
        stages=[StageTime("records", 0.5, 100.0), StageTime("blocking", 1.25, 120.0)],
        model="default",
        reports={"blocking": {"completeness": 0.99, "dropped": {"oversize keys": 2}}},
    )
    scores = scores or make_scores(products, families)
    original = shown if original is None else original
    listed = list_pairs(catalogue, records, scores)
    groups = make_groups(products, families)
    return build_result(original, listed, groups, run, lambda: examples)


@pytest.fixture(scope="session")
def demo_frame() -> pd.DataFrame:
    """The demo catalogue with its truth as columns ``product`` and ``family``."""
    offers = pd.read_csv(DEMO / "catalogue.csv", dtype=str, keep_default_na=False)
    truth = pd.read_csv(DEMO / "truth.csv", dtype=str)
    return offers.assign(product=truth.product_id, family=truth.family_id)


@pytest.fixture
def shoes() -> pd.DataFrame:
    """Four offers: one shoe twice, its other color, and another shoe."""
    return pd.DataFrame(
        {
            "id": ["007", "b", "c", "d"],
            "seller": ["one", "two", "two", "one"],
            "title": ['Strider, "3"\nblack', "STRIDER 3 BLACK", "Strider 3 grey", "Court Löw"],
            "color": ["black", "Black", "grey", "N/A"],
            "product": ["p1", "p1", "p2", "p3"],
            "family": ["f1", "f1", "f1", "f2"],
        }
    )


@pytest.fixture(scope="session")
def build() -> Callable[..., MatchResult]:
    return make_result


@pytest.fixture(scope="session")
def build_records() -> Callable[[pd.DataFrame], Records]:
    return make_records
