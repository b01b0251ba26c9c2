"""Columns and codes of a new record and of some rows of a catalogue."""

from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.compiled import sum_texts
from matcher.pipeline.parsed_rows import ColumnRows, ParsedRows
from matcher.pipeline.text_rows import take_texts
from matcher.records import Cell, Newcomer, form_of_value, parse_gtin, squash
from matcher.types import Column, Ints, Terms


def before(own: float, near: NDArray[Any]) -> NDArray[Any]:
    """Return what is known of the new record, before what is known of the others."""
    every = np.empty(len(near) + 1, near.dtype)
    every[0], every[1:] = own, near
    return every


def code_beside(rows: ParsedRows, numbers: Ints, kind: str, new: Newcomer) -> Ints:
    """Return the numbers of a code, an equal one of the new record being the same."""
    near = rows.codes[kind][numbers]
    code = new.codes.get(kind, "")
    if not code:
        return before(-1, near)
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
                return before(near[place], near)
    return before(near.max(initial=-1) + 1, near)


@lru_cache(maxsize=1 << 16)
def _gtin(text: str) -> str:
    return parse_gtin(text).code


def column_beside(
    rows: ParsedRows, numbers: Ints, column: ColumnRows, cell: Cell, terms: dict[str, Terms]
) -> Column:
    """Return a column of the new record and of rows, its words being among the terms."""
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
