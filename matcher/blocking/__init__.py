"""Propose candidate pairs: fuzzy keys, nearest neighbours, their union, and its budget."""

from matcher.blocking.block import MEDIUM, block, default_blockers, default_names
from matcher.blocking.brand import BrandBlocker
from matcher.blocking.bridge import (
    RecordlinkageBlocker,
    pairs_from_multiindex,
    pairs_to_multiindex,
)
from matcher.blocking.codes import CodesBlocker
from matcher.blocking.embedding import EmbeddingBlocker
from matcher.blocking.estimate import estimate
from matcher.blocking.inverted import InvertedIndexBlocker, index_terms, top_products
from matcher.blocking.lexical import ConcatEncoder, LexicalEncoder
from matcher.blocking.lookup import Lookup, build_lookup, hash_words
from matcher.blocking.neighbourhood import SortedNeighbourhoodBlocker
from matcher.blocking.semantic import KnownVectors, SentenceEncoder
from matcher.blocking.threads import n_threads
from matcher.blocking.tuning import TitlePairs, title_pairs, tune

__all__ = [
    "MEDIUM",
    "BrandBlocker",
    "CodesBlocker",
    "ConcatEncoder",
    "EmbeddingBlocker",
    "InvertedIndexBlocker",
    "KnownVectors",
    "LexicalEncoder",
    "Lookup",
    "RecordlinkageBlocker",
    "SentenceEncoder",
    "SortedNeighbourhoodBlocker",
    "TitlePairs",
    "block",
    "build_lookup",
    "default_blockers",
    "default_names",
    "estimate",
    "hash_words",
    "index_terms",
    "n_threads",
    "pairs_from_multiindex",
    "pairs_to_multiindex",
    "title_pairs",
    "top_products",
    "tune",
]
