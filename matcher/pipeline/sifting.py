"""Drop the hopeless candidates of a large catalogue by quick comparisons, before the costly ones.

See docs/decisions/0025-sieve.md.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from matcher.classify import Sieve, learn_sieve
from matcher.engine.local import CHUNK
from matcher.features import Compared, Comparisons, Remembered, costly
from matcher.pipeline.judge import Judge, Probabilities, look_of
from matcher.pipeline.stages import choose_candidates
from matcher.types import Bools, Floats, Pairs

MANY = 200_000
"""Candidates from which dropping some is worth its trouble."""

N_SAMPLE = 40_000
"""Candidates from which the sieve learns, half of them to choose how much to drop."""

N_AHEAD = 131_072
"""Candidates that are compared quickly while the sieve is learned, on one thread: that takes as
long, and their features 48 MB."""

MAYBE_AGAIN = 0.02
"""Probability from which a pair may be compared again: 95 % of those that are, of 100,000 lifelike
offers, and 290,000 of 430,000 pairs, of which 64 bytes each are kept."""


def sift(judge: Judge, questions: tuple[int, ...]) -> Judge:
    """Return a judge whose candidates may be exact, or of one family under the first question.

    It has looked at them: what is compared to find out which to keep need not be compared again.

    Parameters
    ----------
    judge : Judge
        The model and the catalogue.
    questions : tuple[int, ...]
        All questions of families that it will be asked, the widest first.
    """
    candidates = judge.candidates
    if len(candidates) < MANY:
        return judge
    judge.make_ready(questions)
    quick, engine = judge.comparisons(0).quick(), judge.prepared.engine
    head, rest = candidates.between(0, N_AHEAD), candidates.between(N_AHEAD, len(candidates))
    sieve, ahead = engine.together(
        _learning(judge, quick, questions[:1]),
        lambda: [Compared(chunk).having(quick) for chunk in head.chunks(CHUNK)],
    )

    def keep(compared: Compared) -> tuple[Bools, Probabilities, Remembered]:
        kept = sieve.keeps(compared.by(quick))
        likely = compared.take(np.flatnonzero(kept), judge.comparisons(0))
        said = judge.look_at_compared(likely, questions)
        again = np.flatnonzero(said[0] >= MAYBE_AGAIN)
        return kept, said, Remembered.of(likely.take(again, costs_much), costs_much)

    costs_much = costly(judge.comparisons(0))
    found = engine.each(keep, ahead)
    found += engine.map_chunks("scoring", lambda chunk: keep(Compared(chunk)), rest)
    kept = candidates.take(np.concatenate([kept for kept, *_ in found]))
    known, seen = engine.together(
        lambda: engine.shelf.put(Remembered.join([known for *_, known in found])),
        lambda: look_of(kept, questions, [said for _, said, _ in found]),
    )
    return replace(judge, candidates=kept, seen=seen, known=known)


def _learning(judge: Judge, quick: Comparisons, questions: tuple[int, ...]) -> Callable[[], Sieve]:
    """Return what learns to foresee from quick comparisons how likely a pair is at all."""
    seed, engine = judge.prepared.settings.seed, judge.prepared.engine
    sample = choose_candidates(judge.candidates, N_SAMPLE, seed + 1)  # not those of the places

    def look(chunk: Pairs) -> tuple[Floats, Probabilities]:
        compared = Compared(chunk)
        return compared.by(quick), judge.look_at_compared(compared, questions).max(axis=0)

    found = engine.map_chunks("scoring", look, sample)
    features, likely = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return partial(learn_sieve, features, likely, seed, engine.n_workers)
