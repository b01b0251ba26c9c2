"""How many true pairs blocking proposes, and at what cost."""

import time
from collections.abc import Sequence

import numpy as np
import pandas as pd

from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from matcher.blocking import block, default_blockers
from matcher.evaluation import BlockingMeasures, blocking_measures
from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.settings import BlockingSettings, Settings
from matcher.types import Candidates, Pairs, Records

BUDGETS = {"amazon-google": (10, 14)}
USUAL_BUDGETS = (10,)


def measure_blocking(sets: Sequence[DataSet], seeds: Sequence[int], journal: Journal) -> None:
    """Measure the usual mix of blockers on each set, under its budgets of pairs per record."""
    for data in sets:
        settings = Settings(ignore=data.ignore)
        catalogue = read_catalogue(data.inputs, is_link=data.is_link)
        records = parse_records(catalogue, infer_schema(catalogue, settings), settings)
        for budget in BUDGETS.get(data.name, USUAL_BUDGETS):
            figures = _measure(data, records, budget, seeds)
            case = f"{budget} per record"
            journal.append(data.name, figures, {"pairs_per_record": budget}, case=case, seeds=seeds)
            _tell(data.name, case, figures)


def _measure(
    data: DataSet, records: Records, budget: int, seeds: Sequence[int]
) -> dict[str, list[float]]:
    true = true_pairs(data, records)
    figures: dict[str, list[float]] = {}
    for seed in seeds:
        start = time.perf_counter()
        limits = BlockingSettings(pairs_per_record=budget)
        candidates = block(records, default_blockers(records, limits, seed), limits)
        seconds = time.perf_counter() - start
        measured = compare_blocking(records, candidates, true).to_dict()
        for name, value in {**measured, "records": len(records), "seconds": seconds}.items():
            figures.setdefault(name, []).append(value)
    return figures


def compare_blocking(records: Records, candidates: Candidates, true: Pairs) -> BlockingMeasures:
    """Compare candidates with the true pairs."""
    if not records.is_link:
        return blocking_measures(candidates.pairs, true, len(records))
    n_left = int((records.sources == 0).sum())
    return blocking_measures(candidates.pairs, true, n_left, len(records) - n_left)


def true_pairs(data: DataSet, records: Records) -> Pairs:
    """Return the exact pairs of a data set as record numbers."""
    is_left = records.sources == 0 if records.is_link else np.ones(len(records), np.bool_)
    sides = (is_left, ~is_left if records.is_link else is_left)
    numbers = [pd.Series(np.flatnonzero(side), records.ids[side]) for side in sides]
    pairs = data.true_pairs()
    first, second = (
        number.loc[pairs.get_level_values(level)].to_numpy() for level, number in enumerate(numbers)
    )
    return Pairs.from_unordered(first, second)


def _tell(name: str, case: str, figures: dict[str, list[float]]) -> None:
    print(
        f"{name}, {case}: completeness {100 * figures['pairs_completeness'][0]:.2f}, "
        f"{figures['candidates_per_record'][0]:.2f} candidates a record, "
        f"{figures['seconds'][0]:.1f} s",
        flush=True,
    )
