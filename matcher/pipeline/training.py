"""Learn a model from the labels of a catalogue."""

from collections.abc import Sequence
from functools import reduce
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack

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
from matcher.features import Comparisons, name_words, word_indicators
from matcher.labelling import read_labels, resolve_labels
from matcher.output import Stopwatch
from matcher.pipeline.jobs import read_inputs
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.scoring import answered, taught_questions
from matcher.pipeline.second import LEAST_FOR_SECOND, Material, add_second
from matcher.pipeline.stages import Prepared, features_of, prepare, scorer_of, with_words
from matcher.progress import Progress, silent
from matcher.settings import Overrides, Settings, override
from matcher.types import EXACT, Bools, Floats, Ints, Labels, LearnedWords, Longs, Pairs

N_FOLDS = 5


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
    prepared = prepare(read_inputs(inputs, settings, table), settings, progress, Stopwatch())
    taught, _ = resolve_labels(table, prepared.records, check_chains=False)
    judged = None
    if valid is not None:
        judged, _ = resolve_labels(read_labels(valid), prepared.records, check_chains=False)
    progress("training", 0, 1)
    material = _gather(prepared, prior, taught, judged)
    lesson = material.lesson
    card = {
        "matcher": matcher.__version__,
        "labels": {"train": len(taught.pairs), "valid": len(judged.pairs) if judged else 0},
        "unlabelled": int((lesson.folds < 0).sum()),
        "records": len(prepared.records),
        "axes": list(prepared.records.axes),
        "seed": settings.seed,
        "from_scratch": prior is None,
        "context": settings.context,
    }
    classifier = train_classifier(lesson, settings.seed, card)
    if settings.context and len(taught.pairs) >= LEAST_FOR_SECOND:
        classifier = add_second(prepared, material, classifier, taught, judged)
    progress("training", 1, 1)
    return Model(classifier)


class _Class:
    """A catalogue in which a model is taught, with what the prior says of its pairs.

    Every label is taught under several sets of ignored axes, none, all, and all but each one, so
    that one model answers any set (`matcher.pipeline.scoring`).
    """

    def __init__(
        self, prepared: Prepared, prior: Classifier | None, words: LearnedWords | None
    ) -> None:
        self.prepared = prepared
        self.questions = [
            with_words(prepared, question, words) for question in _questions(prepared)
        ]
        self._scorers = [
            scorer_of(prepared, prior, question) if prior is not None else None
            for question in self.questions
        ]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return self.questions[0].names

    def compare(self, pairs: Pairs, number: int) -> tuple[Floats, NDArray[np.float64]]:
        """Return features of pairs under a question, and the margins that trees start from."""
        features = features_of(self.prepared, pairs, self.questions[number], "comparing")
        scorer = self._scorers[number]
        return features, np.zeros(len(pairs)) if scorer is None else scorer.logit(features)

    def examples(self, labels: Labels) -> Examples:
        """Return labelled pairs under every question, one question after the other."""
        parts = []
        every = _answers(self.prepared, labels)
        for number, (places, is_match) in enumerate(every):
            features, start = self.compare(labels.pairs.take(places), number)
            weight = 1.0 if number == 0 else 1 / (len(every) - 1)
            parts.append(to_examples(features, is_match, weight, start))
        return reduce(join_examples, parts)


def _questions(prepared: Prepared) -> list[Comparisons]:
    every = [prepared.compare(ignored) for ignored in _ignore_sets(prepared)]
    return every if prepared.settings.context else [each.by_itself() for each in every]


def _ignore_sets(prepared: Prepared) -> tuple[int, ...]:
    return taught_questions(len(prepared.records.axes))


def _answers(prepared: Prepared, labels: Labels) -> list[tuple[Longs, Bools]]:
    """Return the places of the labels that answer each question, and the answers."""
    said_for = prepared.ignoring.of_pairs(labels.pairs)
    return [
        answered(prepared.records, labels, ignored, said_for) for ignored in _ignore_sets(prepared)
    ]


def _gather(
    prepared: Prepared, prior: Classifier | None, taught: Labels, judged: Labels | None
) -> Material:
    by_pair = assign_folds(taught.pairs, N_FOLDS, prepared.settings.seed)
    answers = _answers(prepared, taught)
    folds = np.concatenate([by_pair[places] for places, _ in answers])
    words, margin = _learn_words(prepared, taught, folds)
    taught_in = _Class(prepared, prior, words)
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


def _learn_words(
    prepared: Prepared, taught: Labels, folds: Ints
) -> tuple[LearnedWords | None, Floats]:
    """Return the words that labels teach, and the out-of-fold margins of the labelled pairs."""
    answers = _answers(prepared, taught)
    is_match = np.concatenate([is_match for _, is_match in answers])
    check_kinds(is_match, len(taught.pairs))
    if len(taught.pairs) < LEAST_LABELS:
        return None, np.zeros(0, dtype=np.float32)
    indicators = [
        word_indicators(prepared.records, taught.pairs.take(places), ignored)
        for ignored, (places, _) in zip(_ignore_sets(prepared), answers, strict=True)
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
