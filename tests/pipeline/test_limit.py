"""A limit of memory is obeyed, changes no result, and says when it is too low."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.errors import SettingsError
from matcher.pipeline import limit

RUN = """
import sys
import matcher
from matcher.memory import peak_bytes
from matcher.pipeline import limit
limit.BASE, limit.PER_RECORD = 0, 10**6  # so few offers hardly take more than the program itself
found = matcher.dedupe(sys.argv[1], memory=sys.argv[3], threads=2)
found.write(sys.argv[2])
print(int(peak_bytes()))
"""
FILES = ("records.csv", "pairs.csv", "families.csv", "state.parquet")


def offers(n_rows, n_words=4):
    random = np.random.default_rng(0)
    words = np.array([f"w{number}o{number % 7}" for number in range(3_000)])
    product = random.integers(0, n_rows // 3, n_rows)
    parts = words[product[:, None] * (7 * np.arange(n_words) + 1) % 2_999]
    extra = words[random.integers(0, 3_000, (n_rows, 2))]
    titles = [" ".join(row) for row in np.concatenate([parts, extra], axis=1)]
    return pd.DataFrame({"id": np.arange(n_rows), "title": titles, "price": product % 97 + 0.5})


@pytest.fixture
def always_in_files(monkeypatch):
    """Make every limit one for which there is no room, however small the catalogue."""
    monkeypatch.setattr(limit, "PER_RECORD", 10**9)
    monkeypatch.setattr("matcher.engine.shelf.LEAST", 1)


@pytest.mark.usefixtures("always_in_files")
def test_the_result_does_not_depend_on_the_limit(tmp_path):
    table = offers(600)
    matcher.dedupe(table).write(tmp_path / "free")
    limited = matcher.dedupe(table, memory="700MB")
    limited.write(tmp_path / "limited")
    assert limited.run["memory"]["in_files_mb"] > 0
    for name in FILES:
        assert (tmp_path / "free" / name).read_bytes() == (tmp_path / "limited" / name).read_bytes()


@pytest.mark.usefixtures("always_in_files")
def test_tables_are_linked_and_updated_under_a_limit(tmp_path):
    table = offers(300)
    left, right, new = (table[start : start + 100] for start in (0, 100, 200))
    free, limited = (matcher.link(left, right, memory=memory) for memory in (0, "700MB"))
    pd.testing.assert_frame_equal(free.pairs, limited.pairs)
    both = pd.concat([left, right])
    matcher.dedupe(both).write(tmp_path / "free")
    matcher.dedupe(both, memory="700MB").write(tmp_path / "limited")
    one, two = (matcher.update(tmp_path / name, new) for name in ("free", "limited"))
    pd.testing.assert_frame_equal(one.pairs, two.pairs)


def test_a_limit_that_cannot_be_kept_is_an_error_before_the_work():
    with pytest.raises(SettingsError) as error:
        matcher.dedupe(offers(50), memory="100MB")
    assert str(error.value) == (
        "memory: 50 records need at least 600 MB, and 600 MB to be quick, got 100 MB. Raise the "
        "limit, or leave it out."
    )


def test_an_amount_that_is_none_is_an_error():
    with pytest.raises(SettingsError) as error:
        matcher.dedupe(offers(50), memory="lots")
    assert str(error.value) == (
        "arguments: memory must be an amount such as 8GB, 800MB or 2.5GiB, or a number of bytes, "
        "got 'lots'."
    )


def test_the_run_states_its_limit_and_its_peak():
    run = matcher.dedupe(offers(50), memory=10**12).run
    assert run["memory"]["limit_mb"] == 1e6
    assert run["memory"]["in_files_mb"] == 0
    assert 50 < run["peak_mb"] < 1e6
    assert run["settings"]["memory"] == 10**12
    assert json.dumps(run)


def test_a_run_that_took_more_says_so(monkeypatch):
    monkeypatch.setattr(limit, "BASE", 1)
    run = matcher.dedupe(offers(50), memory="10MB").run
    (notice,) = (one for one in run["notices"] if one["kind"] == "over_memory")
    assert "more than the limit of 10 MB" in notice["message"]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux does")
def test_a_lower_limit_takes_less_memory(tmp_path):
    path = tmp_path / "offers.csv"
    offers(30_000, n_words=25).to_csv(path, index=False)
    peaks = {}
    for memory in ("0", "350MB"):
        command = [sys.executable, "-c", RUN, str(path), str(tmp_path / memory), memory]
        ended = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks[memory] = int(ended.stdout)
    assert peaks["350MB"] < 0.92 * peaks["0"]
    for name in FILES:
        assert (tmp_path / "0" / name).read_bytes() == (tmp_path / "350MB" / name).read_bytes()
