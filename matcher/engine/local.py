"""Run on this machine: chunks of pairs on a few threads, results in order."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from math import ceil
from typing import Any, TypeVar

from matcher.beside import do_all
from matcher.engine.shelf import Shelf
from matcher.memory import give_back
from matcher.progress import Progress, silent
from matcher.types import Pairs

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

CHUNK = 16_384
"""Most pairs in a chunk: 200 float32 features of it are 13 MB, and a progress bar moves often
enough."""

SMALLEST = 1_024
"""Least pairs of a chunk, however little memory there is: fewer are several times as slow."""

PAIR_BYTES = 8_000
"""What a pair takes on its way: its features for both questions, made one by one, then joined."""


@dataclass(frozen=True, slots=True)
class LocalEngine:
    """Threads of this process; what they run must release the GIL to gain from them.

    Attributes
    ----------
    threads : int
        Worker threads; 0 takes all cores that this process may use.
    progress : Progress
        Told of every finished chunk, from the caller's thread.
    shelf : Shelf
        Makes room after every chunk, if it has a limit; chunks are smaller then.
    """

    threads: int = 0
    progress: Progress = silent
    shelf: Shelf = field(default_factory=Shelf)

    @property
    def n_workers(self) -> int:
        """Number of threads that answer; a single one is the caller's own."""
        return self.threads or _n_cores()

    def map_chunks(
        self, stage: str, function: Callable[[Pairs], _Result], pairs: Pairs
    ) -> list[_Result]:
        """Return what `function` answers for each chunk of `pairs`, in order.

        Parameters
        ----------
        stage : str
            Name under which progress is told.
        function : Callable[[Pairs], _Result]
            Called from several threads at once.
        pairs : Pairs
            Cut into chunks of at most `CHUNK`, as many for each worker.
        """
        results: list[_Result] = []
        done = 0
        workers = self.n_workers
        most = _largest_chunk(self.shelf.limit, workers)
        chunks = list(pairs.chunks(_chunk_size(len(pairs), workers, most)))
        with self._mapped(function, chunks) as answers:
            for chunk, result in zip(chunks, answers, strict=True):
                results.append(result)
                done += len(chunk)
                self.progress(stage, done, len(pairs))
                self.shelf.make_room()
        if len(chunks) > workers:
            give_back()  # features of many chunks
        return results

    def each(self, function: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
        """Return what `function` answers for each of a few items, in order, called from threads."""
        with self._mapped(function, items) as answers:
            return list(answers)

    def together(self, *tasks: Callable[[], Any]) -> list[Any]:
        """Return what each task answers; the last one runs on the caller's thread."""
        return do_all(tasks, self.n_workers)

    @contextmanager
    def _mapped(
        self, function: Callable[[_Item], _Result], items: Sequence[_Item]
    ) -> Iterator[Iterable[_Result]]:
        # A single worker is the caller itself: of a few pairs, starting one costs the most.
        with ThreadPoolExecutor(self.n_workers) if self.n_workers > 1 else nullcontext() as pool:
            yield map(function, items) if pool is None else pool.map(function, items)


def _largest_chunk(limit: int, workers: int) -> int:
    """Return the most pairs of a chunk: those of all workers take a tenth of a limit at most."""
    if not limit:
        return CHUNK
    return max(min(limit // 10 // (workers * PAIR_BYTES), CHUNK), SMALLEST)


def _chunk_size(n_pairs: int, workers: int, most: int) -> int:
    """Return a size at which no worker is left with a chunk more than the others.

    48,000 pairs are three chunks of `CHUNK`, of which two workers take two and one: 132,000 pairs a
    second, and 180,000 with four chunks.

    Examples
    --------
    >>> _chunk_size(48_000, workers=2, most=16_384)
    12000
    """
    rounds = max(1, ceil(n_pairs / (workers * most)))
    return max(1, ceil(n_pairs / (workers * rounds)))


def _n_cores() -> int:
    """Return the number of cores that this process may use: a container has fewer than its host."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
