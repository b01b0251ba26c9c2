"""What label files call the inputs of a catalogue."""

import pyarrow as pa
import pytest
from labelling_helpers import records_of

from matcher.labelling.inputs import find_inputs, name_sources, short_names


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["/d/abt.csv", "/d/buy.csv"], ("abt.csv", "buy.csv")),
        (["/d/north/x.csv", "/d/south/x.csv"], ("north/x.csv", "south/x.csv")),
        (["x.csv", "d/x.csv"], ("x.csv", "d/x.csv")),
        (["./x.csv", "x.csv"], ("1", "2")),
        (["left", "right"], ("left", "right")),
        (["records"], ("records",)),
        (["sqlite:///s.db?table=a", "sqlite:///s.db?table=b"], ("s.db?table=a", "s.db?table=b")),
    ],
)
def test_inputs_are_called_by_the_ends_of_their_paths_that_tell_them_apart(names, short):
    assert short_names(names) == short
    assert find_inputs(pa.array(short), names).tolist() == list(range(len(names)))


def test_an_input_is_found_when_its_folder_has_moved_or_is_named_in_full():
    names = ["/new/abt.csv", "/new/buy.csv"]
    texts = ["/old/buy.csv", "new/abt.csv", "/new/buy.csv", "abt", "t.csv", "", None]
    assert find_inputs(pa.array(texts), names).tolist() == [-1, 0, 1, -1, -1, -1, -1]
    assert find_inputs(pa.array(["d/x.csv", "x.csv"]), ["x.csv"]).tolist() == [0, 0]


def test_a_name_that_fits_several_inputs_means_none():
    assert find_inputs(pa.array(["x.csv"]), ["a/x.csv", "b/x.csv"]).tolist() == [-1]


def test_records_are_named_by_their_input_only_where_ids_repeat():
    parts = {"parts": [0, 1, 1], "part_names": ("d/a.csv", "d/b.csv")}
    assert name_sources(records_of(["1", "2", "3"], **parts)).tolist() == ["", "", ""]
    repeated = records_of(["1", "1", "3"], [-1, -1, 0], ("north",), **parts)
    assert name_sources(repeated).tolist() == ["a.csv", "b.csv", "north"]
    linked = records_of(["1", "2"], [0, 1], ("d/a.csv", "d/b.csv"), is_link=True)
    assert name_sources(linked).tolist() == ["a.csv", "b.csv"]
    assert name_sources(records_of(["1", "2"])).tolist() == ["", ""]
