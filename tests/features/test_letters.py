from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matcher.features.letters import number_letters, utf8_bytes

TEXTS = st.lists(st.none() | st.text(max_size=8), max_size=6)


@given(TEXTS)
def test_letters_are_equal_where_code_points_are(texts):
    letters = number_letters(pa.array(texts, pa.string())).write(pa.array(texts, pa.string()))
    points = [point for text in texts for point in text or ""]
    numbers = dict(zip(points, letters.codes.tolist(), strict=True))
    assert len(set(numbers.values())) == len(numbers)
    assert letters.codes.tolist() == [numbers[point] for point in points]
    assert np.diff(letters.offsets).tolist() == [len(text or "") for text in texts]
    assert letters.longest == max((len(text or "") for text in texts), default=0)
    assert (letters.codes < letters.n_codes).all()


def test_a_letter_outside_the_alphabet_has_number_zero():
    alphabet = number_letters(pa.array(["shoe"]))
    assert alphabet.write(pa.array([" \U0001f600"])).codes.tolist() == [0, 0]
    assert (alphabet.write(pa.array(["shoe"])).codes > 0).all()


@given(TEXTS, st.integers(0, 3))
def test_bytes_are_utf8_also_of_a_slice(texts, start):
    data, offsets = utf8_bytes(pa.array(texts, pa.string()).slice(start))
    found = [data[a:b].tobytes() for a, b in pairwise(offsets)]
    assert found == [(text or "").encode() for text in texts[start:]]
