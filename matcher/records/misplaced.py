"""Move values back that stand at the end of the title while their own column is empty.

Feeds that passed through many hands glue one field onto another: ``"wrist rest black wrist rests
innovera 13.17"`` with category, brand and price empty.  Left there, such words make titles of one
product differ and its columns say nothing.  A title may well end with a brand or a category of its
own, though not with a price: values are moved only in a catalogue where prices are among them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.frames import text_of
from matcher.records.infer import main_title
from matcher.records.missing import blank_missing
from matcher.records.names import meaning_of
from matcher.types import Attribute, Bools, Longs, Notice, Schema

OFTEN, AT_LEAST = 0.2, 20
"""Share and number of the rows with an empty column whose titles must end with such a value."""

SAMPLE = 20_000
"""Rows by which columns are judged."""

LONGEST = 6
"""Words of a value."""

SHORTEST_CODE = 3
"""Characters of a code: titles end with numbers of their own, "set of 2"."""

MOST_VALUES = 5_000
"""Different values of a column that count as its vocabulary."""

_AMOUNT = r"\d+[.,]\d{1,2}"


@dataclass(slots=True)
class _Sheet:
    """The texts that are being moved; null is empty."""

    title: pa.StringArray
    columns: dict[str, pa.StringArray]
    moved: dict[str, int] = field(default_factory=dict)

    def take(self, rows: Longs) -> "_Sheet":
        columns = {name: texts.take(pa.array(rows)) for name, texts in self.columns.items()}
        return _Sheet(self.title.take(pa.array(rows)), columns)

    def move(self, name: str, ending: "_Ending") -> None:
        at = pa.array(ending.found)
        self.title = pc.replace_with_mask(self.title, at, ending.rest)
        self.columns[name] = pc.replace_with_mask(self.columns[name], at, ending.value)
        self.moved[name] = self.moved.get(name, 0) + int(ending.found.sum())


@dataclass(frozen=True, slots=True)
class _Ending:
    """Rows whose title ends with a value (a mask), and of these the rest and the value."""

    found: Bools
    rest: pa.StringArray
    value: pa.StringArray

    def keep(self, kept: Bools) -> "_Ending":
        """Return the endings of fewer of the rows found."""
        found = self.found.copy()
        found[found] = kept
        mask = pa.array(kept)
        return _Ending(found, self.rest.filter(mask), self.value.filter(mask))


@dataclass(frozen=True, slots=True)
class _Field:
    """A column whose values may stand in titles, and its known values; None for numbers."""

    name: str
    words: pa.StringArray | None
    longest: int = 1


def move_back(table: pa.Table, schema: Schema, rows: Longs) -> tuple[pa.Table, list[Notice]]:
    """Return the table with misplaced values in their own columns, and what was moved.

    Parameters
    ----------
    table : pa.Table
        The table that is compared; not changed.
    schema : Schema
        What its columns are.
    rows : Longs
        Shape (n_records,): its rows in an order that does not depend on the input's.
    """
    title = main_title(schema)
    if not title:
        return table, []
    candidates = [each for each in schema.attributes if each.name != title and _may_stray(each)]
    sampled = rows[:: max(len(rows) // SAMPLE, 1)]
    numbers = [each.name for each in candidates if each.type == "number"]
    if not _may_end_with(table.select([title, *numbers]).take(pa.array(sampled)), title, numbers):
        return table, []
    texts = {each.name: _texts(table, each.name) for each in candidates}
    sheet = _Sheet(_texts(table, title), texts)
    codes = [each.name for each in candidates if each.role == "code"]
    fields = _fields(candidates, texts)
    fields, codes = _strays(sheet.take(sampled), fields, codes)
    if all(each.words is not None for each in fields):
        return table, []
    _move(sheet, fields, codes)
    for name, values in [(title, sheet.title), *sheet.columns.items()]:
        if name == title or sheet.moved.get(name):
            table = table.set_column(table.column_names.index(name), name, values)
    return table, [_notice(name, title, count) for name, count in sorted(sheet.moved.items())]


def _may_end_with(sample: pa.Table, title: str, numbers: Sequence[str]) -> bool:
    """Return whether enough titles to count hold an amount where a column of numbers is empty.

    In most catalogues they do not, and to look for the values of all columns takes long.
    """
    has_amount = _matches(_texts(sample, title).fill_null(""), rf" {_AMOUNT}(?: |$)")
    empty = [_null(_texts(sample, name)) for name in numbers]
    return any((has_amount & each).sum() >= max(AT_LEAST, OFTEN * each.sum()) for each in empty)


def _may_stray(attribute: Attribute) -> bool:
    if attribute.role == "code":
        meaning = meaning_of(attribute.name)
        return meaning is None or meaning.concept not in ("gtin", "sku")
    if attribute.type == "number":
        return attribute.role in ("offer", "identity")
    return attribute.role == "identity" and attribute.type in ("category", "text")


def _texts(table: pa.Table, name: str) -> pa.StringArray:
    return blank_missing(pc.utf8_trim_whitespace(text_of(table.column(name))))


def _fields(attributes: Sequence[Attribute], texts: Mapping[str, pa.StringArray]) -> list[_Field]:
    """Return the columns of numbers and those of few different values, the last one first."""
    fields = []
    for attribute in reversed(attributes):
        if attribute.type == "number":
            fields.append(_Field(attribute.name, None))
        elif attribute.role != "code":
            known = texts[attribute.name].drop_null()
            words = pc.unique(pc.utf8_lower(known))
            if 0 < len(words) <= min(MOST_VALUES, len(known) / 2):
                longest = pc.max(pc.count_substring(words, " ")).as_py() + 1
                fields.append(_Field(attribute.name, words, min(longest, LONGEST)))
    return fields


def _strays(
    sample: _Sheet, fields: list[_Field], codes: list[str]
) -> tuple[list[_Field], list[str]]:
    """Return the columns whose values often stand at the end of titles."""
    empty = {name: texts.null_count for name, texts in sample.columns.items()}
    while fields:
        tried = _Sheet(sample.title, dict(sample.columns))
        _move(tried, fields, codes)
        often = {
            name
            for name, count in tried.moved.items()
            if count >= max(AT_LEAST, OFTEN * empty[name])
        }
        kept = [each for each in fields if each.name in often]
        kept_codes = [name for name in codes if name in often]
        if len(kept) == len(fields) and len(kept_codes) == len(codes):
            break
        fields, codes = kept, kept_codes
    return fields, codes


def _move(sheet: _Sheet, fields: Sequence[_Field], codes: Sequence[str]) -> None:
    """Move values from the end of titles until nothing moves."""
    before = -1
    while sum(sheet.moved.values()) > before:
        before = sum(sheet.moved.values())
        for each in fields:
            ending = _ending(sheet.title, _null(sheet.columns[each.name]), each)
            sheet.move(each.name, ending)
        for name in codes:
            sheet.move(name, _code_ending(sheet, name, fields))


def _code_ending(sheet: _Sheet, name: str, fields: Sequence[_Field]) -> _Ending:
    """Return titles whose last word has a digit and follows another misplaced value.

    Or is a code of another record.
    """
    known = sheet.columns[name]
    ending = _last_words(sheet.title, _null(known), 1)
    is_long = np.asarray(pc.utf8_length(ending.value)) >= SHORTEST_CODE
    ending = ending.keep(_matches(ending.value, r"\d") & is_long)
    is_code = np.asarray(pc.is_in(ending.value, value_set=pc.unique(known.drop_null())))
    for each in fields:
        if each.words is not None:
            is_empty = _null(sheet.columns[each.name])[ending.found]
            is_code |= _ending(ending.rest, is_empty, each).found
    return ending.keep(is_code)


def _ending(title: pa.StringArray, asked: Bools, each: _Field) -> _Ending:
    """Return the asked titles that end with a value of a column; the longest value counts."""
    if each.words is None:
        ending = _last_words(title, asked, 1)
        return ending.keep(_matches(ending.value, f"^{_AMOUNT}$"))
    rests, values = title, title
    left = asked.copy()
    for n_words in range(each.longest, 0, -1):
        ending = _last_words(title, left, n_words)
        is_known = pc.is_in(pc.utf8_lower(ending.value), value_set=each.words)
        ending = ending.keep(np.asarray(is_known))
        rests = pc.replace_with_mask(rests, pa.array(ending.found), ending.rest)
        values = pc.replace_with_mask(values, pa.array(ending.found), ending.value)
        left &= ~ending.found
    found = asked & ~left
    return _Ending(found, rests.filter(pa.array(found)), values.filter(pa.array(found)))


def _last_words(title: pa.StringArray, asked: Bools, n_words: int) -> _Ending:
    """Return the asked titles that have more words than these, split before the last ones."""
    rows = np.flatnonzero(asked & ~_null(title))
    words = pc.split_pattern(title.take(pa.array(rows)), " ", max_splits=n_words, reverse=True)
    is_longer = np.asarray(pc.list_value_length(words)) == n_words + 1
    found = np.zeros(len(title), dtype=np.bool_)
    found[rows[is_longer]] = True
    words = words.filter(pa.array(is_longer))
    value = pc.binary_join(pc.list_slice(words, 1), " ")
    return _Ending(found, pc.list_element(words, 0), value)


def _matches(values: pa.StringArray, pattern: str) -> Bools:
    return np.asarray(pc.match_substring_regex(values, pattern))


def _null(values: pa.Array) -> Bools:
    return np.asarray(pc.is_null(values))


def _notice(name: str, title: str, count: int) -> Notice:
    message = (
        f"column {name!r}: {count} values stood at the end of {title!r} in rows where {name!r} is "
        "empty. They were compared as its values; the records are written as they came."
    )
    return Notice("misplaced_values", message, count)
