import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.labelling import Contradiction, find_contradictions

EXACT, VARIANT, DIFFERENT = 0, 1, 2


def found(*labels):
    left, right, relations = (np.array(each) for each in zip(*labels, strict=True))
    return find_contradictions(left, right, relations.astype(np.int8))


def test_two_relations_of_one_pair_are_told_whatever_the_order_of_its_sides():
    assert found((0, 1, EXACT), (2, 3, EXACT), (1, 0, VARIANT)) == (Contradiction(2, (0,)),)


def test_a_chain_is_told_from_the_left_record_to_the_right_one():
    labels = (0, 1, EXACT), (1, 2, EXACT), (2, 3, EXACT), (3, 0, DIFFERENT)
    assert found(*labels) == (Contradiction(3, (2, 1, 0)),)


def test_variants_chain_to_families_but_not_to_one_product():
    assert found((0, 1, VARIANT), (1, 2, EXACT), (0, 2, DIFFERENT)) == (Contradiction(2, (0, 1)),)
    assert found((0, 1, VARIANT), (1, 2, VARIANT), (0, 2, EXACT)) == ()
    assert found((0, 1, EXACT), (1, 2, EXACT), (0, 2, VARIANT)) == (Contradiction(2, (0, 1)),)


def test_a_different_pair_inside_an_exact_chain_is_told_once():
    labels = (0, 1, EXACT), (1, 2, EXACT), (0, 2, DIFFERENT), (0, 2, DIFFERENT)
    assert len(found(*labels)) == 1


def test_a_record_paired_with_itself_contradicts_nothing():
    assert found((1, 1, DIFFERENT), (0, 1, EXACT)) == ()
    empty = np.zeros(0, np.int64)
    assert find_contradictions(empty, empty, np.zeros(0, np.int8)) == ()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from([0, 1, 2]))))
def test_without_what_contradicts_nothing_contradicts(labels):
    """Without the labels that were told, the others agree; a repeated one is told once."""
    labels = list({(min(a, b), max(a, b), relation): None for a, b, relation in labels})
    if not labels:
        return
    told = found(*labels)
    for each in told:
        others = [labels[at] for at in each.others]
        assert labels[each.place] not in others
        ends = {labels[each.place][0], labels[each.place][1]}
        assert ends <= {record for one in others for record in one[:2]}
    kept = [label for at, label in enumerate(labels) if at not in {each.place for each in told}]
    assert not kept or found(*kept) == ()
