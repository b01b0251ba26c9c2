"""How good a model is on a catalogue that it never saw, and how much its threshold loses."""

import time
from collections.abc import Sequence

import numpy as np

import matcher
from benchmarks.candidates import candidates_of
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from benchmarks.measures import (
    Judged,
    by_figure,
    end_to_end_figures,
    figure_of,
    group_f1,
    judge,
    judge_tests,
    run_full,
    tell,
)
from benchmarks.unseen import UnseenModels
from matcher.evaluation import best_threshold
from matcher.types import EXACT

UNSURE = "unsure_threshold"
"""Kind of the notice in ``run.json`` that the threshold needs a person."""


def without_labels(sets: Sequence[DataSet], seeds: Sequence[int], journal: Journal) -> None:
    """Measure each set with a model that never saw it, made as the shipped one is.

    Beside the F1 at the model's own threshold stands the best that any threshold would give.
    Catalogues with families are left to `benchmarks.variants`.
    """
    models = UnseenModels()
    for data in sets:
        if data.has_families:
            continue
        made = [models.of(data, seed) for seed in seeds]
        found = [_without_labels(data, *each) for each in zip(made, seeds, strict=True)]
        names = [each["name"] for each in made[0].card["learned_from"]]
        settings = {"ignore": list(data.ignore), "learned_from": names}
        journal.append(data.name, by_figure(found), settings, seeds=seeds)


def _without_labels(data: DataSet, model: matcher.Model, seed: int) -> dict[str, float]:
    start = time.perf_counter()
    figures: dict[str, float] = {}
    for test, judged in judge_tests(data, model, seed).items():
        figures |= {
            figure_of(test, "pair_f1"): judged.f1(),
            figure_of(test, "best_pair_f1"): best_threshold(judged.truth, judged.probability)[1],
            figure_of(test, "calibration_error"): judged.calibration_error(),
        }
    result = run_full(data, model, seed)
    figures |= end_to_end_figures(data, result.pairs)
    figures |= _of_candidates(data, model, seed)
    if data.has_clusters:
        figures |= group_f1(data, result.records)
    figures |= sureness(result.run)
    figures["seconds"] = time.perf_counter() - start
    tell(data.name, f"no labels, seed {seed}", figures)
    return figures


def _of_candidates(data: DataSet, model: matcher.Model, seed: int) -> dict[str, float]:
    pairs = candidates_of(data, seed)
    relations = data.relations(*(pairs[side].to_numpy(object) for side in pairs.columns))
    judged = judge(data, pairs, relations == EXACT, model, seed)
    return {
        "best_end_to_end_f1": best_f1(judged, len(data.true_pairs())),
        "candidates_calibration_error": judged.calibration_error(),
    }


def best_f1(judged: Judged, n_true: int) -> float:
    """Return the best F1 that any threshold gives, of `n_true` matches, judged or missed.

    Missed ones are put below all others: a threshold so low calls everything a match.
    """
    n_missed = n_true - int(judged.truth.sum())
    truth = np.concatenate([judged.truth, np.ones(n_missed, dtype=np.bool_)])
    return best_threshold(truth, np.concatenate([judged.probability, np.full(n_missed, -1.0)]))[1]


def sureness(run: matcher.MatchResult) -> dict[str, float]:
    """Return what ``run.json`` says of how sure the choice of exact pairs is.

    ``is_unsure``: whether it asks for a person.  ``chosen_to_expected``: the pairs that the
    catalogue's structure chose, beside those of the probabilities alone; far from 1 is unsure.
    """
    found = run["deciding"]["adaptation"]
    return {
        "is_unsure": float(any(notice["kind"] == UNSURE for notice in run["notices"])),
        "chosen_to_expected": found["n_chosen"] / max(found["n_expected"], 1),
    }
