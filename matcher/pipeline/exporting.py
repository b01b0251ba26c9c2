"""Write a result as the file that a shop or a marketplace reads."""

from os import PathLike
from pathlib import Path

from matcher.output import ExportReport, MatchResult, check_platform, read_tables, write_export
from matcher.records import read_concepts


def export(
    result: MatchResult | str | PathLike[str], to: str, path: str | PathLike[str]
) -> ExportReport:
    """Write the families and products of a result for a platform.

    Parameters
    ----------
    result : MatchResult or path
        A result, or the folder that one was written into.
    to : str
        ``"google"``, ``"schema.org"``, ``"shopify"`` or ``"amazon"``.
    path : str | PathLike[str]
        The file; an existing one is replaced.

    Returns
    -------
    ExportReport
        How much was written, and what could not be written as it was found, with reasons.

    Raises
    ------
    SettingsError
        Unknown platform, or a place that cannot be written.
    RecordsError
        The folder holds no result.
    """
    check_platform(to)
    tables = result.tables() if isinstance(result, MatchResult) else read_tables(Path(result))
    return write_export(tables, read_concepts, to, Path(path))
