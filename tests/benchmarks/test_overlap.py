"""A test pair may be taught as itself, under other ids, or through its two records."""

from benchmarks.datasets import DataSet
from benchmarks.overlap import overlap

HEAD = "left_id,right_id,label\n"


def test_a_pair_of_a_pool_is_the_same_whichever_side_is_which(pool: DataSet) -> None:
    (pool.folder / "left.csv").write_text("id,title\n1,a\n2,b\n3,c\n4,d\n")
    (pool.folder / "pairs_train.csv").write_text(HEAD + "1,2,1\n")
    (pool.folder / "pairs_valid.csv").write_text(HEAD + "3,4,0\n")
    (pool.folder / "pairs_test.csv").write_text(HEAD + "2,1,1\n3,4,0\n1,3,0\n")
    found = overlap(pool, "pairs_test")
    assert found.same_records.tolist() == [True, True, False]
    assert found.same_texts.tolist() == [True, True, False]
    assert found.known_records.tolist() == [True, True, True]


def test_records_that_say_the_same_make_pairs_of_the_same_texts(linked: DataSet) -> None:
    (linked.folder / "left.csv").write_text("id,title,price\n0,A  shirt,5\n1,a Shirt,6\n2,x,\n")
    (linked.folder / "right.csv").write_text("id,title,price\n0,B,1\n1,b,2\n2,c,3\n")
    (linked.folder / "pairs_train.csv").write_text(HEAD + "0,0,1\n")
    (linked.folder / "pairs_test.csv").write_text(HEAD + "1,1,1\n1,2,0\n2,0,0\n")
    found = overlap(linked, "pairs_test")
    assert found.same_records.tolist() == [False, False, False]
    assert found.same_texts.tolist() == [True, False, False]
    assert found.known_records.tolist() == [False, False, False]


def test_sides_of_two_tables_are_not_swapped(linked: DataSet) -> None:
    (linked.folder / "pairs_train.csv").write_text(HEAD + "0,1,1\n")
    (linked.folder / "pairs_test.csv").write_text(HEAD + "1,0,1\n")
    found = overlap(linked, "pairs_test")
    assert found.same_records.tolist() == [False]
    assert found.same_texts.tolist() == [False]  # a beside a was taught, this is b beside b
