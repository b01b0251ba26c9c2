"""An encoder is measured beside none, as it comes and tuned."""

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.datasets import DataSet
from benchmarks.journal import Journal, read_newest
from benchmarks.semantic import NONE, PLAIN, TUNED, measure_semantic

WORDS = ("acme", "drill", "saw", "kettle", "red", "18v", "lx43m")


@pytest.fixture
def tools(data_folder: Path) -> DataSet:
    """Return two tables of 35 products, with labels of all of them."""
    folder = data_folder / "tools"
    folder.mkdir()
    titles = [" ".join(words) for words in combinations(WORDS, 3)]
    ids = range(len(titles))
    pd.DataFrame({"id": ids, "title": titles}).to_csv(folder / "left.csv", index=False)
    plurals = [f"{title}s" for title in titles]
    pd.DataFrame({"id": ids, "title": plurals}).to_csv(folder / "right.csv", index=False)
    exact = [(number, number, 1) for number in ids]
    different = [(number, (number + 1) % len(titles), 0) for number in ids]
    columns = ["left_id", "right_id", "label"]
    pairs = pd.DataFrame([*exact, *different], columns=columns)
    pairs[pairs.label == 1].to_csv(folder / "gold.csv", index=False)
    parts = {"train": slice(0, 24), "valid": slice(24, 29), "test": slice(29, 35)}
    for name, part in parts.items():
        chosen = pd.concat([each.iloc[part] for _, each in pairs.groupby("label")])
        chosen.to_csv(folder / f"pairs_{name}.csv", index=False)
    return DataSet("tools")


@pytest.mark.slow
def test_every_case_has_its_figures_and_what_it_cost(
    tools: DataSet, sentence_model: str, tmp_path: Path
) -> None:
    results = tmp_path / "results"
    measure_semantic([tools], [0, 1], Path(sentence_model), Journal.start("semantic", results))
    none, plain, tuned = read_newest("semantic", results)
    assert [line["case"] for line in (none, plain, tuned)] == [NONE, PLAIN, TUNED]
    names = [line["settings"]["encoder"] for line in (none, plain, tuned)]
    assert names[0] == ""
    assert names[1] == names[2] == f"{Path(sentence_model).parent.name}/tiny"
    shared = {"pair_f1", "end_to_end_f1", "pairs_completeness", "training_seconds", "run_seconds"}
    for line in (none, plain, tuned):
        assert shared <= set(line["figures"])
        assert line["figures"]["pairs_completeness"]["values"] == [1.0, 1.0]
    assert set(plain["figures"]) - set(none["figures"]) == {"encoding_seconds"}
    assert set(tuned["figures"]) - set(plain["figures"]) == {
        *("tuning_seconds", "tuning_pairs", "tuning_steps")
    }
    assert tuned["figures"]["tuning_pairs"]["values"] == [24, 24]
