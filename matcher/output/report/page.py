"""The page itself: a template, filled with what the parts of the report say."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from matcher.output.excerpt import Excerpt, shorten
from matcher.output.report.blocking import view_blocking
from matcher.output.report.deciding import view_deciding
from matcher.output.report.facts import as_counted, as_number, as_percent, as_seconds, as_text
from matcher.output.report.finding import view_finding
from matcher.output.report.reading import view_reading
from matcher.output.report.svg import page_style


def render_report(run: Mapping[str, Any], excerpt: Excerpt) -> str:
    """Return the report as HTML; every value of the catalogue in it is escaped.

    Parameters
    ----------
    run : Mapping[str, Any]
        `MatchResult.run`.
    excerpt : Excerpt
        The groups and pairs that are shown.
    """
    settings = run.get("settings", {})
    with page_style():
        page: str = _template().render(
            job=run.get("job") or "result",
            model=run.get("model", ""),
            excerpt=excerpt,
            finding=view_finding(run, excerpt),
            reading=view_reading(run),
            deciding=view_deciding(run),
            blocking=view_blocking(run.get("blocking", {})),
            ignored=" and ".join(settings.get("ignore", ())) or "nothing",
            stages=run.get("stages", ()),
            seconds=sum(stage["seconds"] for stage in run.get("stages", ())),
            settings=settings,
            versions=run.get("versions", {}),
        )
    return page


@cache
def _template() -> Any:
    """Return the template; making it ready takes a tenth of a second."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": as_number,
        "counted": as_counted,
        "percent": as_percent,
        "seconds": as_seconds,
        "fact": as_text,
        "line": shorten,
    }
    return environment.get_template("report.html")
