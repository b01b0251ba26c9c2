"""The chain between two records is one whose weakest link is the strongest."""

from itertools import pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from matcher.explanation import weakest_first

RECORDS = range(5)
PROBABILITIES = st.dictionaries(
    st.sampled_from([(one, other) for one in RECORDS for other in RECORDS if one < other]),
    st.sampled_from([0.1, 0.4, 0.5, 0.9]),
)


def test_links_are_told_from_the_first_record_to_the_second_the_weakest_first():
    edges = [(1, 0, 0, 0.9), (1, 2, 0, 0.6), (3, 2, 1, 0.7)]
    assert weakest_first(edges, 0, 3) == [
        (2, (1, 2, 0, 0.6)),
        (3, (2, 3, 1, 0.7)),
        (1, (0, 1, 0, 0.9)),
    ]


def test_records_that_nothing_joins_have_no_chain():
    assert weakest_first([(0, 1, 0, 0.9)], 0, 2) == []


@given(PROBABILITIES)
def test_no_other_chain_has_a_stronger_weakest_link(found):
    edges = [(one, other, 0, probability) for (one, other), probability in found.items()]
    widths = [
        min(found.get((min(pair), max(pair)), 0.0) for pair in pairwise(path))
        for length in range(4)
        for inner in permutations((1, 2, 3), length)
        for path in [(0, *inner, 4)]
    ]
    chain = weakest_first(edges, 0, 4)
    assert (chain[0][1][3] if chain else 0.0) == max(widths)
    steps = [edge for _, edge in sorted(chain)]
    assert all(one[1] == other[0] for one, other in pairwise(steps))
    assert not steps or (steps[0][0], steps[-1][1]) == (0, 4)
