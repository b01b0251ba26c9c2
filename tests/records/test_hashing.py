import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matcher.records.hashing import hash_rows, hash_strings, powers

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=10)


@given(TEXT, TEXT)
def test_the_hash_of_a_concatenation_follows_from_its_parts(one, other):
    hashes = hash_strings(pa.array([one, other, one + other]))
    length = len(other.encode())
    assert (hashes[:1] * powers(length + 1)[length:] + hashes[1:2] == hashes[2:]).all()


@given(st.lists(TEXT, max_size=8))
def test_a_slice_hashes_like_the_whole(values):
    array = pa.array(values, pa.string())
    assert hash_strings(array.slice(1)).tolist() == hash_strings(array)[1:].tolist()


def test_rows_differ_where_values_move_between_columns_or_are_null():
    columns = [pa.array(["ab", "a", None, ""]), pa.array(["c", "bc", "x", "x"])]
    assert len(set(hash_rows(columns).tolist())) == 4
