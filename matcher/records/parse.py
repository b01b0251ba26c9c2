"""Parse every value of a catalogue: the step from a table to `Records`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.memory import Keep, in_memory
from matcher.records.axes import mark_values, merge_forms
from matcher.records.axis_values import ALWAYS, FoundAxes, confirm_values, find_axes
from matcher.records.brands import find_brands
from matcher.records.codes import encode_gtins, encode_mpns
from matcher.records.columns import (
    Draft,
    Numbered,
    draft_columns,
    finish_column,
    keyed_drafts,
    without_pieces,
)
from matcher.records.compare import comparison_table
from matcher.records.conflicts import gtin_conflicts
from matcher.records.cores import find_cores, mark_brands
from matcher.records.frames import text_of
from matcher.records.grams import hash_grams
from matcher.records.infer import ENOUGH_GTINS, main_title
from matcher.records.misplaced import move_back
from matcher.records.missing import blank_missing
from matcher.records.models import find_models
from matcher.records.names import meaning_of
from matcher.records.options import CONNECTORS
from matcher.records.order import order_records
from matcher.records.quantities import Quantities, find_quantities, spell_form
from matcher.records.spelling import repair_words
from matcher.records.terms import (
    Rows,
    concatenate,
    document_frequency,
    finish,
    keep_tokens,
    sets_of,
)
from matcher.records.tokens import number_tokens
from matcher.records.units import DIMENSIONS
from matcher.settings import Settings
from matcher.types import (
    Attribute,
    Catalogue,
    Ints,
    Notice,
    Records,
    Schema,
    Terms,
    Vocabulary,
)


def parse_records(
    catalogue: Catalogue, schema: Schema, settings: Settings, keep: Keep = in_memory
) -> Records:
    """Return all records of a catalogue, parsed and tokenised, in canonical order.

    Parameters
    ----------
    catalogue : Catalogue
        The rows; not changed.
    schema : Schema
        What the columns are.
    settings : Settings
        Settings of the run.
    keep : Keep
        How to keep the texts in terms, which take most of the memory.

    Raises
    ------
    RecordsError
        Ids occur more than once in a source.
    """
    return parse_and_learn(catalogue, schema, settings, keep)[0]


@dataclass(frozen=True, slots=True)
class Learned:
    """What parsing found out of a catalogue that is not said of any single record.

    Attributes
    ----------
    repaired : Ints
        Shape (n_vocabulary,): right spelling of each token.
    axes : FoundAxes
        What columns and texts say of the axes.
    """

    repaired: Ints
    axes: FoundAxes


def parse_and_learn(
    catalogue: Catalogue, schema: Schema, settings: Settings, keep: Keep = in_memory
) -> tuple[Records, Learned]:
    """Return what `parse_records` returns, and what one more record is parsed with."""
    table = comparison_table(catalogue)
    order = order_records(catalogue, table, schema)
    table, moved = move_back(table, schema, order.rows)
    drafts, notices = draft_columns(table, schema, order.rows, settings.threads)
    ignored = {*settings.ignore, *chain(*settings.ignore_by_category.values.values())}
    declared = {*ignored, *(each.axis for each in schema.attributes)}
    numbered, words, kinds = _number([*drafts, *keyed_drafts(drafts, {*ALWAYS, *declared})])
    quantities = find_quantities(words)
    layout = _layout(numbered, main_title(schema), len(order.ids))
    models, model_words = _models(layout, len(order.ids))
    # The pieces of all texts take as much memory as what is made of them.
    numbered = [*map(without_pieces, numbered)]
    drafts, layout = [each.draft for each in numbered[: len(drafts)]], replace(layout, drafts=[])
    vocabulary = pa.array(words, pa.string())
    frequency = document_frequency(layout.whole.indptr, layout.whole.terms, len(words))
    repaired = repair_words(vocabulary, frequency)
    brands, brand_names = find_brands(_brand_text(drafts), layout.title, vocabulary)
    # "Black & Decker" is not black.
    in_brands = mark_brands(layout.named, brands, brand_names, vocabulary)
    named = keep_tokens(layout.named, ~in_brands)
    axes = find_axes(numbered, named, words, repaired, sorted(ignored))
    texts = keep(_parse_texts(layout, axes.marked, vocabulary))
    is_left_out = mark_brands(layout.title, brands, brand_names, vocabulary)
    is_left_out |= np.array([word in CONNECTORS for word in words], np.bool_)[layout.title.terms]
    core = find_cores(layout.title, texts.title.axes, is_left_out, repaired)
    values = confirm_values(axes, core)
    codes, code_notices = _codes(drafts)
    if "gtin" in codes:
        code_notices += gtin_conflicts(order.ids, codes["gtin"], values.limits)
    records = Records(
        ids=order.ids,
        rows=order.rows,
        sources=order.sources,
        source_names=order.source_names,
        is_link=catalogue.is_link,
        columns=tuple(
            finish_column(column.draft, column.tokens, quantities, len(words))
            for column in numbered[: len(drafts)]
        ),
        axes=tuple(values.forms),
        declared=tuple(axis for axis in values.forms if axis in declared),
        axis_values=values.forms,
        axis_limits=values.limits,
        axis_forms={axis: tuple(map(spell_form, each)) for axis, each in values.names.items()},
        vocabulary=Vocabulary(texts.words, texts.whole.idf, kinds),
        title=texts.title,
        core=core,
        whole=texts.whole,
        models=models,
        model_words=model_words,
        grams=texts.grams,
        title_grams=texts.title_grams,
        quantities=_quantities(layout.whole, numbered, quantities, len(order.ids)),
        quantity_dimensions=quantities.dimensions,
        quantity_values=quantities.values,
        dimensions=DIMENSIONS,
        codes=codes,
        brands=brands,
        notices=(
            *(*catalogue.notices, *order.notices),
            *(*moved, *notices, *code_notices, *_unused_notices(schema, table)),
        ),
    )
    return records, Learned(repaired, axes)


def _number(drafts: Sequence[Draft]) -> tuple[list[Numbered], list[str], NDArray[np.uint8]]:
    rows, lexicon = number_tokens([draft.runs for draft in drafts if draft.runs])
    remaining = iter(rows)
    numbered = [Numbered(draft, next(remaining) if draft.runs else None) for draft in drafts]
    return numbered, lexicon.words, lexicon.kinds


@dataclass(frozen=True, slots=True)
class _Layout:
    """The identity text, put together per record.

    `whole` is title, brand, codes, other text, descriptions; `short` is that without descriptions;
    `named` is the title and what columns such as "options" say, where axes are looked for.
    """

    title: Rows
    named: Rows
    short: Rows
    whole: Rows
    drafts: list[Draft]


def _layout(columns: Sequence[Numbered], title: str, n_records: int) -> _Layout:
    def place(column: Numbered) -> int:
        draft = column.draft
        return place_of_text(draft.attribute, title, is_description=draft.is_description)

    empty = Rows(np.zeros(n_records + 1, np.int64), np.zeros(0, np.int32))
    used = sorted(filter(_is_identity_text, columns), key=place)
    titles = [c.tokens for c in used if place(c) == 0 and c.tokens]
    named = [*titles, *(c.tokens for c in used if c.tokens and holds_options(c.draft.attribute))]
    short = [c.tokens for c in used if place(c) < 4 and c.tokens]
    whole = [c.tokens for c in used if c.tokens]
    return _Layout(
        title=titles[0] if titles else empty,
        named=concatenate(named) if named else empty,
        short=concatenate(short) if short else empty,
        whole=concatenate(whole) if whole else empty,
        drafts=[c.draft for c in used],
    )


def place_of_text(attribute: Attribute, title: str, *, is_description: bool) -> int:
    """Return which place a column has in the text of a record, 4 being that of descriptions."""
    if attribute.name == title:
        return 0
    meaning = meaning_of(attribute.name)
    if meaning and meaning.concept == "brand":
        return 1
    return 2 if attribute.role == "code" else 4 if is_description else 3


def holds_options(attribute: Attribute) -> bool:
    """Return whether options are looked for in a column, as in titles."""
    meaning = meaning_of(attribute.name)
    return meaning is not None and meaning.concept == "options"


def _is_identity_text(column: Numbered) -> bool:
    attribute = column.draft.attribute
    if attribute.role == "code" and _concept(attribute) not in ("gtin", "sku"):
        return not hold_gtins(column.draft.text)
    return is_identity_text(attribute)


def is_identity_text(attribute: Attribute) -> bool:
    """Return whether a column is part of the text that names a product, codes left aside.

    A GTIN is compared as a code, and a seller's own number says nothing of the product: as words
    they would only make records differ that do not both have them.
    """
    if attribute.role != "identity":
        return False
    return attribute.type in ("text", "list") or _concept(attribute) == "brand"


def _concept(attribute: Attribute) -> str:
    meaning = meaning_of(attribute.name)
    return meaning.concept if meaning else ""


@dataclass(frozen=True, slots=True)
class _Texts:
    words: pa.StringArray
    title: Terms
    whole: Terms
    grams: Terms
    title_grams: Terms


def _parse_texts(
    layout: _Layout, marked: Sequence[tuple[int, Rows]], words: pa.StringArray
) -> _Texts:
    title = finish(layout.title, len(words), mark_values(layout.title, marked), is_set=False)
    whole = finish(layout.whole, len(words), mark_values(layout.whole, marked), is_set=False)
    title_grams = hash_grams(layout.title, title.axes, words)
    grams = title_grams
    if layout.short is not layout.title:
        grams = hash_grams(layout.short, mark_values(layout.short, marked), words)
    return _Texts(words, title, whole, grams, title_grams)


def _models(layout: _Layout, n_records: int) -> tuple[Terms, pa.StringArray]:
    joined = [draft.joined for draft in layout.drafts if draft.joined]
    runs = [draft.runs for draft in layout.drafts if draft.joined and draft.runs]
    codes = [draft.text for draft in layout.drafts if draft.attribute.role == "code"]
    return find_models(joined, runs, codes, n_records)


def _quantities(
    whole: Rows, columns: Sequence[Numbered], quantities: Quantities, n_records: int
) -> Terms:
    rows = [whole]
    rows += [c.tokens for c in columns if c.draft.attribute.type == "quantity" and c.tokens]
    terms = [quantities.terms[row.terms] for row in rows]
    owners = np.concatenate(
        [row.owners()[term >= 0] for row, term in zip(rows, terms, strict=True)]
    )
    found = np.concatenate([term[term >= 0] for term in terms])
    return finish(sets_of(owners, found, n_records), len(quantities.values), is_set=True)


def hold_gtins(text: pa.StringArray) -> bool:
    """Return whether the values of a column of codes are GTINs, whatever its name."""
    numbers, _, _ = encode_gtins(text)
    n_known = len(text) - text.null_count
    return bool((numbers >= 0).sum() >= ENOUGH_GTINS * max(n_known, 1))


def _codes(drafts: Sequence[Draft]) -> tuple[Mapping[str, Ints], list[Notice]]:
    gtins, mpns, notices = [], [], []
    for draft in drafts:
        if draft.attribute.role != "code":
            continue
        meaning = meaning_of(draft.attribute.name)
        concept = meaning.concept if meaning else ""
        numbers, values, problems = encode_gtins(draft.text)
        if concept == "gtin" or hold_gtins(draft.text):
            gtins.append((numbers, values))
            notices += [
                Notice(
                    f"{problem}_gtin",
                    f"column {draft.attribute.name!r}: {count} values are {problem} GTINs. They "
                    "identify nothing and were left out of comparisons of codes.",
                    count,
                )
                for problem, count in sorted(problems.items())
            ]
        elif concept != "sku":
            mpns.append(encode_mpns(draft.text))
    found = {"gtin": gtins, "mpn": mpns}
    return {kind: merge_forms(columns)[0] for kind, columns in found.items() if columns}, notices


def _brand_text(drafts: Sequence[Draft]) -> pa.StringArray | None:
    """Return the first known value of the brand columns, None where there is no such column."""
    texts = [draft.text for draft in drafts if is_brand_column(draft.attribute)]
    return pc.coalesce(*texts) if texts else None


def is_brand_column(attribute: Attribute) -> bool:
    """Return whether an attribute is the brand of the product."""
    meaning = meaning_of(attribute.name)
    return meaning is not None and meaning.concept == "brand" and attribute.role == "identity"


def _unused_notices(schema: Schema, table: pa.Table) -> list[Notice]:
    notices = []
    for attribute in schema.attributes:
        if attribute.role != "unused":
            continue
        meaning = meaning_of(attribute.name)
        values = blank_missing(text_of(table.column(attribute.name)))
        if 0 < len(values) == values.null_count:
            message = f"column {attribute.name!r}: has no known value in {len(values)} rows."
            notices.append(Notice("empty_column", message, len(values)))
        elif meaning and meaning.role == "unused":
            message = (
                f"column {attribute.name!r}: looks like an answer, not like a property. It is not "
                "compared; give it a role in the settings if it should be."
            )
            notices.append(Notice("unused_column", message, 1))
    return notices
