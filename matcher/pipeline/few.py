"""Learn from labels that are too few to carry a model of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from matcher.classify import (
    RIVAL_NAMES,
    Calibration,
    Classifier,
    Examples,
    Rivals,
    arrange_rivals,
    check_kinds,
    fit_calibration,
    fit_trees,
    join_examples,
    log_odds,
    make_scorer,
    n_trees,
    to_examples,
)
from matcher.pipeline.classroom import Classroom
from matcher.pipeline.exact import judge_generally
from matcher.pipeline.judge import Judge, Look, Probabilities
from matcher.pipeline.scoring import questions_of
from matcher.pipeline.sifting import sift
from matcher.pipeline.stages import Prepared, features_of
from matcher.types import EXACT, Floats, Labels, Longs, Pairs

STRENGTH = 0.5
"""Share of the prior's log-odds that the trees of families start from: the rest they learn anew,
from the labels and from what the prior is sure of; see docs/decisions/0022-few-labels.md."""

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

STAY = 4.0
"""How much it costs to leave the prior's own calibration, see `fit_calibration`."""

N_SECOND = 150
"""Trees that correct the prior's second look, however few the labels are; see
docs/decisions/0028-what-to-ask.md."""


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
    around : Rivals
        How pairs stand among the candidates, by what is said at first sight.
    sure : tuple[Floats, Probabilities]
        What is seen (see `see`) of random candidates, where the prior may be sure.
    room : Classroom | None
        Where families are taught; None where nothing is ignored.
    asked : tuple[tuple[Floats, NDArray[np.float64]], ...]
        Features of random candidates there, and the margins of the prior, under every question.
    """

    judge: Judge
    look: Look
    first: Probabilities
    around: Rivals
    sure: tuple[Floats, Probabilities]
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
    with_families = bool(questions_of(prepared.records, prepared.ignoring))
    judge = sift(Judge(prepared, prior, prepared.candidates.pairs), with_families=with_families)
    candidates = judge.candidates
    every = candidates.union(known)
    look = judge.look_at(every, with_families=with_families)
    first, _ = judge_generally(judge, look)
    own = first[np.searchsorted(every.keys(), candidates.keys())]
    records = prepared.records
    around = arrange_rivals(len(records), candidates, own, is_link=records.is_link)
    rng = np.random.default_rng(prepared.settings.seed)
    asked = candidates.take(np.sort(rng.permutation(len(candidates))[:N_ASKED]))
    empty = np.zeros((0, 0), np.float32), np.zeros(0)
    recalled = Recalled(judge, look, first, around, empty, None, ())
    recalled = replace(recalled, sure=see(recalled, asked))
    if not with_families:
        return recalled
    room = Classroom(prepared, prior, None)
    compared = tuple(room.compare(asked, number) for number in range(len(room.questions)))
    return replace(recalled, room=room, asked=compared)


def see(recalled: Recalled, pairs: Pairs) -> tuple[Floats, Probabilities]:
    """Return what a second look sees of pairs, and the log-odds that the prior gives them in all.

    Parameters
    ----------
    recalled : Recalled
        What the prior knows; of pairs that are not in its look it knows nothing.
    pairs : Pairs
        Some of ``recalled.look.pairs``.

    Returns
    -------
    Floats
        Shape (n_pairs, n_features + n_rival_features).
    Probabilities
        Shape (n_pairs,).
    """
    judge = recalled.judge
    own = recalled.first[np.searchsorted(recalled.look.pairs.keys(), pairs.keys())]
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
        names = (*compared.names, *RIVAL_NAMES)
        scorer = make_scorer(second, names, np.zeros((0, len(names)), dtype=np.float32))
        start = start + scorer.logit(features)
    return features, start


def train_few(recalled: Recalled, taught: Labels, card: Mapping[str, Any]) -> Classifier:
    """Return a model that keeps what the prior knows, and learns from the labels besides.

    It stays general: its first look is the prior's, and so is how that is fitted to the catalogue.
    The labels correct the second look; families are judged by a model of their own.

    Raises
    ------
    LabelsError
        The labels are all of one kind.
    """
    check_kinds(taught.relations == EXACT)
    prior, room = recalled.judge.classifier, recalled.room
    seed = recalled.judge.prepared.settings.seed
    trees = fit_trees(_lesson(recalled, taught), seed, N_SECOND)
    second = Classifier(
        features=(*recalled.judge.comparisons(0).names, *RIVAL_NAMES),
        ranked=(),
        trees=trees,
        calibration=Calibration(1.0, 0.0),
        threshold_exact=prior.threshold_exact,
        threshold_family=prior.threshold_family,
        prior=prior.second,
    )
    family = None if room is None else _teach_family(recalled, room, taught)
    return replace(prior, second=second, family=family, card=dict(card))


def _lesson(recalled: Recalled, taught: Labels) -> Examples:
    """Return labels under "exact?", and candidates answered as the prior says.

    A label of a pair that is impossible by a rule, or that was not looked at, teaches nothing here.
    """
    keys = recalled.look.pairs.keys()
    possible = keys[recalled.first > 0]
    rows = np.flatnonzero(np.isin(taught.pairs.keys(), possible))
    features, start = see(recalled, taught.pairs.take(rows))
    labelled = to_examples(features, taught.relations[rows] == EXACT, 1.0, start)
    return join_examples(labelled, _as_it_says(*recalled.sure))


def _teach_family(recalled: Recalled, room: Classroom, taught: Labels) -> Classifier:
    """Return a model of families: it starts from a share of what the prior says at first sight."""
    prior = recalled.judge.classifier
    labelled = room.examples(taught)
    first = labelled.take(np.arange(len(taught.pairs)))
    near = fit_calibration(first.start, first.is_match, first.weights, stay=STAY)
    sure = [_sure(features, start, near) for features, start in recalled.asked]
    examples = reduce(join_examples, [labelled, *sure])
    start = STRENGTH * (near.slope * examples.start + near.shift)
    own = prior.calibration
    kept = Calibration(
        STRENGTH * near.slope * own.slope, STRENGTH * (near.slope * own.shift + near.shift)
    )
    seed = room.prepared.settings.seed
    return Classifier(
        features=room.names,
        ranked=(),
        trees=fit_trees(replace(examples, start=start), seed, n_trees(len(taught.pairs))),
        calibration=Calibration(1.0, 0.0),
        threshold_exact=prior.threshold_exact,
        threshold_family=prior.threshold_family,
        prior=replace(prior, calibration=kept, second=None, family=None),
    )


def _sure(features: Floats, start: NDArray[np.float64], near: Calibration) -> Examples:
    """Return the candidates of which the prior is sure, answered as it says."""
    probability = near.probability(start)
    surely = _some(probability > SURELY, N_SURELY)
    hardly = _some(probability < HARDLY, N_HARDLY)
    rows = np.concatenate([surely, hardly])
    is_match = np.arange(len(rows)) < len(surely)
    return to_examples(features[rows], is_match, SURE_WEIGHT, start[rows])


def _as_it_says(features: Floats, margin: Probabilities) -> Examples:
    """Return candidates answered as the prior says, the doubtful ones both ways, by their odds."""
    sure = _sure(features, margin, Calibration(1.0, 0.0))
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
    return reduce(join_examples, [sure, *doubtful])


def _some(chosen: NDArray[np.bool_], n_most: int) -> Longs:
    places = np.flatnonzero(chosen)
    return np.sort(np.random.default_rng(0).permutation(places)[:n_most])
