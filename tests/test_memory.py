"""Amounts of memory are read as people write them, and free memory goes back."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matcher.memory import give_back, in_memory, peak_bytes, read_bytes, resident_bytes, spell_bytes


@pytest.mark.parametrize(
    ("text", "n_bytes"),
    [
        ("8GB", 8_000_000_000),
        (" 8 gb ", 8_000_000_000),
        ("800MB", 800_000_000),
        ("2.5GiB", 2_684_354_560),
        (".5kib", 512),
        ("1T", 10**12),
        ("123456", 123_456),
        ("0", 0),
        ("", 0),
        ("-1GB", 0),
        ("1e9", 0),
        ("ib", 0),
        ("5iB", 0),
        ("8GB\n; rm", 0),
        ("nan", 0),
        ("9" * 400 + "GB", 0),
        ("\u0661GB", 0),
    ],
)
def test_amounts_are_read_as_people_write_them(text, n_bytes):
    assert read_bytes(text) == n_bytes


def test_an_amount_is_spelt_in_the_unit_that_suits_it():
    assert [spell_bytes(each) for each in (999e6, 1e9, 18e9)] == ["999 MB", "1.0 GB", "18.0 GB"]


def test_what_is_kept_in_memory_is_the_value_itself():
    value = (1, "a")
    assert in_memory(value) is value


@pytest.mark.skipif(not resident_bytes(), reason="this system does not tell")
def test_free_memory_goes_back_to_the_system():
    arrays = [np.ones(100_000) for _ in range(500)]  # 400 MB in pieces that allocators keep
    held = resident_bytes()
    assert not math.isnan(peak_bytes())
    assert peak_bytes() >= held - 50e6
    del arrays
    give_back()
    assert resident_bytes() < held - 300e6


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="as Linux tells it")
def test_the_peak_is_that_of_the_program_and_not_of_what_started_it():
    large = np.ones(100_000_000)  # 800 MB
    command = [sys.executable, "-c", "from matcher.memory import peak_bytes; print(peak_bytes())"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert large.nbytes / 2 > float(ended.stdout) > 1e6
    assert peak_bytes() > large.nbytes
