"""Compare one new record with the nearest of a catalogue, as a whole run would.

The new record and the nearest ones are parsed by themselves, then take from the catalogue what
only all records can tell: how rare words and brands are, which records are candidates of each
other, where the values of features lie, and how the model was fitted.
"""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from matcher.classify import Adaptation
from matcher.features import Comparisons
from matcher.output import Stopwatch
from matcher.pipeline.ignoring import find_ignored
from matcher.pipeline.indexing import Index
from matcher.pipeline.judge import Judge
from matcher.pipeline.model import Model
from matcher.pipeline.samples import KnownSamples
from matcher.pipeline.scoring import judge_pairs
from matcher.pipeline.stages import Parsed, Prepared, make_ready
from matcher.progress import silent
from matcher.records import parse_records
from matcher.settings import Settings
from matcher.types import Candidates, Catalogue, Floats, Ints, Longs, Pairs, Scores

ROW = "row of the result"
"""The column of ids: rows have ids that are unique, whatever the caller's are."""


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
    """

    index: Index
    model: Model
    settings: Settings
    samples: KnownSamples

    def compare(self, record: pa.Table, rows: Ints) -> tuple[Longs, Scores]:
        """Compare a record with rows of the catalogue.

        Parameters
        ----------
        record : pa.Table
            One row with the columns of the index.
        rows : Ints
            Shape (n_rows,): which ones, at least one.

        Returns
        -------
        tuple[Longs, Scores]
            The row of each pair, and what was said of it, shape (n_rows,).
        """
        parsed = self._parse(record, rows)
        records = parsed.records
        number = np.empty(len(records), np.int32)
        number[records.rows] = np.arange(len(records), dtype=np.int32)
        origin = np.append(-1, rows)[records.rows]
        candidates = _candidates(self.index, rows, number)
        asked = Pairs.from_unordered(np.full(len(rows), number[0]), number[1:])
        shares = self.index.weights.shares_of(records.brands, origin)
        found = Candidates(candidates, np.zeros(len(candidates), np.uint32), (), {})
        prepared = make_ready_with_shares(parsed, found, asked, shares)
        known = self.index.adaptation
        fitted = None if known is None else Adaptation.of(known)
        scorer_of = self.samples.scorer_of(records)
        judge = Judge(prepared, self.model.classifier, candidates, fitted, scorer_of)
        scores = judge_pairs(judge, asked).scores
        left, right = scores.pairs.left, scores.pairs.right
        return origin[np.where(left == number[0], right, left)], scores

    def _parse(self, record: pa.Table, rows: Ints) -> Parsed:
        near = self.index.table.take(pa.array(rows))
        table = pa.concat_tables([record, near]).combine_chunks()
        table = table.append_column(ROW, pa.array(["new", *map(str, rows.tolist())]))
        schema = replace(self.index.schema, id=ROW)
        parts = np.zeros(table.num_rows, np.int32)
        catalogue = Catalogue(table, parts, ("search",), is_link=False, notices=())
        records = parse_records(catalogue, schema, self.settings)
        ignoring, _ = find_ignored(catalogue, schema, records, self.settings)
        records = self.index.weights.give(records)
        return Parsed(schema, records, ignoring, None, self.settings, silent, Stopwatch())


def make_ready_with_shares(
    parsed: Parsed, candidates: Candidates, typical: Pairs, shares: Floats
) -> Prepared:
    """Make ready to compare, brands being as frequent as in a larger catalogue."""
    prepared = make_ready(parsed, candidates, typical)
    compare = prepared.compare

    def compare_by_shares(ignored: int) -> Comparisons:
        return compare(ignored).with_brand_shares(shares)

    plain = prepared.plain.with_brand_shares(shares)
    return replace(prepared, plain=plain, compare=compare_by_shares)


def _candidates(index: Index, rows: Ints, number: Ints) -> Pairs:
    """Return the pairs of the new record, number 0, and those of the run among the rows."""
    order = np.argsort(rows)
    ordered = rows[order]
    starts, stops = index.indptr[rows], index.indptr[rows + 1]
    around = [index.neighbours[start:stop] for start, stop in zip(starts, stops, strict=True)]
    others = np.concatenate(around)
    place = np.minimum(np.searchsorted(ordered, others), len(rows) - 1)
    is_there = ordered[place] == others
    first = np.repeat(np.arange(len(rows)), stops - starts)[is_there] + 1
    second = order[place[is_there]] + 1
    new = np.arange(1, len(rows) + 1)
    return Pairs.from_unordered(
        number[np.concatenate([np.zeros_like(new), first])],
        number[np.concatenate([new, second])],
    )
