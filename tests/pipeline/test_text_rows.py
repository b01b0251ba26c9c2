import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.pipeline.text_rows import take_texts


@settings(deadline=None)  # compiling takes longer
@given(st.lists(st.none() | st.text(max_size=4), max_size=9), st.integers(0, 3), st.data())
def test_rows_are_taken_as_arrow_does(texts, start, data):
    for kind in (pa.string(), pa.large_string()):
        column = pa.array(texts, kind).slice(start)
        place = st.integers(0, max(len(column) - 1, 0))
        rows = data.draw(st.lists(place, max_size=12 if len(column) else 0))
        found = take_texts(column, np.array(rows, np.int32))
        found.validate(full=True)
        assert found.type == pa.string()
        assert found.to_pylist() == column.take(pa.array(rows, pa.int32())).to_pylist()
