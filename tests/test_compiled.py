import numpy as np
import pytest

from matcher.compiled import distinct_parts, mark_differing, number_keys, number_texts
from matcher.types import Terms, any_differs


@pytest.mark.parametrize("most", [1, 900, 70_000, 600_000])
def test_a_long_row_is_sorted_with_the_bits_of_all_its_places(most):
    random = np.random.default_rng(0)
    parts, terms = random.integers(0, most, 500).astype(np.int32), random.integers(0, 100, 2000)
    axes, starts = random.integers(0, 4, 2000).astype(np.uint32), np.arange(0, 501, 5)
    indptr = np.array([0, 0, 1990, 2000])
    pointers, found, bits = distinct_parts(indptr, terms.astype(np.int32), axes, starts, parts)
    for row in range(3):
        expected: dict[int, int] = {}
        for place in range(indptr[row], indptr[row + 1]):
            for part in parts[starts[terms[place]] : starts[terms[place] + 1]].tolist():
                expected[part] = expected.get(part, 3) & int(axes[place])
        own = slice(pointers[row], pointers[row + 1])
        assert found[own].tolist() == sorted(expected)
        assert bits[own].tolist() == [expected[part] for part in sorted(expected)]


@pytest.mark.parametrize("size", [0, 1, 9, 5000])
def test_equal_keys_have_equal_numbers_in_their_order(size):
    keys = np.random.default_rng(size).integers(0, max(size // 2, 1), size).astype(np.uint64)
    known: dict[int, int] = {}
    expected = [known.setdefault(key, len(known)) if key else -1 for key in keys.tolist()]
    assert number_keys(keys).tolist() == expected


def test_texts_of_equal_terms_have_equal_numbers_whatever_their_order():
    random = np.random.default_rng(3)
    rows = [random.integers(0, 3, random.integers(0, 4)).tolist() for _ in range(300)]
    indptr = np.concatenate([[0], np.cumsum([*map(len, rows)])])
    terms = np.array([term for row in rows for term in row], np.int32)
    texts = Terms(indptr, terms, np.zeros(len(terms), np.uint32), np.ones(3, np.float32), False)
    known: dict[tuple[int, ...], int] = {}
    expected = [known.setdefault(tuple(sorted(row)), len(known)) if row else -1 for row in rows]
    assert number_texts(texts).tolist() == expected


def test_a_bit_is_set_where_known_values_differ():
    random = np.random.default_rng(5)
    limits = random.integers(-1, 3, (2, 20)).astype(np.int32)
    left, right = np.triu_indices(20, 1)
    found = random.integers(0, 2, len(left)).astype(np.uint32)
    expected = found | (any_differs(limits, left, right) << 2)
    mark_differing(limits, left.astype(np.int32), right.astype(np.int32), np.uint32(4), found)
    assert found.tolist() == expected.tolist()
