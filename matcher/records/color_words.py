"""Words of color in thirty-eight languages, as `colors.toml` has them, in normal form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

import pyarrow as pa

from matcher.records.color_tables import color_tables
from matcher.records.text import normalize_text
from matcher.records.tokens import spell, split_tokens

_WORD_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Language:
    """Words of one language: spelling to normal form, of colours and of what changes them."""

    colors: dict[str, str]
    modifiers: dict[str, str]
    follows: bool
    glued: bool


@dataclass(frozen=True, slots=True)
class ColorWords:
    """Words of all languages, and what is true of them; see `colors.toml`."""

    languages: tuple[Language, ...]
    bases: Mapping[str, str]
    near: Mapping[str, frozenset[str]]
    tints: frozenset[str]
    joining: frozenset[str]
    labels: frozenset[str]
    real: frozenset[str]
    title_forms: frozenset[str]
    never_in_titles: frozenset[str]
    closing: frozenset[str]
    sure: frozenset[str]
    colors: dict[str, str] = field(default_factory=dict)
    modifiers: dict[str, str] = field(default_factory=dict)
    following: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # The first language that has a word decides, and English shades go before all languages.
        self.colors.update({shade: shade for shade in self.bases})
        for spelling, form in self.languages[0].colors.items():
            self.colors[spelling] = form
        for language in self.languages:
            for spelling, form in language.colors.items():
                self.colors.setdefault(spelling, form)
            for spelling, form in language.modifiers.items():
                if language.follows and spelling not in self.modifiers:
                    self.following.add(spelling)
                self.modifiers.setdefault(spelling, form)


@cache
def color_words() -> ColorWords:
    """Read the words, once."""
    tables = color_tables()
    bases = {shade: base for base, shades in tables["shades"].items() for shade in _entries(shades)}
    return ColorWords(
        languages=tuple(_language(t) for t in tables.values() if "colors" in t),
        bases=bases,
        near={base: frozenset(others.split()) for base, others in tables["near"].items()},
        tints=_word_set(tables["tints"]["words"]),
        joining=_word_set(tables["joining"]["words"]),
        labels=_word_set(tables["joining"]["labels"]),
        real=_word_set(tables["real"]["words"]),
        title_forms=frozenset(_entries(tables["title"]["forms"])),
        never_in_titles=frozenset(_entries(tables["title"]["never"])),
        closing=frozenset(_entries(tables["title"]["closing"])),
        sure=frozenset(_entries(tables["title"]["sure"])),
    )


def _language(table: Mapping[str, Any]) -> Language:
    colors = _spellings(table["colors"])
    endings = [_normal_forms()[ending] for ending in table.get("endings", "").split()]  # "-" is ""
    stems = {form: _entries(stems) for form, stems in table.get("stems", {}).items()}
    for form, found in stems.items():
        for stem, ending in product(found, endings):
            colors.setdefault(stem + ending, form)
    return Language(
        colors,
        _spellings(table.get("modifiers", {})),
        follows=table.get("follows", False),
        glued=table.get("glued", False),
    )


def _spellings(table: Mapping[str, str]) -> dict[str, str]:
    return {spelling: form for form, entries in table.items() for spelling in _entries(entries)}


def _entries(text: str) -> list[str]:
    """Return the entries of a list as the tokens that they are in normalised text."""
    forms = _normal_forms()
    return [forms[entry] for entry in text.split(",") if forms[entry]]


@cache
def _normal_forms() -> Mapping[str, str]:
    """Return the normal form of every entry: one call for all is a second less than many."""
    entries = sorted({entry for text in _strings(color_tables()) for entry in _pieces(text)})
    folded, _ = normalize_text(pa.array(entries, pa.string()), _WORD_LIMIT)
    tokens = split_tokens(spell(folded.fill_null("")))
    pieces = tokens.pieces.to_pylist()
    bounds = zip(tokens.indptr[:-1], tokens.indptr[1:], strict=True)
    forms = (" ".join(pieces[start:stop]) for start, stop in bounds)
    return dict(zip(entries, forms, strict=True))


def _pieces(text: str) -> list[str]:
    return [*text.split(","), *text.split()]  # endings have no commas


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, str):
        yield value


def _word_set(text: str) -> frozenset[str]:
    return frozenset(word for entry in _entries(text) for word in entry.split())
