import numpy as np

from matcher.records.conflicts import gtin_conflicts

IDS = np.array(["a", "b", "c", "d"], dtype=object)


def find(gtins, **axes):
    values = {axis: np.array([forms], np.int32) for axis, forms in axes.items()}
    return gtin_conflicts(IDS, np.array(gtins, np.int32), values)


def test_a_gtin_on_two_sizes_is_named_with_its_records():
    (notice,) = find([7, 7, 7, 2], size=[0, 1, -1, 1], color=[0, 0, 0, 1])
    assert notice.kind == "gtin_conflict"
    assert notice.count == 1
    assert notice.message == (
        "codes: 1 GTINs are on records that differ in size, first on 'a', 'b', 'c'. "
        "They are not one duplicate group; check the GTINs."
    )


def test_equal_and_unknown_values_and_unknown_gtins_are_no_conflict():
    assert find([7, 7, 7, 2], size=[3, 3, -1, 1]) == []
    assert find([-1, -1, 1, 2], size=[0, 1, 2, 3]) == []
    assert find([1, 1, 1, 1]) == []


def test_a_gtin_that_conflicts_in_two_axes_counts_once():
    (notice,) = find([7, 7, 2, 2], size=[0, 1, 5, 5], color=[0, 1, 5, 6])
    assert notice.count == 2
    assert "differ in size, color" in notice.message
