"""What was said of pairs is read as it was written, in one file or in several."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from matcher.errors import RecordsError
from matcher.output.state import (
    STATE_FORMAT,
    Grown,
    Said,
    State,
    open_state,
    read_state,
    write_state,
)
from matcher.output.write import MOST_STATE_FILES


def state_of(n_pairs):
    rng = np.random.default_rng(n_pairs)
    exact = rng.random(n_pairs).astype(np.float32) / 2
    probabilities = np.stack([exact, exact / 2, 1 - exact - exact / 2], axis=1)
    said = Said((), probabilities, np.zeros(n_pairs, np.int8))
    return State(np.arange(n_pairs), np.arange(n_pairs) + 1, (said, replace(said)), None)


def more(state, n_more):
    return Grown(state, state_of(n_more))


def assert_same(found, state):
    np.testing.assert_array_equal(found.left, state.left)
    np.testing.assert_array_equal(found.right, state.right)
    for one, two in zip(found.said, state.said, strict=True):
        np.testing.assert_allclose(one.probabilities, two.probabilities, atol=1e-6)
        np.testing.assert_array_equal(one.relations, two.relations)


def table_of(path):
    with pa.ipc.open_file(path) as file:
        return file.read_all()


def folder(tmp_path, name):
    made = tmp_path / name
    made.mkdir()
    return made


def test_pairs_that_a_file_holds_are_linked_and_not_written_again(tmp_path):
    one, two = folder(tmp_path, "one"), folder(tmp_path, "two")
    write_state(state_of(1000), one)
    longer = more(read_state(one), 10)
    write_state(longer, two)
    assert (two / "state-1.arrow").samefile(one / "state.arrow")
    assert table_of(two / "state.arrow").num_rows == 10
    assert_same(read_state(two), longer.whole())


def test_a_state_in_one_file_has_the_format_that_older_versions_read(tmp_path):
    write_state(state_of(3), tmp_path)
    assert b'"format": 1' in table_of(tmp_path / "state.arrow").schema.metadata[b"matcher"]


def test_a_state_is_mapped_and_not_read_into_memory(tmp_path):
    write_state(state_of(100_000), tmp_path)
    before = pa.total_allocated_bytes()
    opened = open_state(tmp_path)
    assert pa.total_allocated_bytes() - before < 10_000
    assert_same(opened.take(np.array([3, 7])), state_of(100_000).take(np.array([3, 7])))


def test_a_file_that_was_replaced_since_is_not_linked(tmp_path):
    one, two = folder(tmp_path, "one"), folder(tmp_path, "two")
    write_state(state_of(5), one)
    longer = more(read_state(one), 2)
    write_state(state_of(9), one)
    write_state(longer, two)
    assert [path.name for path in two.iterdir()] == ["state.arrow"]
    assert_same(read_state(two), longer.whole())


def test_after_many_updates_all_pairs_are_written_into_one_file(tmp_path):
    before = folder(tmp_path, "0")
    write_state(state_of(4), before)
    for number in range(1, MOST_STATE_FILES + 1):
        after = folder(tmp_path, str(number))
        state = more(read_state(before), 3)
        write_state(state, after)
        assert_same(read_state(after), state.whole())
        before = after
    assert [path.name for path in after.iterdir()] == ["state.arrow"]


def test_where_there_are_no_links_files_are_copied(tmp_path, monkeypatch):
    def hardlink_to(self, target):
        raise OSError("no links here")

    one, two = folder(tmp_path, "one"), folder(tmp_path, "two")
    write_state(state_of(5), one)
    longer = more(read_state(one), 2)
    monkeypatch.setattr(type(one), "hardlink_to", hardlink_to)
    write_state(longer, two)
    assert_same(read_state(two), longer.whole())


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"format": STATE_FORMAT + 1, "before": ["x"]}, "is of a newer version"),
        ({"format": 2, "before": ["../../secret.arrow"]}, "is not the state of a result"),
        ({"format": 2, "before": ["state-1.arrow"]}, "is not the state of a result"),
    ],
)
def test_other_formats_and_files_elsewhere_are_refused(tmp_path, facts, message):
    write_state(state_of(3), tmp_path)
    path = tmp_path / "state.arrow"
    table = table_of(path)
    known = json.loads(table.schema.metadata[b"matcher"])
    said = {b"matcher": json.dumps({**known, **facts}).encode()}
    table = table.replace_schema_metadata(said)
    with pa.ipc.new_file(path, table.schema) as file:
        file.write_table(table)
    with pytest.raises(RecordsError, match=message):
        read_state(tmp_path)
