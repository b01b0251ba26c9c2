import numpy as np
import pandas as pd
import pytest
from features_helpers import comparisons, feature, pair_of, parse

NAMES = (
    *("shared_weight", "only_min", "only_max", "inside_min", "inside_max"),
    *("nearest_min", "nearest_max", "both"),
)


def models(first, second):
    filler = [f"filler ZX-{number}00Q" for number in range(4)]
    frame = pd.DataFrame({"id": ["a", "b", "c", "d", "e", "f"], "title": [first, second, *filler]})
    records = parse(frame)
    parts, pair = comparisons(records), pair_of(records, "a", "b")
    return {name: float(feature(parts, f"models_{name}", pair)[0]) for name in NAMES}


def test_a_model_number_agrees_in_any_spelling():
    found = models("Sony LX-43M", "sony lx43m tv")
    assert found["shared_weight"] > 0
    assert found["inside_min"] == found["inside_max"] == 1
    assert found["only_max"] == 0
    assert found["both"] == 1


def test_a_model_number_inside_a_longer_one_is_explained():
    found = models("Sony LX-43M", "sony LX-43MKII9")
    assert found["inside_max"] == 1
    assert found["shared_weight"] == 0


def test_the_nearest_model_number_is_measured_by_edits():
    assert models("Sony LX-43M", "Sony LX-44M")["nearest_min"] == pytest.approx(4 / 5)
    found = models("Sony LX-43M AB-999C", "Sony LX-44M QQ-11111W")
    assert found["nearest_min"] == found["nearest_max"] == pytest.approx(4 / 5)


def test_no_model_number_on_either_side_is_missing():
    assert all(np.isnan(value) for value in models("Sony television", "Sony tv").values())


def test_a_model_number_on_one_side_alone_is_not_missing():
    found = models("Sony LX-43M", "Sony tv")
    assert found["both"] == 0
    assert found["only_max"] > 0
    assert found["nearest_min"] == 0
    assert np.isnan(found["inside_max"])  # nothing can be said of the side without one
