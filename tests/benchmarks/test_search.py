"""What a search finds is counted by the groups that it names."""

import pandas as pd

from benchmarks.search import _judge


def test_found_and_wrong_are_shares_of_what_is_there_and_of_what_was_said():
    groups = pd.Series({"a": "m-1", "b": "m-1", "c": "m-2", "d": "m-2", "e": "m-2"})
    truth = pd.Series(
        {"a": "P", "b": "P", "c": "Q", "d": "P", "e": "R", "x": "P", "y": "Q", "z": "S"}
    )
    said = {"x": "m-1", "y": "m-2", "z": ""}  # m-2 holds a record of Q, but most are not
    assert _judge(said, groups, truth) == {"found": 0.5, "wrong": 0.5}
    assert _judge({"x": ""}, groups, truth) == {"found": 0.0, "wrong": 0.0}
