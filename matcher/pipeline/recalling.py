"""What a general model knows of a catalogue, gathered once for all lessons of a few labels."""

from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from matcher.classify import (
    STANDING_NAMES,
    Calibration,
    Classifier,
    Examples,
    Standing,
    arrange_standing,
    join_examples,
    log_odds,
    make_scorer,
    to_examples,
)
from matcher.pipeline.classroom import Classroom
from matcher.pipeline.exact import POSSIBLE, judge_generally
from matcher.pipeline.judge import Judge, Look, Probabilities
from matcher.pipeline.scoring import questions_of
from matcher.pipeline.sifting import sift
from matcher.pipeline.stages import Prepared, features_of
from matcher.types import Floats, Longs, Pairs

SURELY, HARDLY = 0.95, 0.02
"""Probabilities from which the prior is taken at its word."""

N_SURELY, N_HARDLY, SURE_WEIGHT = 500, 2000, 0.1
"""Pairs of either kind that teach so, and what each weighs beside a label."""

N_DOUBTFUL = 500
"""Pairs in between that teach so.  Without them sixty matches and no near miss, as people pick
them, lift all that is doubtful: walmart-amazon 79.9, with them 81.8; wdc-products 54.0 and 56.2.
"""

N_ASKED = 20_000
"""Candidates among which these pairs are looked for."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a second look sees of pairs, and the log-odds that the prior gives them in all.

    Attributes
    ----------
    pairs : Pairs
        The pairs.
    features : Floats
        Shape (n_pairs, n_features + n_standing_features).
    start : Probabilities
        Shape (n_pairs,).
    """

    pairs: Pairs
    features: Floats
    start: Probabilities


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a prior knows of a catalogue: made once, for as many lessons as there are.

    Attributes
    ----------
    judge : Judge
        The prior and the catalogue.
    look : Look
        What the prior says at first sight of all possible candidates, and of other known pairs.
    first : Probabilities
        Shape (n_pairs,): that they are exact, fitted to the catalogue.
    around : Standing
        How pairs stand among the candidates, by what is said at first sight.
    said : tuple[Pairs, Examples]
        Random candidates, the sure and the doubtful ones, answered as the prior says.
    near : Seen
        The candidates of their records, see `find_near`.
    room : Classroom | None
        Where families are taught; None where nothing is ignored.
    asked : tuple[tuple[Floats, NDArray[np.float64]], ...]
        Features of random candidates there, and the margins of the prior, under every question.
    """

    judge: Judge
    look: Look
    first: Probabilities
    around: Standing
    said: tuple[Pairs, Examples]
    near: "Seen"
    room: Classroom | None
    asked: tuple[tuple[Floats, NDArray[np.float64]], ...]


def recall(prepared: Prepared, prior: Classifier, known: Pairs) -> Recalled:
    """Return what a prior knows of a catalogue; it takes longer than learning from it does.

    Parameters
    ----------
    prepared : Prepared
        The catalogue.
    prior : Classifier
        A general model.
    known : Pairs
        Pairs that may be labelled without being candidates.
    """
    questions = questions_of(prepared.records, prepared.ignoring)[:1]
    judge = sift(Judge(prepared, prior, prepared.candidates.pairs), questions)
    candidates = judge.candidates
    every = candidates.union(known)
    look = judge.look_at(every, questions)
    first, _ = judge_generally(judge, look)
    own = first[every.places_of(candidates)]
    records = prepared.records
    around = arrange_standing(len(records), candidates, own, is_link=records.is_link)
    rng = np.random.default_rng(prepared.settings.seed)
    asked = candidates.take(np.sort(rng.permutation(len(candidates))[:N_ASKED]))
    nothing = to_examples(np.zeros((0, 0), np.float32), np.zeros(0, np.bool_), 0.0, None)
    empty = Seen(Pairs.from_keys(np.zeros(0, np.int64)), nothing.features, nothing.start)
    recalled = Recalled(judge, look, first, around, (empty.pairs, nothing), empty, None, ())
    said = _as_it_says(see(recalled, asked))
    recalled = replace(recalled, said=said, near=see(recalled, find_near(recalled, said[0])))
    if not questions:
        return recalled
    room = Classroom(prepared, prior, None)
    compared = tuple(room.compare(asked, number) for number in range(len(room.questions)))
    return replace(recalled, room=room, asked=compared)


def find_near(recalled: Recalled, pairs: Pairs) -> Pairs:
    """Return the candidates of the records of pairs: the rivals or the company that these have.

    Inside one table only those that are possible: others keep no company.
    """
    candidates = recalled.judge.candidates
    is_near = np.zeros(len(recalled.judge.prepared.records), dtype=np.bool_)
    is_near[pairs.left] = is_near[pairs.right] = True
    own = recalled.first[recalled.look.pairs.places_of(candidates)]
    least = 0.0 if recalled.judge.prepared.records.is_link else POSSIBLE
    return candidates.take((own >= least) & (is_near[candidates.left] | is_near[candidates.right]))


def see(recalled: Recalled, pairs: Pairs) -> Seen:
    """Return what a second look sees of pairs, and the log-odds that the prior gives them in all.

    Parameters
    ----------
    recalled : Recalled
        What the prior knows; of pairs that are not in its look it knows nothing.
    pairs : Pairs
        Some of ``recalled.look.pairs``.
    """
    judge = recalled.judge
    own = recalled.first[recalled.look.pairs.places_of(pairs)]
    compared = judge.comparisons(0)
    features = np.concatenate(
        [
            features_of(judge.prepared, pairs, compared, "comparing"),
            recalled.around.features(pairs, own),
        ],
        axis=1,
    )
    start, second = log_odds(own), judge.classifier.second
    if second is not None:
        names = (*compared.names, *STANDING_NAMES)
        scorer = make_scorer(second, names, np.zeros((0, len(names)), dtype=np.float32))
        start = start + scorer.logit(features)
    return Seen(pairs, features, start)


def take_sure(
    features: Floats, start: NDArray[np.float64], near: Calibration
) -> tuple[Longs, Examples]:
    """Return the candidates of which the prior is sure, and answered as it says.

    Parameters
    ----------
    features, start : Floats, NDArray[np.float64]
        Features and margins of candidates.
    near : Calibration
        How the margins fit the catalogue.

    Returns
    -------
    tuple[Longs, Examples]
        Their places, first those of matches.
    """
    probability = near.probability(start)
    surely = _some(probability > SURELY, N_SURELY)
    hardly = _some(probability < HARDLY, N_HARDLY)
    rows = np.concatenate([surely, hardly])
    is_match = np.arange(len(rows)) < len(surely)
    return rows, to_examples(features[rows], is_match, SURE_WEIGHT, start[rows])


def _as_it_says(asked: Seen) -> tuple[Pairs, Examples]:
    """Return pairs answered as the prior says, the doubtful ones both ways, by their odds."""
    features, margin = asked.features, asked.start
    sure_rows, sure = take_sure(features, margin, Calibration(1.0, 0.0))
    probability = expit(margin)
    rows = _some((probability >= HARDLY) & (probability <= SURELY), N_DOUBTFUL)
    both = [
        to_examples(features[rows], np.full(len(rows), is_match), 1.0, margin[rows])
        for is_match in (True, False)
    ]
    shares = (probability[rows], 1 - probability[rows])
    doubtful = [
        replace(each, weights=(SURE_WEIGHT * share).astype(np.float32))
        for each, share in zip(both, shares, strict=True)
    ]
    every = np.concatenate([sure_rows, rows, rows])
    return asked.pairs.take(every), reduce(join_examples, [sure, *doubtful])


def _some(chosen: NDArray[np.bool_], n_most: int) -> Longs:
    places = np.flatnonzero(chosen)
    return np.sort(np.random.default_rng(0).permutation(places)[:n_most])
