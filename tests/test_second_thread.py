"""What is started on the second thread is done, unless the caller fails."""

import threading

import pytest

from matcher.beside import second_thread


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
