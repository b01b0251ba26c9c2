"""Learn from labels that are too few to carry a model of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.classify import (
    Calibration,
    Classifier,
    Examples,
    check_kinds,
    fit_calibration,
    fit_trees,
    join_examples,
    n_trees,
    to_examples,
)
from matcher.pipeline.classroom import Classroom
from matcher.pipeline.stages import Prepared
from matcher.types import Floats, Labels

STRENGTH = 0.5
"""Share of the prior's log-odds that the trees start from: the rest they learn anew, from the
labels and from what the prior is sure of; see docs/decisions/0022-few-labels.md."""

SURELY, HARDLY = 0.95, 0.02
"""Probabilities from which the prior is taken at its word."""

N_SURELY, N_HARDLY, SURE_WEIGHT = 500, 2000, 0.1
"""Pairs of either kind that teach so, and what each weighs beside a label."""

N_ASKED = 20_000
"""Candidates among which these pairs are looked for."""

STAY = 4.0
"""How much it costs to leave the prior's own calibration, see `fit_calibration`."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a prior knows of a catalogue: made once, for as many lessons as there are.

    Attributes
    ----------
    room : Classroom
        The catalogue with the prior.
    prior : Classifier
        The prior.
    asked : tuple[tuple[Floats, NDArray[np.float64]], ...]
        Features of the same random candidates, and the margins of the prior, under every question.
    """

    room: Classroom
    prior: Classifier
    asked: tuple[tuple[Floats, NDArray[np.float64]], ...]


def recall(prepared: Prepared, prior: Classifier) -> Recalled:
    """Return what a prior knows of a catalogue; it takes longer than learning from it does."""
    room = Classroom(prepared, prior, None)
    candidates = prepared.candidates.pairs
    rng = np.random.default_rng(prepared.settings.seed)
    asked = candidates.take(rng.permutation(len(candidates))[:N_ASKED])
    return Recalled(
        room, prior, tuple(room.compare(asked, number) for number in range(len(room.questions)))
    )


def train_few(recalled: Recalled, taught: Labels, card: Mapping[str, Any]) -> Classifier:
    """Return a model that keeps what the prior is sure of, and learns from the labels besides.

    Its threshold is fitted to the catalogue, as that of a general model is: labels were chosen by
    somebody, mostly where it is hard to tell, and few of them say little of the rest.  It looks
    once: the prior's second look corrects another first one.

    Raises
    ------
    LabelsError
        The labels are all of one kind.
    """
    room, prior = recalled.room, recalled.prior
    labelled = room.examples(taught)
    first = labelled.take(np.arange(len(taught.pairs)))
    check_kinds(first.is_match)
    near = fit_calibration(first.start, first.is_match, first.weights, stay=STAY)
    sure = [_sure(features, start, near) for features, start in recalled.asked]
    examples = reduce(join_examples, [labelled, *sure])
    start = STRENGTH * (near.slope * examples.start + near.shift)
    examples = replace(examples, start=start)
    own = prior.calibration
    kept = Calibration(
        STRENGTH * near.slope * own.slope, STRENGTH * (near.slope * own.shift + near.shift)
    )
    return Classifier(
        features=room.names,
        ranked=(),
        trees=fit_trees(examples, room.prepared.settings.seed, n_trees(len(taught.pairs))),
        calibration=Calibration(1.0, 0.0),
        threshold_exact=prior.threshold_exact,
        threshold_family=prior.threshold_family,
        card=dict(card),
        prior=replace(prior, calibration=kept, second=None),
        is_general=True,
    )


def _sure(features: Floats, start: NDArray[np.float64], near: Calibration) -> Examples:
    """Return the candidates of which the prior is sure, answered as it says."""
    probability = near.probability(start)
    surely = np.flatnonzero(probability > SURELY)[:N_SURELY]
    hardly = np.flatnonzero(probability < HARDLY)[:N_HARDLY]
    rows = np.concatenate([surely, hardly])
    is_match = np.arange(len(rows)) < len(surely)
    return to_examples(features[rows], is_match, SURE_WEIGHT, start[rows])
