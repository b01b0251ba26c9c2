"""Results: tables, files, the report."""
