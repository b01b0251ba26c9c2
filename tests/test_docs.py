"""The pages say what is so: commands, settings, columns, links, and examples that run."""

import dataclasses
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
import typer

import matcher
from matcher.cli.app import app
from matcher.output.lineage import CHANGES
from matcher.settings import (
    AttributeSettings,
    BlockingSettings,
    IgnoreByCategory,
    Settings,
    load_settings,
)

ROOT = Path(__file__).parent.parent
DEMO = Path(matcher.__file__).parent / "demo"
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def fenced(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page(name), re.DOTALL | re.MULTILINE)


def rows(name: str) -> dict[str, list[list[str]]]:
    """Return the other cells of the table rows that begin with a `name`, by that name."""
    found: dict[str, list[list[str]]] = {}
    for line in page(name).splitlines():
        if line.startswith("| `"):
            first, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            for word in re.findall(r"`([^`]+)`", first):
                found.setdefault(word, []).append(cells)
    return found


def anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", title.lower()) for title in titles)
    return {title.replace(" ", "-") for title in plain}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with the files that the examples speak of: those of the demo."""
    offers = pd.read_csv(DEMO / "catalogue.csv", dtype=str)
    offers.to_csv(tmp_path / "offers.csv", index=False)
    truth = pd.read_csv(DEMO / "truth.csv", dtype=str).head(60)
    pairs = truth.merge(truth, how="cross", suffixes=("_left", "_right"))
    pairs = pairs[pairs["id_left"] < pairs["id_right"]]
    pairs["relation"] = "different"
    is_family = pairs["family_id_left"] == pairs["family_id_right"]
    pairs.loc[is_family, "relation"] = "variant"
    is_exact = pairs["product_id_left"] == pairs["product_id_right"]
    pairs.loc[is_exact, "relation"] = "exact"
    chosen = pairs.groupby("relation").head(40)
    columns = {"id_left": "left_id", "id_right": "right_id", "relation": "relation"}
    chosen.rename(columns=columns)[[*columns.values()]].to_csv(tmp_path / "labels.csv", index=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_in_the_readme_and_in_the_page_of_the_command_line(command):
    assert f"| `matcher {command}` |" in page("README.md")
    assert f"\n## matcher {command}\n" in page("docs/cli.md")


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_option_is_in_the_page_of_the_command_line(command):
    options = {
        option
        for parameter in COMMANDS[command].params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
    described = page("docs/cli.md")
    assert not {option for option in options if not re.search(rf"{option}\b", described)}


def test_the_readme_begins_with_the_two_commands():
    blocks = fenced("README.md", "")
    assert blocks[0] == "pip install . && matcher demo\n"
    assert blocks[1] == "pip install -e '.[all,dev]' && pytest\n"
    assert "pip install -qq -e '.[all,dev]'\npytest\n" in page(".ci/run")


def test_the_python_examples_of_the_readme_run_one_after_the_other(shop):
    names: dict[str, object] = {}
    for number, block in enumerate(fenced("README.md", "python"), 1):
        exec(compile(block, f"README.md, example {number}", "exec"), names)
    assert (shop / "result" / "records.csv").is_file()
    assert (shop / "my-model" / "model.json").is_file()


@pytest.mark.parametrize("name", ["README.md", "docs/settings.md"])
def test_the_examples_of_settings_files_can_be_loaded(name, tmp_path):
    for block in fenced(name, "toml"):
        (tmp_path / "matcher.toml").write_text(block, encoding="utf-8")
        load_settings(tmp_path / "matcher.toml")


def setting_defaults() -> Iterator[tuple[str, object]]:
    for kind in (Settings, BlockingSettings):
        for field in dataclasses.fields(kind):
            if field.name not in ("ignore_by_category", "attributes", "blocking"):
                yield field.name, field.default


@pytest.mark.parametrize(("name", "default"), list(setting_defaults()))
def test_every_setting_is_described_with_its_default(name, default):
    cells = rows("docs/settings.md")[name][0]
    if default is None:
        assert cells[0] == "left out"
    else:
        written = tomllib.loads(f"value = {cells[0].strip('`')}")["value"]
        assert written == (list(default) if isinstance(default, tuple) else default)


def test_every_field_and_value_of_an_attribute_is_described():
    described = rows("docs/settings.md")
    for kind in (AttributeSettings, IgnoreByCategory):
        for field in dataclasses.fields(kind):
            assert field.name in described
    for value in matcher.types.ATTRIBUTE_TYPES:
        assert f"`{value}`" in described["type"][0][0]
    for value in matcher.types.ROLES:
        assert f"`{value}`" in described["role"][0][0]


def test_every_column_and_key_of_a_result_is_described():
    offers = pd.read_csv(DEMO / "catalogue.csv", dtype=str).head(60)
    result = matcher.dedupe(offers.drop(columns="id"))
    added = set(result.records.columns) - set(offers.columns)
    described = rows("docs/files.md")
    assert added == {"match_id", "family_id", "match_score", "record_id"}
    assert not {*added, *result.pairs.columns, *result.families.columns} - set(described)
    again = matcher.reassign(result, result)
    assert not {*again.changes.columns, *again.run} - set(described)
    assert set(CHANGES) <= set(described)
    assert not set(result.run) - set(described)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), f"{path.name}: {target}"
        assert not anchor or anchor in anchors(file), f"{path.name}: {target}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_files_that_are_named_exist(path):
    text = path.read_text(encoding="utf-8")
    named = re.findall(r"`((?:matcher|benchmarks|docs)/[\w./-]*|tests/[\w/-]+\.py)`", text)
    assert not [name for name in named if not (ROOT / name).exists() and "results" not in name]


def test_the_model_card_lists_what_the_shipped_model_learned_from():
    manifest = (DEMO.parent / "models" / "default" / "model.json").read_text(encoding="utf-8")
    learned = json.loads(manifest)["card"]["learned_from"]
    section = page("docs/model-card.md").partition("## What it learned from")[2]
    lines = section.partition("\n## ")[0].splitlines()
    listed = [line for line in lines if re.match(r"\| [a-z]+[-\w]* \|", line)][1:]
    assert len(listed) == len(learned)
    for line, teacher in zip(listed, learned, strict=True):
        assert line.startswith(f"| {teacher['name']} |")
        assert line.endswith(f"| {teacher['licence']} |")


def test_places_for_results_are_known_to_the_benchmarks_and_closed():
    tables = pytest.importorskip("benchmarks.tables")
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        opened = re.findall(r"^<!-- benchmark:([\w-]+) -->$", text, re.MULTILINE)
        assert set(opened) <= set(tables.TABLES)
        assert len(opened) == len(re.findall(r"^<!-- /benchmark -->$", text, re.MULTILINE))


def test_the_picture_is_well_formed_and_says_in_words_what_it_shows():
    picture = ET.parse(ROOT / "docs" / "relations.svg").getroot()
    words = "".join(picture.find("{http://www.w3.org/2000/svg}desc").itertext())
    for relation in matcher.types.RELATIONS:
        assert relation in words
