import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matcher.records.hashing import hash_strings
from matcher.records.joined import find_joined
from matcher.records.terms import Rows, indptr_of

WORDS = ["a", "b", "ab", "ba", "é", "1"]
LONGEST = 4


@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=6), max_size=5),
    st.sets(st.text("abé1", min_size=1, max_size=3), min_size=1, max_size=6),
)
def test_runs_are_found_where_joined_they_spell_a_name(records, names):
    names = sorted(name for name in names if len(name.encode()) <= LONGEST) or ["a"]
    terms = np.array([WORDS.index(word) for record in records for word in record], np.int32)
    text = Rows(indptr_of(np.array([*map(len, records)], np.int64)), terms)
    wanted = dict.fromkeys((1, 2, 3), hash_strings(pa.array(names)))
    found = {
        (int(record), int(first - text.indptr[record]), size, names[place])
        for size, each in zip(
            wanted, find_joined(text, pa.array(WORDS), wanted, LONGEST), strict=True
        )
        for record, first, place in zip(*each, strict=True)
    }
    expected = {
        (number, first, size, "".join(record[first : first + size]))
        for number, record in enumerate(records)
        for size in wanted
        for first in range(len(record) - size + 1)
        if "".join(record[first : first + size]) in names
    }
    assert found == expected


def test_each_number_of_tokens_has_names_of_its_own():
    text = Rows(np.array([0, 2]), np.array([0, 1], np.int32))
    wanted = {1: hash_strings(pa.array(["ab"])), 2: hash_strings(pa.array([], pa.string()))}
    assert all(len(each[0]) == 0 for each in find_joined(text, pa.array(WORDS), wanted, LONGEST))
