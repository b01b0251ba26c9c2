"""Result tables, their files and the HTML report."""

from matcher.output.result import MatchResult, build_result
from matcher.output.run import StageTime, Stopwatch, run_report
from matcher.output.write import (
    check_file,
    check_folder,
    check_format,
    write_file,
    write_frame,
    write_table,
)

__all__ = [
    "MatchResult",
    "StageTime",
    "Stopwatch",
    "build_result",
    "check_file",
    "check_folder",
    "check_format",
    "run_report",
    "write_file",
    "write_frame",
    "write_table",
]
