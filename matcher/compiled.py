"""Compile a loop with numba: what `matcher.features` and `matcher.classify` have in common."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., Any])


def kernel(function: _Function) -> _Function:
    """Compile a function with numba, without the GIL, cached on disk."""
    return cast("_Function", numba.njit(nogil=True, cache=True)(function))
