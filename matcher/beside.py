"""Do one thing on a second thread while the caller does another."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

_Result = TypeVar("_Result")


class Start(Protocol):
    """Starts work, and returns what waits for its end and gives what it returned, or raises."""

    def __call__(self, work: Callable[[], _Result], /) -> Callable[[], _Result]:
        """Start `work`."""


@contextmanager
def second_thread(threads: int) -> Iterator[Start]:
    """Give what starts work on a second thread; one piece of work is done after the other.

    Work that releases the GIL, as sorts and the kernels of Arrow do, gains from it.

    Parameters
    ----------
    threads : int
        Those that the run may use; with 1 the caller does the work at once, 0 is any number.

    Examples
    --------
    >>> with second_thread(0) as start:
    ...     total = start(lambda: sum(range(10)))
    ...     total()
    45
    """
    if threads == 1:
        yield _do_at_once
        return
    pool = ThreadPoolExecutor(1, thread_name_prefix="matcher-beside")
    try:
        yield lambda work: pool.submit(work).result
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()  # what was started is done: its results may be asked for later


def _do_at_once(work: Callable[[], _Result], /) -> Callable[[], _Result]:
    result = work()
    return lambda: result


def do_all(works: Sequence[Callable[[], Any]], threads: int) -> list[Any]:
    """Do all of these at once, on as many threads as the run may use, and return their answers.

    The last one is done by the caller, as must be what tells of its progress.

    Parameters
    ----------
    works : Sequence[Callable[[], Any]]
        Those that take long go first.
    threads : int
        With 1 the caller does one after the other; 0 is any number.

    Raises
    ------
    BaseException
        What the last of them raised, or the first that failed; those that have begun come to their
        end, and those that have not are never begun.
    """
    if threads == 1:
        return [work() for work in works]
    pool = ThreadPoolExecutor(threads or max(len(works), 1), thread_name_prefix="matcher-beside")
    try:
        begun = [pool.submit(work) for work in works[:-1]]
        last = [work() for work in works[-1:]]
        return [*(one.result() for one in begun), *last]
    finally:
        pool.shutdown(cancel_futures=True)
