"""Parse every value of a catalogue: the step from a table to `Records`."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor, Future
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
from matcher.records.grams import grams_of_words, hash_grams
from matcher.records.infer import main_title
from matcher.records.layout import (
    Layout,
    holds_gtins,
    identity_drafts,
    is_brand_column,
    lay_out,
    models_in_texts,
)
from matcher.records.misplaced import move_back
from matcher.records.missing import blank_missing
from matcher.records.names import concept_of, meaning_of
from matcher.records.options import CONNECTORS
from matcher.records.order import order_records
from matcher.records.pool import pool_for
from matcher.records.quantities import Quantities, number_quantities, spell_form
from matcher.records.spelling import repair_words
from matcher.records.terms import (
    Rows,
    document_frequency,
    finish,
    finish_counted,
    keep_tokens,
    sets_of,
)
from matcher.records.tokens import Lexicon, number_tokens
from matcher.records.units import DIMENSIONS
from matcher.settings import Settings
from matcher.types import (
    Bools,
    Catalogue,
    Column,
    Ints,
    Longs,
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
    ignored = {*settings.ignore, *chain(*settings.ignore_by_category.values.values())}
    declared = {*ignored, *(each.axis for each in schema.attributes)}
    with pool_for(table, settings.threads) as pool:
        cut = _cut_up(table, schema, order.rows, {*ALWAYS, *declared}, pool)
        vocabulary = pa.array(cut.lexicon.words, pa.string())
        quantities = number_quantities(cut.lexicon.quantities, len(vocabulary))
        beside = _begin(cut, vocabulary, quantities, pool)
        named = _read_names(cut, vocabulary, sorted(ignored), beside.repaired)
        texts = keep(_read_texts(cut.layout, named, beside, pool))
        values = confirm_values(named.axes, texts.core)
        coded = beside.codes.result()
    records = Records(
        ids=order.ids,
        rows=order.rows,
        sources=order.sources,
        source_names=order.source_names,
        parts=catalogue.parts[order.rows],
        part_names=catalogue.names,
        is_link=catalogue.is_link,
        columns=tuple(column.result() for column in beside.columns),
        axes=tuple(values.forms),
        declared=tuple(axis for axis in values.forms if axis in declared),
        axis_values=values.forms,
        axis_limits=values.limits,
        axis_forms={axis: tuple(map(spell_form, each)) for axis, each in values.names.items()},
        vocabulary=Vocabulary(vocabulary, texts.whole.idf, cut.lexicon.kinds),
        title=texts.title,
        core=texts.core,
        whole=texts.whole,
        models=cut.models.result()[0],
        model_words=cut.models.result()[1],
        grams=texts.grams,
        title_grams=texts.title_grams,
        quantities=beside.amounts.result(),
        quantity_dimensions=quantities.dimensions,
        quantity_values=quantities.values,
        dimensions=DIMENSIONS,
        codes=coded.numbers,
        gtin_columns=coded.gtin_columns,
        brands=named.brands,
        notices=(
            *(*catalogue.notices, *order.notices, *moved, *cut.notices, *coded.notices),
            *(*coded.conflicts(order.ids, values.limits), *_unused_notices(schema, table)),
        ),
    )
    return records, Learned(named.repaired, named.axes)


@dataclass(frozen=True, slots=True)
class _Cut:
    """The texts of all records, cut into tokens.

    Attributes
    ----------
    columns : Sequence[Numbered]
        All columns, and after them what texts say of axes by name; without their pieces.
    n_own : int
        How many are columns.
    lexicon : Lexicon
        The tokens.
    layout : Layout
        The identity text.
    models : Future
        The model numbers: they wait for nothing else, and are found beside the rest.
    notices : list[Notice]
        Of texts that were cut short.
    """

    columns: Sequence[Numbered]
    n_own: int
    lexicon: Lexicon
    layout: Layout
    models: "Future[tuple[Terms, pa.StringArray]]"
    notices: list[Notice]


def _cut_up(
    table: pa.Table, schema: Schema, rows: Longs, axes: Collection[str], pool: Executor
) -> _Cut:
    title = main_title(schema)
    drafts, joined, notices = draft_columns(table, schema, rows, pool)
    keyed = keyed_drafts(drafts, axes)
    drafts = [replace(one, joined=runs.result()) for one, runs in zip(drafts, joined, strict=True)]
    identity = identity_drafts(drafts, title)
    models = pool.submit(models_in_texts, identity, len(rows))
    numbered, lexicon = _number([*drafts, *keyed])
    by_name = {each.draft.attribute.name: each for each in numbered[: len(drafts)]}
    layout = lay_out([by_name[each.attribute.name] for each in identity], title, len(rows))
    # The pieces of all texts take as much memory as what is made of them.
    columns = [*map(without_pieces, numbered)]
    return _Cut(columns, len(drafts), lexicon, layout, models, notices)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is made of the tokens while names are read.

    `frequency` has the records whose identity text has each token, `repaired` its right spelling
    and `grams_of` its 3-grams; `amounts` are the quantities of all records.
    """

    frequency: Longs
    repaired: "Future[Ints]"
    grams_of: "Future[Rows]"
    columns: "list[Future[Column]]"
    codes: "Future[_Codes]"
    amounts: "Future[Terms]"


def _begin(
    cut: _Cut, vocabulary: pa.StringArray, quantities: Quantities, pool: Executor
) -> _Beside:
    """Begin what waits for nothing but the tokens, what is asked for first being the first."""
    whole, own, n_words = cut.layout.whole, cut.columns[: cut.n_own], len(vocabulary)
    frequency = document_frequency(whole.indptr, whole.terms, n_words)
    return _Beside(
        frequency=frequency,
        repaired=pool.submit(repair_words, vocabulary, frequency),
        grams_of=pool.submit(grams_of_words, vocabulary),
        columns=[
            pool.submit(finish_column, each.draft, each.tokens, quantities, n_words) for each in own
        ],
        codes=pool.submit(_codes, [each.draft for each in own]),
        amounts=pool.submit(_quantities, whole, cut.columns, quantities),
    )


def _number(drafts: Sequence[Draft]) -> tuple[list[Numbered], Lexicon]:
    rows, lexicon = number_tokens([draft.runs for draft in drafts if draft.runs])
    remaining = iter(rows)
    return [Numbered(draft, next(remaining) if draft.runs else None) for draft in drafts], lexicon


@dataclass(frozen=True, slots=True)
class _Named:
    """What names a product: its brand, the options of its axes, and words without slips.

    `in_brand` says which tokens of the title are words of the record's brand.
    """

    brands: Ints
    in_brand: Bools
    axes: FoundAxes
    repaired: Ints
    is_connector: Bools


def _read_names(
    cut: _Cut, vocabulary: pa.StringArray, wanted: Sequence[str], repairs: "Future[Ints]"
) -> _Named:
    layout, columns, lexicon = cut.layout, cut.columns, cut.lexicon
    brand_text = _brand_text([column.draft for column in columns])
    brands, names = find_brands(brand_text, layout.title, vocabulary)
    in_title = mark_brands(layout.title, brands, names, vocabulary)
    in_named = in_title
    if layout.named is not layout.title:
        in_named = mark_brands(layout.named, brands, names, vocabulary)
    repaired = repairs.result()
    # "Black & Decker" is not black.
    axes = find_axes(columns, keep_tokens(layout.named, ~in_named), lexicon, repaired, wanted)
    is_connector = np.array([word in CONNECTORS for word in lexicon.words], np.bool_)
    return _Named(brands, in_title, axes, repaired, is_connector)


@dataclass(frozen=True, slots=True)
class _Texts:
    title: Terms
    core: Terms
    whole: Terms
    grams: Terms
    title_grams: Terms


def _read_texts(layout: Layout, named: _Named, beside: _Beside, pool: Executor) -> _Texts:
    marked, grams_of = named.axes.marked, beside.grams_of.result()
    in_title = mark_values(layout.title, marked)
    title_grams = pool.submit(hash_grams, layout.title, in_title, grams_of)
    in_short, grams = in_title, title_grams
    if layout.short is not layout.title:
        in_short = mark_values(layout.short, marked)
        grams = pool.submit(hash_grams, layout.short, in_short, grams_of)
    is_same = layout.whole is layout.short
    in_whole = in_short if is_same else mark_values(layout.whole, marked)
    is_left_out = named.in_brand | named.is_connector[layout.title.terms]
    return _Texts(
        title=finish(layout.title, len(beside.frequency), in_title, is_set=False),
        core=find_cores(layout.title, in_title, is_left_out, named.repaired),
        whole=finish_counted(layout.whole, beside.frequency, in_whole, is_set=False),
        grams=grams.result(),
        title_grams=title_grams.result(),
    )


def _quantities(whole: Rows, columns: Sequence[Numbered], quantities: Quantities) -> Terms:
    rows = [whole]
    rows += [c.tokens for c in columns if c.draft.attribute.type == "quantity" and c.tokens]
    terms = [quantities.terms[row.terms] for row in rows]
    owners = np.concatenate(
        [row.owners()[term >= 0] for row, term in zip(rows, terms, strict=True)]
    )
    found = np.concatenate([term[term >= 0] for term in terms])
    n_records = len(whole.indptr) - 1
    return finish(sets_of(owners, found, n_records), len(quantities.values), is_set=True)


@dataclass(frozen=True, slots=True)
class _Codes:
    """The codes of all records.

    Attributes
    ----------
    numbers : Mapping[str, Ints]
        As in `Records`.
    gtin_columns : tuple[str, ...]
        As in `Records`.
    notices : list[Notice]
        Of values that are no GTINs.
    """

    numbers: Mapping[str, Ints]
    gtin_columns: tuple[str, ...]
    notices: list[Notice]

    def conflicts(
        self, ids: NDArray[np.object_], axis_limits: Mapping[str, Ints]
    ) -> Sequence[Notice]:
        """Return the notice of GTINs whose records differ in an axis, if there are any."""
        gtins = self.numbers.get("gtin")
        return () if gtins is None else gtin_conflicts(ids, gtins, axis_limits)


def _codes(drafts: Sequence[Draft]) -> _Codes:
    gtins, mpns, names, notices = [], [], [], []
    for draft in drafts:
        if draft.attribute.role != "code":
            continue
        name = draft.attribute.name
        concept = concept_of(name)
        numbers, values, problems = encode_gtins(draft.text)
        if concept == "gtin" or holds_gtins(draft.text):
            names.append(name)
            gtins.append((numbers, values))
            notices += [
                Notice(
                    f"{problem}_gtin",
                    f"column {name!r}: {count} values are {problem} GTINs. They "
                    "identify nothing and were left out of comparisons of codes.",
                    count,
                )
                for problem, count in sorted(problems.items())
            ]
        elif concept != "sku":
            mpns.append(encode_mpns(draft.text))
    found = {"gtin": gtins, "mpn": mpns}
    numbered = {kind: merge_forms(columns)[0] for kind, columns in found.items() if columns}
    return _Codes(numbered, tuple(names), notices)


def _brand_text(drafts: Sequence[Draft]) -> pa.StringArray | None:
    """Return the first known value of the brand columns, None where there is no such column."""
    texts = [draft.text for draft in drafts if is_brand_column(draft.attribute)]
    return pc.coalesce(*texts) if texts else None


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
