"""The pairs among which questions are looked for, and what was said of them first."""

from zlib import crc32

import numpy as np

from matcher.classify import find_conflicts, to_scores
from matcher.labelling import Pool, make_pool
from matcher.pipeline.exact import judge_exact
from matcher.pipeline.recalling import Recalled
from matcher.pipeline.stages import Prepared
from matcher.types import DIFFERENT, RELATIONS, Ints, Longs, Pairs, Scores


def judge_first(recalled: Recalled, cuts: tuple[float, float]) -> tuple[Scores, float]:
    """Return what the prior says of all that it looked at, and how the catalogue shifts it."""
    prepared, look = recalled.judge.prepared, recalled.look
    same, found = judge_exact(recalled.judge, look)
    related = np.zeros(len(same)) if look.family is None else look.family
    conflicts = find_conflicts(prepared.records, look.pairs, prepared.ignoring.of_pairs(look.pairs))
    shift = 0.0 if found is None else found.shift
    return to_scores(look.pairs, same, related, conflicts, cuts), shift


def pool_of(prepared: Prepared, scores: Scores, without: Longs) -> tuple[Pool, Scores]:
    """Return the candidates among which questions are looked for, and what was said of them."""
    candidates = prepared.candidates.pairs
    every = scores_of(candidates.take(~np.isin(candidates.keys(), without)), scores)
    # Another model or catalogue has other strata: their names must not be mixed up.
    mark = crc32(every.pairs.keys().tobytes() + every.probabilities.tobytes())
    seed = prepared.settings.seed
    pool = make_pool(every.pairs, every.probabilities, seed, f"{mark:08x} ")
    return pool, scores_of(pool.pairs, every)


def scores_of(pairs: Pairs, scores: Scores) -> Scores:
    """Return the scores of pairs; those without one were dropped by the sieve as hopeless."""
    probabilities = np.zeros((len(pairs), len(RELATIONS)), dtype=np.float32)
    probabilities[:, DIFFERENT] = 1
    relations = np.full(len(pairs), DIFFERENT, dtype=np.int8)
    _, here, there = np.intersect1d(
        pairs.keys(), scores.pairs.keys(), assume_unique=True, return_indices=True
    )
    probabilities[here], relations[here] = scores.probabilities[there], scores.relations[there]
    return Scores(pairs, probabilities, relations)


def find_alike(prepared: Prepared, pool: Pool) -> Ints:
    """Return the properties of pairs of which questions should have many: see `Chooser`."""
    records, candidates = prepared.records, prepared.candidates
    properties = [records.brands[pool.pairs.left]]
    properties += [
        column.forms[pool.pairs.left]
        for column in records.columns
        if column.attribute.type == "category" and column.attribute.role == "identity"
    ][:1]
    kept = candidates.pairs.places_of(pool.pairs)
    blockers = np.unique(candidates.proposed_by[kept], return_inverse=True)[1]
    return np.stack([*properties, blockers]).astype(np.int32)
