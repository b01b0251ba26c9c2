"""Result tables, their files and the HTML report."""

from matcher.output.exports import PLATFORMS, ExportReport, check_platform, write_export
from matcher.output.read import ResultTables, read_tables
from matcher.output.result import MatchResult, build_result, check_place
from matcher.output.run import StageTime, Stopwatch, run_report
from matcher.output.write import (
    check_file,
    check_folder,
    check_format,
    replaced_folder,
    write_file,
    write_frame,
    write_table,
)

__all__ = [
    "PLATFORMS",
    "ExportReport",
    "MatchResult",
    "ResultTables",
    "StageTime",
    "Stopwatch",
    "build_result",
    "check_file",
    "check_folder",
    "check_format",
    "check_place",
    "check_platform",
    "read_tables",
    "replaced_folder",
    "run_report",
    "write_export",
    "write_file",
    "write_frame",
    "write_table",
]
