"""Result files for the shops and marketplaces that show products and their variants."""

from matcher.output.exports.job import PLATFORMS, ExportReport, check_platform, write_export

__all__ = ["PLATFORMS", "ExportReport", "check_platform", "write_export"]
