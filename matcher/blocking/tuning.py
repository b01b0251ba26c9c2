"""A sentence-transformers model is tuned on labelled titles, by multiple-negatives ranking.

The loop is our own: the trainer of sentence-transformers needs `datasets` and `accelerate`, which
its plain installation does not bring.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csr_array

from matcher.blocking.semantic import load_model, title_texts
from matcher.blocking.threads import n_threads
from matcher.errors import LabelsError
from matcher.progress import Progress, silent
from matcher.types import DIFFERENT, EXACT, Bools, Ints, Labels, Longs, Records

LEAST_PAIRS = 20
"""Exact pairs of different titles below which nothing is tuned."""

LEAST_STEPS = 16
"""One pass over the pairs, and as many more as it takes to make so many steps."""

BATCH = 32
"""Pairs in a step: the titles of the others are the negatives of each."""

LEARNING_RATE = 5e-5
"""One pass at 5e-5 does nearly what three do at 2e-5, in a third of the time (decision 0020)."""

WARM_UP = 0.1
"""Share of the steps in which the learning rate rises; then it falls to 0."""

SCALE = 20.0
"""Of the cosines in the loss, as in sentence-transformers."""


@dataclass(frozen=True, slots=True)
class TitlePairs:
    """What labels say of titles.

    Attributes
    ----------
    texts : Sequence[str]
        Different titles.
    left, right : Ints
        Shape (n_pairs,): titles of exact pairs, never equal or empty.
    groups : Ints
        Shape (n_texts,): titles that labels join, as exact or as variant, have one number. They
        are never each other's negatives.
    apart : csr_array
        Shape (n_texts, n_texts): 1 where a pair is labelled different, both ways.
    n_skipped : int
        Exact pairs of equal or empty titles.
    """

    texts: Sequence[str]
    left: Ints
    right: Ints
    groups: Ints
    apart: csr_array
    n_skipped: int

    @property
    def n_apart(self) -> int:
        """Number of pairs of titles that are labelled different, one of them in an exact pair."""
        is_used = np.zeros(len(self.texts), np.bool_)
        is_used[self.left] = is_used[self.right] = True
        first, second = self.apart.nonzero()
        return int(((first < second) & (is_used[first] | is_used[second])).sum())


def title_pairs(records: Records, labels: Labels) -> TitlePairs:
    """Return what labels say of the titles of their records.

    Raises
    ------
    LabelsError
        There are fewer than `LEAST_PAIRS` exact pairs of different titles.
    """
    unique = title_texts(records).dictionary_encode()
    texts, number = unique.dictionary.to_pylist(), np.asarray(unique.indices)
    left, right = number[labels.pairs.left], number[labels.pairs.right]
    is_empty = np.array([text == "" for text in texts], np.bool_)
    is_told = (left != right) & ~is_empty[left] & ~is_empty[right]
    is_exact = labels.relations == EXACT
    kept = is_exact & is_told
    n_pairs, n_skipped = int(kept.sum()), int((is_exact & ~is_told).sum())
    if n_pairs < LEAST_PAIRS:
        raise LabelsError(
            f"labels: an encoder is tuned on at least {LEAST_PAIRS} exact pairs of different "
            f"titles, got {n_pairs}, and {n_skipped} of equal or empty titles. Label more exact "
            "pairs."
        )
    from scipy.sparse.csgraph import connected_components

    is_joined = labels.relations != DIFFERENT
    joined = _matrix(left, right, is_joined, len(texts))
    groups = connected_components(joined, directed=False)[1].astype(np.int32)
    is_apart = ~is_joined & is_told & (groups[left] != groups[right])
    apart = _matrix(left, right, is_apart, len(texts))
    return TitlePairs(texts, left[kept], right[kept], groups, apart, n_skipped)


def _matrix(left: Ints, right: Ints, chosen: Bools, size: int) -> csr_array:
    first, second = np.concatenate([left, right]), np.concatenate([right, left])
    rows = np.flatnonzero(np.concatenate([chosen, chosen]))
    ones = np.ones(len(rows), np.int8)
    return csr_array(coo_array((ones, (first[rows], second[rows])), shape=(size, size)))


def tune(
    path: str, pairs: TitlePairs, *, seed: int = 0, threads: int = 0, progress: Progress = silent
) -> tuple[Any, list[float]]:
    """Return a sentence-transformers model tuned on pairs of titles, and the loss of each step.

    Of the titles of a batch, each is to be nearest to that of its exact pair, among those of all
    other pairs, and of one that is labelled different from it where there is one. It runs on the
    CPU; the same seed gives the same model on the same machine with the same number of threads.

    Parameters
    ----------
    path : str
        Path or hub name of the model to start from, which is not changed.
    pairs : TitlePairs
        What it is to learn.
    seed : int
        Of the order of pairs, the choice of negatives, and dropout.
    threads : int
        Of torch; 0 takes all cores.
    progress : Progress
        Told of every step.

    Raises
    ------
    MissingExtraError
        sentence-transformers is not installed.
    SettingsError
        The model cannot be loaded.

    References
    ----------
    Henderson et al., Efficient Natural Language Response Suggestion for Smart Reply, 2017.
    """
    model = load_model(path, where="encoder", device="cpu")
    import torch

    before, losses = torch.get_num_threads(), []
    torch.set_num_threads(n_threads(threads))
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
            batches = _batches(pairs, np.random.default_rng(seed))
            model.train()
            for step, (rows, negatives) in enumerate(batches):
                progress("tuning", step, len(batches))
                for group in optimizer.param_groups:
                    group["lr"] = LEARNING_RATE * _rate(step, len(batches))
                loss = _loss(model, pairs, rows, negatives)
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                losses.append(float(loss.detach()))
            model.eval()
    finally:
        torch.set_num_threads(before)
    progress("tuning", len(batches), len(batches))
    return model, losses


def _rate(step: int, steps: int) -> float:
    """Return the share of the learning rate at a step."""
    rising = max(round(WARM_UP * steps), 1)
    return min((step + 1) / rising, (steps - step) / (steps - rising + 1))


def _batches(pairs: TitlePairs, rng: np.random.Generator) -> list[tuple[Longs, Longs]]:
    """Return the pairs of each step, and the titles that are labelled different from theirs."""
    n_pairs = len(pairs.left)
    n_steps = max(n_pairs // BATCH, 1)
    batches = []
    for _ in range(math.ceil(LEAST_STEPS / n_steps)):
        order, negatives = rng.permutation(n_pairs), _negatives(pairs, rng)
        for rows in np.array_split(order, n_steps):
            chosen = negatives[rows]
            batches.append((rows, np.unique(chosen[chosen >= 0])))
    return batches


def _negatives(pairs: TitlePairs, rng: np.random.Generator) -> Longs:
    """Return a title labelled different from either of each pair; -1 where there is none."""
    starts, counts = pairs.apart.indptr, np.diff(pairs.apart.indptr)
    n_left, n_right = counts[pairs.left], counts[pairs.right]
    drawn = np.floor(rng.random(len(pairs.left)) * (n_left + n_right)).astype(np.int64)
    of_left, of_right = starts[pairs.left] + drawn, starts[pairs.right] + drawn - n_left
    place = np.where(drawn < n_left, of_left, of_right)
    found = np.full(len(pairs.left), -1, np.int64)
    has_one = n_left + n_right > 0
    found[has_one] = pairs.apart.indices[place[has_one]]
    return found


def _loss(model: Any, pairs: TitlePairs, rows: Longs, negatives: Longs) -> Any:
    """Return the loss of a batch: the mean of both directions, from left to right and back."""
    import torch

    left, right = pairs.left[rows], pairs.right[rows]
    numbers = np.concatenate([left, right, negatives])
    vectors = _embed(model, [pairs.texts[number] for number in numbers])
    n_pairs, groups = len(rows), pairs.groups[numbers]
    sides = (np.arange(n_pairs), np.arange(n_pairs, 2 * n_pairs))
    others, target = np.arange(2 * n_pairs, len(numbers)), torch.arange(n_pairs)
    loss = torch.zeros(())
    for anchors, answers in (sides, sides[::-1]):
        documents = np.concatenate([answers, others])
        cosines = SCALE * vectors[anchors] @ vectors[documents].T
        is_same = groups[anchors][:, None] == groups[documents]
        is_same[np.arange(n_pairs), np.arange(n_pairs)] = False
        cosines = cosines.masked_fill(torch.from_numpy(is_same), -torch.inf)
        loss = loss + torch.nn.functional.cross_entropy(cosines, target) / 2
    return loss


def _embed(model: Any, texts: list[str]) -> Any:
    """Return vectors of length 1, with gradients."""
    import torch

    prompt = model.prompts.get(model.default_prompt_name, "")  # which `encode` puts in front too
    # `tokenize` until 5, `preprocess` from 6 on
    prepare = getattr(model, "preprocess", None) or model.tokenize
    prepared = prepare([f"{prompt}{text}" for text in texts])
    return torch.nn.functional.normalize(model(prepared)["sentence_embedding"], dim=1)
