"""What a whole catalogue says of words and brands, for records that are parsed by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.blocking import hash_words
from matcher.types import Floats, Ints, Longs, Records, Terms

Hashes = NDArray[np.uint64]

STEMS = "stems"
"""The model numbers with their stems, as blockers look them up; not a text of `Records`."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How rare words are in a catalogue, by the hash of the word and the text it stands in.

    Attributes
    ----------
    words : Mapping[str, Hashes]
        For ``"vocabulary"``, ``"models"`` and ``"quantities"``: hashes of the words, ascending; of
        models, those of their stems too.
    idf : Mapping[str, Floats]
        For each text, and for `STEMS`: idf of these words, or of the hashed n-grams.
    n_records : int
        Records of the catalogue.
    brands : Ints
        Shape (n_rows,): number of the brand of each row, -1 where unknown.
    brand_shares : Floats
        Shape (n_brands,): share of the records that have it.
    """

    words: Mapping[str, Hashes]
    idf: Mapping[str, Floats]
    n_records: int
    brands: Ints
    brand_shares: Floats

    def give(self, records: Records) -> Records:
        """Return records that are parsed by themselves, their words as rare as in the catalogue."""
        vocabulary = self.places("vocabulary", _words(records.vocabulary.words))
        models = self.places("models", _words(records.model_words))
        quantities = self.places("quantities", _quantities(records))
        places = {"models": models, "quantities": quantities, "grams": None, "title_grams": None}
        given = {
            name: self._weigh(name, terms, places.get(name, vocabulary))
            for name, terms in _texts(records).items()
        }
        columns = tuple(
            replace(column, tokens=given[f"column:{column.attribute.name}"])
            if column.tokens is not None
            else column
            for column in records.columns
        )
        return replace(
            records,
            vocabulary=replace(records.vocabulary, idf=given["whole"].idf),
            columns=columns,
            title=given["title"],
            core=given["core"],
            whole=given["whole"],
            models=given["models"],
            grams=given["grams"],
            title_grams=given["title_grams"],
            quantities=given["quantities"],
        )

    def places(self, kind: str, words: NDArray[np.object_]) -> Ints:
        """Return the places of words among the known ones of a kind, -1 where unknown."""
        known, wanted = self.words[kind], hash_words(words)
        if not len(known):
            return np.full(len(words), -1)
        place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return np.where(known[place] == wanted, place, -1)

    def _weigh(self, name: str, terms: Terms, places: Ints | None) -> Terms:
        known = self.idf.get(name)
        if known is None:
            return terms
        if places is None:  # hashed n-grams have the same numbers everywhere
            return replace(terms, idf=np.array(known))  # loops for what is mapped are others
        unknown = idf_of_unknown(self.n_records)
        if not len(known):
            return replace(terms, idf=np.full(len(places), unknown))
        return replace(terms, idf=np.where(places >= 0, known[places], unknown))

    def shares_of(self, brands: Ints, rows: Ints) -> Floats:
        """Return the share of each brand of records that are parsed by themselves.

        Parameters
        ----------
        brands : Ints
            Shape (n_records,): their own numbers of brands, -1 where unknown.
        rows : Ints
            Shape (n_records,): row of the catalogue that each is, -1 where it is none.
        """
        shares = np.full(int(brands.max(initial=-1)) + 1, 1 / max(self.n_records, 1), np.float32)
        known = (brands >= 0) & (rows >= 0)
        of_rows = self.brands[rows[known]]
        shares[brands[known][of_rows >= 0]] = self.brand_shares[of_rows[of_rows >= 0]]
        return shares


def idf_of_unknown(n_records: int) -> np.float32:
    """Return the idf of a word of one record among so many."""
    return np.float32(np.log((1 + n_records) / 2) + 1)


def weights_of(
    records: Records, stems: Terms, models: NDArray[np.object_]
) -> tuple[Weights, dict[str, Longs]]:
    """Return what all records of a catalogue say of words and brands.

    Parameters
    ----------
    records : Records
        All of them.
    stems : Terms
        Their model numbers and the stems of these, as blockers look them up.
    models : NDArray[np.object_]
        How these are spelled, shape (n_stems,): model numbers first.

    Returns
    -------
    tuple[Weights, dict[str, Longs]]
        What they say, and for each kind of words what `Weights.places` says of all of them.
    """
    spelled = {
        "vocabulary": _words(records.vocabulary.words),
        "models": models,
        "quantities": _quantities(records),
    }
    hashed = {kind: hash_words(words) for kind, words in spelled.items()}
    order = {kind: np.argsort(hashes) for kind, hashes in hashed.items()}
    idf = {STEMS: stems.idf[order["models"]]}
    for name, terms in _texts(records).items():
        kind = name if name in hashed else "vocabulary"
        known = terms.idf
        if name == "models":  # stems that are no model numbers are as rare as unknown ones
            unknown = np.full(len(models) - len(known), idf_of_unknown(len(records)))
            known = np.concatenate([known, unknown])
        is_hashed = name in ("grams", "title_grams")
        idf[name] = known if is_hashed else known[order[kind]]
    brands = np.empty(len(records), np.int32)
    brands[records.rows] = records.brands
    counts = np.bincount(records.brands[records.brands >= 0])
    weights = Weights(
        words={kind: hashes[order[kind]] for kind, hashes in hashed.items()},
        idf=idf,
        n_records=len(records),
        brands=brands,
        brand_shares=(counts / max(len(records), 1)).astype(np.float32),
    )
    return weights, {kind: _inverse(each) for kind, each in order.items()}


def _inverse(order: Longs) -> Longs:
    """Return the place that each number has in an order of all of them."""
    places = np.empty(len(order), np.int64)
    places[order] = np.arange(len(order))
    return places


def _texts(records: Records) -> dict[str, Terms]:
    found = {
        "title": records.title,
        "core": records.core,
        "whole": records.whole,
        "models": records.models,
        "grams": records.grams,
        "title_grams": records.title_grams,
        "quantities": records.quantities,
    }
    for column in records.columns:
        if column.tokens is not None:
            found[f"column:{column.attribute.name}"] = column.tokens
    return found


def _words(words: pa.StringArray) -> NDArray[np.object_]:
    return np.asarray(words.to_numpy(zero_copy_only=False), dtype=object)


def _quantities(records: Records) -> NDArray[np.object_]:
    pairs = zip(records.quantity_dimensions.tolist(), records.quantity_values.tolist(), strict=True)
    return np.array([f"{dimension}:{value:.9g}" for dimension, value in pairs], dtype=object)
