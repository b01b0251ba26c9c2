"""From probabilities to relations: thresholds, and the rules that no probability overrules."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import mark_differing, sum_texts
from matcher.types import (
    DIFFERENT,
    EXACT,
    SPREAD,
    VARIANT,
    Bits,
    Bools,
    Floats,
    Labels,
    Pairs,
    Records,
    Scores,
    any_differs,
)


@dataclass(frozen=True, slots=True)
class Conflicts:
    """What speaks against pairs, whatever their texts say.

    Attributes
    ----------
    kept, ignored : Bools
        Shape (n_pairs,): known values conflict on an axis that is kept, on one that is ignored.
    no_identity : Bools
        Shape (n_pairs,): nothing that identifies a product is known of one of the records.
    """

    kept: Bools
    ignored: Bools
    no_identity: Bools


@dataclass(frozen=True, slots=True)
class Contradictions:
    """What speaks against pairs, before it is said which axes are ignored.

    Attributes
    ----------
    axes : Bits
        Shape (n_pairs,): bit a is set where known values of axis number a conflict.
    no_identity : Bools
        As in `Conflicts`.
    """

    axes: Bits
    no_identity: Bools

    def under(self, ignored: int | Bits) -> Conflicts:
        """Return the conflicts with the axes of these bits ignored, of all or shape (n_pairs,)."""
        bits = np.asarray(ignored, np.uint32)
        return Conflicts(self.axes & ~bits != 0, self.axes & bits != 0, self.no_identity)


def find_contradictions(records: Records, pairs: Pairs) -> Contradictions:
    """Find the pairs that hard rules decide, whatever is ignored."""
    known = np.diff(records.whole.indptr) > 0
    for forms in records.codes.values():
        known |= forms >= 0
    return Contradictions(differing_axes(records, pairs), ~(known[pairs.left] & known[pairs.right]))


def find_conflicts(records: Records, pairs: Pairs, ignored: int | Bits) -> Conflicts:
    """Find the pairs that hard rules decide.

    Parameters
    ----------
    records : Records
        The catalogue.
    pairs : Pairs
        The pairs.
    ignored : int | Bits
        Bits of the ignored axes, of all pairs or shape (n_pairs,).
    """
    return find_contradictions(records, pairs).under(ignored)


def differing_axes(records: Records, pairs: Pairs) -> Bits:
    """Return the axes of which pairs know different values, a bit each, shape (n_pairs,)."""
    found = np.zeros(len(pairs), dtype=np.uint32)
    for number, axis in enumerate(records.axes):
        bit = np.uint32(1 << number)
        mark_differing(records.axis_limits[axis], pairs.left, pairs.right, bit, found)
    return found


def known_axes(records: Records) -> Bits:
    """Return the axes of which each record knows something, a bit each, shape (n_records,)."""
    found = np.zeros(len(records), dtype=np.uint32)
    for number, axis in enumerate(records.axes):
        known = (records.axis_limits[axis] >= 0).any(axis=0)
        found |= known.astype(np.uint32) << np.uint32(number)
    return found


def options_agree(records: Records, pairs: Pairs) -> Bools:
    """Return which pairs are known to agree in every option that either record has.

    At least one axis is known and equal, and none is known on one side only or conflicts: such a
    pair cannot be a variant, so it is exact if it is of one family.

    Parameters
    ----------
    records : Records
        The catalogue.
    pairs : Pairs
        The pairs.
    """
    options, is_known = records.options(), np.zeros(len(records), dtype=np.bool_)
    for forms in records.axis_values.values():
        is_known |= forms >= 0
    is_equal = options[pairs.left] == options[pairs.right]
    return np.asarray(is_known[pairs.left] & is_equal)


def say_the_same(records: Records, pairs: Pairs) -> Bools:
    """Return which pairs say the same in all that identifies a product, and leave nothing open.

    Their words and attributes are equal, every axis that has a column is known and equal, as are
    color and size, and no code conflicts: whatever a model makes of it that many records say so,
    they are one product.  What is ignored plays no part.

    Parameters
    ----------
    records : Records
        The catalogue.
    pairs : Pairs
        The pairs.
    """
    saying = sum_texts(records.whole.indptr, records.whole.terms)
    is_known = saying != 0
    has_column = {column.attribute.axis for column in records.columns}
    said = [column.forms for column in records.columns if column.attribute.role == "identity"]
    for axis, forms in records.axis_values.items():
        if axis in has_column or axis in ("color", "size"):
            is_known &= forms >= 0
        said.append(forms)
    for forms in said:
        saying = saying * SPREAD + (forms + 1).astype(np.uint64)
    equal = is_known[pairs.left] & (saying[pairs.left] == saying[pairs.right])
    for code in records.codes.values():
        equal &= ~any_differs(code[None, :], pairs.left, pairs.right)
    return np.asarray(equal)


def say_the_same_words(records: Records, pairs: Pairs) -> Bools:
    """Return which pairs say the same words, in whatever order, shape (n_pairs,)."""
    saying = sum_texts(records.whole.indptr, records.whole.terms)
    return np.asarray(saying[pairs.left] == saying[pairs.right])


def to_scores(
    pairs: Pairs,
    same: NDArray[np.float64],
    related: NDArray[np.float64],
    conflicts: Conflicts,
    thresholds: tuple[float, float],
) -> Scores:
    """Turn the two probabilities of a pair into those of the three relations, and decide.

    Parameters
    ----------
    pairs : Pairs
        The pairs.
    same, related : NDArray[np.float64]
        Shape (n_pairs,): probability of the same product with nothing ignored, and with the
        ignored axes left out.
    conflicts : Conflicts
        A conflict on a kept axis, or no identity, makes different; one on an ignored axis makes
        variant at most.
    thresholds : tuple[float, float]
        Probabilities from which a pair is exact, and exact or variant.
    """
    impossible = conflicts.kept | conflicts.no_identity
    exact = np.where(impossible | conflicts.ignored, 0.0, same)
    family = np.where(impossible, 0.0, np.maximum(related, exact))
    probabilities = np.stack([exact, family - exact, 1 - family], axis=1).astype(np.float32)
    return Scores(pairs, probabilities, decide(probabilities, thresholds))


def decide(probabilities: Floats, thresholds: tuple[float, float]) -> NDArray[np.int8]:
    """Return the relation of each row of probabilities.

    A probability of 0 is a rule's no: a threshold of 0 does not overrule it.

    Parameters
    ----------
    probabilities : Floats
        Shape (n_pairs, 3), as in `Scores`.
    thresholds : tuple[float, float]
        Probabilities from which a pair is exact, and exact or variant.

    Returns
    -------
    NDArray[np.int8]
        Shape (n_pairs,): `EXACT`, `VARIANT` or `DIFFERENT`.

    Examples
    --------
    >>> rows = np.array([[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]], dtype=np.float32)
    >>> decide(rows, (0.5, 0.5)).tolist()
    [0, 1, 2]
    """
    exact, family = probabilities[:, EXACT], probabilities[:, EXACT] + probabilities[:, VARIANT]
    relations = np.full(len(probabilities), DIFFERENT, dtype=np.int8)
    relations[(family >= thresholds[1]) & (family > 0)] = VARIANT
    relations[(exact >= thresholds[0]) & (exact > 0)] = EXACT
    return relations


def decide_again(scores: Scores, thresholds: tuple[float, float]) -> Scores:
    """Return the scores with the relations that other thresholds make of them, as `decide` does."""
    return Scores(scores.pairs, scores.probabilities, decide(scores.probabilities, thresholds))


def enforce_labels(scores: Scores, labels: Labels) -> Scores:
    """Return the scores with the relations that a person gave, at probability 1.

    Labelled pairs that were not scored are not added.
    """
    keys, scored = labels.pairs.keys(), scores.pairs.keys()
    if len(keys) == 0:
        return scores
    place = np.minimum(np.searchsorted(keys, scored), len(keys) - 1)
    labelled = keys[place] == scored
    relations = scores.relations.copy()
    relations[labelled] = labels.relations[place[labelled]]
    probabilities = scores.probabilities.copy()
    probabilities[labelled] = np.eye(3, dtype=np.float32)[relations[labelled]]
    return Scores(scores.pairs, probabilities, relations)
