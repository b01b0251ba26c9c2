"""Learn one model from several catalogues whose truth is known: how the shipped model is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.classify import (
    STANDING_NAMES,
    Classifier,
    Examples,
    Lesson,
    arrange_standing,
    join_examples,
    log_odds,
    rank_features,
    to_examples,
    train_classifier,
    train_with_folds,
)
from matcher.pipeline.exact import judge_generally
from matcher.pipeline.judge import Judge
from matcher.pipeline.model import Model
from matcher.pipeline.scoring import answered, taught_questions
from matcher.pipeline.stages import Prepared, features_of, sample_candidates
from matcher.types import EXACT, Floats, Labels, Longs

N_PAIRS = 3000
"""Candidates that one catalogue teaches, at their natural ratio of matches."""

CODES = {
    "gtin_equal": (0.35, (0.98, 0.03, 0.01)),
    "mpn_equal": (0.35, (0.95, 0.50, 0.02)),
}
"""Codes that the open catalogues lack and users' have: how many pairs know them on both sides, and
how often they are then equal for exact, variant and different pairs. A shop's feed mistakes some
and copies some to siblings; a part number often names the family."""

RANKED = ("jaccard", "cosine", "containment", "cover", "ratio", "token_set", "partial", "winkler")
"""Parts of the names of the features that are also seen as mid-ranks: the similarities. Ranking all
features gained nothing (mean best F1 of ten catalogues never seen: 87.7 with none ranked, 87.9 with
all, 88.1 with these) and costs a search in a sorted sample each."""

N_FOLDS = 4
"""Groups of catalogues: what a model scores to be calibrated it has not learned from."""

N_SECOND = 60
"""Trees of the second model, which sees how a pair stands among all candidates and nothing else;
see docs/decisions/0019-a-second-look-without-labels.md."""

LINK_WEIGHT = 2.0
"""Of a pair of tables in the second model: there are few of them, and rivals decide there."""


@dataclass(frozen=True, slots=True)
class Teaching:
    """What one catalogue teaches.

    Attributes
    ----------
    name : str
        The catalogue.
    features, ranked : tuple[str, ...]
        Names of the features, and of those whose places follow.
    examples : Examples
        Candidates under every question; all catalogues weigh the same.
    prepared : Prepared
        The catalogue, parsed and blocked.
    relations : NDArray[np.int8]
        Shape (n_candidates,): the truth of every candidate.
    weight : float
        Of the catalogue beside others.
    knows_rivals : bool
        Whether it may teach how a match stands among its rivals.
    """

    name: str
    features: tuple[str, ...]
    ranked: tuple[str, ...]
    examples: Examples
    prepared: Prepared
    relations: NDArray[np.int8]
    weight: float
    knows_rivals: bool


def teach(
    name: str,
    prepared: Prepared,
    relations: NDArray[np.int8],
    weight: float = 1.0,
    *,
    knows_rivals: bool = True,
) -> Teaching:
    """Return what a catalogue teaches.

    Parameters
    ----------
    name : str
        The catalogue.
    prepared : Prepared
        The catalogue, parsed and blocked.
    relations : NDArray[np.int8]
        Shape (n_candidates,): the truth of every candidate.
    weight : float
        Of the catalogue beside others.
    knows_rivals : bool
        Whether it may teach how a match stands among its rivals, as no made-up pair of tables does.
    """
    candidates = prepared.candidates.pairs
    rows = _sample(prepared)
    pairs = candidates.take(rows)
    said = Labels(pairs, relations[rows])
    shared = _shared(prepared.plain.names)
    names = tuple(prepared.plain.names[place] for place in shared)
    ranked = [place for place, name in enumerate(names) if _is_ranked(name)]
    parts = []
    for ignored in taught_questions(len(prepared.records.axes)):
        comparisons = prepared.compare(ignored)
        asked, is_match = answered(prepared.records, said, ignored, prepared.ignored)
        sample = sample_candidates(prepared, comparisons)[:, shared]
        ranks = rank_features(sample[:, ranked])
        features = features_of(prepared, pairs.take(asked), comparisons, "comparing")[:, shared]
        _make_up_codes(features, names, relations[rows][asked])
        places = ranks.places(features[:, ranked])
        seen = np.concatenate([features, places], axis=1)
        parts.append(to_examples(seen, is_match, 1.0, None))
    examples = reduce(join_examples, parts)
    each = weight * N_PAIRS / len(examples.is_match)
    weights = np.full(len(examples.is_match), each, dtype=np.float32)
    return Teaching(
        name,
        names,
        tuple(names[place] for place in ranked),
        replace(examples, weights=weights),
        prepared,
        relations,
        weight,
        knows_rivals,
    )


def _sample(prepared: Prepared) -> Longs:
    """Return the places of the candidates that are taught."""
    rng = np.random.default_rng(prepared.settings.seed)
    n_candidates = len(prepared.candidates.pairs)
    return np.sort(rng.choice(n_candidates, min(N_PAIRS, n_candidates), replace=False))


def _make_up_codes(features: Floats, names: Sequence[str], relations: NDArray[np.int8]) -> None:
    """Fill in what codes would say of pairs where the catalogue has none; changes `features`."""
    rng = np.random.default_rng(0)
    for name, (known, equal) in CODES.items():
        column = features[:, names.index(name)]
        if not np.isnan(column).all():
            continue
        draws = rng.random((2, len(column)))
        is_equal = draws[1] < np.array(equal)[relations]
        column[:] = np.where(draws[0] < known, is_equal, np.nan)


def _is_ranked(name: str) -> bool:
    is_similarity = any(part in name for part in RANKED)
    return is_similarity and "context" not in name and "price" not in name


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
        ranked=teachings[0].ranked,
        examples=reduce(join_examples, [teaching.examples for teaching in teachings]),
        folds=np.repeat(np.arange(len(sizes)) % N_FOLDS, sizes).astype(np.int32),
        valid=None,
        prior=None,
        words=None,
    )
    classifier, by_fold = train_with_folds(lesson, seed, card)
    # What rules say of all catalogues comes after: the second look learns from what trees say.
    second = _train_second(teachings, classifier, by_fold, seed)
    return Model(replace(classifier, is_general=True, second=second), name="default")


def _train_second(
    teachings: Sequence[Teaching], first: Classifier, by_fold: Mapping[int, str], seed: int
) -> Classifier:
    """Learn a model that sees how pairs stand among all candidates.

    Each catalogue is judged by trees that have not seen it, as a user's will be.
    """
    parts, folds = [], []
    for place, teaching in enumerate(teachings):
        if teaching.knows_rivals:
            fold = place % N_FOLDS
            unseen = replace(first, trees=by_fold.get(fold, first.trees))
            parts.append(_standing(teaching, unseen))
            folds.append(np.full(len(parts[-1].is_match), fold, dtype=np.int32))
    lesson = Lesson(
        features=STANDING_NAMES,
        ranked=(),
        examples=reduce(join_examples, parts),
        folds=np.concatenate(folds),
        valid=None,
        prior=None,
        words=None,
        most_trees=N_SECOND,
    )
    return train_classifier(lesson, seed, {})


def _standing(teaching: Teaching, first: Classifier) -> Examples:
    """Return candidates as they stand among all by what a model says of them."""
    prepared, candidates = teaching.prepared, teaching.prepared.candidates.pairs
    judge = Judge(prepared, first, candidates)
    judged, _ = judge_generally(judge, judge.look_at(candidates))
    around = arrange_standing(
        len(prepared.records), candidates, judged, is_link=prepared.records.is_link
    )
    rows = _sample(prepared)
    features = around.features(candidates.take(rows), judged[rows])
    is_match = teaching.relations[rows] == EXACT
    weight = teaching.weight * N_PAIRS / len(rows)
    if prepared.records.is_link:
        weight *= LINK_WEIGHT
    return to_examples(features, is_match, weight, log_odds(judged[rows]))
