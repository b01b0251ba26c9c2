"""Threads for what parsing does side by side."""

import os
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, TypeVar

import pyarrow as pa

_Result = TypeVar("_Result")

LEAST_BYTES = 8 << 20
"""Bytes of a table that is worth threads: each keeps 20 MB, smaller ones take parts of a second."""


class _Caller(Executor):
    """Does everything at once, in the thread that asks for it."""

    def submit(
        self, function: Callable[..., _Result], /, *values: Any, **named: Any
    ) -> "Future[_Result]":
        done: Future[_Result] = Future()
        done.set_result(function(*values, **named))
        return done


def pool_for(table: pa.Table, threads: int) -> Executor:
    """Return so many threads, 0 being one for each core; of a small table the caller itself.

    Examples
    --------
    >>> with pool_for(pa.table({"title": ["tv"]}), threads=2) as pool:
    ...     pool.submit(len, "abc").result(), list(pool.map(len, ["a", "bc"]))
    (3, [1, 2])
    """
    return (
        _Caller() if table.nbytes < LEAST_BYTES else ThreadPoolExecutor(threads or os.cpu_count())
    )
