"""Vectors of spelling that need nothing downloaded, and their union with other vectors."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from matcher.blocking.inverted import unit_rows
from matcher.errors import SettingsError
from matcher.types import Encoder, Floats, Records

CHUNK = 50_000
"""Rows that are projected at once: 50 MB of float32 at 256 dimensions."""


@dataclass(frozen=True, slots=True)
class LexicalEncoder:
    """Character 3-grams of all identity text, IDF-weighted, in a seeded random projection.

    The inner product of two vectors estimates the cosine of their 3-grams. Truncated SVD, the usual
    choice, is far worse on product text: it drops the rare grams, which tell products apart.

    Attributes
    ----------
    dimension : int
        Length of the vectors.
    seed : int
        Of the random matrix.
    name : str
        Name in reports.
    """

    dimension: int = 256
    seed: int = 0
    name: str = "lexical"

    def encode(self, records: Records) -> Floats:
        """Return vectors of shape (n_records, dimension), zero for records without text."""
        weights = unit_rows(records.grams)
        used, columns = np.unique(weights.indices, return_inverse=True)
        weights = sparse.csr_matrix(
            (weights.data, columns, weights.indptr), shape=(len(records), len(used))
        )
        generator = np.random.default_rng(self.seed)
        matrix = generator.standard_normal((len(used), self.dimension), dtype=np.float32)
        vectors = np.empty((len(records), self.dimension), np.float32)
        for start in range(0, len(records), CHUNK):
            vectors[start : start + CHUNK] = weights[start : start + CHUNK] @ matrix
        return normalise(vectors)


@dataclass(frozen=True, slots=True)
class ConcatEncoder:
    """Two encoders side by side: the inner product is the weighted mean of their cosines.

    Attributes
    ----------
    first, second : Encoder
        The encoders.
    weight : float
        Of the first, 0 to 1; the second has the rest.

    Raises
    ------
    SettingsError
        The weight is outside 0 to 1.
    """

    first: Encoder
    second: Encoder
    weight: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 1:
            raise SettingsError(
                f"blocking.encoder_weight: must be 0 to 1, got {self.weight}. "
                "It is the weight of the semantic vectors beside the lexical ones."
            )

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.first.name}+{self.second.name}"

    def encode(self, records: Records) -> Floats:
        """Return vectors of length 1 where both encoders have one."""
        first, second = self.first.encode(records), self.second.encode(records)
        parts = [first * np.sqrt(self.weight), second * np.sqrt(1 - self.weight)]
        return np.concatenate(parts, axis=1).astype(np.float32)


def normalise(vectors: Floats) -> Floats:
    """Scale the rows of `vectors` to length 1, in place; rows of zeros stay."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    vectors /= np.maximum(lengths, 1e-12)[:, None]
    return vectors
