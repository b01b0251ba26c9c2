"""Drop the hopeless candidates of a large catalogue by quick comparisons, before the costly ones.

See docs/decisions/0025-sieve.md.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from matcher.classify import learn_sieve
from matcher.pipeline.judge import Judge
from matcher.pipeline.stages import choose_candidates
from matcher.types import Bools, Pairs

MANY = 200_000
"""Candidates from which dropping some is worth its trouble."""

N_SAMPLE = 40_000
"""Candidates from which the sieve learns, half of them to choose how much to drop."""


def sift(judge: Judge, questions: tuple[int, ...]) -> Judge:
    """Return a judge whose candidates may be exact, or of one family under these questions."""
    candidates, seed = judge.candidates, judge.prepared.settings.seed
    if len(candidates) < MANY:
        return judge
    quick = judge.comparisons(0).quick()
    sample = choose_candidates(candidates, N_SAMPLE, seed + 1)  # not those of the places
    look = judge.look_at(sample, questions)
    features = quick.compare(sample)
    learners = (partial(learn_sieve, features, said, seed) for said in (look.same, *look.related))
    sieves = judge.prepared.engine.together(*learners)

    def is_kept(chunk: Pairs) -> Bools:
        seen = quick.compare(chunk)
        return np.asarray(np.any([sieve.keeps(seen) for sieve in sieves], axis=0))

    kept = np.concatenate(judge.prepared.engine.map_chunks("sifting", is_kept, candidates))
    return replace(judge, candidates=candidates.take(kept))
