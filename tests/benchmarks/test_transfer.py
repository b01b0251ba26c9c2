"""Without labels, the best threshold stands beside the model's own, and run.json says how sure."""

import numpy as np
import pytest

from benchmarks.measures import Judged
from benchmarks.transfer import best_f1, sureness


def judged(truth: list[bool], probability: list[float]) -> Judged:
    found = np.array(probability) >= 0.5
    return Judged(np.array(truth), found, np.array(probability))


def test_the_best_threshold_finds_what_the_models_own_misses() -> None:
    pairs = judged([True, True, False], [0.4, 0.3, 0.1])
    assert pairs.f1() == 0.0
    assert best_f1(pairs, 2) == 1.0


def test_a_match_that_was_never_proposed_is_missed_at_every_threshold() -> None:
    pairs = judged([True, *[False] * 9], [0.9, *[0.1] * 9])
    assert best_f1(pairs, 1) == 1.0
    assert best_f1(pairs, 3) == 0.5  # one of three found, nothing wrong


@pytest.mark.parametrize(("notices", "is_unsure"), [([], 0.0), (["unsure_threshold"], 1.0)])
def test_a_run_that_asks_for_a_person_is_unsure(notices: list[str], is_unsure: float) -> None:
    run = {
        "deciding": {"adaptation": {"n_chosen": 300, "n_expected": 200}},
        "notices": [{"kind": kind} for kind in ["missing_ids", *notices]],
    }
    assert sureness(run) == {"is_unsure": is_unsure, "chosen_to_expected": 1.5}


def test_a_sure_and_right_model_is_calibrated_and_a_sure_and_wrong_one_is_not() -> None:
    assert judged([True, False], [1.0, 0.0]).calibration_error() == 0.0
    assert judged([True, False], [0.0, 1.0]).calibration_error() == 1.0
    assert judged([True, False], [0.62, 0.38]).calibration_error() == pytest.approx(0.38)
