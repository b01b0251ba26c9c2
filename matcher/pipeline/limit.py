"""How much memory a run may take, and what it does to keep to that."""

import math
from dataclasses import asdict, replace
from typing import Any

from matcher.engine.shelf import Shelf
from matcher.errors import SettingsError
from matcher.memory import peak_bytes, spell_bytes
from matcher.settings import Settings
from matcher.types import Catalogue, Notice

BASE = 600_000_000
"""Bytes of the program, its libraries, and what is learned from samples of any catalogue."""

PER_RECORD, PER_BYTE = 2_000, 8
"""What a run takes for each record, and for each byte of the catalogue as it was read."""

LEAST_PER_RECORD, LEAST_PER_BYTE = 800, 3
"""The same where all large arrays lie in files: what is being worked on has to be in memory."""


def limited(catalogue: Catalogue, settings: Settings) -> tuple[Catalogue, Shelf]:
    """Return the catalogue, in a file if need be, and where arrays go for which there is no room.

    Raises
    ------
    SettingsError
        The limit is less than the catalogue needs at least.
    """
    shelf = make_shelf(len(catalogue.parts), int(catalogue.table.nbytes), settings.memory)
    if not shelf.is_open:
        return catalogue, shelf
    return replace(catalogue, table=shelf.put(catalogue.table)), shelf


def make_shelf(n_records: int, n_bytes: int, limit: int) -> Shelf:
    """Return where arrays go for which there is no room.

    Parameters
    ----------
    n_records, n_bytes : int
        Records of the catalogue, and bytes of it as it was read.
    limit : int
        Bytes that the process is to keep to; 0 is no limit.

    Raises
    ------
    SettingsError
        The limit is less than such a catalogue needs at least.
    """
    expected = BASE + n_records * PER_RECORD + n_bytes * PER_BYTE
    least = BASE + n_records * LEAST_PER_RECORD + n_bytes * LEAST_PER_BYTE
    if 0 < limit < least:
        raise SettingsError(
            f"memory: {n_records:,} records need at least {spell_bytes(least)}, and "
            f"{spell_bytes(expected)} to be quick, got {spell_bytes(limit)}. Raise the limit, or "
            "leave it out."
        )
    return Shelf(limit, is_open=0 < limit < expected, expected=expected)


def describe_memory(shelf: Shelf) -> dict[str, Any]:
    """Return the limit and what became of it, ready for ``run.json``; nothing without a limit."""
    if not shelf.limit:
        return {}
    return {
        "memory": {
            "limit_mb": shelf.limit / 1e6,
            "expected_mb": shelf.expected / 1e6,
            "in_files_mb": shelf.n_bytes / 1e6,
        }
    }


def over_memory(limit: int) -> Notice | None:
    """Return what there is to say if the process took more than a limit; 0 is none."""
    peak = peak_bytes()
    if not 0 < limit < peak:  # an unknown peak is NaN
        return None
    message = (
        f"memory: the process took {spell_bytes(peak)}, more than the limit of "
        f"{spell_bytes(limit)}. Leave it that much, or give a lower limit."
    )
    return Notice("over_memory", message, 1)


def state_peak(run: dict[str, Any], shelf: Shelf) -> None:
    """Write the most memory that the run took into its report, and a notice if that is too much."""
    peak = peak_bytes()
    if math.isnan(peak):
        return
    run["peak_mb"] = peak / 1e6
    if notice := over_memory(shelf.limit):
        run["notices"].append(asdict(notice))
