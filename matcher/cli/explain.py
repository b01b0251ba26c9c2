"""Show why two records were, or were not, put together."""

import json
from typing import TYPE_CHECKING

from rich.text import Text

from matcher.cli.screen import make_table, out

if TYPE_CHECKING:
    from matcher.explanation import Explanation, Link, Reason

HEADERS = ("step", "record", "record", "relation", "sure")


def show_explanation(found: "Explanation", *, as_json: bool) -> None:
    """Print an explanation, or the same as JSON."""
    console = out()
    if as_json:
        console.print(json.dumps(found.to_dict(), indent=2), soft_wrap=True)
        return
    _show_sides(found)
    console.print(Text(found.verdict))
    if found.probabilities is not None:
        console.print(Text(_shares(found)))
    because = [(_side_of(reason), reason.text) for reason in found.reasons]
    console.print(make_table(("speaks for", "because"), because))
    if found.chain:
        links = [_link_row(link) for link in found.chain]
        console.print(make_table(HEADERS, links, title="The links between them, weakest first"))
    if found.contributions:
        weights = [(f"{one.weight:+.1f}", _side_of(one), one.text) for one in found.contributions]
        title = "What the model makes of it, in log-odds"
        console.print(
            make_table(("weight", "speaks for", "of"), weights, title=title, numbers=(0,))
        )


def _show_sides(found: "Explanation") -> None:
    headers = ("", "first", "second")
    rows = [
        (name, *(getattr(side, field) for side in (found.left, found.right)))
        for name, field in (
            ("id", "id"),
            ("source", "source"),
            ("title", "title"),
            ("product", "match_id"),
            ("family", "family_id"),
        )
    ]
    out().print(make_table(headers, [row for row in rows if any(row[1:])]))


def _shares(found: "Explanation") -> str:
    from matcher.explanation import percent

    exact, variant, different = map(percent, found.probabilities or ())
    needed = [percent(share) for share in found.needed]
    return (
        f"Exact {exact}, variant {variant}, different {different}; "
        f"{needed[0]} are needed for exact, {needed[1]} for one family."
    )


def _link_row(link: "Link") -> tuple[str, ...]:
    from matcher.explanation import percent

    return str(link.step), link.left_id, link.right_id, link.relation, percent(link.probability)


def _side_of(reason: "Reason") -> str:
    return "-" if reason.favours == "neither" else reason.favours
