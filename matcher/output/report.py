"""The report of a run: one self-contained page, readable light, dark, on a phone and on paper."""

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from matcher.output.excerpt import Excerpt, Group, shorten

COUNTS = {
    "rows": "records",
    "products": "products",
    "duplicate_groups": "duplicate groups",
    "families_of_several_products": "variant families",
    "scored_pairs": "pairs compared",
}
WIDE = 24  # characters from which a value may be broken into lines


def render_report(run: Mapping[str, Any], excerpt: Excerpt) -> str:
    """Return the report as HTML; every value of the catalogue in it is escaped.

    Parameters
    ----------
    run : Mapping[str, Any]
        `MatchResult.run`.
    excerpt : Excerpt
        The groups that are shown.
    """
    folder = Path(__file__).parent
    page = Template((folder / "report.html").read_text("utf-8"))
    settings = run.get("settings", {})
    return page.substitute(
        title=escape(f"matcher: {run.get('job', 'result')}"),
        style=(folder / "report.css").read_text("utf-8"),
        summary=_summary(run),
        counts=_counts(run["counts"]),
        notices=_notices(run.get("notices", ())),
        ignored=escape(" and ".join(settings.get("ignore", ())) or "nothing"),
        duplicates=_groups(excerpt.matches, excerpt.headers, "No duplicates were found."),
        families=_groups(excerpt.families, excerpt.headers, "No families were found."),
        largest=_largest(excerpt),
        attributes=_table(("attribute", "type", "role", "axis", "filled"), excerpt.attributes),
        blocking=_facts(run.get("blocking", {})),
        sureness=escape(_sureness(run)),
        deciding=_facts(run.get("deciding", {})),
        stages=_stages(run.get("stages", ())),
        settings=_facts(settings),
        versions=_facts(run.get("versions", {})),
    )


def _summary(run: Mapping[str, Any]) -> str:
    counts = run["counts"]
    text = (
        f"{counts['rows']:,} records, of which {counts['records_in_duplicate_groups']:,} in "
        f"{counts['duplicate_groups']:,} duplicate groups"
    )
    if run.get("model"):
        text += f"; model {run['model']}"
    return escape(text + ".")


def _counts(counts: Mapping[str, int]) -> str:
    return "\n".join(
        f"<li><strong>{counts[key]:,}</strong><span>{escape(name)}</span></li>"
        for key, name in COUNTS.items()
    )


def _notices(notices: Sequence[Mapping[str, Any]]) -> str:
    if not notices:
        return "<p>None: nothing had to be mended or dropped.</p>"
    items = (f'<li dir="auto">{escape(shorten(notice["message"]))}</li>' for notice in notices)
    return '<ul class="notices">\n' + "\n".join(items) + "\n</ul>"


def _groups(groups: Iterable[Group], headers: Sequence[str], none: str) -> str:
    blocks = [
        f'<div class="group"><h3>{escape(group.id)}{_about(group)}</h3>'
        f"{_table(headers, group.members, id_column=0)}</div>"
        for group in groups
    ]
    return "\n".join(blocks) or f"<p>{none}</p>"


def _about(group: Group) -> str:
    about = f"<span>{group.n_records:,} records</span>"
    if group.n_records > len(group.members):
        about += f"<span>the first {len(group.members)} are shown</span>"
    if group.id.startswith("m-") and group.score == group.score:  # not NaN
        about += f"<span>weakest link {group.score:.3f}</span>"
    return about


def _largest(excerpt: Excerpt) -> str:
    rows = [
        (group.id, f"{group.n_records:,}", f"{group.score:.3f}", *group.members[0][1:2])
        for group in excerpt.largest
    ]
    if not rows:
        return "<p>No duplicates were found.</p>"
    headers = ("match_id", "records", "weakest link", *excerpt.headers[1:2])
    return _table(headers, rows, id_column=0, numbers=(1, 2))


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


def _stages(stages: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        (stage["name"], f"{stage['seconds']:.2f}", _megabytes(stage["peak_mb"])) for stage in stages
    ]
    return _table(("stage", "seconds", "peak memory so far (MB)"), rows, numbers=(1, 2))


def _megabytes(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _facts(values: Mapping[str, Any]) -> str:
    """Return names and values as a table; what is nested in a value stands as one line."""
    rows = [(name.replace("_", " "), _fact(value)) for name, value in values.items()]
    return _table(("", ""), rows) if rows else "<p>Nothing to tell.</p>"


def _fact(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_fact(one)}" for name, one in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(_fact(one) for one in value) or "none"
    return json.dumps(value)


def _table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    id_column: int = -1,
    numbers: Sequence[int] = (),
) -> str:
    """Return a table whose values are escaped, each in its own direction of writing."""
    head = "".join(
        f'<th scope="col"{_kind(at, name, id_column, numbers)}>{escape(name)}</th>'
        for at, name in enumerate(headers)
    )
    body = "\n".join(
        "<tr>"
        + "".join(
            f'<td dir="auto"{_kind(at, value, id_column, numbers)}>{escape(value)}</td>'
            for at, value in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    head = f"<thead><tr>{head}</tr></thead>" if any(headers) else ""
    return f'<div class="scroll"><table>{head}<tbody>\n{body}\n</tbody></table></div>'


def _kind(at: int, value: str, id_column: int, numbers: Sequence[int]) -> str:
    """Return the class of a cell."""
    if at in numbers:
        return ' class="number"'
    if at == id_column:
        return ' class="id"'
    return ' class="wide"' if len(value) > WIDE else ""
