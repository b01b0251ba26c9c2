"""Labelled pairs under every question that a model is taught."""

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from matcher.classify import Classifier, Examples, join_examples, to_examples
from matcher.features import Comparisons
from matcher.pipeline.scoring import answered, taught_questions
from matcher.pipeline.stages import Prepared, features_of, scorer_of, with_words
from matcher.types import Bools, Floats, Labels, LearnedWords, Longs, Pairs


class Classroom:
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
        every = answers_of(self.prepared, labels)
        for number, (places, is_match) in enumerate(every):
            features, start = self.compare(labels.pairs.take(places), number)
            weight = 1.0 if number == 0 else 1 / (len(every) - 1)
            parts.append(to_examples(features, is_match, weight, start))
        return reduce(join_examples, parts)


def _questions(prepared: Prepared) -> list[Comparisons]:
    every = [prepared.compare(ignored) for ignored in ignore_sets(prepared)]
    return every if prepared.settings.context else [each.by_itself() for each in every]


def ignore_sets(prepared: Prepared) -> tuple[int, ...]:
    """Return the sets of ignored axes under which labels are taught, none first."""
    return taught_questions(len(prepared.records.axes))


def answers_of(prepared: Prepared, labels: Labels) -> list[tuple[Longs, Bools]]:
    """Return the places of the labels that answer each question, and the answers."""
    said_for = prepared.ignoring.of_pairs(labels.pairs)
    return [
        answered(prepared.records, labels, ignored, said_for) for ignored in ignore_sets(prepared)
    ]
