"""How figures are written into the tables, and what stands below them."""

from collections.abc import Mapping, Sequence
from typing import Any

Line = Mapping[str, Any]
MISSING = "-"


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], note: str, lines: Sequence[Line]
) -> str:
    """Return a Markdown table with its notes below; columns of which nothing is known are left out.

    Examples
    --------
    >>> print(table(["a", "b", "c"], [["x", "-", "1"]], "Note.", []))
    | a | c |
    |---|---:|
    | x | 1 |
    <BLANKLINE>
    Note.
    """
    kept = [i for i in range(len(head)) if i == 0 or any(row[i] != MISSING for row in rows)]
    written = [[row[i] for i in kept] for row in [head, *rows]]
    texts = [f"| {' | '.join(cells)} |" for cells in written]
    texts.insert(1, "|---|" + "---:|" * (len(kept) - 1))
    return "\n".join([*texts, "", " ".join([note, *_origins(lines)])])


def _origins(lines: Sequence[Line]) -> list[str]:
    """Return on which machines, commits and days the lines were measured."""
    origins = dict.fromkeys(
        f"Measured {line['finished'][:10]} at {line['commit'] or 'an unknown commit'}"
        f"{' with changes' if line['has_changes'] else ''}, seeds "
        f"{', '.join(map(str, line['seeds']))}, on {line['machine']['cores']} cores "
        f"({line['machine']['cpu']})."
        for line in lines
    )
    return list(origins)


def percent(line: Line, name: str, digits: int = 1) -> str:
    """Return the mean of a figure in percent, with its spread where it was measured repeatedly.

    Examples
    --------
    >>> percent({"figures": {"f1": {"values": [0.9, 0.92], "mean": 0.91, "spread": 0.014}}}, "f1")
    '91.0 ± 1.4'
    """
    if name not in line["figures"]:
        return MISSING
    figure = line["figures"][name]
    mean = f"{100 * figure['mean']:.{digits}f}"
    repeated = len(figure["values"]) > 1
    return f"{mean} ± {100 * figure['spread']:.{digits}f}" if repeated else mean


def number(line: Line, name: str, digits: int) -> str:
    """Return the median of a figure."""
    if name not in line["figures"]:
        return MISSING
    return f"{line['figures'][name]['median']:,.{digits}f}"


def given(value: float | None) -> str:
    """Return a figure from elsewhere."""
    return MISSING if value is None else f"{value:.1f}"
