import math

import pytest

from matcher.output import Stopwatch
from matcher.output.run import peak_memory_mb, plain, versions


def test_stages_are_timed_in_their_order():
    watch = Stopwatch()
    with watch.stage("records"):
        sum(range(1000))
    with watch.stage("blocking"):
        pass
    assert [stage.name for stage in watch.stages] == ["records", "blocking"]
    assert all(stage.seconds >= 0 for stage in watch.stages)
    assert watch.stages[1].peak_mb >= watch.stages[0].peak_mb > 10


def test_a_failed_stage_is_not_timed():
    watch = Stopwatch()
    with pytest.raises(ZeroDivisionError), watch.stage("records"):
        raise ZeroDivisionError
    assert watch.stages == []


def test_peak_memory_is_in_megabytes():
    assert 10 < peak_memory_mb() < 100_000


def test_versions_name_what_decides_the_result():
    assert {"matcher", "python", "numpy", "pandas", "lightgbm"} <= set(versions())


def test_what_json_does_not_know_becomes_plain():
    assert plain({1: (math.inf, {"a"}, b"x"), "b": None}) == {"1": [None, ["a"], [120]], "b": None}
