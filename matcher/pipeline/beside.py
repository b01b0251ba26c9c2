"""Put a new record beside some parsed rows of a catalogue, as the records of a small one."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.compiled import number_texts
from matcher.pipeline.near_columns import before, code_beside, column_beside
from matcher.pipeline.near_terms import join_rows, renumber
from matcher.pipeline.parsed_rows import AxisRows, ParsedRows
from matcher.pipeline.text_rows import take_texts
from matcher.records import (
    Marked,
    Meant,
    Newcomer,
    base_color,
    gram_terms,
    kind_of,
    size_system,
)
from matcher.types import (
    Bits,
    Bools,
    Floats,
    Ints,
    Longs,
    Records,
    Terms,
    Vocabulary,
    distinct,
)


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
        parts=np.zeros(len(found) + 1, np.int32),
        part_names=("records",),
        is_link=False,
        columns=tuple(
            column_beside(rows, numbers, each, cells[each.attribute.name], terms)
            for each in rows.columns
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
        codes={kind: code_beside(rows, numbers, kind, new) for kind in rows.codes},
        gtin_columns=tuple(sorted(rows.lore.gtins)),
        brands=brands,
        notices=(),
    )
    return Beside(records, shares, _core_counts(rows, numbers, has_core))


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
        joined[name] = join_rows(rows.terms[name], numbers, terms, np.array(bits, np.uint32))
    used = distinct(np.concatenate([each.terms for each in joined.values()]))
    old = used[: np.searchsorted(used, len(rows.kinds))]
    added = [words[place] for place in unknown.tolist()]
    spelled = _with(take_texts(rows.speller.book.words, old), added)
    kinds = np.append(rows.kinds[old], np.array([*map(kind_of, added)], np.uint8))
    texts = {name: renumber(each, used, len(rows)) for name, each in joined.items()}
    return Vocabulary(spelled, texts["whole"].idf, kinds), texts


def _with(words: pa.StringArray, added: list[str]) -> pa.StringArray:
    return pa.concat_arrays([words, pa.array(added, pa.string())]) if added else words


def _grams(terms: Terms, numbers: Ints, own: Ints, bits: Bits) -> Terms:
    joined = join_rows(terms, numbers, own, bits)
    return renumber(joined, distinct(joined.terms), len(numbers))  # not one of all buckets


def _models(rows: ParsedRows, numbers: Ints, new: Newcomer) -> tuple[pa.StringArray, Terms]:
    words, old_words = [*new.models], rows.models.words
    known = rows.models.numbers(words)
    unknown = np.flatnonzero(known < 0)
    known[unknown] = len(old_words) + np.arange(len(unknown))
    own = np.sort(known).astype(np.int32)
    joined = join_rows(rows.terms["models"], numbers, own, np.zeros(len(own), np.uint32))
    used = distinct(joined.terms)
    old = used[: np.searchsorted(used, len(old_words))]
    spelled = _with(take_texts(old_words, old), [words[place] for place in unknown.tolist()])
    return spelled, renumber(joined, used, len(rows))


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
    joined = join_rows(rows.terms["quantities"], numbers, first, np.zeros(len(own), np.uint32))
    used = distinct(joined.terms)
    old = used[: np.searchsorted(used, len(values))]
    kinds = np.append(dimensions[old], np.array([one for one, _ in added], np.int32))
    amounts = np.append(values[old], [amount for _, amount in added])
    return (kinds.astype(np.int32), amounts), renumber(joined, used, len(rows))


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
    counts: Longs = before(0, rows.core_counts[numbers].astype(np.int64))
    counts[has_core] = counts[has_core].max(initial=0) + 1
    return np.maximum(counts, 1)


def _brands(rows: ParsedRows, numbers: Ints, brand: str) -> tuple[Ints, Floats]:
    near = rows.brands[numbers]
    own = rows.brand_number(brand) if brand else -1
    every = before(own, near)
    used = distinct(every[every >= 0])
    brands = np.where(every >= 0, np.searchsorted(used, every), -1).astype(np.int32)
    shares = np.full(len(used), 1 / max(len(rows), 1), np.float32)
    known = used < len(rows.brand_shares)
    shares[known] = rows.brand_shares[used[known]]
    return brands, shares


def _sources(rows: ParsedRows, numbers: Ints, source: str | None) -> Ints:
    names = rows.source_names
    own = -1 if source is None else names.index(source) if source in names else len(names)
    return before(own, rows.sources[numbers])
