"""Learn one model from several catalogues whose truth is known: how the shipped model is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.classify import (
    Examples,
    Lesson,
    answer,
    join_examples,
    rank_features,
    to_examples,
    train_classifier,
)
from matcher.pipeline.model import Model
from matcher.pipeline.stages import Prepared, feature_names, features_of, sample_candidates
from matcher.types import Pairs

N_PAIRS = 3000
"""Candidates that one catalogue teaches, at their natural ratio of matches."""

N_FOLDS = 4
"""Groups of catalogues: what a model scores to be calibrated it has not learned from."""


@dataclass(frozen=True, slots=True)
class Teaching:
    """What one catalogue teaches.

    Attributes
    ----------
    name : str
        The catalogue.
    features : tuple[str, ...]
        Names of the features, without places.
    examples : Examples
        Candidates under every question; all catalogues weigh the same.
    """

    name: str
    features: tuple[str, ...]
    examples: Examples


def teach(name: str, prepared: Prepared, relations: NDArray[np.int8]) -> Teaching:
    """Return what a catalogue teaches.

    Parameters
    ----------
    name : str
        The catalogue.
    prepared : Prepared
        The catalogue, parsed and blocked.
    relations : NDArray[np.int8]
        Shape (n_candidates,): the truth of every candidate.
    """
    candidates = prepared.candidates.pairs
    rng = np.random.default_rng(prepared.settings.seed)
    rows = np.sort(rng.choice(len(candidates), min(N_PAIRS, len(candidates)), replace=False))
    pairs = Pairs(candidates.left[rows], candidates.right[rows])
    shared = _shared(feature_names(prepared.plain))
    parts = []
    for number, comparisons in enumerate((prepared.plain, prepared.masked)):
        if comparisons is None:
            continue
        ranks = rank_features(sample_candidates(prepared, comparisons)[:, shared])
        features = features_of(prepared, pairs, comparisons, "comparing")[:, shared]
        is_match = answer(relations[rows], is_family_question=number == 1)
        parts.append(to_examples(ranks.append(features), is_match, 1.0, None))
    examples = reduce(join_examples, parts)
    weights = np.full(len(examples.is_match), N_PAIRS / len(examples.is_match), dtype=np.float32)
    names = tuple(feature_names(prepared.plain)[place] for place in shared)
    return Teaching(
        name, names, Examples(examples.features, examples.is_match, weights, examples.start)
    )


def _shared(names: Sequence[str]) -> list[int]:
    """Return the places of the features that mean the same in every catalogue."""
    return [place for place, name in enumerate(names) if not name.startswith("column:")]


def train_from(teachings: Sequence[Teaching], seed: int, card: Mapping[str, Any]) -> Model:
    """Learn one model from several catalogues, judged on catalogues that it has not seen.

    Parameters
    ----------
    teachings : Sequence[Teaching]
        At least two, with the same features.
    seed : int
        Of the trees.
    card : Mapping[str, Any]
        What is to be known of the model.
    """
    sizes = [len(teaching.examples.is_match) for teaching in teachings]
    lesson = Lesson(
        features=teachings[0].features,
        is_ranked=True,
        examples=reduce(join_examples, [teaching.examples for teaching in teachings]),
        folds=np.repeat(np.arange(len(sizes)) % N_FOLDS, sizes).astype(np.int32),
        valid=None,
        prior=None,
    )
    return Model(train_classifier(lesson, seed, card), name="default")
