"""Put a new record beside some parsed rows of a catalogue, as the records of a small one."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.compiled import kernel, number_texts, sum_texts
from matcher.pipeline.parsed_rows import AxisRows, ColumnRows, ParsedRows
from matcher.pipeline.text_rows import take_texts
from matcher.records import (
    Cell,
    Marked,
    Meant,
    Newcomer,
    base_color,
    form_of_value,
    gram_terms,
    kind_of,
    parse_gtin,
    size_system,
    squash,
)
from matcher.types import (
    Bits,
    Bools,
    Column,
    Floats,
    Ints,
    Longs,
    Records,
    Terms,
    Vocabulary,
    distinct,
)

OF_WORDS = ("title", "core", "whole")
"""Texts whose terms are words; so are those of columns."""

SPREAD = 0x9E3779B1
"""Odd, from the golden ratio: times it, numbers that are near lie apart."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A new record, number 0, and some rows of a catalogue.

    Attributes
    ----------
    records : Records
        All of them.
    shares : Floats
        Shape (n_brands,): share of the records of the catalogue that have each brand.
    core_counts : Longs
        Shape (n_records,): how many of its records have the core of each, the new one counted.
    """

    records: Records
    shares: Floats
    core_counts: Longs


def put_beside(rows: ParsedRows, found: Ints, new: Newcomer, source: str | None) -> Beside:
    """Return a new record and rows of a catalogue.

    Parameters
    ----------
    rows : ParsedRows
        The catalogue.
    found : Ints
        Shape (n_rows,): the rows.
    new : Newcomer
        The record.
    source : str | None
        What it says of its source.
    """
    numbers = rows.numbers[found]
    words, terms = _words(rows, numbers, new)
    models, terms["models"] = _models(rows, numbers, new)
    kinds, terms["quantities"] = _quantities(rows, numbers, new)
    title = gram_terms(new.title.tokens, new.title.bits)
    short = title if new.short == new.title else gram_terms(new.short.tokens, new.short.bits)
    terms["grams"] = _grams(rows.terms["grams"], numbers, *short)
    terms["title_grams"] = _grams(rows.terms["title_grams"], numbers, *title)
    cores = number_texts(terms["core"])
    has_core = (cores == cores[0]) & (cores >= 0)  # that of the new record
    values, limits = _axes(rows, numbers, new, has_core[1:])
    brands, shares = _brands(rows, numbers, new.brand)
    cells = {cell.attribute.name: cell for cell in new.cells}
    records = Records(
        ids=np.array(["new", *map(str, found.tolist())], np.object_),
        rows=np.arange(len(found) + 1),
        sources=_sources(rows, numbers, source),
        source_names=rows.source_names,
        is_link=False,
        columns=tuple(
            _column(rows, numbers, each, cells[each.attribute.name], terms) for each in rows.columns
        ),
        axes=tuple(rows.axes),
        declared=rows.declared,
        axis_values=values,
        axis_limits=limits,
        axis_forms={axis: each.names for axis, each in rows.axes.items()},
        vocabulary=words,
        title=terms["title"],
        core=terms["core"],
        whole=terms["whole"],
        models=terms["models"],
        model_words=models,
        grams=terms["grams"],
        title_grams=terms["title_grams"],
        quantities=terms["quantities"],
        quantity_dimensions=kinds[0],
        quantity_values=kinds[1],
        dimensions=rows.dimensions,
        codes={kind: _code(rows, numbers, kind, new) for kind in rows.codes},
        brands=brands,
        notices=(),
    )
    return Beside(records, shares, _core_counts(rows, numbers, has_core))


@kernel
def take_rows(
    indptr: Longs, terms: Ints, axes: Bits, numbers: Ints, first: Ints, bits: Bits
) -> tuple[Longs, Ints, Bits]:
    """Return the terms of some records, behind those of a first one."""
    starts = np.empty(len(numbers) + 2, np.int64)
    starts[0], starts[1] = 0, len(first)
    for place in range(len(numbers)):
        number = numbers[place]
        starts[place + 2] = starts[place + 1] + indptr[number + 1] - indptr[number]
    found, marks = np.empty(starts[-1], np.int32), np.empty(starts[-1], axes.dtype)
    found[: len(first)] = first
    marks[: len(first)] = bits
    for place in range(len(numbers)):
        start = indptr[numbers[place]]
        for step in range(starts[place + 2] - starts[place + 1]):
            found[starts[place + 1] + step] = terms[start + step]
            marks[starts[place + 1] + step] = axes[start + step]
    return starts, found, marks


def _join(terms: Terms, numbers: Ints, first: Ints, bits: Bits) -> Terms:
    """Return the terms of some records behind those of the new one, numbered as before."""
    starts, found, axes = take_rows(terms.indptr, terms.terms, terms.axes, numbers, first, bits)
    return Terms(starts, found, axes, terms.idf, terms.is_set)


def _words(rows: ParsedRows, numbers: Ints, new: Newcomer) -> tuple[Vocabulary, dict[str, Terms]]:
    """Return the words of all records, numbered anew, and the texts that are made of them."""
    listed: dict[str, Marked] = {"title": new.title, "whole": new.whole}
    listed["core"] = Marked(tuple(new.core), (0,) * len(new.core))
    for cell in new.cells:
        name = f"column:{cell.attribute.name}"
        if cell.attribute.role == "identity" and name in rows.terms:
            listed[name] = Marked(cell.tokens, (0,) * len(cell.tokens))
    words = [*dict.fromkeys(word for each in listed.values() for word in each.tokens)]
    known = rows.speller.book.numbers(words)
    unknown = np.flatnonzero(known < 0)
    known[unknown] = len(rows.kinds) + np.arange(len(unknown))
    number = dict(zip(words, known.tolist(), strict=True))
    joined = {}
    for name, marked in listed.items():
        terms, bits = np.array([number[word] for word in marked.tokens], np.int32), marked.bits
        if rows.terms[name].is_set:
            terms = np.sort(terms)
        joined[name] = _join(rows.terms[name], numbers, terms, np.array(bits, np.uint32))
    used = distinct(np.concatenate([each.terms for each in joined.values()]))
    old = used[: np.searchsorted(used, len(rows.kinds))]
    added = [words[place] for place in unknown.tolist()]
    spelled = _with(take_texts(rows.speller.book.words, old), added)
    kinds = np.append(rows.kinds[old], np.array([*map(kind_of, added)], np.uint8))
    texts = {name: _renumber(each, used, len(rows)) for name, each in joined.items()}
    return Vocabulary(spelled, texts["whole"].idf, kinds), texts


def _renumber(terms: Terms, used: Ints, n_records: int) -> Terms:
    """Return terms by their place among the used ones; new ones are as rare as one of a record."""
    rarest = np.float32(np.log((1 + n_records) / 2) + 1)
    place, idf = places_of(terms.terms, used, terms.idf, rarest)
    return Terms(terms.indptr, place, terms.axes, idf, terms.is_set)


@kernel
def places_of(terms: Ints, used: Ints, weights: Floats, rarest: np.float32) -> tuple[Ints, Floats]:
    """Return the place of each term among the used ones, and the weights of these.

    Numbers that have no weight are new, and get the greatest.  A table of open addresses finds a
    place in a third of the time of a bisection.
    """
    bits = 3
    while 1 << bits < 2 * len(used):
        bits += 1
    slots, last = np.full(1 << bits, -1, np.int32), (1 << bits) - 1
    found, own = np.empty(len(terms), np.int32), np.empty(len(used), np.float32)
    for place in range(len(used)):
        own[place] = weights[used[place]] if used[place] < len(weights) else rarest
        slot = np.int64(np.uint32(used[place]) * np.uint32(SPREAD)) & last
        while slots[slot] >= 0:
            slot = (slot + 1) & last
        slots[slot] = place
    for number in range(len(terms)):
        slot = np.int64(np.uint32(terms[number]) * np.uint32(SPREAD)) & last
        while used[slots[slot]] != terms[number]:
            slot = (slot + 1) & last
        found[number] = slots[slot]
    return found, own


def _with(words: pa.StringArray, added: list[str]) -> pa.StringArray:
    return pa.concat_arrays([words, pa.array(added, pa.string())]) if added else words


def _before(own: float, near: NDArray[Any]) -> NDArray[Any]:
    """Return what is known of the new record, before what is known of the others."""
    every = np.empty(len(near) + 1, near.dtype)
    every[0], every[1:] = own, near
    return every


def _grams(terms: Terms, numbers: Ints, own: Ints, bits: Bits) -> Terms:
    joined = _join(terms, numbers, own, bits)
    return _renumber(joined, distinct(joined.terms), len(numbers))  # not one of all buckets


def _models(rows: ParsedRows, numbers: Ints, new: Newcomer) -> tuple[pa.StringArray, Terms]:
    words, old_words = [*new.models], rows.models.words
    known = rows.models.numbers(words)
    unknown = np.flatnonzero(known < 0)
    known[unknown] = len(old_words) + np.arange(len(unknown))
    own = np.sort(known).astype(np.int32)
    joined = _join(rows.terms["models"], numbers, own, np.zeros(len(own), np.uint32))
    used = distinct(joined.terms)
    old = used[: np.searchsorted(used, len(old_words))]
    spelled = _with(take_texts(old_words, old), [words[place] for place in unknown.tolist()])
    return spelled, _renumber(joined, used, len(rows))


def _quantities(
    rows: ParsedRows, numbers: Ints, new: Newcomer
) -> tuple[tuple[Ints, NDArray[np.float64]], Terms]:
    dimensions, values = rows.quantities
    added: list[tuple[int, float]] = []
    own: list[int] = []
    for name, amount in new.quantities:
        dimension = rows.dimensions.index(name)
        start, stop = np.searchsorted(dimensions, [dimension, dimension + 1]).tolist()
        place = start + int(np.searchsorted(values[start:stop], amount))
        if place == stop or values[place] != amount:
            place = len(values) + len(added)
            added.append((dimension, amount))
        own.append(place)
    first = np.array(sorted(own), np.int32)
    joined = _join(rows.terms["quantities"], numbers, first, np.zeros(len(own), np.uint32))
    used = distinct(joined.terms)
    old = used[: np.searchsorted(used, len(values))]
    kinds = np.append(dimensions[old], np.array([one for one, _ in added], np.int32))
    amounts = np.append(values[old], [amount for _, amount in added])
    return (kinds.astype(np.int32), amounts), _renumber(joined, used, len(rows))


def _axes(
    rows: ParsedRows, numbers: Ints, new: Newcomer, same_core: Bools
) -> tuple[dict[str, Ints], dict[str, Ints]]:
    values, limits = {}, {}
    for axis, each in rows.axes.items():
        own_values = np.full(len(numbers) + 1, -1, np.int32)
        own_limits = np.full((len(each.limits), len(numbers) + 1), -1, np.int32)
        near, others = each.values[numbers], each.limits[:, numbers]
        if axis in new.axes:
            _, name, is_vague = new.axes[axis]
            form = _form_number(each, name)
            others_of_core = near[same_core]
            is_sure = not is_vague or bool(((others_of_core >= 0) & (others_of_core != form)).any())
            own_limits[:, 0], others = _limits_of(
                each, new.axes[axis], form, others, is_sure=is_sure
            )
            own_values[0] = form if is_sure else -1
        own_values[1:], own_limits[:, 1:] = near, others
        values[axis], limits[axis] = own_values, own_limits
    return values, limits


def _form_number(axis: AxisRows, name: str) -> int:
    return axis.number.get(name, len(axis.number))


def _limits_of(
    axis: AxisRows, meant: Meant, form: int, others: Ints, *, is_sure: bool
) -> tuple[Ints, Ints]:
    """Return the limits of a form, and those of other records beside it."""
    if form < len(axis.number):
        return (axis.sure if is_sure else axis.vague)[:, form], others
    name, n_limits = meant[1], len(others)
    if axis.kind == "quantity":
        return np.array([form], np.int32), others
    if axis.kind == "size":
        systems = sorted({*map(size_system, axis.number)})  # as `limits_of` has them
        own = np.full(n_limits, -1, np.int32)
        if size_system(name) in systems:
            own[systems.index(size_system(name))] = form
        return own, others
    base = base_color(name) if axis.kind == "color" else ""
    base = base or next((word for word in name.split() if word in axis.number), name)
    number = axis.number.get(base, form + (base != name))
    if base in axis.number:  # with a value nested in it, the base alone is no value of its own
        others = others.copy()
        others[0][others[0] == number] = -1
    return np.array([form if is_sure else -1, number], np.int32), others


def _core_counts(rows: ParsedRows, numbers: Ints, has_core: Bools) -> Longs:
    counts: Longs = _before(0, rows.core_counts[numbers].astype(np.int64))
    counts[has_core] = counts[has_core].max(initial=0) + 1
    return np.maximum(counts, 1)


def _brands(rows: ParsedRows, numbers: Ints, brand: str) -> tuple[Ints, Floats]:
    near = rows.brands[numbers]
    own = rows.brand_number(brand) if brand else -1
    every = _before(own, near)
    used = distinct(every[every >= 0])
    brands = np.where(every >= 0, np.searchsorted(used, every), -1).astype(np.int32)
    shares = np.full(len(used), 1 / max(len(rows), 1), np.float32)
    known = used < len(rows.brand_shares)
    shares[known] = rows.brand_shares[used[known]]
    return brands, shares


def _sources(rows: ParsedRows, numbers: Ints, source: str | None) -> Ints:
    names = rows.source_names
    own = -1 if source is None else names.index(source) if source in names else len(names)
    return _before(own, rows.sources[numbers])


def _code(rows: ParsedRows, numbers: Ints, kind: str, new: Newcomer) -> Ints:
    near = rows.codes[kind][numbers]
    code = new.codes.get(kind, "")
    if not code:
        return _before(-1, near)
    columns = [
        each.attribute.name
        for each in rows.columns
        if each.attribute.role == "code"
        and (each.attribute.name in rows.lore.gtins) == (kind == "gtin")
    ]
    plain = _gtin if kind == "gtin" else squash
    for name in columns:
        for place, text in enumerate(take_texts(rows.texts[name], numbers).to_pylist()):
            if text is not None and near[place] >= 0 and plain(text) == code:
                return _before(near[place], near)
    return _before(near.max(initial=-1) + 1, near)


@lru_cache(maxsize=1 << 16)
def _gtin(text: str) -> str:
    return parse_gtin(text).code


def _column(
    rows: ParsedRows, numbers: Ints, column: ColumnRows, cell: Cell, terms: dict[str, Terms]
) -> Column:
    attribute, size = column.attribute, len(numbers) + 1
    values, forms = np.full(size, np.nan), np.full(size, -1, np.int32)
    if column.values is not None:
        values[1:], values[0] = column.values[numbers], cell.value
    if attribute.role != "identity":  # neither its text nor its form is compared
        return Column(attribute, _no_text(size), None, values, forms)
    forms[1:], tokens = column.forms[numbers], terms.get(f"column:{attribute.name}")
    forms[0] = _own_form(rows, numbers, cell, tokens, forms[1:], values)
    if tokens is not None and np.array_equal(tokens.terms, terms["title"].terms):
        return Column(attribute, _no_text(size), tokens, values, forms)  # compared as the title
    near = take_texts(rows.texts[attribute.name], numbers)
    texts = pa.concat_arrays([pa.array([cell.text], pa.string()), near])
    return Column(attribute, texts, tokens, values, forms)


@lru_cache(maxsize=64)
def _no_text(size: int) -> pa.StringArray:
    return pa.nulls(size, pa.string())


def _own_form(
    rows: ParsedRows,
    numbers: Ints,
    cell: Cell,
    tokens: Terms | None,
    near: Ints,
    values: NDArray[np.float64],
) -> int:
    """Return the number of the form of the new value: that of an equal one, or a new number.

    `tokens` and `values` are those of all records, the new one first; `near` are the forms of rows.
    """
    kind, new_number = cell.attribute.type, int(near.max(initial=-1)) + 1
    if cell.text is None or (kind == "number" and np.isnan(values[0])):
        return -1
    if kind == "number":
        same = near[values[1:] == values[0]].tolist()
        return same[0] if same else new_number
    if kind in ("text", "image"):
        alike = near >= 0
        if tokens is not None:  # equal texts have equal words
            sums = sum_texts(tokens.indptr, tokens.terms)
            alike &= sums[1:] == sums[0]
        places = np.flatnonzero(alike)
    else:  # of rows of one form the first tells
        first = {form: place for place, form in reversed([*enumerate(near.tolist())]) if form >= 0}
        places = np.array([*first.values()], np.int64)
    texts = take_texts(rows.texts[cell.attribute.name], numbers[places]).to_pylist()
    for place, text in zip(places, texts, strict=True):
        if form_of_value(kind, text) == cell.form:
            return int(near[place])
    return new_number
