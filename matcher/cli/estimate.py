"""Estimate from labels how good a result is that was written."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.cli.screen import make_table, out, say_warnings
from matcher.errors import SettingsError

if TYPE_CHECKING:
    from matcher.evaluation import Interval
    from matcher.pipeline import Estimate

KINDS = {
    "match": "duplicate groups",
    "family": "families",
    "match_pairs": "exact pairs, before grouping",
    "family_pairs": "exact and variant pairs, before grouping",
}


def judge_result(
    folder: Path,
    truth: Path | None,
    labels: Path | None,
    *,
    id_column: str,
    as_json: bool,
    min_f1: float | None,
) -> bool:
    """Print how good a result is, by the truth or by labels; return whether it is as good as asked.

    Parameters
    ----------
    folder : Path
        What `MatchResult.write` wrote.
    truth, labels : Path | None
        One of the two.
    id_column, as_json, min_f1
        As for `evaluate_result`; the F1 of labels is the estimate itself.

    Raises
    ------
    SettingsError
        Both or none are given, or an F1 is asked for that the labels cannot give.
    """
    from matcher.cli.evaluate import evaluate_result

    if truth is not None and labels is None:
        return evaluate_result(folder, truth, id_column=id_column, as_json=as_json, min_f1=min_f1)
    if labels is None or truth is not None:
        raise SettingsError(
            f"evaluate: one of --truth and --labels is needed, got {'both' if truth else 'none'}. "
            "Give --labels FILE for labels of a random sample."
        )
    from matcher import pipeline

    found = pipeline.estimate(folder, labels)
    if as_json:
        out().print(json.dumps(found.to_dict(), indent=2), soft_wrap=True)
    else:
        say_warnings([notice.message for notice in found.notices], str(labels))
        _show(found, f"{folder} by {labels}")
    if min_f1 is None:
        return True
    if found.match is None:
        raise SettingsError(
            "--min-f1: no label was drawn at random, so there is no F1, got labels without a "
            "stratum only. Draw some with 'matcher sample'."
        )
    return found.match.f1.value >= min_f1


def _show(found: "Estimate", title: str) -> None:
    rows = list(_rows(found))
    if rows:
        head = ("", "precision", "95 %", "recall", "95 %", "F1", "95 %")
        caption = f"{title}: estimated from {found.n_sampled:,} labels of {found.n_pairs:,} pairs"
        out().print(make_table(head, rows, title=caption, numbers=(1, 3, 5)))
    for line in _remarks(found):
        out().print(line, soft_wrap=True)


def _rows(found: "Estimate") -> Iterator[tuple[str, ...]]:
    for kind, words in KINDS.items():
        if (of := getattr(found, kind)) is not None:
            yield (words, *_cells(of.precision), *_cells(of.recall), *_cells(of.f1))


def _cells(interval: "Interval") -> tuple[str, str]:
    return f"{interval.value:.3f}", f"{interval.low:.3f} to {interval.high:.3f}"


def _remarks(found: "Estimate") -> Iterator[str]:
    """Yield what the figures are about, and what they are not."""
    if found.match is None:
        yield (
            "No label of a random sample is answered, so nothing can be estimated: draw pairs with "
            "'matcher sample', or answer more of 'matcher label'."
        )
    else:
        text = (
            "Recall is among the pairs that the labels were drawn from; those that blocking never "
            "proposed are not known."
        )
        if found.blocking_completeness is not None:
            text += (
                f" Blocking supposes that it proposed {found.blocking_completeness:.1%} of the "
                "true ones, which is too high as a rule."
            )
        yield text
        if found.n_here != found.n_pairs:
            yield (
                f"The result has {found.n_here:,} pairs that were compared or are in one family; "
                f"the labels were drawn from {found.n_pairs:,}."
            )
    if found.n_chosen:
        yield (
            f"{found.n_chosen:,} labels were chosen, not drawn at random. They are in no figure: "
            f"the groups agree with {found.n_agreeing:,} of them "
            f"({found.n_agreeing / found.n_chosen:.0%})."
        )
