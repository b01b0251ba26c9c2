"""Run the blockers, join what they propose, and keep to the budget."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from matcher.beside import do_all
from matcher.blocking.brand import BrandBlocker
from matcher.blocking.codes import CodesBlocker
from matcher.blocking.embedding import EmbeddingBlocker
from matcher.blocking.estimate import estimate
from matcher.blocking.fusion import Union, unite, weight_of, within_budget
from matcher.blocking.inverted import InvertedIndexBlocker
from matcher.blocking.lexical import ConcatEncoder, LexicalEncoder
from matcher.blocking.neighbourhood import SortedNeighbourhoodBlocker
from matcher.blocking.semantic import SentenceEncoder
from matcher.blocking.shared import is_allowed
from matcher.blocking.threads import n_threads
from matcher.blocking.weak import drop_weak
from matcher.errors import SettingsError, nearest
from matcher.progress import Progress, silent
from matcher.settings import BlockingSettings
from matcher.types import Blocker, Bools, Candidates, Encoder, Pairs, Proposal, Records

SMALL = 10_000
"""Records up to which the lexical embedding is searched too: exact search is quadratic, and at
10,000 records takes as long as all else together."""

MEDIUM = 50_000
"""Records above which each blocker proposes no more than the budget, and rarer 3-grams suffice: at
100,000 lifelike offers half the time, and .946 instead of .934 of the matches."""

MEDIUM_GRAMS = 500
"""Distinct texts of a 3-gram that is looked up in a catalogue above `MEDIUM`."""

LARGE = 200_000
"""Records above which words and keys carry the load, for there are too few rare 3-grams, and weak
pairs of words are dropped; see docs/decisions/0051-stems.md."""

WORDS = "inverted-index"
"""The blocker of words, which proposes most pairs."""

MAX_BLOCKERS = 32
"""`Candidates.proposed_by` has a bit for each."""


def default_blockers(
    records: Records,
    settings: BlockingSettings,
    seed: int,
    threads: int = 0,
    semantic: Encoder | None = None,
    asked: Bools | None = None,
) -> tuple[Blocker, ...]:
    """Return the blockers that `settings` names, or the mix for this number of records.

    Parameters
    ----------
    records : Records
        All records of the run.
    settings : BlockingSettings
        Names, limits, and the semantic encoder.
    seed : int
        Of everything random.
    threads : int
        Worker threads; 0 takes all cores.
    semantic : Encoder | None
        Stands for the one that `settings` names, where its vectors are known already.
    asked : Bools | None
        Shape (n_records,): the records whose candidates are wanted; None is all.

    Raises
    ------
    SettingsError
        A blocker is unknown, or a limit is impossible.
    """
    _check_limits(settings)
    encoder = _encoder(settings, seed, semantic)
    makers = _makers(len(records), settings, encoder, seed, threads)
    makers |= {name: partial(_asked_only, maker, asked) for name, maker in makers.items()}
    names = settings.blockers or default_names(len(records), settings)
    for name in names:
        if name not in makers:
            raise SettingsError(
                f"blocking.blockers: no blocker has this name, got {name!r}."
                f"{nearest(name, makers)} Use any of {', '.join(makers)}."
            )
    return tuple(makers[name]() for name in dict.fromkeys(names))


def block(
    records: Records,
    blockers: Sequence[Blocker],
    settings: BlockingSettings,
    progress: Progress = silent,
    asked: Bools | None = None,
    threads: int = 1,
) -> Candidates:
    """Propose candidate pairs.

    Parameters
    ----------
    records : Records
        All records of the run.
    blockers : Sequence[Blocker]
        At most 32, with different names.
    settings : BlockingSettings
        `pairs_per_record` is the budget: it times the number of records (of left records when
        linking) pairs are kept at most, the strongest in fused strength.
    progress : Progress
        Told of every blocker that is done.
    asked : Bools | None
        Shape (n_records,): only pairs of these records with any are wanted; None is all.
    threads : int
        Those that the run may use, 0 being all cores: with several, two blockers run at once.

    Raises
    ------
    SettingsError
        Too many blockers, two of one name, or an impossible limit.
    """
    _check_limits(settings)
    names = _check_names(blockers)
    foresee = partial(estimate, records, blockers, settings) if asked is None else dict[str, Any]
    expected, proposals, strays = _propose(records, blockers, progress, asked, threads, foresee)
    weights = [weight_of(name) for name in names]
    if len(records) > LARGE and WORDS in names:
        proposals = drop_weak(proposals, weights, names.index(WORDS), len(records))
    union = unite(proposals, weights)
    counted = records.sources == 0 if records.is_link else np.ones(len(records), np.bool_)
    n_counted = int((counted if asked is None else counted & asked).sum())
    budget = settings.budget * n_counted
    kept = within_budget(union, len(records), budget)
    pairs = Pairs(union.pairs.left[kept], union.pairs.right[kept])
    report = {
        "estimate": expected,
        "budget": {"pairs_per_record": settings.budget, "pairs": budget},
        "pairs": len(pairs),
        "dropped": {"over_budget": len(union.pairs) - len(pairs), "not_across_sources": strays},
        "blockers": _report_blockers(names, proposals, union, kept),
    }
    return Candidates(pairs, union.proposed_by[kept], names, report)


def _propose(
    records: Records,
    blockers: Sequence[Blocker],
    progress: Progress,
    asked: Bools | None,
    threads: int,
    foresee: Callable[[], dict[str, Any]],
) -> tuple[dict[str, Any], list[Proposal], int]:
    """Run the blockers; return what is foreseen, what this run can have, and how many other pairs.

    One thread takes the first that waits, the other foresees and then takes the last: words and
    3-grams take longest.
    """
    found: dict[int, tuple[Proposal, int]] = {}
    waiting = deque(enumerate(blockers))

    def work(take: Callable[[], tuple[int, Blocker]], tell: Progress) -> None:
        while True:
            try:
                place, blocker = take()
            except IndexError:  # nothing waits any more
                return
            found[place] = _only_allowed(records, blocker.propose(records), asked)
            tell("blocking", len(found), len(blockers))

    def work_beside() -> dict[str, Any]:
        """Foresee, and then take the last that waits."""
        expected = foresee()
        if threads != 1:
            work(waiting.pop, silent)
        return expected

    progress("blocking", 0, len(blockers))
    expected, _ = do_all([work_beside, partial(work, waiting.popleft, progress)], threads)
    if threads != 1:  # what the other thread did was not told
        progress("blocking", len(found), len(blockers))
    answers = [found[place] for place in range(len(blockers))]
    return expected, [proposal for proposal, _ in answers], sum(strays for _, strays in answers)


def _makers(
    n_records: int, settings: BlockingSettings, encoder: Encoder, seed: int, threads: int
) -> dict[str, Callable[[], Blocker]]:
    # Twice the budget: the fusion chooses well only among more than it may keep
    k = settings.budget * (2 if n_records <= MEDIUM else 1)
    limit = settings.max_block
    of_grams = limit if n_records <= MEDIUM else min(limit, MEDIUM_GRAMS)
    each = n_threads(threads)
    if n_records <= LARGE:  # words and 3-grams are looked up at once
        each = max(each // 2, 1)
    return {
        WORDS: lambda: InvertedIndexBlocker(WORDS, "whole", k=k, max_block=limit, threads=each),
        "grams": lambda: InvertedIndexBlocker(
            "grams", "grams", k=k, max_block=of_grams, threads=each
        ),
        "models": lambda: InvertedIndexBlocker(
            "models", "models", k=k, max_block=limit, threads=each
        ),
        "codes": lambda: CodesBlocker(),
        "brand": lambda: BrandBlocker(),
        "sorted-neighbourhood": lambda: SortedNeighbourhoodBlocker(),
        "embedding": lambda: EmbeddingBlocker(encoder, k=k, seed=seed, threads=threads),
    }


def default_names(n_records: int, settings: BlockingSettings) -> tuple[str, ...]:
    """Return the blockers of the mix for this number of records."""
    names = [WORDS, "models", "codes"]
    if n_records <= LARGE:
        names.append("grams")
    if n_records <= SMALL or settings.encoder:
        names.append("embedding")
    return tuple(names)


def _encoder(settings: BlockingSettings, seed: int, semantic: Encoder | None) -> Encoder:
    lexical = LexicalEncoder(seed=seed)
    if not settings.encoder:
        return lexical
    semantic = semantic or SentenceEncoder(settings.encoder)
    return ConcatEncoder(semantic, lexical, settings.encoder_weight)


def _check_limits(settings: BlockingSettings) -> None:
    for name, value, least in (
        ("pairs_per_record", settings.budget, 1),
        ("max_block", settings.max_block, 2),
    ):
        if value < least:
            raise SettingsError(
                f"blocking.{name}: must be {least} or more, got {value}. Choose a larger number."
            )


def _check_names(blockers: Sequence[Blocker]) -> tuple[str, ...]:
    names = tuple(blocker.name for blocker in blockers)
    if not 1 <= len(names) <= MAX_BLOCKERS:
        raise SettingsError(
            f"blockers: must be 1 to {MAX_BLOCKERS}, got {len(names)}. "
            "Leave blocking.blockers empty for the default mix."
        )
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise SettingsError(
            f"blockers: names must differ, got {repeated[0]!r} more than once. "
            "Give each blocker a name of its own."
        )
    return names


def _only_allowed(
    records: Records, proposal: Proposal, asked: Bools | None
) -> tuple[Proposal, int]:
    """Return the proposal without pairs that this run cannot have, and how many these were."""
    left, right = proposal.pairs.left, proposal.pairs.right
    allowed = is_allowed(records, left, right)
    wanted = allowed if asked is None else allowed & (asked[left] | asked[right])
    if wanted.all():
        return proposal, 0
    kept = Proposal(proposal.pairs.take(wanted), proposal.strength[wanted], proposal.report)
    return kept, int((~allowed).sum())


def _asked_only(make: Callable[[], Blocker], asked: Bools | None) -> Blocker:
    """Make a blocker, which looks only for what is asked if it can: that is most of its work."""
    blocker = make()
    return replace(blocker, asked=asked) if isinstance(blocker, InvertedIndexBlocker) else blocker


def _report_blockers(
    names: Sequence[str], proposals: Sequence[Proposal], union: Union, kept: np.ndarray[Any, Any]
) -> dict[str, Any]:
    bits = union.proposed_by[kept]
    return {
        name: {
            "proposed": len(proposal.pairs),
            "kept": int((bits >> np.uint32(number) & 1).sum()),
            "kept_that_no_other_proposed": int((bits == np.uint32(1 << number)).sum()),
            **proposal.report,
        }
        for number, (name, proposal) in enumerate(zip(names, proposals, strict=True))
    }
