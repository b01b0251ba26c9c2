"""Measures of pairs, of blocking and of groups."""
