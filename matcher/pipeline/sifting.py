"""Drop the hopeless candidates of a large catalogue by quick comparisons, before the costly ones.

See docs/decisions/0025-sieve.md.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from matcher.classify import Sieve, learn_sieve
from matcher.features import Compared, Comparisons
from matcher.pipeline.judge import Judge, Probabilities, look_of
from matcher.pipeline.stages import choose_candidates
from matcher.types import Bools, Pairs

MANY = 200_000
"""Candidates from which dropping some is worth its trouble."""

N_SAMPLE = 40_000
"""Candidates from which the sieve learns, half of them to choose how much to drop."""


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
    quick = judge.comparisons(0).quick()
    sieves = _learn(judge, quick, questions[:1])

    def keep(chunk: Pairs) -> tuple[Bools, Probabilities]:
        compared = Compared(chunk)
        seen = compared.by(quick)
        kept = np.any([sieve.keeps(seen) for sieve in sieves], axis=0)
        rest = compared.take(np.flatnonzero(kept), judge.comparisons(0))
        return kept, judge.look_at_compared(rest, questions)

    found = judge.prepared.engine.map_chunks("scoring", keep, candidates)
    kept = candidates.take(np.concatenate([kept for kept, _ in found]))
    seen = look_of(kept, questions, [said for _, said in found])
    return replace(judge, candidates=kept, seen=seen)


def _learn(judge: Judge, quick: Comparisons, questions: tuple[int, ...]) -> list[Sieve]:
    """Learn what foresees from quick comparisons what the judge will say, by question."""
    seed = judge.prepared.settings.seed
    sample = choose_candidates(judge.candidates, N_SAMPLE, seed + 1)  # not those of the places
    look = judge.look_at(sample, questions)
    features = quick.compare(sample)
    learners = (partial(learn_sieve, features, said, seed) for said in (look.same, *look.related))
    return judge.prepared.engine.together(*learners)
