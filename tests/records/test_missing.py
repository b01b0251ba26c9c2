import pyarrow as pa
import pytest

from matcher.records.missing import blank_missing


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        "NaN",
        "None",
        "null",
        "N/A",
        "n/a ",
        "-",
        "--",
        "unknown",
        "Nicht zutreffend",
        "#N/A",
        "<NA>",
        "Does not apply",
        "k.A.",
        "—",
        None,
    ],
)
def test_every_spelling_of_missing_is_null(value):
    assert blank_missing(pa.array([value], pa.string())).to_pylist() == [None]


@pytest.mark.parametrize("value", ["0", "no", "nano", "unknown pleasures", "x" * 100_000])
def test_other_values_stay(value):
    assert blank_missing(pa.array([value])).to_pylist() == [value]
