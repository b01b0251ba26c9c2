import csv
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from matcher.errors import SettingsError
from matcher.output import write, write_file, write_table


def read_texts(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_csv_folder_holds_the_five_files_of_the_contract(build, shoes, tmp_path):
    build(shoes).write(tmp_path / "out")
    assert sorted(contents(tmp_path / "out")) == [
        *("families.csv", "pairs.csv", "records.csv", "report.html", "run.json")
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_parquet_replaces_the_csv_files_of_an_older_result(build, shoes, tmp_path):
    result = build(shoes)
    result.write(tmp_path / "out")
    result.write(tmp_path / "out", format="parquet")
    assert sorted(contents(tmp_path / "out")) == [
        *("families.parquet", "pairs.parquet", "records.parquet", "report.html", "run.json")
    ]
    records = pd.read_parquet(tmp_path / "out" / "records.parquet")
    assert records["match_id"].tolist() == result.records["match_id"].tolist()


def test_text_survives_the_csv_to_the_byte(build, shoes, tmp_path):
    titles = ['say "hi",\r\nthen', " padded ", "", "ünï 日本 👟 عربي"]
    build(shoes.assign(title=titles)).write(tmp_path / "out")
    with (tmp_path / "out" / "records.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == titles
    assert [row["id"] for row in rows] == ["007", "b", "c", "d"]
    assert rows[3]["color"] == "N/A"
    assert rows[3]["match_score"] == ""


def test_the_same_result_is_written_in_the_same_bytes(build, demo_frame, tmp_path):
    build(demo_frame).write(tmp_path / "one")
    build(demo_frame).write(tmp_path / "two")
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    for name in ("records.csv", "pairs.csv", "families.csv"):
        assert one[name] == two[name]


def test_pairs_and_families_are_written_as_they_are_in_memory(build, demo_frame, tmp_path):
    result = build(demo_frame)
    result.write(tmp_path / "out")
    pairs = read_texts(tmp_path / "out" / "pairs.csv")
    assert pairs["left_id"].tolist() == result.pairs["left_id"].tolist()
    assert pairs["p_exact"].astype(float).tolist() == result.pairs["p_exact"].tolist()
    families = read_texts(tmp_path / "out" / "families.csv")
    assert families["title"].tolist() == result.families["title"].tolist()
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert run == result.run


def test_lists_and_decimals_of_parquet_can_be_written_as_csv(tmp_path):
    table = pa.table(
        {
            "tags": [["a", "ü"], None],
            "price": pa.array(["1.10", None]).cast(pa.decimal128(5, 2)),
            "kind": pa.array(["x", "y"]).dictionary_encode(),
        }
    )
    write_table(table, tmp_path / "table.csv", "csv")
    read = read_texts(tmp_path / "table.csv")
    assert read["tags"].tolist() == ['["a", "ü"]', ""]
    assert read["price"].tolist() == ["1.10", ""]
    assert read["kind"].tolist() == ["x", "y"]


@pytest.mark.parametrize("failure", [RuntimeError("bug"), KeyboardInterrupt()])
def test_old_result_stays_when_writing_fails_half_way(build, shoes, tmp_path, monkeypatch, failure):
    build(shoes).write(tmp_path / "out")
    before = contents(tmp_path / "out")

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr("matcher.output.folder.write_json", fail)
    with pytest.raises(type(failure)):
        build(shoes[:2]).write(tmp_path / "out")
    assert contents(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_old_result_comes_back_when_the_new_one_cannot_take_its_place(
    build, shoes, tmp_path, monkeypatch
):
    build(shoes).write(tmp_path / "out")
    before = contents(tmp_path / "out")
    rename = Path.rename

    def fail_for_new(self: Path, target: Path) -> Path:
        if self.name.endswith("-new"):
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_for_new)
    with pytest.raises(SettingsError, match=r"out: cannot be written, got Permission denied\. Ch"):
        build(shoes[:2]).write(tmp_path / "out")
    assert contents(tmp_path / "out") == before


def test_a_run_killed_between_the_two_moves_is_mended_by_the_next(build, shoes, tmp_path):
    build(shoes).write(tmp_path / ".out.matcher-old")  # where the kill left the old result
    with pytest.raises(ZeroDivisionError), write.replaced_folder(tmp_path / "out"):
        raise ZeroDivisionError
    assert "records.csv" in contents(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_foreign_files_is_refused_and_untouched(build, shoes, tmp_path):
    build(shoes).write(tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    before = contents(tmp_path / "out")
    with pytest.raises(SettingsError) as error:
        build(shoes).write(tmp_path / "out")
    assert str(error.value) == (
        f"{tmp_path / 'out'}: the folder holds files that matcher did not write, got 1, first "
        "'notes.txt'. Choose a new or an empty folder, so that nothing of yours is replaced."
    )
    assert contents(tmp_path / "out") == before


def test_a_users_own_records_csv_is_not_taken_for_a_result(build, shoes, tmp_path):
    (tmp_path / "records.csv").write_text("id,title\n")
    with pytest.raises(SettingsError, match=r"matcher did not write, got 1, first 'records\.csv'"):
        build(shoes).write(tmp_path)


def test_an_empty_folder_is_filled_and_a_file_is_refused(build, shoes, tmp_path):
    (tmp_path / "empty").mkdir()
    build(shoes).write(tmp_path / "empty")
    assert (tmp_path / "empty" / "records.csv").exists()
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"file: not a folder, got a file\. Choose another"):
        build(shoes).write(tmp_path / "file")


def test_missing_parents_are_made_and_a_link_is_followed(build, shoes, tmp_path):
    build(shoes).write(tmp_path / "a" / "b")
    (tmp_path / "link").symlink_to(tmp_path / "a" / "b")
    build(shoes[:2]).write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert len(read_texts(tmp_path / "a" / "b" / "records.csv")) == 2


def test_unknown_format_is_told_with_the_nearest(build, shoes, tmp_path):
    with pytest.raises(SettingsError) as error:
        build(shoes).write(tmp_path / "out", format="parket")
    assert str(error.value) == (
        "format: unknown format, got 'parket'. Choose one of csv, parquet. Did you mean 'parquet'?"
    )


def test_a_file_is_replaced_only_when_it_is_complete(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("old")

    def fail(new: Path) -> None:
        new.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(SettingsError, match=r"scores\.csv: cannot be written, got No space left"):
        write_file(path, fail)
    assert path.read_text() == "old"
    write_file(path, lambda new: new.write_text("new") and None)
    assert path.read_text() == "new"
    assert [one.name for one in tmp_path.iterdir()] == ["scores.csv"]
    assert path.stat().st_mode & 0o044


def test_a_place_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(SettingsError, match=r"cannot be written, got No such file or directory"):
        write_file(tmp_path / "none" / "x.csv", lambda new: None)
