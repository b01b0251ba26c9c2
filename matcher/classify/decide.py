"""From probabilities to relations: thresholds, and the rules that no probability overrules."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.compiled import differing
from matcher.types import (
    DIFFERENT,
    EXACT,
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
    kept, loose = find_differing(records, pairs, ignored)
    has_text = np.diff(records.whole.indptr) > 0
    has_code = np.zeros(len(records), dtype=np.bool_)
    for forms in records.codes.values():
        has_code |= forms >= 0
    known = has_text | has_code
    return Conflicts(kept, loose, ~(known[pairs.left] & known[pairs.right]))


def find_differing(records: Records, pairs: Pairs, ignored: int | Bits) -> tuple[Bools, Bools]:
    """Return which pairs know different values of a kept axis, and which of an ignored one.

    Parameters
    ----------
    records, pairs, ignored : Records, Pairs, int | Bits
        As of `find_conflicts`.
    """
    kept = np.zeros(len(pairs), dtype=np.bool_)
    loose = np.zeros(len(pairs), dtype=np.bool_)
    for axis in records.axes:
        differs = differing(records.axis_limits[axis], pairs.left, pairs.right)
        is_ignored = np.asarray(ignored, np.uint32) & np.uint32(records.axis_bits([axis])) != 0
        loose |= differs & is_ignored
        kept |= differs & ~is_ignored
    return kept, loose


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
    any_equal = np.zeros(len(pairs), dtype=np.bool_)
    all_equal = np.ones(len(pairs), dtype=np.bool_)
    for forms in records.axis_values.values():
        left, right = forms[pairs.left], forms[pairs.right]
        any_equal |= (left == right) & (left >= 0)
        all_equal &= left == right
    return any_equal & all_equal


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
    texts = records.whole.number_texts()
    equal = (texts[pairs.left] == texts[pairs.right]) & (texts[pairs.left] >= 0)
    has_column = {column.attribute.axis for column in records.columns}
    for axis, forms in records.axis_values.items():
        is_needed = axis in has_column or axis in ("color", "size")
        is_known = forms[pairs.left] >= 0 if is_needed else True
        equal &= (forms[pairs.left] == forms[pairs.right]) & is_known
    for column in records.columns:
        if column.attribute.role == "identity":
            equal &= column.forms[pairs.left] == column.forms[pairs.right]
    for code in records.codes.values():
        equal &= ~any_differs(code[None, :], pairs.left, pairs.right)
    return np.asarray(equal)


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
