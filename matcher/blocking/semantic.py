"""Vectors of meaning from any sentence-transformers model."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher import extras
from matcher.blocking.lexical import normalise
from matcher.errors import SettingsError
from matcher.progress import Progress, silent
from matcher.types import Encoder, Floats, Records

MAX_TOKENS = 64
"""Title tokens that are encoded: a title of 1 MB must not reach the model's tokenizer."""


@dataclass(frozen=True, slots=True)
class SentenceEncoder:
    """Titles encoded by a sentence-transformers model; needs ``matcher[semantic]``.

    Attributes
    ----------
    model : str
        Path or hub name of the model.
    batch_size : int
        Titles per forward pass.
    cache : str
        Folder in which vectors are kept from run to run, by the model and the text; empty keeps
        none. Two ``.npy`` files per model: vectors, and hashes of their texts. A model is known by
        its path or name, and by the sizes and times of the files in its folder.
    progress : Progress
        Told of every chunk of texts that is encoded.

    Raises
    ------
    MissingExtraError
        sentence-transformers is not installed (when encoding).
    SettingsError
        The model cannot be loaded (when encoding).
    """

    model: str
    batch_size: int = 64
    cache: str = ""
    progress: Progress = silent

    @property
    def name(self) -> str:
        """Last part of the model's path or name."""
        return Path(self.model).name

    def encode(self, records: Records) -> Floats:
        """Return vectors of shape (n_records, dimension), float32; zero for empty titles."""
        texts = title_texts(records)
        unique = texts.dictionary_encode()
        vectors = self._encode_unique(unique.dictionary.to_pylist())
        empty = np.asarray(pc.equal(texts, ""))
        result: Floats = vectors[np.asarray(unique.indices)]
        result[empty] = 0
        return result

    def _encode_unique(self, texts: list[str]) -> Floats:
        """Return one vector per text, taking from the cache what it has."""
        if not self.cache:
            return self._run(texts)
        keys = np.array([hashlib.sha256(text.encode()).hexdigest() for text in texts], "U64")
        known, vectors = self._read_cache()
        new = np.flatnonzero(~np.isin(keys, known))
        if len(new):
            fresh = self._run([texts[number] for number in new])
            vectors = np.concatenate([vectors, fresh]) if len(known) else fresh
            known = np.concatenate([known, keys[new]])
            self._write_cache(known, vectors)
        order = np.argsort(known)
        return vectors[order[np.searchsorted(known, keys, sorter=order)]]

    def _run(self, texts: list[str]) -> Floats:
        """Return the model's vectors of `texts`, of length 1."""
        model = load_model(self.model)
        chunk = self.batch_size * 16
        parts = []
        for start in range(0, len(texts), chunk):
            self.progress("encoding", start, len(texts))
            parts.append(
                model.encode(
                    texts[start : start + chunk],
                    batch_size=self.batch_size,
                    convert_to_numpy=True,
                    show_progress_bar=False,
                ).astype(np.float32)
            )
        self.progress("encoding", len(texts), len(texts))
        if not parts:
            return np.zeros((0, 1), np.float32)
        return normalise(np.concatenate(parts))

    def _cache_files(self) -> tuple[Path, Path]:
        files = sorted(path for path in Path(self.model).rglob("*") if path.is_file())
        parts = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
        stem = hashlib.sha256(repr((self.model, parts)).encode()).hexdigest()[:16]
        return Path(self.cache) / f"{stem}.vectors.npy", Path(self.cache) / f"{stem}.keys.npy"

    def _read_cache(self) -> tuple[np.ndarray[Any, Any], Floats]:
        files = self._cache_files()
        nothing = (np.zeros(0, "U64"), np.zeros((0, 0), np.float32))
        if not all(path.exists() for path in files):
            return nothing
        vectors, keys = (np.load(path, allow_pickle=False) for path in files)
        # A run that was stopped between the two files leaves them of different lengths
        return (keys, vectors) if len(keys) == len(vectors) else nothing

    def _write_cache(self, keys: np.ndarray[Any, Any], vectors: Floats) -> None:
        Path(self.cache).mkdir(parents=True, exist_ok=True)
        for path, array in zip(self._cache_files(), (vectors, keys), strict=True):
            part = path.with_suffix(".part.npy")
            np.save(part, array, allow_pickle=False)
            part.replace(path)


@dataclass(frozen=True, slots=True)
class KnownVectors:
    """Vectors that were made before: encoding is slow, and several stages want its result.

    Attributes
    ----------
    name : str
        Name of the encoder that made them.
    by_row : Floats
        Shape (n_rows, dimension): vectors by the input row of their record.
    """

    name: str
    by_row: Floats

    @staticmethod
    def of(encoder: Encoder, records: Records) -> "KnownVectors":
        """Encode all records of a run, once."""
        vectors = encoder.encode(records)
        by_row = np.empty_like(vectors)
        by_row[records.rows] = vectors
        return KnownVectors(encoder.name, by_row)

    def encode(self, records: Records) -> Floats:
        """Return the vectors of these records of the run, shape (n_records, dimension)."""
        vectors: Floats = self.by_row[records.rows]
        return vectors


def load_model(
    path_or_name: str, *, where: str = "blocking.encoder", device: str | None = None
) -> Any:
    """Load a sentence-transformers model.

    Parameters
    ----------
    path_or_name : str
        Path or hub name of the model.
    where : str
        What named it, for messages.
    device : str | None
        ``"cpu"``, say; None takes whatever device it finds.

    Raises
    ------
    MissingExtraError
        sentence-transformers is not installed.
    SettingsError
        There is no such model, or it is damaged.
    """
    library = extras.require("sentence_transformers", "semantic")
    try:
        return library.SentenceTransformer(path_or_name, device=device)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise SettingsError(
            f"{where}: the model {path_or_name!r} cannot be loaded, got: {reason[0]} "
            "Give the path of a folder that sentence-transformers saved, or a hub name."
        ) from error


def title_texts(records: Records) -> pa.Array:
    """Return the first tokens of every title joined by spaces, large_string, never null."""
    title = records.title
    lengths = np.diff(title.indptr)
    place = np.arange(len(title.terms)) - np.repeat(title.indptr[:-1], lengths)
    words = records.vocabulary.words.take(pa.array(title.terms[place < MAX_TOKENS]))
    offsets = np.concatenate([[0], np.cumsum(np.minimum(lengths, MAX_TOKENS))])
    lists = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), words)
    return pc.binary_join(lists, " ")
