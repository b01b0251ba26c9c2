"""Which comparisons there are, and in which order.

To add a feature: write a comparison (see `comparison.Comparison`) and list it here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matcher.features.axes import Axes, AxisTable
from matcher.features.comparison import Comparison
from matcher.features.comparisons import Comparisons
from matcher.features.context import Context, Means, context_of, neighbourhood
from matcher.features.core import number_cores
from matcher.features.inside import squash, words_of
from matcher.features.models import ModelNumbers
from matcher.features.sets import SetComparison, as_set, keep_kinds
from matcher.features.siblings import find_siblings
from matcher.features.soft import SoftWords
from matcher.features.strings import Spelling, column_strings, spell, title_strings
from matcher.features.values import (
    BrandInTitle,
    Categories,
    Forms,
    Numbers,
    Quantities,
    Question,
    Vectors,
    log_ratio,
    shares_of,
)
from matcher.types import (
    MODEL,
    NUMBER,
    QUANTITY,
    WORD,
    Column,
    Floats,
    Pairs,
    Records,
    Terms,
)

HERE = Means()

LONG = 12
"""Words of a text, above which it is no title."""


@dataclass(frozen=True, slots=True)
class Views:
    """What is made of the records once and used under every set of ignored axes.

    Attributes
    ----------
    title, whole, models, grams, title_grams, quantities : Terms
        Those of `Records`, as sets.
    words, numbers, title_numbers, title_models : Terms
        The tokens of one kind among those of the whole text, or of the title.
    descriptions : Terms
        Tokens of the first long text; no terms where there is none.
    spelling : Spelling
        Of the vocabulary.
    """

    title: Terms
    whole: Terms
    models: Terms
    grams: Terms
    title_grams: Terms
    quantities: Terms
    words: Terms
    numbers: Terms
    title_numbers: Terms
    title_models: Terms
    descriptions: Terms
    spelling: Spelling


def make_views(records: Records, means: Means) -> Views:
    """Turn the token lists of the records into sets, and spell their tokens."""
    kinds = records.vocabulary.kinds
    descriptions = [
        column.tokens
        for column in records.columns
        if column.attribute.type == "text"
        and column.attribute.role == "identity"
        and column.tokens is not None
        and _is_long(column.tokens)
    ]
    lists = records.title, records.whole, records.models, records.quantities
    *grams, spelling, sets, description = means.together(
        partial(as_set, records.grams),
        partial(as_set, records.title_grams),
        partial(spell, records.vocabulary.words),
        lambda: [as_set(terms) for terms in lists],
        lambda: as_set(descriptions[0] if descriptions else keep_kinds(records.title, kinds)),
    )
    title, whole, models, quantities = sets
    return Views(
        title=title,
        whole=whole,
        models=models,
        grams=grams[0],
        title_grams=grams[1],
        quantities=quantities,
        words=keep_kinds(whole, kinds, WORD),
        numbers=keep_kinds(whole, kinds, NUMBER, QUANTITY),
        title_numbers=keep_kinds(title, kinds, NUMBER, QUANTITY),
        title_models=keep_kinds(title, kinds, MODEL),
        descriptions=description,
        spelling=spelling,
    )


def _is_long(tokens: Terms) -> bool:
    """Return whether the median of the texts that there are has more than `LONG` words."""
    lengths = tokens.indptr[1:] - tokens.indptr[:-1]
    n_filled, n_long = np.count_nonzero(lengths), np.count_nonzero(lengths > LONG)
    if 0 < n_filled == 2 * n_long:  # the median lies between the two in the middle
        return float(np.median(lengths[lengths > 0])) > LONG
    return bool(2 * n_long > n_filled)


@dataclass(frozen=True, slots=True)
class Lasting:
    """Comparisons that are the same whatever is ignored, made once for a catalogue.

    Attributes
    ----------
    views : Views
        The term sets of its records.
    axes : AxisTable
        The values of its axes.
    before, price, between, after : tuple[Comparison, ...]
        Those that come before, among and after the ones that depend on what is ignored.
    """

    views: Views
    axes: AxisTable
    before: tuple[Comparison, ...]
    price: tuple[Comparison, ...]
    between: tuple[Comparison, ...]
    after: tuple[Comparison, ...]


def lasting_comparisons(
    records: Records, candidates: Pairs, vectors: Mapping[str, Floats], means: Means = HERE
) -> Lasting:
    """Make the comparisons of a catalogue that are the same whatever is ignored.

    Texts are compared without the values of any axis, ignored or kept: that these agree or conflict
    is said by the comparison of the axes, whether they stand in a column or in the title. The whole
    title is compared beside, for the values that were not found.

    Parameters
    ----------
    records : Records
        The catalogue.
    candidates : Pairs
        Every candidate pair: the context of each pair.
    vectors : Mapping[str, Floats]
        Semantic vectors by name, where an encoder is on.
    means : Means
        How it is made ready.
    """
    views, options = means.keep(make_views(records, means)), records.axis_bits(records.axes)
    siblings, texts, axes, cores, among = means.together(
        partial(find_siblings, records, candidates),
        lambda: means.keep(tuple(_text(records, views, options))),
        lambda: means.keep(AxisTable.of(records)),
        partial(number_cores, records.core),
        partial(_contexts, records, views, options, candidates, means),
    )
    before: list[Comparison] = [
        *texts,
        SetComparison("full_title", views.title, 0),
        SetComparison("core", records.core, 0),
        cores,
        siblings,
    ]
    after: list[Comparison] = [
        *among,
        *(Vectors(f"{name}_cosine", array) for name, array in vectors.items()),
        *(
            part
            for column in records.columns
            if not _is_title(column, records)
            for part in _column(column, options)
        ),
    ]
    price = Numbers("price_ratio", _prices(records))
    return Lasting(views, axes, tuple(before), (price,), _values(records), tuple(after))


def _contexts(
    records: Records, views: Views, options: int, candidates: Pairs, means: Means
) -> list[Context]:
    around = means.keep(neighbourhood(len(records), candidates))
    sets = ("words", views.whole, options), ("grams", views.grams, 0), ("core", records.core, 0)
    return [
        means.keep(context_of(f"{name}_context", terms, ignored, around, means.in_chunks))
        for name, terms, ignored in sets
    ]


def compare_records(records: Records, lasting: Lasting, ignored: int) -> Comparisons:
    """Return all comparisons of a catalogue under one set of ignored axes.

    Parameters
    ----------
    records : Records
        The catalogue.
    lasting : Lasting
        Those that do not depend on it.
    ignored : int
        Bits of the ignored axes (`Records.axis_bits`).
    """
    dimensions = records.dimensions
    pack = dimensions.index("pack") if "pack" in dimensions else -1
    asked = (
        *lasting.price,
        Quantities(lasting.views.quantities, records.quantity_dimensions, pack, ignored),
        *lasting.between,
        Axes(lasting.axes, ignored),
    )
    question = Question(is_family=ignored != 0)
    return Comparisons((*lasting.before, *asked, *lasting.after, question), ignored)


def _text(records: Records, views: Views, ignored: int) -> list[Comparison]:
    words = words_of(records.vocabulary.words, views.words.idf)
    texts = squash(records.whole, words, ignored)
    models = words_of(records.model_words, views.models.idf)
    model_words = np.asarray(records.model_words.to_numpy(zero_copy_only=False), dtype=object)
    return [
        SetComparison("title", views.title, ignored),
        SetComparison("whole", views.whole, ignored),
        SetComparison("grams", views.grams, ignored),
        SetComparison("title_grams", views.title_grams, ignored),
        SetComparison("numbers", views.numbers, ignored),
        SetComparison("title_numbers", views.title_numbers, ignored),
        SetComparison("title_models", views.title_models, ignored),
        title_strings(records, views.spelling, ignored),
        SoftWords(views.words, views.spelling, words, texts, ignored),
        ModelNumbers(views.models, model_words, models, texts, ignored),
        SetComparison("description", views.descriptions, ignored),
    ]


def _values(records: Records) -> tuple[Comparison, ...]:
    unknown = np.full(len(records), -1, np.int32)
    categories = [
        column.forms
        for column in records.columns
        if column.attribute.type == "category" and column.attribute.role == "identity"
    ]
    return (
        *(Forms(f"{kind}_equal", records.codes.get(kind, unknown)) for kind in ("gtin", "mpn")),
        BrandInTitle(records.brands, shares_of(records.brands)),
        Categories("categories", np.stack([*categories, unknown])[:-1]),
    )


def price_gaps(records: Records, pairs: Pairs) -> Floats:
    """Return the absolute logarithm of the ratio of each pair's prices, NaN if one is unknown."""
    return log_ratio(_prices(records), pairs)


def _prices(records: Records) -> NDArray[np.float64]:
    prices = [
        column.values
        for column in records.columns
        if column.attribute.role == "offer" and column.attribute.type == "number"
    ]
    return prices[0] if prices else np.full(len(records), np.nan)


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
    parts: list[Comparison] = [SetComparison(f"column:{name}", as_set(column.tokens), ignored)]
    if not _is_long(column.tokens):
        parts.append(column_strings(name, column.text))
    return parts
