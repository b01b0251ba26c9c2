"""Learn a model from the labels of a catalogue."""

from collections.abc import Sequence
from functools import reduce
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

import matcher
from matcher.classify import (
    N_UNLABELLED,
    UNLABELLED_WEIGHT,
    Classifier,
    Examples,
    Lesson,
    answer,
    assign_folds,
    first_margins,
    join_examples,
    sure_negatives,
    to_examples,
    train_classifier,
)
from matcher.labelling import read_labels, resolve_labels
from matcher.output import Stopwatch
from matcher.pipeline.jobs import read_inputs
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.stages import Prepared, feature_names, features_of, prepare, scorer_of
from matcher.progress import Progress, silent
from matcher.settings import Overrides, Settings, override
from matcher.types import EXACT, Floats, Labels, Pairs

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
    chosen = override(settings, overrides)
    table = read_labels(labels)
    prepared = prepare(read_inputs(inputs, chosen, table), chosen, progress, Stopwatch())
    taught, _ = resolve_labels(table, prepared.records, check_chains=False)
    judged = None
    if valid is not None:
        judged, _ = resolve_labels(read_labels(valid), prepared.records, check_chains=False)
    prior = None if from_scratch else load(DEFAULT_MODEL).classifier
    progress("training", 0, 1)
    lesson = _lesson(_Class(prepared, prior), taught, judged)
    card = {
        "matcher": matcher.__version__,
        "labels": {"train": len(taught.pairs), "valid": len(judged.pairs) if judged else 0},
        "unlabelled": int((lesson.folds < 0).sum()),
        "records": len(prepared.records),
        "axes": list(prepared.records.axes),
        "seed": chosen.seed,
        "from_scratch": from_scratch,
    }
    classifier = train_classifier(lesson, chosen.seed, card)
    progress("training", 1, 1)
    return Model(classifier)


class _Class:
    """A catalogue in which a model is taught, with what the prior says of its pairs."""

    def __init__(self, prepared: Prepared, prior: Classifier | None) -> None:
        self.prepared = prepared
        self.prior = prior
        self.questions = [q for q in (prepared.plain, prepared.masked) if q is not None]
        self._scorers = [
            scorer_of(prepared, prior, question) if prior is not None else None
            for question in self.questions
        ]

    def compare(self, pairs: Pairs, question: int) -> tuple[Floats, NDArray[np.float64]]:
        """Return features of pairs under a question, and the margins that trees start from."""
        comparisons = self.questions[question]
        features = features_of(self.prepared, pairs, comparisons, "comparing")
        scorer = self._scorers[question]
        return features, np.zeros(len(pairs)) if scorer is None else scorer.logit(features)

    def examples(self, labels: Labels) -> Examples:
        """Return labelled pairs under every question, one question after the other."""
        parts = []
        for number in range(len(self.questions)):
            features, start = self.compare(labels.pairs, number)
            is_match = answer(labels.relations, is_family_question=number == 1)
            parts.append(to_examples(features, is_match, 1.0, start))
        return reduce(join_examples, parts)


def _lesson(taught_in: _Class, taught: Labels, judged: Labels | None) -> Lesson:
    seed = taught_in.prepared.settings.seed
    labelled = taught_in.examples(taught)
    known = [taught] if judged is None else [taught, judged]
    unlabelled = _unlabelled(taught_in, known, labelled)
    folds = np.tile(assign_folds(taught.pairs, N_FOLDS, seed), len(taught_in.questions))
    return Lesson(
        features=feature_names(taught_in.prepared.plain),
        is_ranked=False,
        examples=join_examples(labelled, unlabelled),
        folds=np.concatenate([folds, np.full(len(unlabelled.is_match), -1, dtype=np.int32)]),
        valid=None if judged is None else taught_in.examples(judged),
        prior=taught_in.prior,
    )


def _unlabelled(taught_in: _Class, known: Sequence[Labels], labelled: Examples) -> Examples:
    """Return candidates that are taken as different, under the question "exact?"."""
    prepared = taught_in.prepared
    candidates, seed = prepared.candidates.pairs, prepared.settings.seed
    features, start = taught_in.compare(candidates, 0)
    first = labelled.take(labelled.features[:, -1] == 0)
    margin = first_margins(first, features, start, seed)
    taught = known[0]
    is_match = taught.relations == EXACT
    matched = Pairs(taught.pairs.left[is_match], taught.pairs.right[is_match])
    is_free = ~np.isin(candidates.keys(), np.concatenate([each.pairs.keys() for each in known]))
    rows = np.flatnonzero(sure_negatives(candidates, margin, matched) & is_free)
    if len(rows) > N_UNLABELLED:
        rows = np.sort(np.random.default_rng(seed).choice(rows, N_UNLABELLED, replace=False))
    no_match = np.zeros(len(rows), dtype=np.bool_)
    return to_examples(features[rows], no_match, UNLABELLED_WEIGHT, start[rows])
