"""Repair slips of spelling with the catalogue's own vocabulary: ``frmae`` is ``frame``."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.types import Ints, Longs

SHORTEST = 5
"""Letters of the shortest word that is repaired: short words are near many others."""

LONGEST = 16
"""Letters of the longest one; longer words are compounds and rarely repeated."""

RARE = 2
"""Records that have a slip at most."""

RATIO = 10
"""How many times as many records have the right word."""


def repair_words(words: pa.StringArray, frequency: Longs) -> Ints:
    """Return for each word the one that it is a slip of, itself where it is none.

    A slip is a rare word of letters only that is one letter added, lost, changed or two swapped
    away from a word that far more records have.  Words with digits are never touched: a model
    number that is one digit off is another product.

    Parameters
    ----------
    words : pa.StringArray
        Shape (n_vocabulary,): words in their normal form.
    frequency : Longs
        Shape (n_vocabulary,): number of records that have each.

    Returns
    -------
    Ints
        Shape (n_vocabulary,): number of the right word.

    Examples
    --------
    >>> words = pa.array(["frame", "frmae", "yelow", "yellow", "frama"])
    >>> repair_words(words, np.array([40, 1, 2, 30, 9])).tolist()
    [0, 0, 3, 3, 4]

    References
    ----------
    Garbe, W. (2012). SymSpell: symmetric delete spelling correction.
    """
    repaired = np.arange(len(words), dtype=np.int32)
    lengths = pc.utf8_length(words).to_numpy(zero_copy_only=False)
    is_word = np.asarray(pc.utf8_is_alpha(words)) & (lengths >= SHORTEST - 1) & (lengths <= LONGEST)
    rare = np.flatnonzero(is_word & (frequency > 0) & (frequency <= RARE) & (lengths >= SHORTEST))
    common = np.flatnonzero(is_word & (frequency >= RATIO))
    if len(rare) == 0 or len(common) == 0:
        return repaired
    slips, targets = _near(words, rare, common)
    enough = frequency[targets] >= RATIO * frequency[slips]
    slips, targets = slips[enough], targets[enough]
    # The most frequent of several; ties go to the word that comes first in the alphabet.
    rank = np.empty(len(words), dtype=np.int64)
    rank[pc.array_sort_indices(words).to_numpy()] = np.arange(len(words))
    order = np.lexsort((rank[targets], -frequency[targets], slips))
    slips, targets = slips[order], targets[order]
    is_first = np.append(True, slips[1:] != slips[:-1])[: len(slips)]
    repaired[slips[is_first]] = targets[is_first]
    return repaired


def _near(words: pa.StringArray, rare: Longs, common: Longs) -> tuple[Longs, Longs]:
    """Return the pairs of a rare and a common word that are one edit apart."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    rare_forms, common_forms = _deletions(words, rare), _deletions(words, common)
    joined = rare_forms.join(common_forms, "form", join_type="inner", right_suffix="_common")
    slips = joined["word"].to_numpy().astype(np.int64)
    targets = joined["word_common"].to_numpy().astype(np.int64)
    if len(slips) == 0:
        return slips, targets
    keys = np.unique((slips << 32) | targets)
    slips, targets = keys >> 32, keys & 0xFFFFFFFF
    spelled = np.asarray(words.to_numpy(zero_copy_only=False), dtype=object)
    distance = process.cpdist(spelled[slips], spelled[targets], scorer=OSA.distance)
    is_near = np.asarray(distance) == 1
    return slips[is_near], targets[is_near]


def _deletions(words: pa.StringArray, chosen: NDArray[np.int64]) -> pa.Table:
    """Return words and what is left of them with one letter deleted, each with its number."""
    picked = words.take(pa.array(chosen))
    lengths = pc.utf8_length(picked).to_numpy(zero_copy_only=False)
    forms, numbers = [picked], [chosen]
    for place in range(int(lengths.max())):
        longer = np.flatnonzero(lengths > place)
        some = picked.take(pa.array(longer))
        before = pc.utf8_slice_codeunits(some, 0, place)
        after = pc.utf8_slice_codeunits(some, place + 1)
        forms.append(pc.binary_join_element_wise(before, after, ""))
        numbers.append(chosen[longer])
    return pa.table({"form": pa.concat_arrays(forms), "word": np.concatenate(numbers)})
