"""What is kept of the records of a result: which words each has, and what the run learned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.blocking import hash_words, index_terms
from matcher.compiled import distinct_parts
from matcher.output import Stored
from matcher.pipeline.learned import read_learned, store_learned
from matcher.pipeline.samples import Sample
from matcher.pipeline.weights import STEMS, Weights, idf_of_unknown, weights_of
from matcher.types import Floats, Ints, Longs, Records, Schema, Terms, distinct

Hashes = NDArray[np.uint64]

KINDS = ("vocabulary", "models")
"""What rows are looked up by, as `Weights.words` calls it."""

TEXTS = {"vocabulary": "whole", "models": STEMS}
"""The texts of `Weights.idf` that tell how rare these are."""


@dataclass(frozen=True, slots=True)
class Words:
    """The different words of every row, in compressed rows.

    Attributes
    ----------
    starts : Longs
        Shape (n_rows + 1,): the words of row i are ``terms[starts[i]:starts[i + 1]]``.
    terms : Ints
        Shape (n_terms,): places of the words among the hashes of `Weights.words`, ascending
        inside a row.
    """

    starts: Longs
    terms: Ints

    def take(self, rows: Longs) -> "Words":
        """Return the words of some rows."""
        counts = np.diff(self.starts)[rows]
        starts = np.concatenate([[0], np.cumsum(counts)])
        places = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], counts)
        return Words(starts, self.terms[places])

    def join(self, others: "Words") -> "Words":
        """Return these rows and, after them, the `others`."""
        starts = np.concatenate([self.starts, self.starts[-1] + others.starts[1:]])
        return Words(starts, np.concatenate([self.terms, others.terms]))


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of the records of a result, in the order of its rows.

    Attributes
    ----------
    schema : Schema
        What the columns are.
    axes : tuple[str, ...]
        The axes of the catalogue.
    weights : Weights
        How rare words are, and brands.
    samples : tuple[Sample, ...]
        Where the values of features lie, by question.
    words : Mapping[str, Words]
        The words of the rows for each of `KINDS`.
    codes : Mapping[str, Hashes]
        For each column of codes, shape (n_rows,): hash of the code, 0 where there is none.
    n_changed : int
        Rows that came or went since all of this was learned.
    """

    schema: Schema
    axes: tuple[str, ...]
    weights: Weights
    samples: tuple[Sample, ...]
    words: Mapping[str, Words]
    codes: Mapping[str, Hashes]
    n_changed: int

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.weights.brands)

    def to_stored(self) -> Stored:
        """Return it as it is written."""
        learned = store_learned(self.schema, self.weights, self.samples)
        arrays = dict(learned.arrays)
        for kind, words in self.words.items():
            arrays |= {f"{kind}_starts": words.starts, f"{kind}_terms": words.terms}
        arrays |= {f"codes_{number}": each for number, each in enumerate(self.codes.values())}
        facts = {"axes": self.axes, "codes": [*self.codes], "n_changed": self.n_changed}
        return Stored({**learned.facts, **facts}, arrays, {})

    @staticmethod
    def from_stored(stored: Stored) -> "Kept":
        """Return it from what `to_stored` made of it."""
        facts, arrays = stored.facts, stored.arrays
        schema, weights, samples = read_learned(stored)
        return Kept(
            schema,
            tuple(facts["axes"]),
            weights,
            samples,
            {k: Words(arrays[f"{k}_starts"], arrays[f"{k}_terms"]) for k in KINDS},
            {name: arrays[f"codes_{number}"] for number, name in enumerate(facts["codes"])},
            facts["n_changed"],
        )

    def replaced(self, left: Longs, new: Records) -> "Kept":
        """Return what is kept once only some rows are left and new ones stand behind them.

        Parameters
        ----------
        left : Longs
            The old rows that are left, ascending.
        new : Records
            The new ones, parsed by themselves.  Their brands count as unknown ones.
        """
        indexed = {kind: _index(new, kind) for kind in KINDS}
        spelled = {kind: each for kind, (_, each) in indexed.items()}
        weights = _with_words(self.weights, spelled)
        words = {}
        for kind, known in self.words.items():
            moved = np.searchsorted(weights.words[kind], self.weights.words[kind]).astype(np.int32)
            kept = known if len(left) == len(self) else known.take(left)
            places = weights.places(kind, spelled[kind])
            added = _words(new, indexed[kind][0], places)
            words[kind] = replace(kept, terms=moved[kept.terms]).join(added)
        codes = _codes(new)
        nothing = np.zeros(len(new), np.uint64)
        brands = np.concatenate([self.weights.brands[left], np.full(len(new), -1, np.int32)])
        return replace(
            self,
            weights=replace(weights, brands=brands),
            words=words,
            codes={
                name: np.concatenate([each[left], codes.get(name, nothing)])
                for name, each in self.codes.items()
            },
            n_changed=self.n_changed + len(self) - len(left) + len(new),
        )


def keep(records: Records, schema: Schema, samples: Sequence[Sample]) -> Kept:
    """Return what is kept of a whole catalogue."""
    indexed = {kind: _index(records, kind) for kind in KINDS}
    weights, places = weights_of(records, *indexed["models"])
    return Kept(
        schema=schema,
        axes=records.axes,
        weights=weights,
        samples=tuple(samples),
        words={kind: _words(records, terms, places[kind]) for kind, (terms, _) in indexed.items()},
        codes=_codes(records),
        n_changed=0,
    )


def _words(records: Records, terms: Terms, places: Longs | Ints) -> Words:
    """Return the terms of every row, each being the word of one of the `places`."""
    itself = np.arange(len(places) + 1)
    none = np.zeros(len(terms.terms), np.uint8)
    starts, found, _ = distinct_parts(
        terms.indptr, terms.terms, none, itself, places.astype(np.int32)
    )
    record = np.empty(len(records), np.int64)
    record[records.rows] = np.arange(len(records))
    return Words(starts, found).take(record)


def _index(records: Records, kind: str) -> tuple[Terms, NDArray[np.object_]]:
    terms, words = index_terms(records, "whole" if kind == "vocabulary" else "models")
    return terms, np.asarray(words.to_numpy(zero_copy_only=False), dtype=object)


def _codes(records: Records) -> dict[str, Hashes]:
    found = {}
    for column in records.columns:
        if column.attribute.role == "code":
            hashes = hash_words(np.asarray(column.text.fill_null(""), dtype=object))
            hashes[np.asarray(column.text.is_null())] = 0
            by_row = np.empty_like(hashes)
            by_row[records.rows] = hashes
            found[column.attribute.name] = by_row
    return found


def _with_words(weights: Weights, new: Mapping[str, NDArray[np.object_]]) -> Weights:
    """Return the weights with new words of each kind, as rare as words that one record has."""
    words, idf = dict(weights.words), dict(weights.idf)
    unknown = idf_of_unknown(weights.n_records)
    for kind in KINDS:
        known = words[kind]
        words[kind] = distinct(np.concatenate([known, hash_words(new[kind])]))
        place = np.searchsorted(words[kind], known)
        for name, each in weights.idf.items():
            if len(each) == len(known) and _kind_of(name) == kind:
                idf[name] = _spread(each, place, len(words[kind]), unknown)
    return replace(weights, words=words, idf=idf)


def _kind_of(text: str) -> str:
    if text in ("grams", "title_grams"):
        return ""
    if text == STEMS:
        return "models"
    return text if text in ("models", "quantities") else "vocabulary"


def _spread(values: Floats, place: Longs, size: int, unknown: np.float32) -> Floats:
    found = np.full(size, unknown, np.float32)
    found[place] = values
    return found
