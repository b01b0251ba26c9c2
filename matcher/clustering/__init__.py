"""Build duplicate groups and families from scored pairs."""
