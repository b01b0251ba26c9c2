"""Model numbers that differ in digits only are of two products: ``43LM6300``, ``43LM6500``."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from matcher.compiled import kernel
from matcher.types import Bools, Ints, Longs, Pairs, Records, Terms


@dataclass(frozen=True, slots=True)
class SiblingModels:
    """Model numbers of a catalogue, made ready to find siblings among them.

    Attributes
    ----------
    models : Terms
        Those of each record.
    shapes : Ints
        Shape (n_models,): number of what each is without its digits, -1 if it has no letter.
    """

    models: Terms
    shapes: Ints

    @classmethod
    def of(cls, records: Records) -> "SiblingModels":
        """Make those of a catalogue ready."""
        return cls(records.models, _shapes(records.model_words))

    def named(self, pairs: Pairs) -> Bools:
        """Return which pairs name model numbers that differ in digits only, and none in common.

        A model number of digits alone is left out: two of them say little of each other.
        """
        models = self.models
        out = np.zeros(len(pairs), np.bool_)
        _find_siblings(models.indptr, models.terms, self.shapes, pairs.left, pairs.right, out)
        return out


def _shapes(words: pa.StringArray) -> Ints:
    """Return a number for what each word is without its digits; -1 if it has no letter.

    Examples
    --------
    >>> _shapes(pa.array(["kd43x80", "kd55x90", "dsc1", "40173"])).tolist()
    [0, 0, 1, -1]
    """
    _, starts, data = words.buffers()
    if not len(words) or not data:
        return np.full(len(words), -1, np.int32)
    letters, digit = np.frombuffer(data, np.uint8), np.uint8(ord("0"))
    is_digit = letters - digit < 10  # bytes wrap around: what stands before "0" is far above
    plain = pa.py_buffer(np.where(is_digit, digit, letters))
    shapes = pa.StringArray.from_buffers(len(words), starts, plain, offset=words.offset)
    numbers = np.array(shapes.dictionary_encode().indices, dtype=np.int32)
    n_others = np.zeros(len(letters) + 1, np.int64)
    np.cumsum(~is_digit, out=n_others[1:])
    ends = np.frombuffer(starts, np.int32)[words.offset : words.offset + len(words) + 1]
    numbers[n_others[ends[1:]] == n_others[ends[:-1]]] = -1
    return numbers


@kernel
def _find_siblings(
    indptr: Longs, terms: Ints, shapes: Ints, left: Ints, right: Ints, out: Bools
) -> None:
    for pair in range(len(left)):
        for i in range(indptr[left[pair]], indptr[left[pair] + 1]):
            for j in range(indptr[right[pair]], indptr[right[pair] + 1]):
                if terms[i] == terms[j]:
                    out[pair] = False
                    break
                if shapes[terms[i]] >= 0 and shapes[terms[i]] == shapes[terms[j]]:
                    out[pair] = True
            else:
                continue
            break
