import numpy as np
import pytest

from matcher.compiled import distinct_parts


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
