"""Read tables of any kind, find out what their columns are, and parse their values."""
