"""Let a catalogue teach itself what the model is unsure of, from what it is sure of.

See docs/decisions/0033-self-training.md.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
from scipy.special import expit, logit

from matcher.classify import Adaptation, OwnTrees, learn_own, log_odds
from matcher.engine.local import CHUNK
from matcher.pipeline.judge import Judge, Probabilities
from matcher.types import Bools, Floats, Longs, Pairs

SURELY = 0.8
"""What the model gives a pair before it is fitted to the catalogue, from which it is sure of it."""

HARDLY = 0.1
"""What a pair has after that, beside one half at the threshold, below which it is surely none."""

FEWEST = 200
"""Sure pairs of either kind, below which the catalogue teaches nothing."""

N_TAUGHT = 10_000
"""Sure pairs of either kind that teach, at most."""

N_AHEAD = 65_536
"""Unsure pairs, at most, that are compared while trees are learned: that takes as long, and their
features 64 MB."""


def learn_own_trees(
    judge: Judge, pairs: Pairs, probability: Probabilities, found: Adaptation
) -> tuple[OwnTrees, list[Floats]] | None:
    """Learn from the candidates that are surely matches or surely none.

    Parameters
    ----------
    judge : Judge
        The model and the catalogue.
    pairs : Pairs
        All candidates, among other pairs.
    probability : Probabilities
        Shape (n_pairs,): what the model says of them, fitted to the catalogue; 0 by rule.
    found : Adaptation
        How it was fitted.

    Returns
    -------
    tuple[OwnTrees, list[Floats]] | None
        The trees, and the features of the first unsure pairs, in chunks, which are compared while
        one thread learns; None if too few are sure.
    """
    candidates = judge.candidates
    said = probability[pairs.places_of(candidates)]
    surely, hardly = _sure(judge, said, found)
    if min(surely.sum(), hardly.sum()) < FEWEST:
        return None
    seed = judge.prepared.settings.seed
    chosen = [_some(np.flatnonzero(are), seed) for are in (surely, hardly)]
    taught = np.sort(np.concatenate(chosen))
    comparisons, engine = judge.comparisons_again(), judge.prepared.engine
    chunks = engine.map_chunks("scoring", comparisons.compare, candidates.take(taught))
    learn = partial(
        learn_own,
        np.concatenate(chunks),
        surely[taught],
        comparisons.names,
        float((said >= judge.classifier.threshold_exact).mean()),
        seed,
        engine.n_workers,
    )
    unsure = pairs.take(_unsure(judge, probability, found)[:N_AHEAD])
    own, ahead = engine.together(
        learn, lambda: [comparisons.compare(chunk) for chunk in unsure.chunks(CHUNK)]
    )
    return own, ahead


def ask_own_trees(
    judge: Judge,
    pairs: Pairs,
    probability: Probabilities,
    found: Adaptation,
    own: OwnTrees,
    ahead: Sequence[Floats] = (),
) -> Probabilities:
    """Return the probabilities of pairs, those that are unsure averaged with what `own` says.

    `ahead` are the features of the first unsure ones that are compared already, in chunks.
    """
    unsure = _unsure(judge, probability, found)
    if len(unsure) == 0:
        return probability
    comparisons = judge.comparisons_again()
    forest = own.plant(comparisons.names)

    def margin(chunk: Pairs) -> Probabilities:
        return forest.margin(comparisons.compare(chunk))

    first = [forest.margin(features) for features in ahead]
    rest = pairs.take(unsure[sum(map(len, ahead)) :])
    chunks = judge.prepared.engine.map_chunks("scoring", margin, rest)
    margins = np.concatenate([*first, *chunks]) + logit(judge.classifier.threshold_exact)
    asked = probability.copy()
    asked[unsure] = expit((log_odds(probability[unsure]) + margins) / 2)
    return asked


def _unsure(judge: Judge, probability: Probabilities, found: Adaptation) -> Longs:
    """Return the places of the pairs that are possible and not sure."""
    surely, hardly = _sure(judge, probability, found)
    return np.flatnonzero(~surely & ~hardly & (probability > 0))


def _sure(judge: Judge, probability: Probabilities, found: Adaptation) -> tuple[Bools, Bools]:
    """Return which pairs are surely matches, and which are surely none."""
    odds = log_odds(probability)
    surely = (odds - found.shift >= logit(SURELY)) & (probability > 0)
    hardly = odds - logit(judge.classifier.threshold_exact) < logit(HARDLY)
    return surely, hardly & ~surely


def _some(rows: Longs, seed: int) -> Longs:
    if len(rows) <= N_TAUGHT:
        return rows
    return np.random.default_rng(seed).choice(rows, N_TAUGHT, replace=False)
