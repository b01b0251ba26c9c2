"""The options that commands share, and how they become settings."""

from pathlib import Path
from typing import Annotated, Any, cast

import typer

from matcher.settings import Overrides, Settings, load_settings, override

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="CATALOGUE...",
        help="CSV, CSV.gz or Parquet files, folders or globs of them, or database URLs?table=NAME.",
        show_default=False,
    ),
]
Left = Annotated[
    str, typer.Argument(metavar="LEFT", help="The one table: a file, a folder, a database URL.")
]
Right = Annotated[str, typer.Argument(metavar="RIGHT", help="The other table.")]
Out = Annotated[
    str,  # a path would lose a slash of a URL
    typer.Option(
        "--out",
        metavar="DIR",
        help="Folder or database URL?prefix=NAME for the result; an older result is replaced.",
        show_default=False,
    ),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        metavar="FILE",
        help="Settings as written by 'matcher inspect --out'; the options here go before it.",
        show_default=False,
    ),
]
GivenLabels = Annotated[
    Path,
    typer.Option(
        "--labels",
        metavar="FILE",
        help="Labelled pairs: left_id,right_id,relation, or the format of another tool.",
        show_default=False,
    ),
]
ModelOut = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Folder for the model.", show_default=False)
]
Valid = Annotated[
    Path | None,
    typer.Option(
        "--valid",
        metavar="FILE",
        help="Labelled pairs to choose thresholds on; without, they are cross-validated.",
        show_default=False,
    ),
]
FromScratch = Annotated[
    bool, typer.Option("--from-scratch", help="Do not start from the shipped model's knowledge.")
]
NoContext = Annotated[
    bool,
    typer.Option(
        "--no-context",
        help="Judge every pair by itself, not beside other candidates; also from scratch.",
    ),
]
NewProducts = Annotated[
    bool, typer.Option("--new-products", help="The model is for products that no label names.")
]
IdColumn = Annotated[
    str | None,
    typer.Option("--id", metavar="COL", help="Column of the record id.", show_default="inferred"),
]
SourceColumn = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="COL",
        help="Column of the shop, seller or feed.",
        show_default="inferred",
    ),
]
Ignore = Annotated[
    str | None,
    typer.Option(
        "--ignore",
        metavar="NAMES",
        help="Attributes that may differ inside a family, separated by commas; 'none' for none.",
        show_default="color,size",
    ),
]
ModelFolder = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="DIR",
        help="A model saved by 'matcher train'.",
        show_default="the shipped one",
    ),
]
LabelFile = Annotated[
    Path | None,
    typer.Option(
        "--labels",
        metavar="FILE",
        help="Relations given by people, left_id,right_id,relation; the result keeps them.",
        show_default=False,
    ),
]
Earlier = Annotated[
    Path | None,
    typer.Option(
        "--earlier",
        metavar="RESULT",
        help="An earlier result, whose ids live on; may be the folder of --out.",
        show_default=False,
    ),
]
AnswerFile = Annotated[
    Path,
    typer.Option(
        "--labels",
        metavar="FILE",
        help="CSV file for the answers; made if there is none, continued if there is one.",
        show_default=False,
    ),
]
Linked = Annotated[
    bool,
    typer.Option("--link", help="Two tables: ask only about pairs across, as link compares them."),
]
Port = Annotated[
    int,
    typer.Option(
        "--port", metavar="N", min=0, max=65535, help="Of the page.", show_default="any free one"
    ),
]
NoBrowser = Annotated[
    bool, typer.Option("--no-browser", help="Show the link of the page, but do not open it.")
]
Terminal = Annotated[bool, typer.Option("--terminal", help="Ask in the terminal, without a page.")]
WebPictures = Annotated[
    bool,
    typer.Option("--pictures", help="Show pictures from the web at once; else the page asks."),
]
AtMostOne = Annotated[
    bool,
    typer.Option(
        "--at-most-one-per-source",
        help="A duplicate group holds at most one record of each source.",
    ),
]
PrecisionToRecall = Annotated[
    float | None,
    typer.Option(
        "--precision-to-recall",
        metavar="0..1",
        help="0: almost no wrong group; 1: miss almost nothing.",
        show_default="0.5",
    ),
]
AccuracyToCost = Annotated[
    float | None,
    typer.Option(
        "--accuracy-to-cost",
        metavar="0..1",
        help="0: many candidates per record; 1: few, and quick.",
        show_default="0.5",
    ),
]
Memory = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="AMOUNT",
        help="Memory to keep to, such as 8GB: slower below what the run would take.",
        show_default="no limit",
    ),
]
NewMemory = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="AMOUNT",
        help="Memory to keep to, such as 8GB: slower below what the update would take.",
        show_default="as in the earlier run",
    ),
]
NewPrecisionToRecall = Annotated[
    float | None,
    typer.Option(
        "--precision-to-recall",
        metavar="0..1",
        help="0: almost no wrong group; 1: miss almost nothing.",
        show_default="as it is",
    ),
]
NewAccuracyToCost = Annotated[
    float | None,
    typer.Option(
        "--accuracy-to-cost",
        metavar="0..1",
        help="Says whether that needs a new run of dedupe or link.",
        show_default="as it is",
    ),
]
ThresholdExact = Annotated[
    float | None,
    typer.Option(
        "--threshold-exact",
        metavar="P",
        help="Probability from which a pair is exact, whatever the dial says.",
        show_default=False,
    ),
]
ThresholdFamily = Annotated[
    float | None,
    typer.Option(
        "--threshold-family",
        metavar="P",
        help="Probability from which a pair is exact or variant, whatever the dial says.",
        show_default=False,
    ),
]
TunedOut = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Folder or database URL?prefix=NAME for the tuned result; may be that of RESULT.",
        show_default="nothing is written",
    ),
]
OutFormat = Annotated[
    str, typer.Option("--format", metavar="csv|parquet", help="Format of the tables.")
]


def make_settings(path: Path | None, **given: Any) -> Settings:
    """Return the settings of a file, or the usual ones, with the given options before them.

    Parameters
    ----------
    path : Path | None
        The settings file.
    **given : Any
        Fields of `Settings`; None and False were not given.  `ignore` is text as on the command
        line.

    Raises
    ------
    SettingsError
        The file cannot be read or has a mistake, or an option has an impossible value.
    """
    if given.get("ignore") is not None:
        given["ignore"] = split_names(given["ignore"])
    kept = {
        name: value for name, value in given.items() if value is not None and value is not False
    }
    return override(load_settings(path) if path else None, cast("Overrides", kept))


def earlier_result(path: Path | None, out: str) -> Any:
    """Return what ``--earlier`` names; a table of no records for the first run into `out`.

    So the command of a job that runs every night is the same on the first one.
    """
    folder = Path(out)
    if path is None or path.resolve() != folder.resolve():
        return path
    import pandas as pd

    from matcher.output import bring_back

    bring_back(folder)
    is_first = not folder.exists() or not any(folder.iterdir())
    return pd.DataFrame(columns=["id", "match_id", "family_id"]) if is_first else path


def split_names(text: str) -> tuple[str, ...]:
    """Return the names in a list separated by commas; ``none`` and nothing have no names.

    Examples
    --------
    >>> split_names("color, size"), split_names("none")
    (('color', 'size'), ())
    """
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    return () if names == ("none",) else names
