"""What the report says of the decisions: how sure they are, and what they rest on."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from matcher.output.report.charts import draw_curve, draw_evidence, draw_histogram

N_ROWS = 10
"""Rows of the table beside a histogram."""

QUESTIONS = {"one_product": "one product", "one_family": "one family"}


def view_deciding(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return how decisions came about, for the template."""
    decided, scores = run.get("deciding", {}), run["scores"]
    cuts = {
        "one_product": decided.get("threshold_exact"),
        "one_family": decided.get("threshold_family"),
    }
    has_variants = any(scores["one_family"]["variant"])
    shown = [
        name
        for name in QUESTIONS
        if any(map(any, scores[name].values())) and (has_variants or name == "one_product")
    ]
    evidence = run.get("evidence", ())
    return {
        "sureness": _sureness(run),
        "cuts": cuts,
        "histograms": [
            {
                "what": QUESTIONS[name],
                "chart": draw_histogram(name, scores[name], cuts[name], QUESTIONS[name]),
                "rows": _rows(scores[name]),
            }
            for name in shown
        ],
        "estimate": _estimate(run.get("estimate")),
        "labels": _labels(run.get("labels")),
        "evidence": evidence,
        "evidence_chart": evidence and draw_evidence("evidence", evidence),
        "properties": [one for one in run.get("properties", ()) if any(one["agreement"].values())],
    }


def _rows(counts: Mapping[str, list[int]]) -> list[tuple[str, int, int, int]]:
    """Return the pairs in `N_ROWS` steps: from - to, exact, variant, different."""
    sums = {
        name: np.array(counts[name]).reshape(N_ROWS, -1).sum(axis=1).tolist()
        for name in ("exact", "variant", "different")
    }
    names = (f"{step * 100 // N_ROWS} to {(step + 1) * 100 // N_ROWS} %" for step in range(N_ROWS))
    return list(zip(names, *sums.values(), strict=True))


def _sureness(run: Mapping[str, Any]) -> str:
    """Return where the threshold of exact pairs comes from, and whether it needs labels."""
    found = run.get("deciding", {}).get("adaptation")
    if found is None:
        return "The thresholds are the model's own, or those of the settings."
    if not found["shift"]:
        return "Too few pairs look exact to fit the threshold to this catalogue: it is the model's."
    text = (
        f"The model was fitted to this catalogue: {found['n_chosen']:,} candidates are taken as "
        f"exact; going by probabilities alone it would be {found['n_expected']:,}. "
    )
    is_unsure = any(notice["kind"] == "unsure_threshold" for notice in run.get("notices", ()))
    if is_unsure:
        return text + "The two are far apart: label some pairs for matcher train."
    return text + "The two agree, so labels are not needed for the threshold."


def _labels(labels: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return how decisions compare with labels; None where there are none."""
    if not labels:
        return None
    asked = [(what, labels[name]) for name, what in QUESTIONS.items() if labels.get(name)]
    drawn = [(what, one) for what, one in asked if one["curve"]]
    return {
        "n_labels": labels["n_labels"],
        "may_have_learned": labels["may_have_learned_from_them"],
        "questions": asked,
        "confusion": labels["confusion"],
        "chart": drawn and draw_curve("curve", drawn),
    }


def _estimate(estimate: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what a random sample tells of duplicate groups and families; None without one."""
    told = estimate or {}
    kinds = (("duplicate groups", told.get("match")), ("families", told.get("family")))
    shown = [(name, one) for name, one in kinds if one]
    if not shown:
        return None
    return {"n_sampled": told["n_sampled"], "n_pairs": told["n_pairs"], "kinds": shown}
