"""What the report says of the catalogue as it came in."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any


def view_reading(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was read and what is wrong with it, for the template."""
    names, rows = run.get("input_names", ()), run.get("input_rows", ())
    return {
        "inputs": [(PurePath(name).name, n) for name, n in zip(names, rows, strict=True)],
        "columns": run.get("attributes", ()),
        "notices": run.get("notices", ()),
        "dropped": list(_dropped(run.get("dropped", {}))),
        "id": run.get("settings", {}).get("id", ""),
        "source": run.get("settings", {}).get("source", ""),
    }


def _dropped(dropped: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield what was left out on the way: stage, reason and count."""
    for stage, reasons in dropped.items():
        for reason, count in reasons.items():
            if count:
                yield stage, str(reason).replace("_", " "), count
