"""Axes: normal forms of their values, and where the values stand in the text."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from matcher.records.colors import color_form
from matcher.records.quantities import parse_quantity
from matcher.records.sizes import size_form
from matcher.records.terms import Rows
from matcher.records.tokens import spell, split_tokens
from matcher.types import AttributeType, Bits, Ints

LONGEST_VALUE = 8
"""Tokens of a value that are looked for in a text."""


def normal_form(value: str, kind: AttributeType) -> str:
    """Return the form under which equal values of an axis are equal.

    Parameters
    ----------
    value : str
        Normalised text of the value.
    kind : AttributeType
        Type of the attribute.

    Examples
    --------
    >>> normal_form("64 gb", "quantity") == normal_form("65536 mb", "quantity")
    True
    >>> normal_form("x-large", "size"), normal_form("grey/black", "color")
    ('xl', 'gray black')
    """
    text = " ".join(split_tokens(spell(pa.array([value]))).pieces.to_pylist())
    return form_of_tokens(text, kind) or value


def form_of_tokens(text: str, kind: AttributeType) -> str:
    """Return the normal form of a value given as its tokens, joined by spaces."""
    if kind == "color":
        return color_form(text)
    if kind == "size":
        return size_form(text)
    if kind == "quantity":
        return " ".join(_base_form(word) for word in text.split())
    return text


def _base_form(word: str) -> str:
    quantity = parse_quantity(word)
    if quantity:
        return f"{quantity.base:.9g} {quantity.unit.dimension}"
    try:
        return f"{float(word):.9g}" if word.replace(".", "", 1).isdecimal() else word
    except ValueError:
        return word


def encode_forms(texts: pa.StringArray, kind: AttributeType) -> tuple[Ints, list[str]]:
    """Return the number of each value's normal form, -1 for null, and the forms.

    Parameters
    ----------
    texts : pa.StringArray
        Normalised values, null where missing.
    kind : AttributeType
        Type of the attribute.
    """
    encoded = texts.dictionary_encode()
    spelled = split_tokens(spell(encoded.dictionary))
    pieces = spelled.pieces.to_pylist()
    forms: dict[str, int] = {}
    numbers = []
    for number, value in enumerate(encoded.dictionary.to_pylist()):
        start, stop = spelled.indptr[number], spelled.indptr[number + 1]
        form = form_of_tokens(" ".join(pieces[start:stop]), kind) or value
        numbers.append(forms.setdefault(form, len(forms)))
    table = np.array([*numbers, -1], dtype=np.int32)
    return table[np.asarray(encoded.indices.fill_null(len(numbers)))], list(forms)


def merge_forms(columns: Sequence[tuple[Ints, list[str]]]) -> tuple[Ints, list[str]]:
    """Return the first known form of several columns, -1 where all are unknown, and the forms."""
    if len(columns) == 1:
        return columns[0]
    names: dict[str, int] = {}
    merged = np.full(len(columns[0][0]), -1, dtype=np.int32)
    for codes, forms in columns:
        table = np.array([names.setdefault(form, len(names)) for form in forms] + [-1], np.int32)
        merged = np.where(merged < 0, table[codes], merged)
    return merged, list(names)


def mark_values(text: Rows, values: Sequence[tuple[int, Rows]]) -> Bits:
    """Return the axis bits of every token of `text`.

    Parameters
    ----------
    text : Rows
        Tokens of the text.
    values : Sequence[tuple[int, Rows]]
        For each axis column, the bit of its axis and the tokens of its values; a value is marked
        wherever its tokens stand in the same record's text one after the other.

    Returns
    -------
    Bits
        Shape (n_terms,): uint8 where eight bits suffice, else uint32.
    """
    is_few = all(bit < 8 for bit, _ in values)
    bits: Bits = np.zeros(len(text.terms), dtype=np.uint8 if is_few else np.uint32)
    owners = text.owners()
    for bit, value in values:
        starts, lengths = value.indptr[:-1], np.diff(value.indptr)
        if not len(value.terms):
            continue
        first = np.where(lengths > 0, value.terms[np.minimum(starts, len(value.terms) - 1)], -1)
        at = np.flatnonzero(text.terms == np.repeat(first, np.diff(text.indptr)))
        for step in range(1, min(int(lengths.max()), LONGEST_VALUE)):
            owner = owners[at]
            longer = lengths[owner] > step
            fits = at + step < text.indptr[owner + 1]
            there = text.terms[np.minimum(at + step, len(text.terms) - 1)]
            wanted = value.terms[np.minimum(starts[owner] + step, len(value.terms) - 1)]
            at = at[~longer | (fits & (there == wanted))]
        for step in range(min(int(lengths.max()), LONGEST_VALUE)):
            inside = at[lengths[owners[at]] > step] + step
            bits[inside] |= bits.dtype.type(1 << bit)
    return bits
