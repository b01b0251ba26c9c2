"""Which comparisons there are, in which order, and their features as one matrix.

To add a feature: write a comparison (see `comparison.Comparison`) and list it here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.features.comparison import Comparison
from matcher.features.context import context_of
from matcher.features.sets import SetComparison, as_set, keep_kind
from matcher.features.soft import (
    MAX_SQUASHED,
    ModelNumbers,
    SoftWords,
    Squashed,
    to_buffer,
    without_numbers,
)
from matcher.features.strings import ColumnStrings, TitleStrings, join_terms
from matcher.features.values import (
    BrandInTitle,
    Categories,
    Forms,
    Numbers,
    Quantities,
    Vectors,
)
from matcher.types import MODEL, NUMBER, QUANTITY, Column, Floats, Pairs, Records, Terms


@dataclass(frozen=True, slots=True)
class Comparisons:
    """All comparisons of a catalogue under one set of ignored axes.

    Attributes
    ----------
    parts : tuple[Comparison, ...]
        The comparisons in order.
    """

    parts: tuple[Comparison, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all features, in the order of the columns."""
        return tuple(name for part in self.parts for name in part.names)

    def compare(self, pairs: Pairs) -> Floats:
        """Return the features of pairs, shape (n_pairs, n_features); NaN is missing."""
        return np.concatenate([part.compare(pairs) for part in self.parts], axis=1)


@dataclass(frozen=True, slots=True)
class Views:
    """Term sets of the records, made once and used under every set of ignored axes."""

    title: Terms
    whole: Terms
    models: Terms
    grams: Terms
    title_grams: Terms
    descriptions: Terms


def make_views(records: Records) -> Views:
    """Turn the token lists of the records into sets."""
    descriptions = [
        column.tokens
        for column in records.columns
        if column.attribute.type == "text"
        and column.attribute.role == "identity"
        and column.tokens is not None
        and _is_long(column.tokens)
    ]
    return Views(
        title=as_set(records.title),
        whole=as_set(records.whole),
        models=as_set(records.models),
        grams=as_set(records.grams),
        title_grams=as_set(records.title_grams),
        descriptions=as_set(descriptions[0]) if descriptions else _nothing(records),
    )


def _nothing(records: Records) -> Terms:
    no_terms = np.zeros(0, dtype=np.int32)
    return Terms(
        indptr=np.zeros(len(records) + 1, dtype=np.int64),
        terms=no_terms,
        axes=no_terms.astype(np.uint32),
        idf=records.vocabulary.idf,
        is_set=True,
    )


def _is_long(tokens: Terms) -> bool:
    lengths = np.diff(tokens.indptr)
    filled = lengths[lengths > 0]
    return len(filled) > 0 and float(np.median(filled)) > 12  # words: longer than titles are


def compare_records(
    records: Records,
    views: Views,
    candidates: Pairs,
    ignored: int,
    vectors: Mapping[str, Floats],
) -> Comparisons:
    """Make all comparisons of a catalogue under one set of ignored axes.

    Parameters
    ----------
    records : Records
        The catalogue.
    views : Views
        Its term sets.
    candidates : Pairs
        Every candidate pair: the context of each pair.
    ignored : int
        Bits of the ignored axes (`Records.axis_bits`).
    vectors : Mapping[str, Floats]
        Semantic vectors by name, where an encoder is on.
    """
    parts: list[Comparison] = [
        *_text(records, views, ignored),
        *_values(records, ignored),
        context_of("words_context", views.whole, ignored, candidates),
        context_of("grams_context", views.grams, ignored, candidates),
        *(Vectors(f"{name}_cosine", array) for name, array in vectors.items()),
        *(
            part
            for column in records.columns
            if not _is_title(column, records)
            for part in _column(column, ignored)
        ),
    ]
    return Comparisons(tuple(parts))


def _text(records: Records, views: Views, ignored: int) -> list[Comparison]:
    words, kinds = records.vocabulary.words, records.vocabulary.kinds
    spelt = np.asarray(words.to_numpy(zero_copy_only=False), dtype=object)
    model_spelt = np.asarray(records.model_words.to_numpy(zero_copy_only=False), dtype=object)
    texts = _squash(records, ignored)
    titles = join_terms(records.title, words, ignored, " ")
    parts: list[Comparison] = [
        SetComparison("title", views.title, ignored),
        SetComparison("whole", views.whole, ignored),
        SetComparison("grams", views.grams, ignored),
        SetComparison("title_grams", views.title_grams, ignored),
        SetComparison("numbers", keep_kind(views.whole, kinds, NUMBER, QUANTITY), ignored),
        SetComparison("title_numbers", keep_kind(views.title, kinds, NUMBER, QUANTITY), ignored),
        SetComparison("title_models", keep_kind(views.title, kinds, MODEL), ignored),
        TitleStrings(titles),
        SoftWords(
            without_numbers(views.whole, records.vocabulary),
            spelt,
            to_buffer(words),
            texts,
            ignored,
        ),
        ModelNumbers(views.models, model_spelt, to_buffer(records.model_words), texts, ignored),
        SetComparison("description", views.descriptions, ignored),
    ]
    empty = Terms(
        np.zeros(len(records) + 1, np.int64),
        views.whole.terms[:0],
        views.whole.axes[:0],
        views.whole.idf,
        is_set=True,
    )
    parts.append(SetComparison("description", views.descriptions or empty, ignored))
    return parts


def _squash(records: Records, ignored: int) -> Squashed:
    texts = join_terms(records.whole, records.vocabulary.words, ignored, "")
    return to_buffer(pc.utf8_slice_codeunits(pa.array(texts, pa.large_string()), 0, MAX_SQUASHED))


def _values(records: Records, ignored: int) -> list[Comparison]:
    nothing = np.full(len(records), np.nan)
    prices = [
        column.values
        for column in records.columns
        if column.attribute.role == "offer" and column.attribute.type == "number"
    ]
    shares = np.bincount(records.brands[records.brands >= 0]) / max(len(records), 1)
    kept = [
        forms
        for axis, forms in records.axis_values.items()
        if not records.axis_bits([axis]) & ignored
    ]
    masked = [
        forms for axis, forms in records.axis_values.items() if records.axis_bits([axis]) & ignored
    ]
    categories = [
        column.forms
        for column in records.columns
        if column.attribute.type == "category" and column.attribute.role == "identity"
    ]
    return [
        Numbers("price_ratio", prices[0] if prices else nothing),
        Quantities(
            as_set(records.quantities), records.quantity_dimensions, records.dimensions, ignored
        ),
        *(
            Forms(f"{kind}_equal", records.codes.get(kind, np.full(len(records), -1, np.int32)))
            for kind in ("gtin", "mpn")
        ),
        BrandInTitle(records.brands, shares.astype(np.float32)),
        Categories("categories", _stack(categories, len(records))),
        Categories("kept_axes", _stack(kept, len(records))),
        Categories("ignored_axes", _stack(masked, len(records))),
    ]


def _stack(forms: list[np.typing.NDArray[np.int32]], n_records: int) -> np.typing.NDArray[np.int32]:
    return np.stack(forms) if forms else np.zeros((0, n_records), dtype=np.int32)


def _is_title(column: Column, records: Records) -> bool:
    return column.tokens is not None and np.array_equal(column.tokens.terms, records.title.terms)


def _column(column: Column, ignored: int) -> list[Comparison]:
    attribute = column.attribute
    if attribute.role != "identity":
        return []
    name = attribute.name
    if attribute.type in ("number", "quantity"):
        return [
            Numbers(f"column:{name}:ratio", column.values),
            Forms(f"column:{name}:equal", column.forms),
        ]
    if column.tokens is None:
        return []
    text = column.text.fill_null("").to_numpy(zero_copy_only=False)
    parts: list[Comparison] = [SetComparison(f"column:{name}", as_set(column.tokens), ignored)]
    if not _is_long(column.tokens):
        parts.append(ColumnStrings(name, np.asarray(text, dtype=object)))
    return parts
