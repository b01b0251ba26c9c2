"""Repair slips of spelling with the catalogue's own vocabulary: ``frmae`` is ``frame``."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.records.hashing import Hashes, hash_strings
from matcher.types import Bools, Ints, Longs

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
    is_word, lengths = _words(words)
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


@dataclass(frozen=True, slots=True)
class Slips:
    """Finds the common words that a word, which no record has so far, may be a slip of.

    Attributes
    ----------
    forms : Hashes
        Shape (n_forms,): common words and what is left of them with a letter deleted, ascending.
    words : Ints
        Shape (n_forms,): number of the word of each.
    frequency : Ints
        Shape (n_forms,): number of records that have it.
    """

    forms: Hashes
    words: Ints
    frequency: Ints

    @classmethod
    def of(cls, words: pa.StringArray, frequency: Longs) -> "Slips":
        """Make ready the words of a catalogue, `frequency` as for `repair_words`."""
        is_word, _ = _words(words)
        common = np.flatnonzero(is_word & (frequency >= RATIO))
        if not len(common):
            return cls(np.zeros(0, np.uint64), np.zeros(0, np.int32), np.zeros(0, np.int32))
        table = _deletions(words, common)
        forms = hash_strings(table["form"].combine_chunks())
        order = np.argsort(forms)
        numbers = table["word"].to_numpy()[order]
        return cls(forms[order], numbers.astype(np.int32), frequency[numbers].astype(np.int32))

    def meant(self, word: str, words: pa.StringArray) -> int:
        """Return the number of the word that a new word is a slip of, -1 if it is none."""
        if not (word.isalpha() and SHORTEST <= len(word) <= LONGEST and len(self.forms)):
            return -1
        from rapidfuzz.distance import OSA

        cut = [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]
        wanted = hash_strings(pa.array(cut, pa.string()))
        first, last = (np.searchsorted(self.forms, wanted, side) for side in ("left", "right"))
        found = {
            int(self.words[place]): int(self.frequency[place])
            for start, stop in zip(first.tolist(), last.tolist(), strict=True)
            for place in range(start, stop)
        }
        spelled = {number: str(words[number].as_py()) for number in found}
        near = [number for number in found if OSA.distance(word, spelled[number]) == 1]
        # The most frequent of several; ties go to the word that comes first in the alphabet.
        return min(near, key=lambda number: (-found[number], spelled[number]), default=-1)


def _words(words: pa.StringArray) -> tuple[Bools, Ints]:
    """Return which tokens are words that are repaired or repaired to, and the lengths of all."""
    lengths = pc.utf8_length(words).to_numpy(zero_copy_only=False)
    is_short = (lengths >= SHORTEST - 1) & (lengths <= LONGEST)
    return np.asarray(pc.utf8_is_alpha(words)) & is_short, lengths


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
