import threading
import time

import pytest

from matcher.beside import do_all, second_thread


def where() -> str:
    return threading.current_thread().name


def test_work_is_done_beside_the_caller_in_the_order_in_which_it_was_started():
    done: list[int] = []

    def work(number: int) -> str:
        time.sleep(0.02 / (1 + number))
        done.append(number)
        return where()

    with second_thread(0) as start:
        first, second = start(lambda: work(0)), start(lambda: work(1))
        assert first() == second() != where()
    assert done == [0, 1]


def test_work_that_has_not_begun_when_the_caller_is_done_is_done_too():
    with second_thread(0) as start:
        found = [start(lambda: time.sleep(0.02) or where()) for _ in range(3)]
    assert len({one() for one in found}) == 1


def test_a_run_of_one_thread_does_everything_itself():
    with second_thread(1) as start:
        assert start(where)() == where()


@pytest.mark.parametrize("threads", [0, 1])
def test_what_fails_beside_the_caller_fails_for_the_caller(threads):
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"), second_thread(threads) as start:
        start(fail)()


def test_a_caller_that_fails_does_not_wait_for_work_that_has_not_begun():
    done: list[int] = []

    def work() -> None:
        time.sleep(0.05)
        done.append(1)

    def fail() -> None:
        with second_thread(2) as start:
            for _ in range(5):
                start(work)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert len(done) < 5


@pytest.mark.parametrize("threads", [0, 1, 2])
def test_all_is_done_and_the_first_failure_is_told(threads):
    done: list[int] = []

    def fail() -> None:
        raise OSError("full")

    assert do_all([lambda: done.append(1) or 3, lambda: done.append(2) or 4], threads) == [3, 4]
    assert sorted(done) == [1, 2]
    with pytest.raises(OSError, match="full"):
        do_all([fail, lambda: done.append(3)], threads)
    assert do_all([], threads) == []


def test_what_waits_in_the_queue_is_done_although_the_caller_has_gone_on():
    go_on = threading.Event()
    with second_thread(2) as start:
        first = start(lambda: go_on.wait(10))
        second = start(lambda: "done")
        threading.Timer(0.05, go_on.set).start()
    assert first()
    assert second() == "done"


def test_what_waits_in_the_queue_is_dropped_if_the_caller_fails():
    go_on, done = threading.Event(), []
    threading.Timer(0.05, go_on.set).start()

    def fail():
        with second_thread(2) as start:
            start(lambda: go_on.wait(10))
            start(lambda: done.append(1))
            raise ValueError("the caller")

    with pytest.raises(ValueError, match="the caller"):
        fail()
    assert not done
