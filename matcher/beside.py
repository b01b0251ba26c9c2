"""Do one thing on a second thread while the caller does another."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol, TypeVar

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


def do_all(works: Sequence[Callable[[], object]], threads: int) -> None:
    """Do all of these, as many at a time as the run may use threads; 0 is any number.

    Raises
    ------
    BaseException
        What the first of them raised that failed; those that have begun come to their end.
    """
    pool = ThreadPoolExecutor(threads or max(len(works), 1), thread_name_prefix="matcher-beside")
    try:
        for done in [pool.submit(work) for work in works]:
            done.result()
    finally:
        pool.shutdown(cancel_futures=True)
