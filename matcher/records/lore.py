"""What a catalogue teaches for parsing one more record as its run would have parsed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.brands import trusted_brands
from matcher.records.columns import is_wide
from matcher.records.compare import comparison_table
from matcher.records.frames import text_of
from matcher.records.infer import main_title
from matcher.records.layout import holds_gtins, is_brand_column
from matcher.records.missing import blank_missing
from matcher.records.names import meaning_of
from matcher.records.numeric import decimal_sign
from matcher.records.options import canonical_words, lexicon_phrases, synonyms, taught_phrases
from matcher.records.parse import Learned
from matcher.records.terms import Rows
from matcher.types import AttributeType, Catalogue, Records, Schema

N_LOOKED_AT = 50_000
"""Values by which the decimal sign of a column is told."""

Meant = tuple[str, str, bool]
"""An axis, a normal form of it, and whether a longer value may be meant."""


@dataclass(frozen=True, slots=True)
class AxisLore:
    """What is known of an axis.

    Attributes
    ----------
    name : str
        Of the axis.
    kind : AttributeType
        Its type.
    is_taught : bool
        Whether columns teach its values.
    has_lexicon : bool
        Whether titles are searched for values that no column teaches.
    closing : frozenset[str]
        Words that are its values at the end of a title alone.
    anywhere : frozenset[str]
        Numbers and letters that are its values wherever they stand.
    """

    name: str
    kind: AttributeType
    is_taught: bool
    has_lexicon: bool
    closing: frozenset[str]
    anywhere: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lore:
    """What a catalogue teaches, but for its words and numbers.

    Attributes
    ----------
    title : str
        The column of the main text.
    wide, gtins : frozenset[str]
        Columns of long text, and columns of codes that are GTINs whatever their name.
    decimals : Mapping[str, str]
        Decimal signs by column.
    brands : Mapping[str, bool] | None
        The brands, and whether each is trusted wherever a title names it; None without a column.
    axes : tuple[AxisLore, ...]
        In the order of `Records.axes`.
    phrases : Mapping[tuple[str, ...], Meant]
        What words of a title mean.
    others : Mapping[Meant, Mapping[str, str]]
        Forms that a value also has in other axes, by axis.
    """

    title: str
    wide: frozenset[str]
    gtins: frozenset[str]
    decimals: Mapping[str, str]
    brands: Mapping[str, bool] | None
    axes: tuple[AxisLore, ...]
    phrases: Mapping[tuple[str, ...], Meant]
    others: Mapping[Meant, Mapping[str, str]]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return {
            "title": self.title,
            "wide": sorted(self.wide),
            "gtins": sorted(self.gtins),
            "decimals": dict(self.decimals),
            "brands": None if self.brands is None else [*self.brands.items()],
            "axes": [
                [a.name, a.kind, a.is_taught, a.has_lexicon, sorted(a.closing), sorted(a.anywhere)]
                for a in self.axes
            ],
            "phrases": [[*phrase, *meant] for phrase, meant in self.phrases.items()],
            "others": [[*meant, elsewhere] for meant, elsewhere in self.others.items()],
        }

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Lore":
        """Return what `to_dict` made plain values of."""
        return cls(
            title=facts["title"],
            wide=frozenset(facts["wide"]),
            gtins=frozenset(facts["gtins"]),
            decimals=facts["decimals"],
            brands=None if facts["brands"] is None else dict(facts["brands"]),
            axes=tuple(
                AxisLore(name, kind, taught, has_lexicon, frozenset(closing), frozenset(anywhere))
                for name, kind, taught, has_lexicon, closing, anywhere in facts["axes"]
            ),
            phrases={tuple(one[:-3]): (one[-3], one[-2], one[-1]) for one in facts["phrases"]},
            others={(one[0], one[1], one[2]): one[3] for one in facts["others"]},
        )


def lore_of(catalogue: Catalogue, schema: Schema, records: Records, learned: Learned) -> Lore:
    """Return what a parsed catalogue teaches.

    Parameters
    ----------
    catalogue, schema : Catalogue, Schema
        What was parsed.
    records, learned : Records, Learned
        What `parse_and_learn` made of it.
    """
    table, title = comparison_table(catalogue), main_title(schema)
    used = [each for each in schema.attributes if each.role != "unused"]
    raw = {each.name: blank_missing(text_of(table.column(each.name))) for each in used}
    phrases, others = _phrases(records, learned)
    columns = learned.axes.columns
    return Lore(
        title=title,
        wide=frozenset(e.name for e in used if is_wide(e, title, raw[e.name])),
        gtins=frozenset(e.name for e in used if e.role == "code" and _holds_gtins(e.name, records)),
        decimals={
            column.attribute.name: decimal_sign(_some(column.text))
            for column in records.columns
            if column.attribute.type in ("number", "quantity")
        },
        brands=_brands(records),
        axes=tuple(
            AxisLore(
                axis,
                learned.axes.kinds[axis],
                axis in columns and columns[axis].is_taught,
                axis in columns and bool(columns[axis].lexicon),
                columns[axis].closing if axis in columns else frozenset(),
                columns[axis].anywhere if axis in columns else frozenset(),
            )
            for axis in records.axes
        ),
        phrases=phrases,
        others=others,
    )


def _holds_gtins(name: str, records: Records) -> bool:
    meaning = meaning_of(name)
    if meaning and meaning.concept in ("gtin", "sku"):
        return meaning.concept == "gtin"
    return any(c.attribute.name == name and holds_gtins(c.text) for c in records.columns)


def _some(text: pa.StringArray) -> list[str]:
    return [str(value) for value in text.slice(0, N_LOOKED_AT).drop_null().unique().to_pylist()]


def _brands(records: Records) -> dict[str, bool] | None:
    texts = [c.text for c in records.columns if is_brand_column(c.attribute)]
    if not texts:
        return None
    title = Rows(records.title.indptr, records.title.terms)
    return trusted_brands(pc.coalesce(*texts), title, records.vocabulary.words)


def _phrases(
    records: Records, learned: Learned
) -> tuple[dict[tuple[str, ...], Meant], dict[Meant, dict[str, str]]]:
    """Return what columns and lexicons say of phrases, words and forms spelled out."""
    axes, columns = [*learned.axes.columns], [*learned.axes.columns.values()]
    words = records.vocabulary.words.to_pylist()
    spelling = canonical_words(words)[learned.repaired]
    taught, others = taught_phrases(columns, spelling)
    known = {**lexicon_phrases(columns, words, spelling), **taught}
    made = _made_up(words, canonical_words(words).tolist())

    def meant(axis: int, form: int) -> Meant:
        names = learned.axes.names[axes[axis]]
        return axes[axis], names[form if form >= 0 else -2 - form], form < 0

    phrases = {
        tuple(words[part] if part < len(words) else made[part] for part in phrase): meant(*key)
        for phrase, key in known.items()
        if axes[key[0]] in learned.axes.names
    }
    elsewhere = {
        meant(*key): {axes[axis]: meant(axis, form)[1] for axis, form in found.items()}
        for key, found in others.items()
    }
    return phrases, elsewhere


def _made_up(words: Sequence[str], spelling: Sequence[int]) -> dict[int, str]:
    """Return the canonical spellings that no record has, by number."""
    known, _ = synonyms()
    return {
        spelling[place]: known[word]
        for place, word in enumerate(words)
        if spelling[place] >= len(words) and word in known
    }
