import numpy as np
import pyarrow as pa
import pytest

from matcher.records.axes import encode_forms, mark_values, merge_forms, normal_form
from matcher.records.terms import Rows


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("grey", "gray", "color"),
        ("silver/black", "silver black", "color"),
        ("schwarz", "black", "color"),
        ("x-large", "xl", "size"),
        ("xxl", "2xl", "size"),
        ("10.0", "10", "size"),
        ("64 gb", "65536 mb", "quantity"),
        ("3 l", "3000ml", "quantity"),
        ("cotton - blend", "cotton blend", "category"),
    ],
)
def test_equal_values_have_one_form(one, other, kind):
    assert normal_form(one, kind) == normal_form(other, kind)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("3 l", "1 l", "quantity"),
        ("64 gb", "64 mb", "quantity"),
        ("xl", "xxl", "size"),
        ("dark gray", "gray", "color"),
        ("4 gb", "4 l", "quantity"),
    ],
)
def test_different_values_have_different_forms(one, other, kind):
    assert normal_form(one, kind) != normal_form(other, kind)


def test_a_value_of_signs_alone_keeps_its_own_form():
    forms = encode_forms(pa.array(["★", "☆", "★", None]), "category")[0]
    assert forms.tolist() == [0, 1, 0, -1]


def test_the_first_known_of_several_columns_fills_the_axis():
    first = encode_forms(pa.array(["red", None, None]), "color")
    second = encode_forms(pa.array(["blue", "red", None]), "color")
    assert merge_forms([first, second])[0].tolist() == [0, 0, -1]


def rows(*records):
    indptr = np.concatenate([[0], np.cumsum([len(record) for record in records])])
    return Rows(indptr, np.array([t for record in records for t in record], dtype=np.int32))


def test_values_are_marked_where_they_stand_in_their_own_record():
    text = rows([5, 1, 2, 5], [1, 2], [1, 3], [])
    value = rows([1, 2], [2], [1, 2], [1])
    assert mark_values(text, [(3, value)]).tolist() == [0, 8, 8, 0, 0, 8, 0, 0]


def test_a_value_is_not_found_over_the_end_of_a_record():
    assert mark_values(rows([1], [2]), [(0, rows([1, 2], []))]).tolist() == [0, 0]


def test_axes_add_up_their_bits():
    text = rows([1, 2])
    assert mark_values(text, [(0, rows([1])), (1, rows([1, 2]))]).tolist() == [3, 2]


def test_eight_axes_take_a_byte_and_more_take_four():
    text = rows([1, 2])
    marked = [mark_values(text, [(0, rows([1])), (bit, rows([2]))]) for bit in (7, 8, 30)]
    assert [bits.dtype for bits in marked] == [np.uint8, np.uint32, np.uint32]
    assert [bits.tolist() for bits in marked] == [[1, 128], [1, 256], [1, 1 << 30]]
