import numpy as np
import pandas as pd
import pytest
from classify_helpers import labels_of, pairs_of, scores_of
from hypothesis import given
from hypothesis import strategies as st

from matcher.classify.decide import Conflicts, decide, enforce_labels, find_conflicts, to_scores
from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.settings import Settings
from matcher.types import DIFFERENT, EXACT, VARIANT

PAIR = pairs_of((0, 1))
SHARE = st.floats(0, 1)


def scored(same, related, *, kept=False, ignored=False, no_identity=False, cuts=(0.5, 0.5)):
    conflicts = Conflicts(*(np.array([flag]) for flag in (kept, ignored, no_identity)))
    scores = to_scores(PAIR, np.array([same]), np.array([related]), conflicts, cuts)
    return scores.probabilities[0], int(scores.relations[0])


@given(SHARE, SHARE, st.booleans(), st.booleans(), st.booleans(), SHARE, SHARE)
def test_probabilities_are_0_to_1_and_sum_to_1(same, related, kept, ignored, nameless, cut, other):
    probabilities, relation = scored(
        same, related, kept=kept, ignored=ignored, no_identity=nameless, cuts=(cut, other)
    )
    assert probabilities.dtype == np.float32
    assert probabilities.sum() == pytest.approx(1, abs=1e-6)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    if kept or nameless:
        assert relation == DIFFERENT
    if ignored:
        assert relation != EXACT


@given(SHARE, SHARE)
def test_a_pair_is_at_least_as_likely_a_family_as_exact(same, related):
    probabilities, _ = scored(same, related)
    assert probabilities[EXACT] + probabilities[VARIANT] >= np.float32(same) - 1e-6


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({}, EXACT),
        ({"ignored": True}, VARIANT),
        ({"kept": True}, DIFFERENT),
        ({"kept": True, "ignored": True}, DIFFERENT),
        ({"no_identity": True}, DIFFERENT),
    ],
)
def test_rules_stand_above_probabilities(flags, expected):
    assert scored(0.99, 0.99, **flags)[1] == expected
    assert scored(0.99, 0.99, **flags, cuts=(0.0, 0.0))[1] == expected


@pytest.mark.parametrize(
    ("same", "related", "expected"),
    [(0.9, 0.2, EXACT), (0.2, 0.9, VARIANT), (0.2, 0.3, DIFFERENT), (0.5, 0.5, EXACT)],
)
def test_a_relation_begins_at_its_threshold(same, related, expected):
    assert scored(same, related)[1] == expected


def test_no_rows_have_no_relations():
    assert decide(np.zeros((0, 3), dtype=np.float32), (0.5, 0.5)).shape == (0,)


FRAME = pd.DataFrame(
    {
        "id": list("abcdef"),
        "title": ["Trail shoe", "Trail shoe", "Trail shoe", "Trail shoe", None, None],
        "color": ["red", "Red", "blue", None, None, None],
        "storage": ["64 GB", "65536 MB", "64 GB", "128 GB", "64 GB", None],
        "gtin": [None, None, None, None, "4006381333931", None],
    }
)


@pytest.fixture(scope="module")
def records():
    catalogue = read_catalogue([FRAME], is_link=False)
    return parse_records(catalogue, infer_schema(catalogue, Settings()), Settings())


def conflicts(records, pair, ignore):
    one, other = sorted(int(np.flatnonzero(records.ids == each)[0]) for each in pair)
    found = find_conflicts(records, pairs_of((one, other)), records.axis_bits(ignore))
    return bool(found.kept[0]), bool(found.ignored[0]), bool(found.no_identity[0])


@pytest.mark.parametrize(
    ("pair", "ignore", "expected"),
    [
        ("ab", [], (False, False, False)),  # equal in other spellings
        ("ac", [], (True, False, False)),
        ("ac", ["color"], (False, True, False)),
        ("ac", ["storage"], (True, False, False)),
        ("ad", ["color"], (True, False, False)),  # the colour is missing: no conflict
        ("ad", ["color", "storage"], (False, True, False)),
        ("cd", ["color"], (True, False, False)),
    ],
)
def test_two_known_values_conflict_on_kept_or_on_ignored_axes(records, pair, ignore, expected):
    assert conflicts(records, pair, ignore) == expected


def test_a_record_without_text_and_code_has_no_identity(records):
    assert conflicts(records, "af", []) == (False, False, True)
    assert conflicts(records, "ae", [])[2] is False  # a GTIN is an identity


def test_labels_stand_above_scores():
    scores = scores_of(
        pairs_of((0, 1), (0, 2), (1, 2)),
        [[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]],
        [EXACT, VARIANT, DIFFERENT],
    )
    labels = labels_of({(0, 1): DIFFERENT, (1, 2): VARIANT, (5, 6): EXACT})
    found = enforce_labels(scores, labels)
    assert found.relations.tolist() == [DIFFERENT, VARIANT, VARIANT]
    np.testing.assert_array_equal(found.probabilities[0], [0, 0, 1])
    np.testing.assert_array_equal(found.probabilities[1], scores.probabilities[1])
    np.testing.assert_array_equal(found.probabilities[2], [0, 1, 0])
    assert scores.relations.tolist() == [EXACT, VARIANT, DIFFERENT]  # as it was


def test_no_labels_leave_scores_as_they_are():
    scores = scores_of(PAIR, [[0.9, 0.05, 0.05]], [EXACT])
    assert enforce_labels(scores, labels_of({})) is scores


def test_labels_of_pairs_that_were_not_scored_add_nothing():
    scores = scores_of(pairs_of(), np.zeros((0, 3)), [])
    assert len(enforce_labels(scores, labels_of({(0, 1): EXACT})).pairs) == 0
