import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelling_helpers import records_of

from matcher.errors import LabelsError
from matcher.labelling import read_labels, resolve_labels
from matcher.types import RELATIONS


def table_of(*rows):
    left, right, relation = zip(*rows, strict=True)
    return read_labels(pa.table({"left_id": left, "right_id": right, "relation": relation}))


def resolve(records, *rows, **options):
    labels, notices = resolve_labels(table_of(*rows), records, **options)
    found = zip(
        labels.pairs.left.tolist(),
        labels.pairs.right.tolist(),
        [RELATIONS[number] for number in labels.relations],
        strict=True,
    )
    return list(found), notices


ABC = records_of(["a", "b", "c", "d"])


def test_pairs_are_sorted_and_unique_whatever_the_order_of_rows_and_sides():
    found, notices = resolve(ABC, ("d", "c", "exact"), ("a", "b", "different"))
    assert found == [(0, 1, "different"), (2, 3, "exact")]
    assert notices == ()


def test_repeated_labels_collapse_and_are_counted():
    found, (notice,) = resolve(ABC, ("a", "b", "exact"), ("b", "a", "1"))
    assert found == [(0, 1, "exact")]
    assert (notice.kind, notice.count) == ("repeated_labels", 1)


def test_unknown_ids_are_left_out_and_counted():
    found, (notice,) = resolve(ABC, ("a", "b", "exact"), ("a", "x", "exact"), ("y", "b", "0"))
    assert len(found) == 1
    assert notice.message == (
        "labels: 2 labels name unknown ids, first 'y', 'x'. They were left out."
    )


def test_self_pairs_are_left_out_and_counted():
    found, (notice,) = resolve(ABC, ("a", "a", "exact"), ("a", "b", "exact"))
    assert found == [(0, 1, "exact")]
    assert notice.message == (
        "labels: 1 labels pair a record with itself, first 'a'. They were left out."
    )


def test_no_known_id_at_all_is_an_error():
    with pytest.raises(LabelsError) as caught:
        resolve(ABC, ("x", "y", "exact"))
    assert str(caught.value) == (
        "labels: none of its 1 labels names two known records, first unknown 'x', 'y'. "
        "Give labels with the ids of this catalogue."
    )


def test_ids_are_unique_within_their_source_only():
    records = records_of(["1", "1", "2"], [0, 1, 1], ("x", "y"))
    assert resolve(records, ("x/1", "y/1", "exact"))[0] == [(0, 1, "exact")]
    assert resolve(records, ("x/1", "2", "variant"))[0] == [(0, 2, "variant")]
    with pytest.raises(LabelsError) as caught:
        resolve(records, ("1", "2", "exact"))
    assert str(caught.value) == (
        "labels: 1 labels name ids that several sources use, first '1'. Write them as source/id."
    )


def test_sources_in_columns_of_their_own():
    records = records_of(["1", "1"], [0, 1], ("x", "y"))
    table = read_labels(
        pa.table(
            {
                "left_source": ["y"],
                "left_id": [1],
                "right_source": ["x"],
                "right_id": [1],
                "relation": ["exact"],
            }
        )
    )
    assert resolve_labels(table, records)[0].pairs.left.tolist() == [0]


def test_linking_looks_left_ids_up_on_the_left():
    records = records_of(["1", "2", "1", "2"], [0, 0, 1, 1], ("left", "right"), is_link=True)
    found, _ = resolve(records, ("1", "2", "exact"), ("2", "1", "different"))
    assert found == [(0, 3, "exact"), (1, 2, "different")]


def in_sources(records, *rows):
    names = ("left_source", "left_id", "right_source", "right_id", "relation")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    labels, notices = resolve_labels(read_labels(pa.table(columns)), records)
    found = zip(labels.pairs.left.tolist(), labels.pairs.right.tolist(), strict=True)
    return list(found), [notice.message for notice in notices]


def test_a_linked_table_is_found_by_its_name_on_whichever_side_it_stands():
    names = ("shops/abt.csv", "shops/buy.csv")
    records = records_of(["1", "2", "1", "2"], [0, 0, 1, 1], names, is_link=True)
    assert in_sources(records, ("abt.csv", "1", "buy.csv", "2", "exact"))[0] == [(0, 3)]
    assert in_sources(records, ("buy.csv", "2", "abt.csv", "1", "exact"))[0] == [(0, 3)]
    assert in_sources(records, ("/old/shops/buy.csv", "2", "", "1", "exact"))[0] == []
    assert in_sources(records, ("once.csv", "2", "twice.csv", "1", "exact"))[0] == [(1, 2)]


def test_labels_inside_one_of_two_linked_tables_are_left_out_and_counted():
    names = ("abt.csv", "buy.csv")
    records = records_of(["1", "2", "1", "2"], [0, 0, 1, 1], names, is_link=True)
    rows = [("abt.csv", "1", "abt.csv", "2", "exact"), ("abt.csv", "1", "buy.csv", "2", "exact")]
    assert in_sources(records, *rows) == (
        [(0, 3)],
        [
            "labels: 1 labels pair two records of one table, first '1' and '2'. They were left "
            "out: only pairs across two tables are linked."
        ],
    )


def test_ids_that_repeat_between_inputs_without_a_source_are_found_by_the_input():
    records = records_of(["1", "1", "2"], parts=[0, 1, 1], part_names=("d/abt.csv", "d/buy.csv"))
    assert in_sources(records, ("abt.csv", "1", "buy.csv", "1", "exact"))[0] == [(0, 1)]
    assert in_sources(records, ("abt.csv", "1", "", "2", "exact"))[0] == [(0, 2)]
    assert resolve(records, ("d/abt.csv/1", "d/buy.csv/1", "exact"))[0] == [(0, 1, "exact")]
    with pytest.raises(LabelsError, match="1 labels name ids that several sources use, first '1'"):
        in_sources(records, ("", "1", "buy.csv", "2", "exact"))
    with pytest.raises(LabelsError, match="none of its 1 labels names two known records"):
        in_sources(records, ("abt.csv", "2", "buy.csv", "1", "exact"))


def test_a_source_goes_before_an_input_of_its_name():
    parts = {"parts": [0, 1, 1], "part_names": ("x", "y")}
    records = records_of(["1", "1", "2"], [1, 0, 0], ("x", "y"), **parts)
    assert in_sources(records, ("x", "1", "y", "1", "exact"))[0] == [(0, 1)]
    assert in_sources(records, ("x", "1", "x", "2", "exact"))[0] == [(1, 2)]


def test_an_id_of_several_sources_of_one_input_is_ambiguous_in_it():
    parts = {"parts": [0, 0, 1], "part_names": ("a.csv", "b.csv")}
    records = records_of(["1", "1", "2"], [0, 1, 1], ("x", "y"), **parts)
    with pytest.raises(LabelsError, match="ids that several sources use, first '1'"):
        in_sources(records, ("a.csv", "1", "b.csv", "2", "exact"))


def test_ids_that_are_numbers_are_found():
    assert resolve(records_of([1, 2]), ("1", "2", "exact"))[0] == [(0, 1, "exact")]


def test_two_relations_of_one_pair_are_an_error_with_the_rows():
    with pytest.raises(LabelsError) as caught:
        resolve(ABC, ("c", "d", "exact"), ("a", "b", "exact"), ("b", "a", "different"))
    assert str(caught.value) == (
        "labels: 1 labels contradict another label of the same pair, got "
        "'rows 2 and 3: a and b are exact and different'. Remove one of each. "
        "'matcher labels' lists them all."
    )


def test_a_contradicted_chain_is_an_error_that_names_it():
    rows = [("a", "b", "exact"), ("b", "c", "exact"), ("a", "c", "different")]
    with pytest.raises(LabelsError) as caught:
        resolve(ABC, *rows)
    assert str(caught.value) == (
        "labels: 1 labels contradict a chain of others, got 'a' exact 'b' exact 'c', but "
        "'a' different 'c'. Remove a label of each chain. 'matcher labels' lists them."
    )
    assert len(resolve(ABC, *rows, check_chains=False)[0]) == 3


def test_variants_make_chains_too():
    with pytest.raises(LabelsError, match="'a' variant 'b' exact 'c', but 'a' different 'c'"):
        resolve(ABC, ("a", "b", "variant"), ("b", "c", "exact"), ("a", "c", "different"))
    assert resolve(ABC, ("a", "b", "variant"), ("b", "c", "variant"), ("a", "c", "exact"))[0]


@given(st.data())
def test_labels_made_from_groups_never_contradict(data):
    families = data.draw(st.lists(st.integers(0, 2), min_size=4, max_size=4))
    groups = [(family, data.draw(st.integers(0, 1))) for family in families]
    rows = []
    for a in range(4):
        for b in range(4):
            if a != b and data.draw(st.booleans()):
                same = "variant" if families[a] == families[b] else "different"
                relation = "exact" if groups[a] == groups[b] else same
                rows.append(("abcd"[a], "abcd"[b], relation))
    if rows:
        assert {(a, b) for a, b, _ in resolve(ABC, *rows)[0]} == {
            tuple(sorted(("abcd".index(a), "abcd".index(b)))) for a, b, _ in rows
        }


def test_linking_never_looks_a_left_id_up_on_the_right():
    records = records_of(["1", "2", "3"], [0, 0, 1], ("left", "right"), is_link=True)
    with pytest.raises(LabelsError, match="none of its 1 labels names two known records"):
        resolve(records, ("right/3", "3", "exact"))


def test_a_column_of_sources_may_be_empty_and_means_a_record_without_one_first():
    records = records_of(["a", "a", "b", "c"], [0, -1, 1, -1], ("north", "south"))
    columns = {
        "left_id": ["a", "a", "b", "c"],
        "left_source": ["north", "", "", ""],
        "right_id": ["b", "c", "a", "c"],
        "right_source": ["south", None, "north", ""],
        "relation": ["exact"] * 4,
    }
    labels, _ = resolve_labels(read_labels(pa.table(columns)), records, check_chains=False)
    found = zip(labels.pairs.left.tolist(), labels.pairs.right.tolist(), strict=True)
    assert list(found) == [(0, 2), (1, 3)]
