"""What the report says of the candidates: who proposed them, and what may have been missed."""

from collections.abc import Mapping
from typing import Any

from matcher.output.report.charts import draw_blockers

N_PURGED = 10
"""Purged keys that are listed."""

HASHED = "3-gram number"
"""How keys begin whose letters are not kept: they tell a person nothing."""


def view_blocking(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return how pairs were proposed for comparison, for the template."""
    blockers = report.get("blockers", {})
    estimate = report.get("estimate") or {}
    completeness = estimate.get("completeness_of", {})
    rows = [
        {
            "name": name,
            "proposed": one.get("proposed", 0),
            "kept": one.get("kept", 0),
            "alone": one.get("kept_that_no_other_proposed", 0),
            "completeness": completeness.get(name) if one.get("proposed") else None,
            "purged": one.get("purged", {}).get("count", 0),
        }
        for name, one in blockers.items()
    ]
    drawn = [(row["name"], row["kept"], row["alone"]) for row in rows]
    purged = [
        (name, str(key["key"]), key.get("records", key.get("texts", 0)))
        for name, one in blockers.items()
        for key in one.get("purged", {}).get("largest", ())
        if not str(key["key"]).startswith(HASHED)
    ]
    return {
        "pairs": report.get("pairs"),
        "budget": report.get("budget", {}),
        "completeness": estimate.get("completeness", report.get("completeness")),
        "sampled": estimate.get("records_sampled"),
        "over_budget": report.get("dropped", {}).get("over_budget", 0),
        "rows": rows,
        "chart": any(kept for _, kept, _ in drawn) and draw_blockers("blockers", drawn),
        "purged": sorted(purged, key=lambda key: -key[2])[:N_PURGED],
    }
