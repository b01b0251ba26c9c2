"""Look up one new record in a result: which products and families it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from matcher.classify import Adaptation, Scorer, make_scorer
from matcher.errors import RecordsError, first_three
from matcher.features import Comparisons
from matcher.output import MatchResult, Stopwatch, read_state
from matcher.pipeline.ignoring import canonical_ignore, find_ignored
from matcher.pipeline.indexing import Index, build_index, looked_up, used_columns
from matcher.pipeline.judge import Judge
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.reopening import reopen
from matcher.pipeline.scoring import judge_pairs
from matcher.pipeline.stages import Parsed, Prepared, make_ready
from matcher.progress import silent
from matcher.records import parse_records, text_of
from matcher.settings import Settings
from matcher.types import (
    DIFFERENT,
    EXACT,
    RELATIONS,
    VARIANT,
    Candidates,
    Catalogue,
    Ints,
    Pairs,
    Records,
    Scores,
)

N_COMPARED = 25
"""Records that a new one is compared with."""

ROW = "row of the result"


@dataclass(frozen=True, slots=True)
class Searcher:
    index: Index
    model: Model
    settings: Settings
    _scorers: dict[Any, Scorer] = field(default_factory=dict, repr=False)

    def compare(self, record: Mapping[str, Any], n: int = N_COMPARED):
        texts, unknown = self._read(record)
        rows = self.index.lookup.nearest(looked_up(texts, self.index.schema), n)
        return self._judge(texts, rows)

    def _read(self, record: Mapping[str, Any]) -> tuple[pa.Table, list[str]]:
        values = {}
        unknown = []
        for name, value in record.items():
            column = self.index.merged.get(name, name)
            if column in self.index.table.column_names:
                values.setdefault(column, value)
            else:
                unknown.append(name)
        columns = {name: text_of_value(values.get(name)) for name in self.index.table.column_names}
        return pa.table({k: pa.array([v], pa.string()) for k, v in columns.items()}), unknown

    def _judge(self, texts: pa.Table, rows: Ints):
        index, n = self.index, len(rows)
        near = index.table.take(pa.array(rows))
        table = pa.concat_tables([texts, near]).combine_chunks()
        table = table.append_column(ROW, pa.array(["", *map(str, rows.tolist())]))
        schema = replace(index.schema, id=ROW)
        catalogue = Catalogue(table, np.zeros(n + 1, np.int32), ("record",), False, ())
        records = parse_records(catalogue, schema, self.settings)
        ignoring, _ = find_ignored(catalogue, schema, records, self.settings)
        records = index.weights.give(records)
        number = np.empty(n + 1, np.int32)
        number[records.rows] = np.arange(n + 1, dtype=np.int32)
        pairs = self._candidates(rows, number)
        asked = Pairs.from_unordered(np.full(n, number[0]), number[1:])
        parsed = Parsed(schema, records, ignoring, None, self.settings, silent, Stopwatch())
        prepared = make_ready(parsed, Candidates(pairs, np.zeros(len(pairs), np.uint32), (), {}), asked)
        origin = np.append(-1, rows)[records.rows]
        shares = index.weights.shares_of(records.brands, origin)
        compare = prepared.compare
        prepared = replace(
            prepared,
            plain=prepared.plain.with_brand_shares(shares),
            compare=lambda bits: compare(bits).with_brand_shares(shares),
        )
        fitted = None if index.adaptation is None else Adaptation(**index.adaptation)
        judge = Judge(prepared, self.model.classifier, pairs, fitted, self._scorer(records))
        scores = judge_pairs(judge, asked).scores
        other = np.where(scores.pairs.left == number[0], scores.pairs.right, scores.pairs.left)
        return origin[other], scores

    def _candidates(self, rows: Ints, number: Ints) -> Pairs:
        starts = self.index.indptr
        place = np.argsort(rows)
        one, two = [], []
        for at, row in enumerate(rows.tolist()):
            around = self.index.neighbours[starts[row] : starts[row + 1]]
            found = place[np.minimum(np.searchsorted(rows[place], around), len(rows) - 1)]
            found = found[rows[found] == around]
            one.append(np.full(len(found), at)), two.append(found)
        first = np.concatenate([np.zeros(len(rows), np.int64), *(each + 1 for each in one)])
        second = np.concatenate([np.arange(1, len(rows) + 1), *(each + 1 for each in two)])
        return Pairs.from_unordered(number[first], number[second])

    def _scorer(self, records: Records):
        def make(ignored: int, compared: Comparisons) -> Scorer:
            axes = tuple(a for a in records.axes if records.axis_bits([a]) & ignored)
            key = axes, compared.names
            if key not in self._scorers:
                samples = self.index.samples
                best = [s for s in samples if s.ignored == axes]
                sample = best[0] if best else samples[min(1, len(samples) - 1) if ignored else 0]
                place = {name: column for column, name in enumerate(sample.names)}
                values = np.full((len(sample.values), len(compared.names)), np.nan, np.float32)
                for column, name in enumerate(compared.names):
                    if name in place:
                        values[:, column] = sample.values[:, place[name]]
                self._scorers[key] = make_scorer(self.model.classifier, compared.names, values)
            return self._scorers[key]

        return make


def text_of_value(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return text_of(pa.array([value]))[0].as_py()


def load_result(result, model: Model | None = None) -> Searcher:
    chosen = model or load(DEFAULT_MODEL)
    reopened = reopen(result)
    state = result.state() if isinstance(result, MatchResult) else read_state(Path(result))
    index = build_index(reopened, state, chosen, silent)
    return Searcher(index, chosen, replace(canonical_ignore(reopened.settings), threads=1))
