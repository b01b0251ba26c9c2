"""Compare one new record with the nearest of a catalogue, as a whole run would.

The new record is parsed as the run of the catalogue would have parsed it, and put beside the
nearest rows, which were parsed by that run. They take from the catalogue what only all records can
tell: how rare words and brands are, which records are candidates of each other, where the values of
features lie, and how the model was fitted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from matcher.classify import Adaptation
from matcher.compiled import kernel
from matcher.features import Comparisons
from matcher.output import Stopwatch
from matcher.pipeline.beside import put_beside
from matcher.pipeline.ignoring import Ignored
from matcher.pipeline.indexing import Index
from matcher.pipeline.judge import Judge
from matcher.pipeline.model import Model
from matcher.pipeline.remembered import remember
from matcher.pipeline.samples import KnownSamples
from matcher.pipeline.scoring import relate_pairs
from matcher.pipeline.stages import Parsed, Prepared, make_ready
from matcher.progress import silent
from matcher.records import NewcomerParser, Options, known_value
from matcher.settings import Settings, fold_category
from matcher.types import Candidates, Floats, Ints, Longs, Pairs, Records, Scores, distinct


@dataclass(frozen=True, slots=True)
class Nearby:
    """Compares records with those of a catalogue.

    Attributes
    ----------
    index : Index
        What is known of the catalogue.
    model : Model
        The model of its run.
    settings : Settings
        Those of its run.
    samples : KnownSamples
        Makes the model ready as it was in its run.
    parser : NewcomerParser
        Parses records as its run did.
    fitted : Adaptation | None
        How the model was fitted to it.
    """

    index: Index
    model: Model
    settings: Settings
    samples: KnownSamples
    parser: NewcomerParser
    fitted: Adaptation | None

    @classmethod
    def of(cls, index: Index, model: Model, settings: Settings, samples: KnownSamples) -> "Nearby":
        """Make ready to compare."""
        rows, known = index.rows, index.adaptation
        parser = NewcomerParser(
            schema=index.schema,
            lore=rows.lore,
            options=Options.of(rows.lore),
            repair=rows.speller.repair,
            are_models=rows.models.are_known,
        )
        fitted = None if known is None else Adaptation.of(known)
        return cls(index, model, settings, samples, parser, fitted)

    def compare(self, values: Mapping[str, str | None], rows: Ints) -> tuple[Longs, Scores]:
        """Compare a record with rows of the catalogue.

        Parameters
        ----------
        values : Mapping[str, str | None]
            What the record says in the columns of the index.
        rows : Ints
            Shape (n_rows,): which ones, at least one.

        Returns
        -------
        tuple[Longs, Scores]
            The row of each pair, and what was said of it, shape (n_rows,).
        """
        source = known_value((values.get(self.index.schema.source) or "").strip())
        beside = put_beside(self.index.rows, rows, self.parser.parse(values), source)
        records = beside.records
        parsed = self._parsed(records, values, rows)
        candidates = _candidates(self.index, rows)
        new = np.arange(1, len(records), dtype=np.int32)
        asked = Pairs(np.zeros_like(new), new)
        found = Candidates(candidates, np.zeros(len(candidates), np.uint32), (), {})
        ready = make_ready_with_shares(parsed, found, asked, beside.shares, beside.core_counts)
        prepared = remember(ready)
        scorer_of = self.samples.scorer_of(records)
        judge = Judge(prepared, self.model.classifier, candidates, self.fitted, scorer_of)
        return rows.astype(np.int64), relate_pairs(judge, asked)

    def _parsed(self, records: Records, values: Mapping[str, str | None], rows: Ints) -> Parsed:
        known = self.index.rows
        own = records.axis_bits(self.settings.ignore)
        if self.index.category:
            value = known_value(values.get(self.index.category))
            of_category = self.settings.ignore_by_category.values
            bits = {fold_category(one): records.axis_bits(of_category[one]) for one in of_category}
            own = bits.get(fold_category(value), own) if value is not None else own
        ignoring = Ignored(np.append(np.uint32(own), known.ignored[known.numbers[rows]]))
        schema, settings = self.index.schema, self.settings
        watch = Stopwatch(is_running=False)
        return Parsed(schema, records, ignoring, None, settings, silent, watch)


def make_ready_with_shares(
    parsed: Parsed,
    candidates: Candidates,
    typical: Pairs,
    shares: Floats,
    core_counts: Longs | None = None,
) -> Prepared:
    """Make ready to compare, brands and cores being as frequent as in a larger catalogue."""
    prepared = make_ready(parsed, candidates, typical)
    plain = prepared.plain.as_in(shares, core_counts)
    # What is the same under every question is compared once for all: the same objects.
    made = {
        id(part): new
        for part, new in zip(prepared.plain.parts, plain.parts, strict=True)
        if part is not new
    }

    def compare(ignored: int) -> Comparisons:
        parts = prepared.compare(ignored).parts
        return Comparisons(tuple(made.get(id(part), part) for part in parts), ignored)

    return replace(prepared, plain=plain, compare=compare)


def _candidates(index: Index, rows: Ints) -> Pairs:
    """Return the pairs of the new record, number 0, and those of the run among the rows."""
    order = np.argsort(rows).astype(np.int32)
    return Pairs.from_keys(distinct(_near_keys(rows, order, index.indptr, index.neighbours)))


@kernel
def _near_keys(rows: Ints, order: Ints, indptr: Longs, neighbours: Ints) -> Longs:
    """Return the keys of pairs of the new record and rows, and of rows that are neighbours.

    Rows are numbered from 1 in their own order; `order` puts them into that of the catalogue.
    """
    size = len(rows)
    for row in rows:
        size += indptr[row + 1] - indptr[row]
    keys, end = np.empty(size, np.int64), len(rows)
    for number in range(len(rows)):
        keys[number] = number + 1
        for place in range(indptr[rows[number]], indptr[rows[number] + 1]):
            other, low, high = neighbours[place], 0, len(rows)
            while low < high:
                middle = (low + high) // 2
                if rows[order[middle]] < other:
                    low = middle + 1
                else:
                    high = middle
            if low < len(rows) and rows[order[low]] == other:
                first, second = np.int64(number + 1), np.int64(order[low] + 1)
                keys[end] = (first << 32) | second if first < second else (second << 32) | first
                end += 1
    return keys[:end]
