"""The charts of the report, drawn by matplotlib from numbers and our own words only.

No text of the catalogue is drawn: it may be of any length, in any script.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from matcher.output.report.svg import (
    ACCENT,
    DIFFERENT_COLOR,
    EXACT_COLOR,
    INK,
    PAPER,
    VARIANT_COLOR,
    to_svg,
)

WIDTH = 4.6  # inches at 72 points: as wide as a phone, so that letters stay readable
BOTTOM, RIGHT = 0.5, 0.3  # inches around the axes
SMALL = 10.0  # points; on a phone a point is about a pixel
ROW, BAR = 0.44, 0.4  # inches of a row, and the part of it that is its bar
MOST_SIZES = 10
"""Group sizes with a bar of their own; the larger ones share the last bar."""

# Outlines differ in their strokes too, for those who do not see the colours.
LOOKS = (
    ("different", DIFFERENT_COLOR, ":"),
    ("variant", VARIANT_COLOR, "--"),
    ("exact", EXACT_COLOR, "-"),
)


def draw_histogram(
    name: str, counts: Mapping[str, Sequence[int]], threshold: float | None, what: str
) -> Markup:
    """Return how many pairs have which probability, by relation, with the threshold.

    Parameters
    ----------
    name : str
        Of the chart, for its ids.
    counts : Mapping[str, Sequence[int]]
        For each relation the pairs in equal steps from 0 to 1.
    threshold : float | None
        Where the decision changes.
    what : str
        What the probability is of.
    """
    figure, axes = _figure(2.7, top=0.52)
    edges = np.linspace(0, 1, len(counts["exact"]) + 1)
    for relation, color, stroke in LOOKS:
        values = np.array(counts[relation], dtype=float)
        if values.any():
            shown = np.where(values > 0, values, np.nan)
            axes.stairs(shown, edges, baseline=0.5, fill=True, color=color, alpha=0.3, lw=0)
            axes.stairs(shown, edges, baseline=None, color=color, lw=1.6, ls=stroke, label=relation)
    axes.set(xlim=(0, 1), yscale="log", xlabel=f"probability that a pair is {what}", ylabel="pairs")
    axes.set_ylim(bottom=0.5)
    axes.xaxis.set_major_formatter(_percent)
    axes.yaxis.set_major_formatter(_count)
    axes.yaxis.minorticks_off()
    if threshold is not None:
        axes.axvline(threshold, color=INK, lw=1.2)
        side = "right" if threshold > 0.5 else "left"
        axes.annotate(
            f"threshold {_percent(threshold)}",
            (threshold, 1),
            (-4 if side == "right" else 4, 2),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha=side,
            fontsize=SMALL,
        )
    _legend(axes, 0.25, 3)
    told = ", ".join(f"{sum(counts[relation]):,} {relation}" for relation, _, _ in LOOKS[::-1])
    limit = "" if threshold is None else f" The threshold is {threshold:.3f}."
    return to_svg(figure, name, f"Pairs by the probability that they are {what}", f"{told}.{limit}")


def draw_sizes(name: str, bars: Sequence[tuple[str, int]], noun: str) -> Markup:
    """Return how many groups have how many records.

    Parameters
    ----------
    name : str
        Of the chart, for its ids.
    bars : Sequence[tuple[str, int]]
        Sizes and the groups of each, from `group_sizes`.
    noun : str
        What the groups are called.
    """
    figure, axes = _figure(2.3)
    places = np.arange(len(bars))
    heights = [count for _, count in bars]
    width = min(0.72, 0.12 * len(bars))
    drawn = axes.bar(places, heights, color=ACCENT, width=width)
    axes.bar_label(
        drawn, [_short(count) for count in heights], color=INK, fontsize=SMALL, padding=1
    )
    axes.set_xticks(places, [label for label, _ in bars])
    axes.set_xlim(-0.6, len(bars) - 0.4)
    axes.set(xlabel="records in it", ylabel=noun, ylim=(0, max([*heights, 1]) * 1.12))
    axes.grid(visible=False, axis="x")
    axes.yaxis.set_major_formatter(_count)
    axes.yaxis.get_major_locator().set_params(integer=True, nbins=5)
    told = ", ".join(f"{count:,} of {label}" for label, count in bars)
    return to_svg(figure, name, f"{noun.capitalize()} by the number of records", f"{told}.")


def group_sizes(sizes: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the number of groups of each size from 2 up, large sizes together.

    Examples
    --------
    >>> group_sizes({"1": 5, "3": 2, "40": 1})[:2], group_sizes({"1": 5, "40": 1})[-1]
    ([('2', 0), ('3', 2)], ('10+', 1))
    """
    found = {int(size): count for size, count in sizes.items()}
    largest = max(found, default=0)
    bars = [(str(size), found.get(size, 0)) for size in range(2, min(largest, MOST_SIZES - 1) + 1)]
    if largest >= MOST_SIZES:
        rest = sum(count for size, count in found.items() if size >= MOST_SIZES)
        bars.append((f"{MOST_SIZES}+", rest))
    return bars


def draw_evidence(name: str, kinds: Sequence[Mapping[str, Any]]) -> Markup:
    """Return how much each kind of evidence counts for the model.

    Parameters
    ----------
    name : str
        Of the chart, for its ids.
    kinds : Sequence[Mapping[str, Any]]
        Each with its ``text`` and ``share``, the largest first.
    """
    figure, axes = _figure(0.2 + ROW * len(kinds), left=0.1, bottom=0.05)
    rows = _rows(axes, [kind["text"] for kind in kinds])
    drawn = axes.barh(rows, [kind["share"] for kind in kinds], color=ACCENT, height=BAR)
    texts = [f"{100 * kind['share']:.1f} %" for kind in kinds]
    axes.bar_label(drawn, texts, color=INK, fontsize=SMALL, padding=3)
    axes.set_xlim(0, max(kind["share"] for kind in kinds) * 1.12)
    told = ", ".join(f"{kind['text']} {100 * kind['share']:.1f} %" for kind in kinds)
    return to_svg(figure, name, "How much each kind of evidence counts for the model", f"{told}.")


def draw_blockers(name: str, blockers: Sequence[tuple[str, int, int]]) -> Markup:
    """Return how many candidates each blocker gave, and how many only it gave.

    Parameters
    ----------
    name : str
        Of the chart, for its ids.
    blockers : Sequence[tuple[str, int, int]]
        Name, kept candidates, kept ones that no other blocker proposed.
    """
    figure, axes = _figure(0.45 + ROW * len(blockers), left=0.1, top=0.35, bottom=0.05)
    names = [one if one.isascii() else "encoder" for one, _, _ in blockers]
    rows = _rows(axes, [one[:24] for one in names])
    kept = np.array([one[1] for one in blockers])
    alone = np.array([one[2] for one in blockers])
    axes.barh(rows, alone, color=EXACT_COLOR, height=BAR, label="only this one proposed")
    axes.barh(
        rows,
        kept - alone,
        left=alone,
        color=ACCENT,
        alpha=0.45,
        height=BAR,
        label="others proposed too",
    )
    for row, total in zip(rows, kept.tolist(), strict=True):
        axes.annotate(
            _short(total),
            (total, row),
            (3, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
    axes.set_xlim(0, max(int(kept.max(initial=0)), 1) * 1.15)
    _legend(axes, 0.1, 2)
    told = ", ".join(f"{one} {total:,}, alone {only:,}" for one, total, only in blockers)
    return to_svg(figure, name, "Candidates that each blocker proposed", f"{told}.")


def draw_curve(name: str, questions: Sequence[tuple[str, Mapping[str, Any]]]) -> Markup:
    """Return precision against recall, with the point at the threshold.

    Parameters
    ----------
    name : str
        Of the chart, for its ids.
    questions : Sequence[tuple[str, Mapping[str, Any]]]
        What was asked, and its ``curve``, ``precision``, ``recall`` and ``average_precision``.
    """
    figure, axes = _figure(3.0, top=0.35)
    for (what, found), (_, color, stroke) in zip(questions, LOOKS[:0:-1], strict=False):
        recall, precision = zip(*found["curve"], strict=True)
        axes.plot(recall, precision, color=color, ls=stroke, lw=1.8, label=what)
        at = (found["recall"]["value"], found["precision"]["value"])
        if None not in at:
            axes.plot(*at, "o", color=color, mec=PAPER, ms=9)
    axes.set(xlim=(0, 1.02), ylim=(0, 1.03), xlabel="recall", ylabel="precision")
    axes.xaxis.set_major_formatter(_percent)
    axes.yaxis.set_major_formatter(_percent)
    _legend(axes, 0.12, 2)
    told = "; ".join(f"{what}: area {one['average_precision']:.3f}" for what, one in questions)
    return to_svg(figure, name, "Precision against recall on the labelled pairs", f"{told}.")


def _figure(
    height: float, *, left: float = 0.66, top: float = 0.12, bottom: float = BOTTOM
) -> tuple[Any, Any]:
    """Return a figure with its axes, margins in inches; a layout engine takes half of all time."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height))
    figure.patch.set_alpha(0)
    box = (left / WIDTH, bottom / height)
    size = (1 - (left + RIGHT) / WIDTH, 1 - (bottom + top) / height)
    axes = figure.add_axes((*box, *size))
    axes.patch.set_alpha(0)
    axes.tick_params(labelsize=SMALL, length=0)
    return figure, axes


def _rows(axes: Any, names: Sequence[str]) -> Any:
    """Return the places of rows with their names above them, the first row on top."""
    rows = np.arange(len(names))
    for row, name in enumerate(names):
        axes.annotate(
            name, (0, row - BAR / 2), (0, 3), textcoords="offset points", fontsize=SMALL, color=INK
        )
    axes.set(xticks=[], yticks=[])
    axes.spines["bottom"].set_visible(False)
    axes.set_ylim(len(names) - 1 + BAR, BAR / 2 - 1)
    return rows


def _legend(axes: Any, height: float, columns: int) -> None:
    """Put the legend above the axes, `height` inches of it."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        axes.legend(
            handles[::-1] if columns == len(LOOKS) else handles,
            labels[::-1] if columns == len(LOOKS) else labels,
            loc="lower left",
            bbox_to_anchor=(0, 1 + height / axes.bbox.height * 72),
            ncols=columns,
            fontsize=SMALL,
            handlelength=1.8,
            columnspacing=1.2,
            borderpad=0,
            borderaxespad=0,
        )


def _percent(value: float, _: object = None) -> str:
    return f"{100 * value:.0f} %"


def _count(value: float, _: object = None) -> str:
    return _short(value) if value >= 1 or value == 0 else ""


def _short(count: float) -> str:
    """Return a count in few characters.

    Examples
    --------
    >>> _short(950), _short(12_300), _short(2_000_000)
    ('950', '12.3k', '2M')
    """
    for limit, unit in ((1e6, "M"), (1e4, "k")):
        if count >= limit:
            return f"{count / (1e6 if unit == 'M' else 1e3):.3g}{unit}"
    return f"{count:,.0f}"
