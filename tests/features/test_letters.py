from itertools import pairwise

import numpy as np
import pyarrow as pa
from features_helpers import make_terms
from hypothesis import given
from hypothesis import strategies as st

from matcher.features.letters import join_bytes, join_letters, number_letters, utf8_bytes

TEXTS = st.lists(st.none() | st.text(max_size=8), max_size=6)


@given(TEXTS)
def test_letters_are_equal_where_code_points_are(texts):
    letters = number_letters(pa.array(texts, pa.string()))
    points = [point for text in texts for point in text or ""]
    numbers = dict(zip(points, letters.codes.tolist(), strict=True))
    assert len(set(numbers.values())) == len(numbers)
    assert letters.codes.tolist() == [numbers[point] for point in points]
    assert np.diff(letters.offsets).tolist() == [len(text or "") for text in texts]
    assert letters.longest == max((len(text or "") for text in texts), default=0)
    assert (letters.codes < letters.n_codes).all()


def test_a_space_alone_has_number_zero():
    assert (number_letters(pa.array(["a b"])).codes == 0).tolist() == [False, True, False]


@given(TEXTS, st.integers(0, 3))
def test_bytes_are_utf8_also_of_a_slice(texts, start):
    data, offsets = utf8_bytes(pa.array(texts, pa.string()).slice(start))
    found = [data[a:b].tobytes() for a, b in pairwise(offsets)]
    assert found == [(text or "").encode() for text in texts[start:]]


WORDS = ["sh\u00f6", "\u6f22", "x", "abc"]


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1)), max_size=4), max_size=4),
    st.integers(0, 1),
    st.integers(0, 6),
)
def test_terms_are_written_in_their_order_those_of_ignored_axes_left_out(rows, ignored, most):
    terms = make_terms([[term for term, _ in row] for row in rows], 4, is_set=False)
    terms.axes[:] = [bit for row in rows for _, bit in row]
    kept = [[WORDS[term] for term, bit in row if not bit & ignored] for row in rows]
    data, offsets = join_bytes(terms, ignored, *utf8_bytes(pa.array(WORDS)), most)
    found = [data[a:b].tobytes().decode() for a, b in pairwise(offsets)]
    assert found == ["".join(words)[:most] for words in kept]

    joined = join_letters(terms, ignored, number_letters(pa.array(WORDS)))
    texts = number_letters(pa.array([" ".join(words) for words in kept] + [*WORDS], pa.string()))
    assert joined.offsets.tolist() == texts.offsets[: len(rows) + 1].tolist()
    assert joined.codes.tolist() == texts.codes[: len(joined.codes)].tolist()
    assert joined.longest == max((len(" ".join(words)) for words in kept), default=0)
