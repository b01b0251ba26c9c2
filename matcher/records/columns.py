"""Parse single columns: text, tokens, numbers and normal forms."""

from collections.abc import Collection, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from functools import partial
from math import ceil

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.records.axes import encode_forms
from matcher.records.frames import text_of
from matcher.records.infer import is_description, is_long, main_title
from matcher.records.keyed import find_keyed_values
from matcher.records.missing import blank_missing
from matcher.records.models import squash
from matcher.records.names import AXES
from matcher.records.numeric import encode_numbers, parse_numbers
from matcher.records.quantities import Quantities
from matcher.records.terms import Rows, finish
from matcher.records.text import DESCRIPTION_LIMIT, TITLE_LIMIT, normalize_text
from matcher.records.tokens import (
    Runs,
    concatenate_runs,
    spell,
    split_joined,
    split_tokens,
    take_runs,
)
from matcher.types import Attribute, Column, Ints, Longs, Notice, Schema

_CHUNK_BYTES = 2 << 20
_SAMPLE = 1000
"""Values by which is judged whether values are repeated; records are in no order of values."""

_TOKENISED = ("text", "category", "size", "color", "code", "list")


@dataclass(frozen=True, slots=True)
class Draft:
    """A column whose tokens are not numbered yet.

    Attributes
    ----------
    attribute : Attribute
        What it is.
    text : pa.StringArray
        Shape (n_records,): normalised, null is missing.
    runs : Runs | None
        Its tokens; None for offers, media and numbers.
    joined : Runs | None
        Runs of its letters and digits, for model numbers; None but for text.
    is_description : bool
        Long text, kept out of the grams.
    """

    attribute: Attribute
    text: pa.StringArray
    runs: Runs | None
    joined: Runs | None
    is_description: bool


@dataclass(frozen=True, slots=True)
class Numbered:
    """A draft and its numbered tokens, None where it has none."""

    draft: Draft
    tokens: Rows | None


def draft_columns(
    table: pa.Table, schema: Schema, rows: Longs, pool: Executor
) -> tuple[list[Draft], "list[Future[Runs | None]]", list[Notice]]:
    """Return every used attribute, normalised and cut into tokens, and what was cut.

    The joined runs are still put together: they come for each attribute by themselves.

    Parameters
    ----------
    table : pa.Table
        The comparison table.
    schema : Schema
        What its columns are; unused ones are left out.
    rows : Longs
        The canonical order.
    pool : Executor
        Threads.
    """
    taken, title = pa.array(rows), main_title(schema)
    used = [attribute for attribute in schema.attributes if attribute.role != "unused"]
    begun = []
    for attribute in used:
        raw = blank_missing(text_of(table.column(attribute.name)).take(taken))
        is_long_text = is_wide(attribute, title, raw)
        limit = DESCRIPTION_LIMIT if is_long_text else TITLE_LIMIT
        step = partial(_draft_different, attribute, limit, is_description=is_long_text)
        begun.append((limit, [pool.submit(step, piece) for piece in _chunks(raw)]))
    drafts, joined, notices = [], [], []
    for attribute, (limit, futures) in zip(used, begun, strict=True):
        chunks, counts = zip(*(future.result() for future in futures), strict=True)
        futures.clear()
        joined.append(pool.submit(_concatenate, [chunk.joined for chunk in chunks]))
        drafts.append(_join_chunks(chunks))
        n_cut = sum(counts)
        if n_cut and attribute.role not in ("media", "offer"):
            notices.append(_cut_notice(attribute.name, n_cut, limit))
    return drafts, joined, notices


def is_wide(attribute: Attribute, title: str, raw: pa.StringArray) -> bool:
    """Return whether a column holds long text, `title` being that of the main text."""
    is_text = attribute.type == "text" and attribute.name != title
    return is_text and (is_description(attribute.name) or is_long(raw))


def without_pieces(column: Numbered) -> Numbered:
    """Return a column without the pieces of its text, once its tokens are numbered."""
    return replace(column, draft=replace(column.draft, runs=None, joined=None))


def keyed_drafts(drafts: Sequence[Draft], axes: Collection[str]) -> list[Draft]:
    """Return what texts say of axes by name, "Color: Navy; Size: M", as columns of their own.

    Parameters
    ----------
    drafts : Sequence[Draft]
        The columns.
    axes : Collection[str]
        The axes that are wanted: a weight that two sellers state is no option.
    """
    found = []
    for draft in drafts:
        attribute = draft.attribute
        if attribute.role != "identity" or attribute.type not in ("text", "list", "category"):
            continue
        for axis, text in find_keyed_values(draft.text).items():
            if axis in axes:
                kind = AXES[axis][0].type
                named = Attribute(f"{attribute.name}: {axis}", kind, "axis", axis)
                found.append(
                    Draft(named, text, split_tokens(spell(text)), None, is_description=False)
                )
    return found


def _chunks(values: pa.StringArray) -> list[pa.StringArray]:
    # Small enough for the cache, large enough for the calls not to matter, and of one size, an even
    # number of them: two workers end together.
    n_pairs = values.nbytes // (2 * _CHUNK_BYTES)
    size = max(ceil(len(values) / max(2 * n_pairs, 1)), 1)
    return [values.slice(start, size) for start in range(0, max(len(values), 1), size)]


def _draft_different(
    attribute: Attribute, limit: int, raw: pa.StringArray, *, is_description: bool
) -> tuple[Draft, int]:
    """Return the draft of a chunk; of values that are repeated each is read once."""
    sample = raw.slice(0, _SAMPLE)
    if len(sample.unique()) > len(sample) / 2:
        return _draft_chunk(attribute, limit, raw, is_description=is_description)
    encoded = raw.dictionary_encode()
    different = pa.concat_arrays([encoded.dictionary, pa.nulls(1, pa.string())])
    draft, n_cut = _draft_chunk(attribute, limit, different, is_description=is_description)
    if n_cut:
        # How many records have such a value?
        return _draft_chunk(attribute, limit, raw, is_description=is_description)
    return _take(draft, np.asarray(encoded.indices.fill_null(len(different) - 1))), 0


def _take(draft: Draft, rows: Ints) -> Draft:
    return replace(
        draft,
        text=draft.text.take(pa.array(rows)),
        runs=take_runs(draft.runs, rows) if draft.runs else None,
        joined=take_runs(draft.joined, rows) if draft.joined else None,
    )


def _draft_chunk(
    attribute: Attribute,
    limit: int,
    raw: pa.StringArray,
    *,
    is_description: bool,
) -> tuple[Draft, int]:
    text, n_cut = normalize_text(raw, limit)
    has_tokens = attribute.role not in ("media", "offer") and attribute.type != "number"
    runs = split_tokens(spell(text)) if has_tokens else None
    joined = split_joined(text) if has_tokens and attribute.type == "text" else None
    return Draft(attribute, text, runs, joined, is_description), n_cut


def _join_chunks(chunks: Sequence[Draft]) -> Draft:
    """Return the drafts of consecutive chunks as one, but for their joined runs."""
    return replace(
        chunks[0],
        text=pa.concat_arrays([chunk.text for chunk in chunks]),
        runs=_concatenate([chunk.runs for chunk in chunks]),
        joined=None,
    )


def _concatenate(parts: Sequence[Runs | None]) -> Runs | None:
    runs = [part for part in parts if part]
    return concatenate_runs(runs) if runs else None


def _cut_notice(name: str, count: int, limit: int) -> Notice:
    return Notice(
        "long_text",
        f"column {name!r}: {count} values are longer than {limit} characters. Only their beginning "
        "is compared.",
        count,
    )


def finish_column(
    draft: Draft, tokens: Rows | None, quantities: Quantities, n_vocabulary: int
) -> Column:
    """Return the column with numbered tokens, numbers and normal forms."""
    kind = draft.attribute.type
    values = np.broadcast_to(np.float64(np.nan), len(draft.text))  # takes no memory
    if kind == "number":
        values, forms = _numbers(draft.text)
    elif kind == "quantity":
        values = _quantity_values(draft.text, tokens, quantities)
    is_tokenised = tokens is not None and kind in _TOKENISED
    return Column(
        attribute=draft.attribute,
        text=draft.text,
        tokens=finish(tokens, n_vocabulary, is_set=False) if tokens and is_tokenised else None,
        values=values,
        forms=forms if kind == "number" else _forms(draft),
    )


def _numbers(text: pa.StringArray) -> tuple[NDArray[np.float64], Ints]:
    """Return the number of each value, and its rank among all."""
    codes, parsed = encode_numbers(text)
    known = ~np.isnan(parsed)
    ranks = np.full(len(parsed), -1, dtype=np.int32)
    ranks[known] = np.unique(parsed[known], return_inverse=True)[1]
    return parsed[codes], ranks[codes]


def _quantity_values(
    text: pa.StringArray, tokens: Rows | None, quantities: Quantities
) -> NDArray[np.float64]:
    values = parse_numbers(text)
    if tokens is None or not len(quantities.values):
        return values
    terms = quantities.terms[tokens.terms]
    is_quantity = terms >= 0
    # Backwards, so that the first quantity of a value is written last and stays.
    owners = tokens.owners()[is_quantity][::-1]
    values[owners] = quantities.values[terms[is_quantity]][::-1]
    return values


def _forms(draft: Draft) -> Ints:
    kind = draft.attribute.type
    if kind == "code":
        return _code_forms(draft.text)
    if kind in ("text", "image"):
        indices = draft.text.dictionary_encode().indices.fill_null(-1)
        return np.asarray(indices).astype(np.int32)
    return encode_forms(draft.text, kind)[0]


def _code_forms(text: pa.StringArray) -> Ints:
    encoded = text.dictionary_encode()
    forms: dict[str, int] = {}
    table = [
        forms.setdefault(squash(value) or value, len(forms))
        for value in encoded.dictionary.to_pylist()
    ]
    indices = np.asarray(encoded.indices.fill_null(len(table)))
    forms_of = np.array([*table, -1], dtype=np.int32)
    return np.asarray(forms_of[indices])
