"""Memory of this process: how much it takes, how much it may, and giving back what is free."""

import ctypes
import math
import re
import sys
from functools import cache
from typing import Protocol, TypeVar

_Value = TypeVar("_Value")

_PREFIXES = "kmgt"
_AMOUNT = re.compile(
    rf"([0-9]{{1,18}}(?:\.[0-9]*)?|\.[0-9]+)\s*(?:([{_PREFIXES}])(i?))?b?", re.IGNORECASE
)


def read_bytes(text: str) -> int:
    """Return the number of bytes that a text states, 0 if it states none.

    Examples
    --------
    >>> read_bytes("8GB"), read_bytes("2.5 GiB"), read_bytes("800m"), read_bytes("123456")
    (8000000000, 2684354560, 800000000, 123456)
    >>> read_bytes("much"), read_bytes("-1GB")
    (0, 0)
    """
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return 0
    power = _PREFIXES.index(found[2].lower()) + 1 if found[2] else 0
    return int(float(found[1]) * (1024 if found[3] else 1000) ** power)


def spell_bytes(n_bytes: float) -> str:
    """Return a number of bytes as people read it.

    Examples
    --------
    >>> spell_bytes(2.46e9), spell_bytes(812_345_678)
    ('2.5 GB', '812 MB')
    """
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.0f} MB"


def resident_bytes() -> int:
    """Return the memory that this process has now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - ten times as fast
            pages = int(file.read().split()[1])
    except OSError:
        return 0
    import resource

    return pages * resource.getpagesize()


def peak_bytes() -> float:
    """Return the most memory that this process has had so far; NaN where unknown.

    Linux tells it of the program that runs; ``getrusage`` there of the process, which may have been
    a larger one's before the program was started.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123 - as above
            return 1024.0 * next(int(line.split()[1]) for line in file if line[:6] == "VmHWM:")
    except (OSError, StopIteration):
        pass
    try:
        import resource
    except ImportError:  # Windows
        return math.nan
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak if sys.platform == "darwin" else peak * 1024)


class Keep(Protocol):
    """Returns a value as it is to be kept: in memory, or with its large arrays in files."""

    def __call__(self, value: _Value, /) -> _Value:
        """Return the value, equal in all that can be read of it."""


def in_memory(value: _Value, /) -> _Value:
    """Return the value as it is."""
    return value


def give_back() -> None:
    """Give memory that is free back to the system: allocators keep it for what may come.

    At a million offers they kept a third of all memory.
    """
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is not None:
        pyarrow.default_memory_pool().release_unused()
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> "ctypes._NamedFuncPointer | None":
    """Return glibc's ``malloc_trim``, None where there is another library."""
    try:
        return ctypes.CDLL("libc.so.6").malloc_trim
    except (OSError, AttributeError):
        return None
