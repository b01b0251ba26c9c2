"""Whole catalogues of growing size by matcher and by other tools, each a process of its own."""
