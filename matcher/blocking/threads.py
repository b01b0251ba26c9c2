"""How many threads a library may use."""

import os


def n_threads(threads: int) -> int:
    """Return `threads`, or the number of cores that this process may use where it is 0.

    Examples
    --------
    >>> n_threads(3)
    3
    """
    if threads > 0:
        return threads
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
