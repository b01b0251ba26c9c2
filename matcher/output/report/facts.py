"""How the report writes numbers and settings."""

import json
from collections.abc import Mapping
from typing import Any


def as_number(value: float | None) -> str:
    """Return a count, or a dash where it is unknown.

    Examples
    --------
    >>> as_number(12345), as_number(None)
    ('12,345', '-')
    """
    return "-" if value is None else f"{value:,.0f}"


def as_counted(value: int, noun: str, plural: str = "") -> str:
    """Return a count and what is counted.

    Examples
    --------
    >>> as_counted(1, "record"), as_counted(2, "record"), as_counted(0, "family", "families")
    ('1 record', '2 records', '0 families')
    """
    return f"{as_number(value)} {noun if value == 1 else plural or noun + 's'}"


def as_percent(share: float | None, digits: int = 0) -> str:
    """Return a share in percent that is 0 or 100 only where it is exactly.

    Examples
    --------
    >>> as_percent(0.5), as_percent(0.9999), as_percent(0.0001), as_percent(1.0, 1)
    ('50 %', '> 99 %', '< 1 %', '100 %')
    """
    if share is None:
        return "-"
    least = 10.0**-digits
    percent = 100 * share
    if percent in (0, 100):
        return f"{percent:.0f} %"
    if percent < least / 2:
        return f"< {least:.{digits}f} %"
    if percent > 100 - least / 2:
        return f"> {100 - least:.{digits}f} %"
    return f"{percent:.{digits}f} %"


def as_seconds(seconds: float) -> str:
    """Return a span of time.

    Examples
    --------
    >>> as_seconds(0.0321), as_seconds(75.2), as_seconds(4000)
    ('0.03 s', '75 s', '67 min')
    """
    if seconds >= 600:
        return f"{seconds / 60:,.0f} min"
    return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.2f} s"


def as_text(value: Any) -> str:
    """Return a setting or another value as one line.

    Examples
    --------
    >>> as_text(["color", "size"]), as_text({"pairs": 1000}), as_text(None), as_text([])
    ('color, size', 'pairs 1,000', 'not set', 'none')
    """
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value or "not set"
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Mapping):
        said = (f"{str(name).replace('_', ' ')} {as_text(one)}" for name, one in value.items())
        return ", ".join(said) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(as_text(one) for one in value) or "none"
    return json.dumps(value)
