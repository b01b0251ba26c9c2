"""How far a few answered questions carry a model that never saw the catalogue."""

import time
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logit

import matcher
from benchmarks.candidates import candidates_of
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from benchmarks.measures import by_figure, judge, judge_tests, tell
from benchmarks.quality import train_with_labels
from benchmarks.unseen import UnseenModels
from matcher.pipeline.training import train_on
from matcher.types import EXACT, Longs

SETS = ("abt-buy", "amazon-google", "walmart-amazon")
"""Those that have targets."""

ROUNDS = (25, 50, 100, 150, 200)
"""Answers after which the model learns anew, and asks on."""

REPORTED = (0, 50, 100, 200)

NEAR = 2 / 3
"""Share of the questions that are near the threshold; the others are of all probabilities."""

WIDTH = 3
"""Times as many pairs, nearest to the threshold, from which those questions are drawn."""

HOPELESS = 0.02
"""Probability below which a pair is not asked at random: nine in ten candidates are there."""

N_BINS = 20
"""Bins of probability that the random questions are spread over evenly.  Unspread, nearly all of
them are unlikely pairs, and the threshold that the answers teach is far too low (amazon-google, F1
of the candidates that are no test pairs after 25, 50, 100 answers: 52, 63, 70; spread 67, 70, 72).
"""

Doubles = NDArray[np.float64]


def with_few(
    sets: Sequence[DataSet], seeds: Sequence[int], unseen: UnseenModels, journal: Journal
) -> None:
    """Answer from the truth what an unseen model asks, on each of `SETS`, and measure it.

    Questions are candidates, the test pairs left out.  A share of all labels is one of the mean
    pair F1 that `benchmarks.quality` measures with all training and validation pairs.
    """
    settings = {
        "near": NEAR,
        "width": WIDTH,
        "hopeless": HOPELESS,
        "bins": N_BINS,
        "rounds": list(ROUNDS),
    }
    for data in sets:
        if data.name not in SETS:
            continue
        full = [full_f1(data, seed) for seed in seeds]
        model = unseen.of(data, seeds[0])  # as users have one; seeds draw questions and trees
        found = [_with_few(data, model, seed) for seed in seeds]
        for n_answers in REPORTED:
            figures = by_figure([each[n_answers] for each in found])
            figures["full_f1"] = full
            figures["share_of_full"] = [f1 / float(np.mean(full)) for f1 in figures["pair_f1"]]
            journal.append(data.name, figures, settings, case=f"{n_answers} answers", seeds=seeds)


def full_f1(data: DataSet, seed: int) -> float:
    """Return the pair F1 that all labels reach."""
    return judge_tests(data, train_with_labels(data, seed), seed)["pairs_test"].f1()


def _with_few(data: DataSet, unseen: matcher.Model, seed: int) -> dict[int, dict[str, float]]:
    """Return the figures after no answer, and after each of `ROUNDS`."""
    start, random = time.perf_counter(), np.random.default_rng(seed)
    tests, questions = data.read("pairs_test"), _questions(data, seed)
    every = pd.concat([tests, questions], ignore_index=True)
    is_true, records = (every["label"] == "1").to_numpy(), questions["left_id"].to_numpy(object)
    settings = matcher.Settings(ignore=data.ignore, seed=seed)
    model, asked, found = unseen, np.zeros(0, np.int64), {}
    for n_next in (*ROUNDS, 0):
        judged = judge(data, every, is_true, model, seed)
        found[len(asked)] = {
            "pair_f1": judged.f1(slice(len(tests))),
            "exact_answers": float(is_true[len(tests) + asked].sum()),
            "seconds": time.perf_counter() - start,
        }
        tell(data.name, f"{len(asked)} answers, seed {seed}", found[len(asked)])
        if n_next:
            open_ = judged.probability[len(tests) :]
            open_[asked] = np.nan
            threshold = model.classifier.threshold_exact
            chosen = choose_questions(records, open_, threshold, n_next - len(asked), random)
            asked = np.concatenate([asked, chosen])
            model = train_on(data.inputs, questions.loc[asked], unseen.classifier, settings)
    return found


def _questions(data: DataSet, seed: int) -> pd.DataFrame:
    """Return all candidates but the test pairs, with their ``label``."""
    pairs = candidates_of(data, seed)
    pairs = pairs[~data.index(pairs).isin(data.index(data.read("pairs_test")))]
    relations = data.relations(*(pairs[side].to_numpy(object) for side in pairs.columns))
    labels = np.where(relations == EXACT, "1", "0")
    return pairs.assign(label=labels).reset_index(drop=True)


def choose_questions(
    records: NDArray[np.object_],
    probability: Doubles,
    threshold: float,
    n_questions: int,
    random: np.random.Generator,
) -> Longs:
    """Return the places of the pairs to ask about next.

    Two thirds are drawn from those nearest to the threshold, where an answer changes most, one of
    each record; the rest evenly over the probabilities of all that are not hopeless, or the model
    would never learn where it is sure and wrong, nor how often it is right.

    Parameters
    ----------
    records : NDArray[np.object_]
        Shape (n_pairs,): the left record of each pair.
    probability : Doubles
        Shape (n_pairs,): of a match; NaN for pairs that were asked already.
    threshold : float
        From which the model calls a pair a match.
    n_questions : int
        How many to choose.
    random : np.random.Generator
        Of the draws.
    """
    n_near = round(NEAR * n_questions)
    order = np.argsort(np.abs(_log_odds(probability) - _log_odds(threshold)), kind="stable")
    order = order[~np.isnan(probability[order])]
    nearest = order[~pd.Series(records[order]).duplicated().to_numpy()][: WIDTH * n_near]
    near = random.choice(nearest, min(n_near, len(nearest)), replace=False)
    others = np.setdiff1d(np.flatnonzero(probability >= HOPELESS), near)
    bins = np.minimum((probability[others] * N_BINS).astype(np.int64), N_BINS - 1)
    weights = 1 / np.bincount(bins, minlength=N_BINS)[bins]
    n_others = min(n_questions - len(near), len(others))
    if not n_others:
        return near
    spread = random.choice(others, n_others, replace=False, p=weights / weights.sum())
    return np.concatenate([near, spread])


def _log_odds(probability: Doubles | float) -> Doubles:
    return np.asarray(logit(np.clip(probability, 1e-6, 1 - 1e-6)))
