"""Learn a model from the labels of a catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, vstack
from scipy.sparse.csgraph import connected_components

import matcher
from matcher.classify import (
    LEAST_LABELS,
    N_UNLABELLED,
    UNLABELLED_WEIGHT,
    Classifier,
    Examples,
    Lesson,
    assign_folds,
    check_kinds,
    first_margins,
    join_examples,
    learn_words,
    sure_negatives,
    to_examples,
    train_classifier,
)
from matcher.features import name_words, word_indicators
from matcher.labelling import LabelTable, read_labels, resolve_labels
from matcher.output import Stopwatch
from matcher.pipeline.classroom import Classroom, answers_of, ignore_sets
from matcher.pipeline.few import train_few
from matcher.pipeline.jobs import read_inputs
from matcher.pipeline.limit import limited
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.recalling import recall
from matcher.pipeline.second import LEAST_FOR_SECOND, Material, add_looks
from matcher.pipeline.stages import Prepared, prepare
from matcher.progress import Progress, silent
from matcher.settings import Overrides, Settings, override
from matcher.types import EXACT, Floats, Ints, Labels, LearnedWords, Longs, Pairs

N_FOLDS = 5

N_GROUPS = 4
"""Groups of products, where a model is for new ones: a pair is judged by trees that have seen
neither of its groups; 8 gave the same within 0.5 points of F1."""


def train(
    inputs: Any,
    labels: Any,
    *,
    settings: Settings | None = None,
    valid: Any = None,
    from_scratch: bool = False,
    progress: Progress = silent,
    **overrides: Unpack[Overrides],
) -> Model:
    """Learn a model from labelled pairs of a catalogue.

    Parameters
    ----------
    inputs : path, frame, or sequence of them
        The catalogue; two tables are linked where the labels go from the first to the second.
    labels : path or frame
        Labelled pairs: ``left_id, right_id, relation``, or the format of another tool.
    settings : Settings | None
        All settings; None takes the usual ones.
    valid : path, frame or None
        Labelled pairs on which calibration and threshold are chosen; None cross-validates.
    from_scratch : bool
        Whether to leave the shipped model's knowledge aside.
    progress : Progress
        Called as the run goes on.
    **overrides
        Single fields of `Settings`.

    Raises
    ------
    LabelsError
        Labels cannot be read, contradict each other, or are all of one kind.
    MatcherError
        The catalogue or a setting cannot be used.
    """
    prior = None if from_scratch else load(DEFAULT_MODEL).classifier
    return train_on(inputs, labels, prior, override(settings, overrides), valid, progress)


def train_on(
    inputs: Any,
    labels: Any,
    prior: Classifier | None,
    settings: Settings,
    valid: Any = None,
    progress: Progress = silent,
) -> Model:
    """Learn a model from labelled pairs and whatever prior knowledge.

    Parameters
    ----------
    inputs, labels, valid, progress
        As for `train`.
    prior : Classifier | None
        What the trees start from; None starts from nothing, as does a model without context.
    settings : Settings
        All settings.
    """
    if not settings.context:
        prior = None  # it was taught with context
    table = read_labels(labels)
    catalogue, shelf = limited(read_inputs(inputs, settings, table), settings)
    with shelf.watched():
        prepared = prepare(catalogue, settings, progress, Stopwatch(), shelf)
        return _train_prepared(prepared, table, prior, valid, progress)


def _train_prepared(
    prepared: Prepared,
    table: LabelTable,
    prior: Classifier | None,
    valid: Any,
    progress: Progress,
) -> Model:
    settings = prepared.settings
    taught, _ = resolve_labels(table, prepared.records, check_chains=False)
    judged = None
    if valid is not None:
        judged, _ = resolve_labels(read_labels(valid), prepared.records, check_chains=False)
    progress("training", 0, 1)
    card = {
        "matcher": matcher.__version__,
        "labels": {"train": len(taught.pairs), "valid": len(judged.pairs) if judged else 0},
        "records": len(prepared.records),
        "axes": list(prepared.records.axes),
        "seed": settings.seed,
        "from_scratch": prior is None,
        "context": settings.context,
    }
    are_few = len(taught.pairs) < LEAST_FOR_SECOND
    if are_few and prior is not None and prior.is_general and judged is None:
        classifier = train_few(recall(prepared, prior, taught.pairs), taught, card)
    else:
        classifier = _train_many(prepared, prior, taught, judged, card)
    progress("training", 1, 1)
    return Model(classifier)


def _train_many(
    prepared: Prepared,
    prior: Classifier | None,
    taught: Labels,
    judged: Labels | None,
    card: Mapping[str, Any],
) -> Classifier:
    """Return a model of the labels, which looks again where there are enough."""
    material = _gather(prepared, prior, taught, judged)
    settings = prepared.settings
    if settings.new_products:
        sides = _sides(prepared, taught, material.unlabelled)
        material = replace(material, lesson=replace(material.lesson, sides=sides))
    said = {**card, "unlabelled": int((material.lesson.folds < 0).sum())}
    classifier = train_classifier(material.lesson, settings.seed, said)
    looks_again = settings.context and not settings.new_products
    if not looks_again or len(taught.pairs) < LEAST_FOR_SECOND:
        return classifier
    return add_looks(prepared, material, classifier, taught, judged)


def _gather(
    prepared: Prepared, prior: Classifier | None, taught: Labels, judged: Labels | None
) -> Material:
    by_pair = assign_folds(taught.pairs, N_FOLDS, prepared.settings.seed)
    answers = answers_of(prepared, taught)
    folds = np.concatenate([by_pair[places] for places, _ in answers])
    words, margin = _learn_words(prepared, taught, folds)
    taught_in = Classroom(prepared, prior, words)
    labelled = taught_in.examples(taught)
    if words is not None:
        labelled.features[:, taught_in.names.index("word_margin")] = margin
    known = [taught] if judged is None else [taught, judged]
    features, start = taught_in.compare(prepared.candidates.pairs, 0)
    rows = _unlabelled(prepared, known, labelled, features, start)
    no_match = np.zeros(len(rows), dtype=np.bool_)
    unlabelled = to_examples(features[rows], no_match, UNLABELLED_WEIGHT, start[rows])
    lesson = Lesson(
        features=taught_in.names,
        ranked=(),
        examples=join_examples(labelled, unlabelled),
        folds=np.concatenate([folds, np.full(len(rows), -1, dtype=np.int32)]),
        valid=None if judged is None else taught_in.examples(judged),
        prior=prior,
        words=words,
    )
    return Material(lesson, features, start, rows)


def _sides(prepared: Prepared, taught: Labels, unlabelled: Longs) -> Ints:
    """Return the groups of products of both records of each example, shape (n_examples, 2).

    Records that labels call one product are of one group.
    """
    pairs, n_records = taught.pairs, len(prepared.records)
    is_match = taught.relations == EXACT
    links = (np.ones(int(is_match.sum())), (pairs.left[is_match], pairs.right[is_match]))
    n_products, product = connected_components(
        coo_array(links, shape=(n_records, n_records)), directed=False
    )
    rng = np.random.default_rng(prepared.settings.seed)
    group = (rng.permutation(n_products) % N_GROUPS).astype(np.int32)[product]
    rest = prepared.candidates.pairs.take(unlabelled)
    asked = [pairs.take(places) for places, _ in answers_of(prepared, taught)]
    return np.concatenate(
        [np.stack([group[each.left], group[each.right]], axis=1) for each in [*asked, rest]]
    )


def _learn_words(
    prepared: Prepared, taught: Labels, folds: Ints
) -> tuple[LearnedWords | None, Floats]:
    """Return the words that labels teach, and the out-of-fold margins of the labelled pairs."""
    answers = answers_of(prepared, taught)
    is_match = np.concatenate([is_match for _, is_match in answers])
    check_kinds(is_match, len(taught.pairs))
    if len(taught.pairs) < LEAST_LABELS:
        return None, np.zeros(0, dtype=np.float32)
    indicators = [
        word_indicators(prepared.records, taught.pairs.take(places), ignored)
        for ignored, (places, _) in zip(ignore_sets(prepared), answers, strict=True)
    ]
    learned = learn_words(vstack(indicators), is_match, folds)
    return name_words(prepared.records, learned.weights, learned.shift), learned.margin


def _unlabelled(
    prepared: Prepared,
    known: Sequence[Labels],
    labelled: Examples,
    features: Floats,
    start: NDArray[np.float64],
) -> Longs:
    """Return the candidates that are taken as different, under the question "exact?"."""
    taught = known[0]
    candidates, seed = prepared.candidates.pairs, prepared.settings.seed
    first = labelled.take(np.arange(len(taught.pairs)))
    margin = first_margins(first, features, start, seed)
    is_match = taught.relations == EXACT
    matched = Pairs(taught.pairs.left[is_match], taught.pairs.right[is_match])
    is_free = ~np.isin(candidates.keys(), np.concatenate([each.pairs.keys() for each in known]))
    rows = np.flatnonzero(sure_negatives(candidates, margin, matched) & is_free)
    if len(rows) > N_UNLABELLED:
        rows = np.sort(np.random.default_rng(seed).choice(rows, N_UNLABELLED, replace=False))
    return rows
