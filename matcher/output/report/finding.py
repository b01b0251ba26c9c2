"""What the report says of products, duplicates and families, and where to look first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from matcher.output.excerpt import Excerpt
from matcher.output.report.charts import draw_sizes, group_sizes
from matcher.output.report.facts import as_counted, as_percent

ODD = {
    "largest": ("Largest", "A group that is too large holds a false link."),
    "weakest": ("Held together by a weak link", "One improbable pair decides; look at it."),
    "codes": ("With codes that conflict", "Two valid codes, such as GTINs or part numbers."),
    "brands": ("Across several brands", "One product seldom has two brands."),
}
"""What is odd about a group, and what it means."""

PROBLEMS = {
    "spans_brands": "hold records of several brands",
    "spans_categories": "hold records that one source puts into several categories",
    "same_options": "have two products of the same options: a missed duplicate or an unknown axis",
    "missing_option": "have a product that lacks an option by which the family varies",
}
"""What is odd about a family; see the table of files in the documentation."""

LEAST_COMPLETE = 0.95
"""A blocking that found less of the pairs it is measured by is worth a look."""


@dataclass(frozen=True, slots=True)
class OddView:
    """A kind of odd groups.

    Attributes
    ----------
    title, meaning : str
        What they are.
    n_groups : int
        How many there are.
    groups : tuple[Any, ...]
        Those that are shown.
    """

    title: str
    meaning: str
    n_groups: int
    groups: tuple[Any, ...]


def view_finding(run: Mapping[str, Any], excerpt: Excerpt) -> dict[str, Any]:
    """Return what was found, for the template."""
    counts, clustering = run["counts"], run.get("clustering", {})
    repeated = counts["rows"] - counts["products"]
    match_sizes, family_sizes = (
        clustering.get(level, {}).get("sizes", {}) for level in ("match", "family")
    )
    match_bars, family_bars = group_sizes(match_sizes), group_sizes(family_sizes)
    return {
        "counts": counts,
        "repeated": repeated,
        "repeated_share": as_percent(repeated / counts["rows"] if counts["rows"] else 0.0),
        "attention": list(_attention(run, excerpt)),
        "match_sizes": match_bars,
        "family_sizes": family_bars,
        "match_chart": match_bars and draw_sizes("groups", match_bars, "duplicate groups"),
        "family_chart": family_bars and draw_sizes("families", family_bars, "families"),
        "problems": [
            (PROBLEMS.get(name, f"have one value of {name.partition(':')[2]} in all products"), n)
            for name, n in run.get("family_problems", {}).items()
        ],
        "odd": [OddView(*ODD[odd.kind], odd.n_groups, odd.groups) for odd in excerpt.odd],
        "cut": clustering.get("match", {}).get("links_cut", 0),
    }


def _attention(run: Mapping[str, Any], excerpt: Excerpt) -> Iterable[tuple[str, str]]:
    """Yield what a person should look at first, and the section where it stands."""
    notices = run.get("notices", ())
    if any(notice["kind"] == "unsure_threshold" for notice in notices):
        yield "sure", "The threshold of duplicates is unsure: label some pairs."
    if notices:
        yield "read", f"{as_counted(len(notices), 'notice')} about the catalogue or the run."
    for odd in excerpt.odd:
        if odd.kind != "largest" and odd.n_groups:
            title = ODD[odd.kind][0].lower()
            yield "odd", f"{as_counted(odd.n_groups, 'duplicate group')} {title}."
    same = run.get("family_problems", {}).get("same_options", 0)
    if same:
        told = as_counted(same, "family", "families")
        yield "families", f"{told} with two products of the same options."
    completeness = (run.get("blocking", {}).get("estimate") or {}).get("completeness")
    if completeness is not None and completeness < LEAST_COMPLETE:
        yield (
            "blocking",
            f"Blocking may have missed pairs: completeness {as_percent(completeness)}.",
        )
