"""The report of a run: one self-contained page, readable light, dark, on a phone and on paper."""

from matcher.output.report.page import render_report

__all__ = ["render_report"]
