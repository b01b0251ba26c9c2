"""Answers of a run, as a later one takes them up: by row, and by the names of axes."""

from dataclasses import asdict, replace

import numpy as np

from matcher.classify import Adaptation
from matcher.output import OpenState, Said, State
from matcher.pipeline.scoring import Answers
from matcher.types import Bools, Longs, Pairs, Records, Scores


def remember(answers: Answers, records: Records) -> State:
    """Return what was said of all pairs: even unlikely ones have their part in a mean of many."""
    pairs = answers.scores.pairs
    said = [
        Said(_names(records, ignored), scores.probabilities, scores.relations)
        for ignored, scores in ((0, answers.scores), *answers.kinships)
    ]
    return State(
        left=records.rows[pairs.left],
        right=records.rows[pairs.right],
        said=tuple(said),
        adaptation=asdict(answers.adaptation) if answers.adaptation else None,
    )


def moved(state: State | OpenState, place: Longs) -> State | OpenState:
    """Return what was said of pairs whose rows have moved; those that lost a record are left out.

    Parameters
    ----------
    state : State
        From `remember`.
    place : Longs
        Shape (n_rows_before,): the row that each row has become, -1 where it is gone.
    """
    if np.array_equal(place, np.arange(len(place))):
        return state
    left, right = place[state.left], place[state.right]
    is_there = np.flatnonzero((left >= 0) & (right >= 0))
    return replace(state.take(is_there), left=left[is_there], right=right[is_there])


def among(state: State | OpenState, rows: Longs, n_rows: int) -> State:
    """Return what was said of the pairs among some of the rows."""
    is_chosen = np.zeros(n_rows, np.bool_)
    is_chosen[rows] = True
    return state.take(np.flatnonzero(is_chosen[state.left] & is_chosen[state.right]))


def recall(state: State, records: Records, place: Longs) -> Answers:
    """Return what was said of the pairs of which both records are still there.

    Parameters
    ----------
    state : State
        From `remember`.
    records : Records
        Those of the new run, with the same axes.
    place : Longs
        Shape (n_rows_before,): the row that each row has become, -1 where it is gone.
    """
    number = np.empty(len(records), np.int32)
    number[records.rows] = np.arange(len(records), dtype=np.int32)
    left, right = place[state.left], place[state.right]
    rows = np.flatnonzero((left >= 0) & (right >= 0))
    one, two = number[left[rows]], number[right[rows]]
    keys = (np.minimum(one, two).astype(np.int64) << 32) | np.maximum(one, two)
    order = np.argsort(keys)
    pairs, rows = Pairs.from_keys(keys[order]), rows[order]
    scores, *others = (
        Scores(pairs, said.probabilities[rows], said.relations[rows].copy()) for said in state.said
    )
    bits = (records.axis_bits(said.ignored) for said in state.said[1:])
    adaptation = None if state.adaptation is None else Adaptation.of(state.adaptation)
    return Answers(scores, tuple(zip(bits, others, strict=True)), adaptation)


def asks_the_same(state: State, records: Records, questions: tuple[int, ...]) -> bool:
    """Return whether families are made of the same questions as they were."""
    asked = [said.ignored for said in state.said[1:]]
    return asked == [_names(records, ignored) for ignored in questions]


def join_answers(known: Answers, new: Answers) -> Answers:
    """Return what was said of two sets of pairs that have none in common."""
    kinships = tuple(
        (ignored, _join(scores, others))
        for (ignored, scores), (_, others) in zip(known.kinships, new.kinships, strict=True)
    )
    adaptation = known.adaptation or new.adaptation
    scores = _join(known.scores, new.scores)
    return Answers(scores, kinships, adaptation, samples=new.samples)


def pick(answers: Answers, chosen: Bools) -> Answers:
    """Return what was said of the chosen pairs, shape (n_pairs,)."""
    kinships = tuple((ignored, scores.take(chosen)) for ignored, scores in answers.kinships)
    return Answers(answers.scores.take(chosen), kinships, answers.adaptation)


def _join(one: Scores, two: Scores) -> Scores:
    keys = np.concatenate([one.pairs.keys(), two.pairs.keys()])
    order = np.argsort(keys)
    return Scores(
        Pairs.from_keys(keys[order]),
        np.concatenate([one.probabilities, two.probabilities])[order],
        np.concatenate([one.relations, two.relations])[order],
    )


def _names(records: Records, ignored: int) -> tuple[str, ...]:
    return tuple(sorted(a for bit, a in enumerate(records.axes) if ignored >> bit & 1))
