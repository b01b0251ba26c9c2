"""The parsed rows of a catalogue, kept so that single records are compared with a few of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.compiled import number_texts
from matcher.output import Stored
from matcher.pipeline.ignoring import Ignored
from matcher.pipeline.text_rows import one_chunk
from matcher.pipeline.word_book import Speller, WordBook
from matcher.records import Learned, Lore, Slips, limits_of
from matcher.types import Attribute, AttributeType, Bits, Floats, Ints, Records, Schema, Terms

TEXTS = ("title", "core", "whole", "models", "grams", "title_grams", "quantities")


@dataclass(frozen=True, slots=True)
class AxisRows:
    """What the rows say of an axis.

    Attributes
    ----------
    kind : AttributeType
        Its type.
    number : Mapping[str, int]
        Numbers of the normal forms.
    values, limits : Ints
        As in `Records`, shapes (n_records,) and (n_limits, n_records).
    sure, vague : Ints
        Shape (n_limits, n_forms): limits of each form, and where a longer one may be meant.
    """

    kind: AttributeType
    number: Mapping[str, int]
    values: Ints
    limits: Ints
    sure: Ints
    vague: Ints

    @property
    def names(self) -> tuple[str, ...]:
        """The normal forms."""
        return tuple(self.number)


@dataclass(frozen=True, slots=True)
class ColumnRows:
    """One attribute of the rows, as in `Column`; `tokens` are in `ParsedRows.terms`."""

    attribute: Attribute
    values: NDArray[np.float64] | None
    forms: Ints


@dataclass(frozen=True, slots=True)
class ParsedRows:
    """All rows of a catalogue, parsed, by record number.

    Attributes
    ----------
    numbers : Ints
        Shape (n_rows,): record number of each row.
    lore : Lore
        What the catalogue teaches of new records.
    declared, dimensions, source_names : tuple[str, ...]
        As in `Records`.
    terms : Mapping[str, Terms]
        By `TEXTS`, and ``"column:NAME"``.
    speller, models : Speller, WordBook
        The words that `terms` number.
    kinds : NDArray[np.uint8]
        Of the words.
    quantities : tuple[Ints, NDArray[np.float64]]
        Dimension and amount of each quantity.
    columns : tuple[ColumnRows, ...]
    texts : Mapping[str, pa.StringArray]
        Normalised text of each column, shape (n_records,).
    axes : Mapping[str, AxisRows]
    codes : Mapping[str, Ints]
    sources, brands : Ints
        As in `Records`.
    brand_shares : Floats
        Shape (n_brands,): share of the records that have each.
    core_counts : Ints
        Shape (n_records,): how many records have the core of each title, 0 without a core.
    ignored : Bits
        Shape (n_records,): axes that each record ignores.
    """

    numbers: Ints
    lore: Lore
    declared: tuple[str, ...]
    dimensions: tuple[str, ...]
    source_names: tuple[str, ...]
    terms: Mapping[str, Terms]
    speller: Speller
    models: WordBook
    kinds: NDArray[np.uint8]
    quantities: tuple[Ints, NDArray[np.float64]]
    columns: tuple[ColumnRows, ...]
    texts: Mapping[str, pa.StringArray]
    axes: Mapping[str, AxisRows]
    codes: Mapping[str, Ints]
    sources: Ints
    brands: Ints
    brand_shares: Floats
    core_counts: Ints
    ignored: Bits

    _brand_numbers: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.numbers)

    def brand_number(self, brand: str) -> int:
        """Return the number of a brand, a new one where no record has it."""
        if not self._brand_numbers:  # two threads may make the same: nothing is lost
            brands = enumerate(self.lore.brands or ())
            self._brand_numbers.update({brand: number for number, brand in brands})
        return self._brand_numbers.get(brand, len(self.brand_shares))


def parsed_rows(records: Records, ignoring: Ignored, learned: Learned, lore: Lore) -> ParsedRows:
    """Keep what was parsed of a catalogue."""
    words = records.vocabulary.words
    counts = np.bincount(records.brands[records.brands >= 0], minlength=len(lore.brands or ()))
    terms = {name: getattr(records, name) for name in TEXTS}
    terms |= {_of(c.attribute): c.tokens for c in records.columns if c.tokens is not None}
    # Documents that have a word, from its idf.
    frequency = np.rint((1 + len(records)) / np.exp(records.whole.idf.astype(np.float64) - 1) - 1)
    slips = Slips.of(words, frequency.astype(np.int64))
    numbers = np.empty(len(records), np.int32)
    numbers[records.rows] = np.arange(len(records), dtype=np.int32)
    return ParsedRows(
        numbers=numbers,
        lore=lore,
        declared=records.declared,
        dimensions=records.dimensions,
        source_names=records.source_names,
        terms=terms,
        speller=Speller(WordBook.of(words), learned.repaired, slips),
        models=WordBook.of(records.model_words),
        kinds=records.vocabulary.kinds,
        quantities=(records.quantity_dimensions, records.quantity_values),
        columns=tuple(
            ColumnRows(c.attribute, None if np.isnan(c.values).all() else c.values, c.forms)
            for c in records.columns
        ),
        texts={c.attribute.name: c.text for c in records.columns},
        axes={axis: _axis(axis, records, learned) for axis in records.axes},
        codes=records.codes,
        sources=records.sources,
        brands=records.brands,
        brand_shares=(counts / max(len(records), 1)).astype(np.float32),
        core_counts=_core_counts(records),
        ignored=ignoring.of_records,
    )


def _core_counts(records: Records) -> Ints:
    cores = number_texts(records.core)
    counts = np.bincount(cores[cores >= 0], minlength=1).astype(np.int32)
    return np.where(cores >= 0, counts[cores], 0).astype(np.int32)


def _of(attribute: Attribute) -> str:
    return f"column:{attribute.name}"


def _axis(axis: str, records: Records, learned: Learned) -> AxisRows:
    names, kind = learned.axes.names[axis], learned.axes.kinds[axis]
    forms = np.arange(len(names), dtype=np.int32)
    sure, vague = (limits_of(values, names, kind) for values in (forms, -2 - forms))
    number = {name: place for place, name in enumerate(names)}
    values, limits = records.axis_values[axis], records.axis_limits[axis]
    return AxisRows(kind, number, values, limits, sure, vague)


def store_rows(rows: ParsedRows) -> Stored:
    """Return parsed rows as they are written."""
    arrays: dict[str, Any] = {
        "numbers": rows.numbers,
        "kinds": rows.kinds,
        "repaired": rows.speller.repaired,
        "slip_forms": rows.speller.slips.forms,
        "slip_words": rows.speller.slips.words,
        "slip_frequency": rows.speller.slips.frequency,
        "quantity_dimensions": rows.quantities[0],
        "quantity_values": rows.quantities[1],
        "sources": rows.sources,
        "brands": rows.brands,
        "brand_shares": rows.brand_shares,
        "core_counts": rows.core_counts,
        "ignored": rows.ignored,
    }
    arrays |= rows.speller.book.arrays("word") | rows.models.arrays("model")
    for number, terms in enumerate(rows.terms.values()):
        parts = {"indptr": terms.indptr, "terms": terms.terms, "axes": terms.axes, "idf": terms.idf}
        arrays |= {f"terms_{number}_{part}": array for part, array in parts.items()}
    for number, axis in enumerate(rows.axes.values()):
        found = {"values": axis.values, "limits": axis.limits}
        found |= {"sure": axis.sure, "vague": axis.vague}
        arrays |= {f"axis_{number}_{part}": array for part, array in found.items()}
    for number, column in enumerate(rows.columns):
        arrays[f"column_{number}_forms"] = column.forms
        if column.values is not None:
            arrays[f"column_{number}_values"] = column.values
    arrays |= {f"code_{kind}": array for kind, array in rows.codes.items()}
    facts = {
        "lore": rows.lore.to_dict(),
        "declared": rows.declared,
        "dimensions": rows.dimensions,
        "source_names": rows.source_names,
        "terms": [[name, terms.is_set] for name, terms in rows.terms.items()],
        "codes": [*rows.codes],
        "axes": [[name, axis.kind, axis.names] for name, axis in rows.axes.items()],
    }
    words = pa.table({"word": rows.speller.book.words})
    tables = {
        "texts": pa.table(rows.texts),
        "words": words,
        "models": pa.table({"word": rows.models.words}),
    }
    return Stored(facts, arrays, tables)


def read_rows(stored: Stored, schema: Schema) -> ParsedRows:
    """Return what `store_rows` made files of; its arrays are not read."""
    facts, arrays = stored.facts, {name: _plain(each) for name, each in stored.arrays.items()}
    used = [each for each in schema.attributes if each.role != "unused"]
    texts = stored.tables["texts"]
    book, models = (
        WordBook.read(one_chunk(stored.tables[f"{kind}s"]["word"]), kind, arrays)
        for kind in ("word", "model")
    )
    slips = Slips(*(arrays[f"slip_{part}"] for part in ("forms", "words", "frequency")))
    return ParsedRows(
        numbers=arrays["numbers"],
        lore=Lore.of(facts["lore"]),
        declared=tuple(facts["declared"]),
        dimensions=tuple(facts["dimensions"]),
        source_names=tuple(facts["source_names"]),
        terms={
            name: _terms(number, arrays, is_set=is_set)
            for number, (name, is_set) in enumerate(facts["terms"])
        },
        speller=Speller(book, arrays["repaired"], slips),
        models=models,
        kinds=arrays["kinds"],
        quantities=(arrays["quantity_dimensions"], arrays["quantity_values"]),
        columns=tuple(
            ColumnRows(
                attribute, arrays.get(f"column_{number}_values"), arrays[f"column_{number}_forms"]
            )
            for number, attribute in enumerate(used)
        ),
        texts={each.name: one_chunk(texts[each.name]) for each in used},
        axes={
            name: AxisRows(
                kind,
                {each: place for place, each in enumerate(names)},
                *(arrays[f"axis_{number}_{p}"] for p in ("values", "limits", "sure", "vague")),
            )
            for number, (name, kind, names) in enumerate(facts["axes"])
        },
        codes={kind: arrays[f"code_{kind}"] for kind in facts["codes"]},
        sources=arrays["sources"],
        brands=arrays["brands"],
        brand_shares=arrays["brand_shares"],
        core_counts=arrays["core_counts"],
        ignored=arrays["ignored"],
    )


def _plain(array: Any) -> Any:
    """Return a memory-mapped array as a plain one: compiled loops look at its type each time."""
    return array.view(np.ndarray)


def _terms(number: int, arrays: Mapping[str, Any], *, is_set: bool) -> Terms:
    indptr, terms, axes, idf = (
        arrays[f"terms_{number}_{part}"] for part in ("indptr", "terms", "axes", "idf")
    )
    return Terms(indptr, terms, axes, idf, is_set)
