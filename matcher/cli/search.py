"""Show which products of a result a new record belongs to."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from matcher.cli.progress import shown_progress
from matcher.cli.screen import make_table, out, say_warnings
from matcher.errors import RecordsError

if TYPE_CHECKING:
    from matcher.pipeline import Found, Model

HEADERS = ("relation", "product", "family", "exact", "variant", "records that say so")


def run_search(result: Path, text: str | None, k: int, model: "Model | None") -> None:
    """Print what a result says of one record, as JSON or a table; without a record, only build.

    Parameters
    ----------
    result : Path
        Folder of the result.
    text : str | None
        The record as a JSON object; None makes the index and no search.
    k : int
        Most products.
    model : Model | None
        The model of the result.

    Raises
    ------
    MatcherError
        The result or the record cannot be used.
    """
    from matcher import pipeline

    record = None if text is None else read_record(text)
    with shown_progress() as progress:
        searcher = pipeline.load_result(result, model=model, progress=progress)
    if record is None:
        out().print(Text(f"{result}: ready to search."))
        return
    found = searcher.search(record, k)
    say_warnings([notice.message for notice in found.notices], str(result))
    _show(found)


def read_record(text: str) -> dict[str, Any]:
    """Return the record that a JSON object holds.

    Raises
    ------
    RecordsError
        It is no JSON, or another value than an object.
    """
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecordsError(
            f"--json: is no JSON, got {text[:40]!r} ({error}). "
            """Give an object such as '{"title": "..."}'."""
        ) from error
    if not isinstance(record, dict):
        raise RecordsError(
            f"--json: a record is an object, got {text[:40]!r}. "
            """Give one such as '{"title": "..."}'."""
        )
    return record


def _show(found: "Found") -> None:
    console = out()
    if not console.is_terminal:
        console.print(json.dumps(found.to_dict(), indent=2, ensure_ascii=False), soft_wrap=True)
        return
    if not found.products:
        console.print(Text("No product of the result is the same, or a variant."))
        return
    rows = [
        (
            one.relation,
            one.match_id,
            one.family_id,
            f"{one.p_exact:.0%}",
            f"{one.p_variant:.0%}",
            ", ".join(one.records[:3]),
        )
        for one in found.products
    ]
    console.print(make_table(HEADERS, rows, numbers=(3, 4)))
