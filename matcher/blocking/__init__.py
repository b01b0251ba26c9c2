"""Propose candidate pairs: fuzzy keys, embeddings, their union under a budget."""
