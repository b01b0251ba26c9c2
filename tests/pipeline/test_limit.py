"""A limit of memory is obeyed, changes no result, and says when it is too low."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import matcher
from matcher.cli import run_command
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
JOBS = """
import sys
import matcher
from matcher.memory import peak_bytes
from matcher.pipeline import limit
limit.BASE, limit.PER_RECORD = 0, 10**6
job, folder, memory = sys.argv[1:]
offers, labels, out = f"{folder}/offers.csv", f"{folder}/labels.csv", f"{folder}/{job}-{memory}"
if job == "train":
    matcher.train(offers, labels, memory=memory, threads=2).save(out)
elif job == "score":
    matcher.score(offers, labels, memory=memory, threads=2).to_csv(out)
else:  # with labels all is read
    given = {"labels": labels, "memory": memory}
    matcher.update(f"{folder}/result", f"{folder}/new.csv", **given).write(out)
print(int(peak_bytes()))
"""
FILES = ("records.csv", "pairs.csv", "families.csv", "state.arrow")


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


@pytest.mark.usefixtures("always_in_files")
def test_an_update_under_a_limit_is_the_same_whether_a_part_is_read_or_all(tmp_path, monkeypatch):
    monkeypatch.setattr("matcher.pipeline.updating.FEWEST", 100)
    table = offers(400)
    matcher.dedupe(table[:390]).write(tmp_path / "result")
    new, labels = table[390:], pd.DataFrame({"left_id": [0], "right_id": [1], "relation": ["0"]})
    for given in ({}, {"labels": labels}):  # with labels all is read
        free = matcher.update(tmp_path / "result", new, **given)
        limited = matcher.update(tmp_path / "result", new, memory="700MB", **given)
        pd.testing.assert_frame_equal(free.records, limited.records)
        pd.testing.assert_frame_equal(free.pairs, limited.pairs)
        assert limited.run["memory"]["limit_mb"] == 700
        assert limited.run["memory"]["in_files_mb"] > 0
        assert "memory" not in free.run


def labels_of(table):
    """Return labels that a title decides: enough for trees, and some wrong neighbours."""
    first = table.groupby("price").head(1).set_index("price").id
    others = table[~table.id.isin(first)]
    exact = pd.DataFrame({"left_id": others.id, "right_id": others.price.map(first).to_numpy()})
    wrong = exact.assign(right_id=np.roll(exact.right_id, 1))
    both = pd.concat([exact.assign(relation="exact")[:60], wrong.assign(relation="different")[:60]])
    return both[both.left_id != both.right_id].drop_duplicates(["left_id", "right_id"])


@pytest.mark.usefixtures("always_in_files")
def test_a_model_learned_under_a_limit_is_the_same(tmp_path):
    table = offers(300)
    labels = labels_of(table)
    for memory in (0, "700MB"):
        matcher.train(table, labels, memory=memory).save(tmp_path / str(memory))
    folder = tmp_path / "0"
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 2
    for name in files:
        assert (tmp_path / "0" / name).read_bytes() == (tmp_path / "700MB" / name).read_bytes()


@pytest.mark.usefixtures("always_in_files")
def test_scores_under_a_limit_are_the_same():
    table = offers(300)
    pairs = labels_of(table)[["left_id", "right_id"]]
    free, limited = (matcher.score(table, pairs, memory=memory) for memory in (0, "700MB"))
    pd.testing.assert_frame_equal(free, limited)


def test_a_limit_that_cannot_be_kept_is_an_error_of_every_job(tmp_path):
    table = offers(60)
    matcher.dedupe(table).write(tmp_path / "result")
    labels = labels_of(table)
    jobs = (
        lambda: matcher.train(table, labels, memory="100MB"),
        lambda: matcher.score(table, labels, memory="100MB"),
        lambda: matcher.update(tmp_path / "result", table[:1], memory="100MB"),
    )
    for job in jobs:
        with pytest.raises(SettingsError, match="memory: 60 records need at least 600 MB"):
            job()


def test_the_commands_say_that_more_was_taken(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(limit, "BASE", 1)
    table = offers(60)
    table.to_csv(tmp_path / "offers.csv", index=False)
    labels_of(table).to_csv(tmp_path / "labels.csv", index=False)
    given = [str(tmp_path / "offers.csv"), "--memory", "10MB"]
    score = [
        "score",
        *given,
        "--pairs",
        str(tmp_path / "labels.csv"),
        "--out",
        str(tmp_path / "s.csv"),
    ]
    train = [
        "train",
        *given,
        "--labels",
        str(tmp_path / "labels.csv"),
        "--out",
        str(tmp_path / "m"),
    ]
    for command in (score, train):
        assert run_command(command) == 0
        assert "more than the limit of 10 MB" in capsys.readouterr().err


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


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    table = offers(30_000, n_words=25)
    table.to_csv(folder / "offers.csv", index=False)
    table[-300:].to_csv(folder / "new.csv", index=False)
    labels_of(table[:-300]).to_csv(folder / "labels.csv", index=False)
    matcher.dedupe(table[:-300], threads=2).write(folder / "result")
    return folder


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux does")
@pytest.mark.parametrize("job", ["train", "score", "update"])
def test_a_lower_limit_takes_less_memory_in_every_job(large, job):
    # How threads meet moves a peak by a tenth: one pool for all moves it by a fiftieth.
    one_pool = {**os.environ, "MALLOC_ARENA_MAX": "1"}
    peaks = {"0": [], "350MB": []}
    for memory in ("350MB", "0", "350MB", "0"):
        command = [sys.executable, "-c", JOBS, job, str(large), memory]
        ended = subprocess.run(command, capture_output=True, text=True, check=True, env=one_pool)
        peaks[memory].append(int(ended.stdout))
    assert min(peaks["350MB"]) < 0.95 * min(peaks["0"])
