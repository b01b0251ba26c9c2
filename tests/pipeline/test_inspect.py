"""What the library tells of a catalogue before anything is compared."""

import pandas as pd
import pytest

import matcher


@pytest.fixture
def offers():
    rows = [
        (f"{kind}{shade}", f"Acme paint kind{kind}x", shade)
        for kind in range(6)
        for shade in ("mint", "rose", "rose")
    ]
    frame = pd.DataFrame(rows, columns=["id", "title", "shade name"])
    return frame.assign(id=[f"r{number}" for number in range(len(frame))])


def test_labels_teach_which_column_is_an_axis(offers):
    labels = pd.DataFrame(
        [(f"r{3 * n}", f"r{3 * n + 1}", "variant") for n in range(6)]
        + [(f"r{3 * n + 1}", f"r{3 * n + 2}", "exact") for n in range(6)]
        + [("r0", "gone", "exact")],
        columns=["left_id", "right_id", "relation"],
    )
    found = matcher.inspect(offers, labels=labels)
    (shade,) = found.axes
    assert str(shade) == (
        "in 6 of 6 near-identical groups it differs (mint, rose); in 6 of 6 variant and 0 of 6 "
        "exact labels"
    )
    assert [problem.kind for problem in found.problems] == ["labels_with_unknown_ids"]


def test_labels_of_other_records_are_an_error(offers):
    labels = pd.DataFrame({"left_id": ["x"], "right_id": ["y"], "relation": ["variant"]})
    with pytest.raises(matcher.LabelsError, match="none of its 1 labels names two known records"):
        matcher.inspect(offers, labels=labels)


def test_ids_that_occur_twice_leave_nothing_to_suggest(offers):
    found = matcher.inspect(offers.assign(id="r"))
    assert (found.axes, found.words) == ((), ())
    assert "duplicate_ids" in [problem.kind for problem in found.problems]
