"""The command line calls the library once, tells mistakes in one line, and exits as stated."""

import gc
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import typer

import matcher
from matcher.cli import main, run_command
from matcher.cli.app import app
from matcher.cli.entry import OBJECTS
from matcher.errors import LabelsError, RecordsError
from matcher.explanation import Explanation, Link, Reason, Side
from matcher.output import ExportReport
from matcher.pipeline import TuningReport
from matcher.records import AxisEvidence, LabelEvidence, WordEvidence
from matcher.types import Attribute, Notice, Schema

ROOT = Path(__file__).parents[1]

COMMANDS = {  # DESIGN section 6
    "demo": {"--out"},
    "inspect": {"--out", "--settings", "--id", "--source", "--labels"},
    "dedupe": {
        *("--out", "--settings", "--id", "--source", "--ignore", "--model", "--labels"),
        *("--at-most-one-per-source", "--format", "--earlier"),
        *("--precision-to-recall", "--accuracy-to-cost"),
    },
    "link": {
        *("--out", "--settings", "--id", "--source", "--ignore", "--model", "--labels"),
        *("--one-to-one", "--format", "--earlier"),
        *("--precision-to-recall", "--accuracy-to-cost"),
    },
    "update": {"--out", "--drop", "--model", "--labels", "--format"},
    "tune": {
        *("--precision-to-recall", "--accuracy-to-cost", "--labels", "--out", "--format"),
        *("--threshold-exact", "--threshold-family"),
    },
    "labels": {"--to", "--out"},
    "sample": {"--out", "--n", "--seed"},
    "label": {
        *("--labels", "--settings", "--id", "--source", "--ignore", "--model"),
        *("--port", "--no-browser", "--terminal", "--pictures"),
    },
    "train": {
        *("--labels", "--out", "--valid", "--from-scratch", "--no-context"),
        "--new-products",
    },
    "tune-encoder": {"--labels", "--encoder", "--out", "--settings", "--id", "--source"},
    "score": {"--pairs", "--out", "--model", "--ignore"},
    "evaluate": {"--truth", "--json"},
    "export": {"--to", "--out"},
    "explain": {"--weigh", "--model", "--json"},
    "search": {"--json", "-k", "--build", "--model"},
}


class Result:
    """Stands for a `MatchResult`."""

    def __init__(self, notices: tuple[str, ...] = ()) -> None:
        keys = (
            *("rows", "sources", "products", "duplicate_groups", "records_in_duplicate_groups"),
            *("families_of_several_products", "largest_duplicate_group", "scored_pairs"),
        )
        self.run = {
            "counts": dict.fromkeys(keys, 1234),
            "seconds": 1.5,
            "peak_mb": 200.0,
            "notices": [{"message": message} for message in notices],
        }

    def write(self, folder: str, format: str = "csv") -> None:  # noqa: A002
        Path(folder).mkdir()
        (Path(folder) / f"records.{format}").touch()


class Pipeline(SimpleNamespace):
    """Stands for `matcher.pipeline`: keeps the calls, gives what it is told to."""

    def __init__(self) -> None:
        super().__init__(calls=[], failure=None, result=Result())
        names = ("dedupe", "link", "train", "score", "inspect", "load_model", "export")
        names += ("tune_encoder", "explain")
        for name in names:
            setattr(self, name, self._recorder(name))

    def _recorder(self, name: str) -> Callable[..., Any]:
        def call(*positional: Any, **named: Any) -> Any:
            self.calls.append((name, positional, named))
            if self.failure is not None:
                raise self.failure
            return "model" if name == "load_model" else self.result

        return call


@pytest.fixture
def pipeline(monkeypatch) -> Pipeline:
    stand_in = Pipeline()
    monkeypatch.setitem(sys.modules, "matcher.pipeline", stand_in)
    monkeypatch.setattr(matcher, "pipeline", stand_in, raising=False)
    return stand_in


@pytest.fixture
def run(capsys) -> Callable[..., tuple[int, str, str]]:
    def run_it(*arguments: object) -> tuple[int, str, str]:
        status = run_command([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return run_it


def options(command: str) -> set[str]:
    group = typer.main.get_command(app)
    return {name for one in group.commands[command].params for name in one.opts}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_contract_has_its_options_and_a_help(command, run):
    assert COMMANDS[command] <= options(command)
    status, out, _ = run(command, "--help")
    assert status == 0
    for option in COMMANDS[command]:
        assert option in out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(command):
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    section = re.split(r"^## ", text.split(f"## matcher {command}\n")[1], flags=re.MULTILINE)[0]
    inherited = options("dedupe") if command == "link" else set()
    for option in options(command) - inherited - {"--help"}:
        if option.startswith("--"):
            assert f"{option}" in section


def test_there_is_no_command_beyond_the_documented():
    group = typer.main.get_command(app)
    assert set(group.commands) == set(COMMANDS)


def test_version_and_help(run):
    assert run("--version") == (0, f"matcher {matcher.__version__}\n", "")
    status, out, _ = run("--help")
    assert status == 0
    assert "Exit status: 0 done, 1 a stated gate failed, 2 your mistake, 3 our bug." in out


def test_a_program_looks_for_circles_of_objects_less_often_than_a_library_may(monkeypatch):
    usual = gc.get_threshold()
    monkeypatch.setattr(sys, "argv", ["matcher", "--version"])
    try:
        with pytest.raises(SystemExit):
            main()
        assert gc.get_threshold() == (OBJECTS, *usual[1:])
        assert gc.get_freeze_count() > 100_000  # the end looks for none
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def test_dedupe_hands_its_options_to_the_library(pipeline, run, tmp_path):
    status, out, _ = run(
        *("dedupe", "a.csv", "b.csv", "--out", tmp_path / "out", "--id", "sku"),
        *("--source", "shop", "--ignore", "color, flavour", "--labels", "labels.csv"),
        *("--at-most-one-per-source", "--format", "parquet", "--model", "models/shoes"),
    )
    assert status == 0
    assert (tmp_path / "out" / "records.parquet").exists()
    (_, (folder,), _), (name, (inputs,), named) = pipeline.calls
    assert folder == Path("models/shoes")
    assert (name, inputs) == ("dedupe", ["a.csv", "b.csv"])
    settings = named["settings"]
    assert (settings.id, settings.source) == ("sku", "shop")
    assert settings.ignore == ("color", "flavour")
    assert settings.at_most_one_per_source
    assert (named["model"], named["labels"]) == ("model", Path("labels.csv"))
    assert "duplicate groups" in out
    assert "1,234" in out
    assert str(tmp_path / "out" / "report.html") in out.replace("\n", "")


def test_link_hands_both_tables_to_the_library(pipeline, run, tmp_path):
    assert run("link", "l.csv", "r.csv", "--out", tmp_path / "out", "--one-to-one")[0] == 0
    ((name, positional, named),) = pipeline.calls
    assert (name, positional) == ("link", ("l.csv", "r.csv"))
    assert named["settings"].one_to_one


def test_the_earlier_result_is_handed_to_the_library_and_its_changes_are_shown(
    pipeline, run, tmp_path
):
    pipeline.result.run["changes"] = {
        "recognised_records": 1234,
        "match": {"unchanged": 1200, "grown": 3, "merged": 0},
        "family": {"unchanged": 7, "born": 1},
    }
    arguments = ("--out", tmp_path / "out", "--earlier", tmp_path / "old")
    for command in (("dedupe", "a.csv"), ("link", "l.csv", "r.csv")):
        status, out, _ = run(*command, *arguments)
        assert status == 0
        assert "Earlier products: 1,200 unchanged, 3 grown.\n" in out
        assert "Earlier families: 7 unchanged, 1 born.\n" in out
        assert pipeline.calls.pop()[2]["earlier"] == tmp_path / "old"
        shutil.rmtree(tmp_path / "out")


def test_a_job_of_every_night_keeps_its_ids_in_the_same_folder(run, tmp_path):
    """The first night has no earlier result; a night killed in between loses none."""
    offers = pd.read_csv(Path(matcher.__file__).parent / "demo" / "catalogue.csv", dtype=str)[:40]
    out = tmp_path / "out"
    command = ("dedupe", tmp_path / "offers.csv", "--out", out, "--earlier", out)
    offers[:30].to_csv(tmp_path / "offers.csv", index=False)
    status, shown, err = run(*command)
    assert (status, "is in the catalogue" in err) == (0, False)
    assert set(pd.read_csv(out / "changes.csv")["change"]) == {"born"}
    first = pd.read_csv(out / "records.csv", dtype=str).set_index("id")
    out.rename(tmp_path / ".out.matcher-old")
    offers[::-1].to_csv(tmp_path / "offers.csv", index=False)
    status, shown, err = run(*command)
    assert (status, "is in the catalogue" in err) == (0, False)
    assert "Earlier products: " in shown
    changes = pd.read_csv(out / "changes.csv")
    gone = changes.loc[changes["change"].isin(["merged", "split", "moved"]), "old_id"]
    second = pd.read_csv(out / "records.csv", dtype=str).set_index("id").loc[first.index]
    for level in ("match_id", "family_id"):
        whole = ~first[level].isin(gone)
        assert whole.sum() > 20
        assert (first[level] == second[level])[whole].all()
    status, shown, _ = run(*command)
    assert status == 0
    assert len(pd.read_csv(out / "changes.csv")) == 0


def test_an_update_goes_into_the_folder_of_the_earlier_result(run, tmp_path):
    offers = pd.read_csv(Path(matcher.__file__).parent / "demo" / "catalogue.csv", dtype=str)[:60]
    out = tmp_path / "out"
    offers[:50].to_csv(tmp_path / "old.csv", index=False)
    offers[50:].to_csv(tmp_path / "new.csv", index=False)
    offers[["id"]][:1].to_csv(tmp_path / "gone.csv", index=False)
    assert run("dedupe", tmp_path / "old.csv", "--out", out)[0] == 0
    first = pd.read_csv(out / "records.csv", dtype=str).set_index("id")["match_id"]
    drop = ("--drop", tmp_path / "gone.csv")
    status, shown, _ = run("update", out, tmp_path / "new.csv", "--out", out, *drop)
    assert status == 0
    assert "Earlier products: " in shown
    second = pd.read_csv(out / "records.csv", dtype=str).set_index("id")["match_id"]
    assert second.index.tolist() == offers["id"][1:].tolist()
    assert (first == second.reindex(first.index)).mean() > 0.9


def test_a_search_finds_the_group_of_a_new_record(run, tmp_path):
    titles = ["Sony Bravia KD-43X80L TV", "SONY KD43X80L Bravia TV", "Bosch drill GSR 12V"]
    offers = pd.DataFrame({"id": ["a", "b", "c"], "title": titles})
    offers.to_csv(tmp_path / "offers.csv", index=False)
    out = tmp_path / "out"
    assert run("dedupe", tmp_path / "offers.csv", "--out", out)[0] == 0
    status, shown, _ = run("search", out, "--build")
    assert (status, shown) == (0, f"{out}: ready to search.\n")
    record = json.dumps({"title": "Bosch GSR 12 V drill", "shop": "x"})
    status, shown, err = run("search", out, "--json", record, "-k", "1")
    assert status == 0
    assert [one["records"] for one in json.loads(shown)["products"]] == [["c"]]
    assert err == (
        "warning: search: columns that the result does not compare were left out, got 1, first "
        "'shop'.\n"
    )


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("--json", "[1]"), "error: --json: a record is an object, got '[1]'. Give one such as "),
        (("--json", "{title"), "error: --json: is no JSON, got '{title' ("),
        (("--json", "[" * 100_000), "error: --json: is no JSON, got '[["),
        (("--json", "{}"), ": holds no result, got no run.json. Give the folder that "),
    ],
)
def test_a_mistaken_search_is_told_in_one_line(run, tmp_path, command, message):
    status, _, err = run("search", tmp_path / "nowhere", *command)
    assert status == 2
    assert message in err
    assert err.count("\n") == 1


def test_an_earlier_result_that_is_none_is_told_in_one_line(run, tmp_path):
    (tmp_path / "offers.csv").write_text("id,title\na,Sony TV\n")
    (tmp_path / "old").mkdir()
    command = ("dedupe", tmp_path / "offers.csv", "--out", tmp_path / "out", "--earlier")
    status, _, err = run(*command, tmp_path / "old")
    assert status == 2
    assert err == (
        f"error: {tmp_path / 'old'}: holds no result, got no records or run.json. Give the folder "
        "that 'matcher dedupe --out' wrote.\n"
    )
    status, _, err = run(*command, tmp_path / "nowhere")
    assert status == 2
    assert err == (
        f"error: {tmp_path / 'nowhere'}: there is no such file or folder. Check the path.\n"
    )
    assert not (tmp_path / "out").exists()


def test_options_go_before_the_settings_file(pipeline, run, tmp_path):
    file = tmp_path / "matcher.toml"
    file.write_text('id = "sku"\nsource = "shop"\nignore = ["flavour"]\nseed = 7\n')
    run("dedupe", "a.csv", "--out", tmp_path / "1", "--settings", file)
    run("dedupe", "a.csv", "--out", tmp_path / "2", "--settings", file, "--ignore", "none")
    (_, _, first), (_, _, second) = pipeline.calls
    assert first["settings"].ignore == ("flavour",)
    assert second["settings"].ignore == ()
    assert second["settings"].id == "sku"
    assert second["settings"].seed == 7


def test_train_saves_the_model(pipeline, run, tmp_path):
    saved = []
    pipeline.result = SimpleNamespace(save=saved.append)
    arguments = ("--labels", "y.csv", "--valid", "v.csv", "--out", tmp_path / "m")
    status, out, _ = run("train", "l.csv", "r.csv", *arguments, "--from-scratch")
    assert status == 0
    assert saved == [tmp_path / "m"]
    ((_, positional, named),) = pipeline.calls
    assert positional == (["l.csv", "r.csv"], Path("y.csv"))
    assert (named["valid"], named["from_scratch"]) == (Path("v.csv"), True)
    assert named["settings"].context
    assert "give it to --model" in out


def test_train_without_context_is_a_setting(pipeline, run, tmp_path):
    pipeline.result = SimpleNamespace(save=lambda folder: None)
    (tmp_path / "matcher.toml").write_text("context = false\n")
    arguments = ("train", "l.csv", "--labels", "y.csv", "--out", tmp_path / "m")
    assert run(*arguments, "--no-context")[0] == 0
    assert run(*arguments, "--settings", tmp_path / "matcher.toml")[0] == 0
    assert [named["settings"].context for _, _, named in pipeline.calls] == [False, False]


def test_tune_encoder_says_what_it_learned_from_and_what_to_do_next(pipeline, run, tmp_path):
    notice = Notice("repeated_labels", "y.csv: 1 labels repeat another one.", 1)
    pipeline.result = TuningReport(tmp_path / "e", 1616, 400, (0.3,), (notice,))
    arguments = ("--labels", "y.csv", "--encoder", "mini", "--out", tmp_path / "e")
    status, out, err = run("tune-encoder", "l.csv", "r.csv", *arguments)
    assert status == 0
    ((_, positional, named),) = pipeline.calls
    assert positional == (["l.csv", "r.csv"], Path("y.csv"))
    assert (named["encoder"], named["out"]) == ("mini", tmp_path / "e")
    assert "tuned on 1,616 exact pairs of titles and 400 different ones" in out
    assert err == "warning: y.csv: 1 labels repeat another one.\n"


@pytest.mark.parametrize("name", ["scores.csv", "scores.parquet"])
def test_score_writes_every_pair(pipeline, run, tmp_path, name):
    pipeline.result = pd.DataFrame({"left_id": ["01"], "right_id": ["02"], "p_exact": [0.5]})
    path = tmp_path / name
    status, out, _ = run("score", "a.csv", "--pairs", "p.csv", "--out", path)
    assert (status, out) == (0, f"1 scored pairs are in {path}.\n")
    read = pd.read_parquet(path) if name.endswith("parquet") else pd.read_csv(path, dtype=str)
    assert read["left_id"].tolist() == ["01"]


def test_export_tells_what_it_wrote_and_what_it_could_not(pipeline, run, tmp_path):
    notice = Notice("no_title", "google: 1 products have no title,\nfirst 'a'. They ...", 1)
    path = str(tmp_path / "feed.tsv")
    pipeline.result = ExportReport("google", path, 1200, 34, (notice,))
    status, out, err = run("export", "result", "--to", "google", "--out", path)
    assert pipeline.calls == [("export", (Path("result"), "google", Path(path)), {})]
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        f"1,200 products, of 34 families of several, are in {path}.",
        "note: google: 1 products have no title, first 'a'. They ...",
    ]


@pytest.fixture
def explanation() -> Explanation:
    hostile = "[red]Shirt[/red] \x1b[31m[Black]"
    return Explanation(
        left=Side("a[bold]", "north", hostile, "m-1", "f-1"),
        right=Side("b", "", "Shirt", "m-1", "f-1"),
        together="product",
        relation="different",
        probabilities=(0.31, 0.0, 0.69),
        verdict="One product: told.",
        reasons=(Reason("words", f"only the first has: {hostile}", "different"),),
        needed=(0.45, 0.48),
        chain=(Link(1, "a[bold]", "b", "exact", 0.75),),
        contributions=(Reason("price", "price", "same", 1.26),),
    )


def test_explain_shows_reasons_and_chain_and_reads_no_markup(pipeline, run, explanation):
    pipeline.result = explanation
    status, out, err = run("explain", "result", "a[bold]", "b", "--weigh", "--model", "m")
    assert (status, err) == (0, "")
    (_, call) = pipeline.calls
    assert call == (
        *("explain", (Path("result"), "a[bold]", "b")),
        {"model": "model", "weigh": True},
    )
    assert "[red]Shirt[/red]  [31m[Black]" in out
    assert "\x1b" not in out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "id a[bold] b" in lines
    assert (
        "Exact 31 %, variant 0 %, different 69 %; 45 % are needed for exact, 48 % for one family."
        in lines
    )
    assert "1 a[bold] b exact 75 %" in lines
    assert "+1.3 same price" in lines


def test_explain_prints_json(pipeline, run, explanation):
    pipeline.result = explanation
    status, out, _ = run("explain", "result", "a", "b", "--json")
    assert status == 0
    assert json.loads(out) == json.loads(json.dumps(explanation.to_dict()))
    assert json.loads(out)["probabilities"] == {"exact": 0.31, "variant": 0.0, "different": 0.69}


def test_explaining_an_unknown_record_is_told_in_one_line(run, tmp_path):
    offers = pd.DataFrame({"id": ["A-17", "A-18"], "title": ["Sony KD-43X80L", "Bosch GSR"]})
    matcher.dedupe(offers).write(tmp_path / "result")
    assert run("explain", tmp_path / "result", "A-17", "A-18")[0] == 0
    assert run("explain", tmp_path / "result", "A-17", "A-19") == (
        2,
        "",
        "error: explain: there is no record 'A-19' in the result. Did you mean 'A-18'? Give an id "
        "as the table of pairs has it.\n",
    )
    status, _, err = run("explain", tmp_path / "nowhere", "a1", "a2")
    assert status == 2
    assert "holds no result" in err


def test_inspect_shows_columns_problems_and_writes_settings(pipeline, run, tmp_path):
    report = SimpleNamespace(
        name="[red]farbe[/red]",
        type="color",
        role="axis",
        axis="color",
        fill=0.5,
        n_unique=3,
        examples=("rot\x1b[31m", "blau"),
        evidence="its name",
    )
    pipeline.result = SimpleNamespace(
        names=("shop.csv",),
        n_records=1200,
        schema=Schema("", "", (Attribute("farbe", "color", "axis", "color"),)),
        attributes=(report,),
        axes=(
            AxisEvidence("finish", "", 3, 102, 84, ("Matte", "Glossy"), LabelEvidence(9, 8, 7, 0)),
            AxisEvidence("farbe", "color", 3, 0, 0, (), LabelEvidence()),
            AxisEvidence("shelf", "", 3, 90, 0, (), LabelEvidence()),
        ),
        words=(WordEvidence("home", 12, ("away", "third")),),
        problems=(Notice("duplicate_ids", "column 'id': 2 ids occur more than once.", 2),),
    )
    status, out, _ = run("inspect", "shop.csv", "--out", tmp_path / "matcher.toml")
    assert status == 0
    assert "shop.csv: 1,200 records" in out
    assert "[red]farbe[/red]" in out  # a name is never markup
    assert "\x1b" not in out
    assert "axis (color)" in out
    told = " ".join(out.split())
    assert "in 84 of 102 near-identical groups it differs (Matte, Glossy); in 8 of 9" in told
    assert "farbe color no in 0 of 0 near-identical groups" in told
    assert "shelf" not in told
    assert "Words in which near-identical titles differ: home (12: away, third)" in told
    assert "problem: column 'id': 2 ids occur more than once." in out
    assert (tmp_path / "matcher.toml").exists()


def test_warnings_of_a_run_go_to_stderr(pipeline, run, tmp_path):
    pipeline.result = Result(tuple(f"notice {number}" for number in range(13)))
    _, out, err = run("dedupe", "a.csv", "--out", tmp_path / "out")
    assert "warning: notice 9\n" in err
    assert f"warning: 3 more: {tmp_path / 'out' / 'run.json'}" in err
    assert "notice" not in out


def test_a_mistake_is_one_line_and_exits_with_2(pipeline, run, tmp_path):
    pipeline.failure = LabelsError("labels.csv: 2 ids are unknown,\ngot 'a'. Remove [them].")
    status, out, err = run("dedupe", "a.csv", "--out", tmp_path / "out")
    assert (status, out) == (2, "")
    assert err == "error: labels.csv: 2 ids are unknown, got 'a'. Remove [them].\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dedupe", "a.csv"], "Missing option '--out'. Try 'matcher dedupe --help'."),
        (["dedupe"], "Missing argument 'CATALOGUE...'. Try 'matcher dedupe --help'."),
        (["dedup", "a.csv"], "No such command 'dedup'"),
        (["dedupe", "a.csv", "--outt", "x"], "No such option: --outt"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exits_with_2(run, arguments, message):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"error: command line: {message}")
    assert err.count("\n") == 1


def test_bad_output_is_refused_before_the_run(pipeline, run, tmp_path):
    (tmp_path / "notes.txt").touch()
    status, _, err = run("dedupe", "a.csv", "--out", tmp_path)
    assert status == 2
    assert "the folder holds files that matcher did not write, got 1, first 'notes.txt'" in err
    status, _, err = run("dedupe", "a.csv", "--out", tmp_path / "out", "--format", "xlsx")
    assert err == "error: format: unknown format, got 'xlsx'. Choose one of csv, parquet.\n"
    status, _, err = run("score", "a.csv", "--pairs", "p.csv", "--out", tmp_path / "scores.txt")
    assert "the ending tells the format, got '.txt'. End it with .csv or .parquet." in err
    status, _, err = run("score", "a.csv", "--pairs", "p.csv", "--out", tmp_path / "no" / "s.csv")
    assert "its folder does not exist. Make the folder, or choose another file." in err
    assert pipeline.calls == []


def test_a_settings_typo_is_told_with_the_nearest_name(pipeline, run, tmp_path):
    file = tmp_path / "matcher.toml"
    file.write_text('ignored = ["color"]\n')
    status, _, err = run("dedupe", "a.csv", "--out", tmp_path / "out", "--settings", file)
    assert status == 2
    assert "Did you mean 'ignore'?" in err


def test_anything_else_is_a_bug_told_in_one_line_and_exits_with_3(pipeline, run, tmp_path):
    pipeline.failure = KeyError("weird")
    status, _, err = run("dedupe", "a.csv", "--out", tmp_path / "out")
    assert status == 3
    assert err == (
        "error: matcher: this is a bug, got KeyError: 'weird'. "
        "Please report it with what --debug shows.\n"
    )


@pytest.mark.parametrize("place", [0, -1])
def test_debug_shows_the_traceback_wherever_it_stands(pipeline, run, tmp_path, place):
    pipeline.failure = KeyError("weird")
    arguments = ["dedupe", "a.csv", "--out", tmp_path / "out"]
    arguments.insert(place, "--debug") if place == 0 else arguments.append("--debug")
    status, _, err = run(*arguments)
    assert status == 3
    assert "Traceback (most recent call last)" in err


def test_debug_can_be_set_in_the_environment(pipeline, run, tmp_path, monkeypatch):
    monkeypatch.setenv("MATCHER_DEBUG", "1")
    pipeline.failure = RecordsError("a.csv: no.")
    status, _, err = run("dedupe", "a.csv", "--out", tmp_path / "out")
    assert status == 2
    assert "Traceback (most recent call last)" in err


def test_a_file_that_the_system_refuses_is_the_callers_mistake(pipeline, run, tmp_path):
    pipeline.failure = PermissionError(13, "Permission denied", "a.csv")
    status, _, err = run("dedupe", "a.csv", "--out", tmp_path / "out")
    assert status == 2
    assert err == (
        "error: a.csv: cannot be used, got Permission denied. "
        "Check the path, its permissions and the space left.\n"
    )


def test_interrupting_exits_with_130_and_writes_nothing(pipeline, run, tmp_path):
    pipeline.failure = KeyboardInterrupt()
    status, _, err = run("dedupe", "a.csv", "--out", tmp_path / "out")
    assert status == 130
    assert err == "error: interrupted: nothing was written, what was there before is as it was.\n"
    assert list(tmp_path.iterdir()) == []


def test_progress_is_plain_lines_where_there_is_no_terminal(pipeline, run, tmp_path):
    def dedupe(*_: Any, progress: Any, **__: Any) -> Result:
        for done in range(4):
            progress("blocking", done, 3)
        progress("blocking", 3, 3)
        return Result()

    pipeline.dedupe = dedupe
    _, out, err = run("dedupe", "a.csv", "--out", tmp_path / "out")
    assert re.fullmatch(r"blocking: started\nblocking: done in \d+\.\d s\n", err)
    assert "blocking" not in out


def test_a_reader_that_goes_away_is_harmless(tmp_path):
    code = (
        "import sys; from matcher.cli.screen import out; from matcher.cli import entry\n"
        "def app(*a, **k):\n    for _ in range(100000): out().print('line')\n"
        "entry.app = app; sys.exit(entry.run_command([]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=tmp_path,
    )
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(30) == 0


def test_help_is_quick_because_nothing_heavy_is_imported():
    heavy = "pandas|lightgbm|faiss|sklearn|scipy|numba|torch|pyarrow"
    code = (
        "import sys; from matcher.cli import run_command; run_command(['--help'])\n"
        f"import re; found = sorted(m for m in sys.modules if re.fullmatch({heavy!r}, m))\n"
        "print(found, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment, check=True
    )
    assert done.stderr.decode().strip() in ("[]", "['pyarrow']")
