"""Other tools on the same files, each set up as its own documentation advises."""
