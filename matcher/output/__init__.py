"""Result tables, their files and the HTML report."""

from matcher.output.building import Listed, build_result, list_pairs
from matcher.output.examples import Chosen, Example, Shown, choose_examples
from matcher.output.excerpt import shorten
from matcher.output.exports import PLATFORMS, ExportReport, check_platform, write_export
from matcher.output.folder import Written, check_place, whole, write_result
from matcher.output.frames import like_input
from matcher.output.headline import bracket_options
from matcher.output.ids import display_ids
from matcher.output.index import fingerprint, read_index, write_index
from matcher.output.kept import read_kept
from matcher.output.lineage import Assignment, Lineage, Renaming, trace_groups
from matcher.output.merging import Part, Rest, merge
from matcher.output.opening import ADDED, Files, open_files
from matcher.output.read import (
    PAIRS_SCHEMA,
    ResultTables,
    identity_columns,
    read_groups,
    read_pairs_among,
    read_records,
    read_run,
    read_tables,
)
from matcher.output.result import MatchResult
from matcher.output.rows import Rows, TableRows, are_among, hash_texts
from matcher.output.run import StageTime, Stopwatch, run_report
from matcher.output.state import Grown, OpenState, Said, State, read_state
from matcher.output.stored import Stored
from matcher.output.tables import pair_table, with_main_title
from matcher.output.write import (
    INDEX_FOLDER,
    bring_back,
    check_file,
    check_folder,
    check_format,
    replaced_folder,
    write_file,
    write_frame,
    write_table,
)

__all__ = [
    "ADDED",
    "INDEX_FOLDER",
    "PAIRS_SCHEMA",
    "PLATFORMS",
    "Assignment",
    "Chosen",
    "Example",
    "ExportReport",
    "Files",
    "Grown",
    "Lineage",
    "Listed",
    "MatchResult",
    "OpenState",
    "Part",
    "Renaming",
    "Rest",
    "ResultTables",
    "Rows",
    "Said",
    "Shown",
    "StageTime",
    "State",
    "Stopwatch",
    "Stored",
    "TableRows",
    "Written",
    "are_among",
    "bracket_options",
    "bring_back",
    "build_result",
    "check_file",
    "check_folder",
    "check_format",
    "check_place",
    "check_platform",
    "choose_examples",
    "display_ids",
    "fingerprint",
    "hash_texts",
    "identity_columns",
    "like_input",
    "list_pairs",
    "merge",
    "open_files",
    "pair_table",
    "read_groups",
    "read_index",
    "read_kept",
    "read_pairs_among",
    "read_records",
    "read_run",
    "read_state",
    "read_tables",
    "replaced_folder",
    "run_report",
    "shorten",
    "trace_groups",
    "whole",
    "with_main_title",
    "write_export",
    "write_file",
    "write_frame",
    "write_index",
    "write_result",
    "write_table",
]
