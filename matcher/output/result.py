"""The result of a run: tables that answer, and the files or the database that hold them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
import pyarrow as pa

from matcher.errors import RecordsError, SettingsError
from matcher.output.excerpt import Excerpt
from matcher.output.exports import ExportReport, write_export
from matcher.output.exports.offer import ReadConcepts
from matcher.output.folder import Written, write_result
from matcher.output.frames import replace_columns
from matcher.output.lineage import CHANGES_SCHEMA, Lineage
from matcher.output.read import ResultTables
from matcher.output.renaming import rename_columns, rename_excerpt, rename_families
from matcher.output.report import render_report
from matcher.output.run import plain
from matcher.output.state import State
from matcher.output.stored import Stored
from matcher.output.write import write_file
from matcher.types import Notice

if TYPE_CHECKING:
    from matcher.explanation import Explanation
    from matcher.pipeline.searching import Found


class Estimated(Protocol):
    """The quality of a result as labels of a random sample tell it."""

    def to_dict(self) -> dict[str, Any]:
        """Return ``n_sampled``, ``n_pairs``, and of groups, as ``match`` and ``family``, measures.

        These are None where nothing is known, or ``precision``, ``recall`` and ``f1``, each with
        ``value``, ``low`` and ``high``.
        """


@dataclass(frozen=True)
class MatchResult:
    """Duplicate groups and families of a catalogue.

    Attributes
    ----------
    records : Any
        Every input row in its order, with all its columns as they came in and ``match_id``,
        ``family_id`` and ``match_score`` (the weakest link of the duplicate group; missing for a
        record that stands alone); ``record_id`` too where ids had to be made.  The same kind of
        frame as the input; pandas for files.
    pairs : pd.DataFrame
        ``left_id, right_id, relation, p_exact, p_variant, p_different, differs_in`` for every
        scored pair that is not surely different.
    families : pd.DataFrame
        ``family_id, title, varies_by, n_products, n_records, members, options, problems``.
    run : dict[str, Any]
        Counts, seconds and peak memory per stage, settings, versions, notices, what was dropped.
    changes : pd.DataFrame | None
        ``level, change, old_id, new_id, n_before, n_after, n_shared`` of every group that differs
        from those of an earlier result whose ids this one took over; None where it took none.
    """

    run: dict[str, Any]
    _pairs: pa.Table = field(repr=False)
    _families: pa.Table = field(repr=False)
    _frame: Callable[[], Any] = field(repr=False)
    _table: pa.Table = field(repr=False)
    _excerpt: Excerpt = field(repr=False)
    changes: pd.DataFrame | None = None
    _read: ReadConcepts | None = field(default=None, repr=False)  # the jobs know how
    _explain: "Callable[..., Explanation] | None" = field(default=None, repr=False)
    _state: State | None = field(default=None, repr=False)
    _open: "Callable[[MatchResult], Any] | None" = field(default=None, repr=False)
    _kept: Stored | None = field(default=None, repr=False)

    @cached_property
    def records(self) -> Any:
        """The input rows; see the attributes of the class."""
        return self._frame()

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """The listed pairs; see the attributes of the class."""
        pairs: pd.DataFrame = self._pairs.to_pandas()
        return pairs

    @cached_property
    def families(self) -> pd.DataFrame:
        """The families; see the attributes of the class."""
        families: pd.DataFrame = self._families.to_pandas()
        return families

    def write(self, folder: str | PathLike[str], format: str = "csv") -> None:  # noqa: A002 - the public word
        """Write the result as a folder, or as tables of a database: all of it, or nothing.

        Parameters
        ----------
        folder : str | PathLike[str]
            A new or empty folder, or that of an older result, which is replaced.  Or the URL of a
            database, with ``schema`` and ``prefix`` of the tables among its parameters; there is
            no report then.
        format : str
            ``"csv"`` or ``"parquet"``, for the tables of a folder.

        Raises
        ------
        SettingsError
            Unknown format; foreign files or tables; a place that cannot be written.
        """
        write_result(self.written(), folder, format)

    def written(self) -> Written:
        """Return all that its folder holds."""
        tables = {"records": self._table, "pairs": self._pairs, "families": self._families}
        if self.changes is not None:
            changes = pa.Table.from_pandas(self.changes, CHANGES_SCHEMA, preserve_index=False)
            tables["changes"] = changes
        return Written(tables, self.run, self._excerpt, self._state, self._kept)

    def report(self, path: str | PathLike[str], estimate: "Estimated | None" = None) -> None:
        """Write the report as one self-contained HTML page.

        Parameters
        ----------
        path : str | PathLike[str]
            The file; an existing one is replaced.
        estimate : Estimated | None
            What labels of a random sample tell of the quality; the page shows it.

        Raises
        ------
        SettingsError
            The place cannot be written.
        """
        told = {"estimate": estimate.to_dict()} if estimate is not None else {}
        page = render_report({**self.run, **told}, self._excerpt)
        write_file(Path(path), lambda new: _write_text(new, page))

    def export(self, to: str, path: str | PathLike[str]) -> ExportReport:
        """Write the families and products for a shop or a marketplace, as `matcher.export` does.

        Parameters
        ----------
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
        """
        if self._read is None:
            raise SettingsError(
                "export: this result does not know how its columns are read, got one that no job "
                "made. Take the result of matcher.dedupe or matcher.link."
            )
        return write_export(self.tables(), self._read, to, Path(path))

    def explain(self, left_id: str, right_id: str, *, weigh: bool = False) -> "Explanation":
        """Return why two records were, or were not, put together, as `matcher.explain` does.

        Parameters
        ----------
        left_id, right_id : str
            Ids as in `pairs`.
        weigh : bool
            Also ask the model what it makes of each kind of evidence. That takes as long as the
            run took before it scored pairs.

        Raises
        ------
        RecordsError
            There is no such record.
        SettingsError
            The result is none of a job.
        """
        if self._explain is None:
            raise SettingsError(
                "explain: this result does not know how its records are read, got one that no job "
                "made. Take the result of matcher.dedupe or matcher.link."
            )
        return self._explain(self, left_id, right_id, weigh=weigh)

    def search(self, record: Mapping[str, Any], k: int = 5) -> "Found":
        """Return which products and families one new record belongs to, as `matcher.search` does.

        The first call builds an index, which takes about as long as the run took before it scored
        pairs; it is kept with this result.

        Parameters
        ----------
        record : Mapping[str, Any]
            Values by the names of the columns of the catalogue.
        k : int
            Most products to return.

        Raises
        ------
        RecordsError
            The record is no mapping.
        SettingsError
            `k` is not above 0, or the result is none of a job, or one of `link`.
        """
        found: Found = self._searcher.search(record, k)
        return found

    @cached_property
    def _searcher(self) -> Any:
        if self._open is None:
            raise SettingsError(
                "search: this result does not know how its records are read, got one that no job "
                "made. Take the result of matcher.dedupe."
            )
        return self._open(self)

    def tables(self) -> ResultTables:
        """Return the tables as exports take them."""
        return ResultTables(self._table, self.families, self.run)

    @property
    def excerpt(self) -> Excerpt:
        """What its report shows of the catalogue."""
        return self._excerpt

    def state(self) -> State:
        """Return what was said of its pairs, for `update`.

        Raises
        ------
        RecordsError
            No job made this result.
        """
        if self._state is None:
            raise RecordsError(
                "result: does not know what was said of its pairs, got one that no job made. Take "
                "the result of matcher.dedupe, or its folder."
            )
        return self._state

    def with_lineage(self, lineage: Lineage, notices: Sequence[Notice] = ()) -> "MatchResult":
        """Return the result with the ids that its groups bear from now on, and what changed.

        Parameters
        ----------
        lineage : Lineage
            From `trace_groups`, for the groups of this result.
        notices : Sequence[Notice]
            What there is to say about it.
        """
        names = [self.run["columns"][name] for name in ("match_id", "family_id")]
        table = rename_columns(self._table, {names[0]: lineage.match, names[1]: lineage.family})
        found = [*self.run["notices"], *map(plain, notices)]
        changes = {"recognised_records": lineage.n_recognised, **lineage.counts}
        return replace(
            self,
            _frame=lambda: replace_columns(self.records, table, names),
            _families=rename_families(self._families, lineage),
            run={**self.run, "changes": changes, "notices": found},
            changes=lineage.changes,
            _table=table,
            _excerpt=rename_excerpt(self._excerpt, lineage),
        )


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
