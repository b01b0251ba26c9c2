import threading
import time

import numpy as np
import pandas as pd
import pytest

from matcher.engine.local import CHUNK, LocalEngine
from matcher.features import compare_records, lasting_comparisons
from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.settings import Settings
from matcher.types import Pairs


def pairs_of(n_pairs):
    left = np.arange(n_pairs, dtype=np.int32)
    return Pairs(left, left + 1)


PAIRS = pairs_of(5 * CHUNK + 3)


@pytest.mark.parametrize("threads", [0, 1, 4])
def test_results_come_in_the_order_of_the_pairs(threads):
    def slow_at_first(chunk):
        time.sleep(0.05 if chunk.left[0] == 0 else 0)
        return chunk.left

    results = LocalEngine(threads).map_chunks("x", slow_at_first, PAIRS)
    assert max(len(result) for result in results) <= CHUNK
    np.testing.assert_array_equal(np.concatenate(results), PAIRS.left)


def test_features_are_the_same_on_one_thread_and_on_four(monkeypatch):
    monkeypatch.setattr("matcher.engine.local.CHUNK", 7)
    titles = [f"{name} shoe {size} LX-{size}M" for name in ("red", "blue") for size in range(8)]
    catalogue = read_catalogue([pd.DataFrame({"id": range(16), "title": titles})], is_link=False)
    records = parse_records(catalogue, infer_schema(catalogue, Settings()), Settings())
    left, right = (side.astype(np.int32) for side in np.triu_indices(16, 1))
    pairs = Pairs(left, right)
    parts = compare_records(records, lasting_comparisons(records, pairs, {}), 0)
    one, four = (
        np.concatenate(LocalEngine(threads).map_chunks("x", parts.compare, pairs))
        for threads in (1, 4)
    )
    np.testing.assert_array_equal(one, four)
    np.testing.assert_array_equal(one, parts.compare(pairs))


@pytest.mark.parametrize(("n_pairs", "sizes"), [(0, []), (1, [1]), (5, [3, 2]), (28, [7] * 4)])
def test_every_worker_gets_as_many_chunks(monkeypatch, n_pairs, sizes):
    monkeypatch.setattr("matcher.engine.local.CHUNK", 8)
    assert LocalEngine(2).map_chunks("x", len, pairs_of(n_pairs)) == sizes


def test_threads_work_at_the_same_time():
    both = threading.Barrier(2, timeout=10)
    found = LocalEngine(2).map_chunks("x", lambda chunk: both.wait(), pairs_of(2 * CHUNK))
    assert sorted(found) == [0, 1]


def test_progress_is_told_from_the_thread_of_the_caller():
    told = []

    def progress(stage, done, total):
        told.append((stage, done, total, threading.get_ident()))

    LocalEngine(3, progress).map_chunks("scoring", len, PAIRS)
    here = threading.get_ident()
    size = len(PAIRS) // 6 + 1  # three workers, two rounds
    counts = [*(size * number for number in range(1, 6)), len(PAIRS)]
    assert told == [("scoring", done, len(PAIRS), here) for done in counts]


def test_no_pairs_give_no_results():
    assert LocalEngine(2).map_chunks("x", len, pairs_of(0)) == []


def test_an_error_in_a_chunk_reaches_the_caller():
    def fail(chunk):
        raise ZeroDivisionError("in a chunk")

    with pytest.raises(ZeroDivisionError, match="in a chunk"):
        LocalEngine(2).map_chunks("x", fail, PAIRS)


def test_after_an_error_the_waiting_chunks_are_not_begun():
    begun = []

    def fail(chunk):
        begun.append(chunk)
        time.sleep(0.01)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        LocalEngine(1).map_chunks("x", fail, pairs_of(50 * CHUNK))
    assert len(begun) < 10


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_tasks_answer_in_order_and_the_last_one_on_the_callers_thread(threads: int) -> None:
    engine = LocalEngine(threads)
    *others, last = engine.together(*[threading.current_thread] * 3)
    assert last is threading.current_thread()
    assert all((other is last) == (threads == 1) for other in others)
    assert engine.together(lambda: 1, lambda: 2) == [1, 2]


def test_a_task_that_fails_says_so() -> None:
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        LocalEngine(2).together(fail, lambda: 1)


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_each_item_is_answered_in_order(threads: int) -> None:
    assert LocalEngine(threads).each(str, [3, 1, 2]) == ["3", "1", "2"]
    assert LocalEngine(threads).each(str, []) == []
