"""Data sets in other scripts say the same, and are measured as the sets are."""

import json
from random import Random

import pandas as pd
import pytest

from benchmarks.journal import Journal
from benchmarks.scripts import SCRIPTS, measure_scripts, rewrite, rewrite_table
from benchmarks.tables import scripts

TITLE = "Bosch kettle WK-100 stainless black 1.7 l"


def test_a_word_is_always_written_in_the_same_way():
    random = Random(0)
    written = {rewrite("kettle", "Japanese", random) for _ in range(20)}
    assert len(written) == 1
    assert written != {rewrite("toaster", "Japanese", random)}


@pytest.mark.parametrize("script", SCRIPTS)
def test_numbers_and_model_numbers_stay(script):
    written = rewrite(TITLE, script, Random(0))
    assert all(kept in written for kept in ("WK-100", "1.7"))
    assert ("kettle" in written) == (script == "Latin")


def test_spaces_are_left_out_between_chinese_words_and_kept_between_cyrillic_ones():
    words = "kettle toaster kettle toaster"
    assert " " not in rewrite(words, "Chinese", Random(0))
    assert rewrite(words, "Cyrillic", Random(0)).count(" ") == 3


def test_a_table_keeps_its_ids_and_prices():
    table = pd.DataFrame({"id": ["abc"], "title": ["kettle"], "price": ["cheap"]})
    written = rewrite_table(table, "Chinese")
    assert written[["id", "price"]].equals(table[["id", "price"]])
    assert written["title"][0] != "kettle"


def test_sets_are_measured_in_every_script(linked, offers, tmp_path):
    measure_scripts([linked, offers], Journal.start("scripts", tmp_path))
    lines = [json.loads(line) for line in (tmp_path / "scripts.jsonl").read_text().splitlines()]
    assert [line["case"] for line in lines] == [*SCRIPTS, *SCRIPTS]
    rows = [row.split("|")[1:3] for row in scripts(lines).splitlines()[2:5]]
    assert [[cell.strip() for cell in row] for row in rows] == [
        ["linked", "pairs"],
        ["offers", "groups"],
        ["offers", "families"],
    ]
