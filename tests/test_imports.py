"""Importing is light and has no effect; imports point down; what is public is what is exported."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import matcher

PACKAGE = Path(matcher.__file__).parent
HEAVY = {
    *("torch", "faiss", "lightgbm", "pyspark", "starlette", "numba", "sklearn", "scipy", "pandas"),
    *("sentence_transformers", "transformers", "recordlinkage", "polars", "duckdb", "pint"),
    *(
        "typer",
        "rich",
        "matplotlib",
        "jinja2",
        "sparse_dot_topn",
        "stdnum",
        "rapidfuzz",
        "sqlalchemy",
        "psycopg",
    ),
}
BASE = {
    *("errors", "types", "settings", "extras", "progress", "database", "compiled", "memory"),
    *("beside", "scripts"),
}
LEVELS = dict.fromkeys(BASE, 0) | {"pipeline": 2, "cli": 3, "__main__": 4}
STAGE = 1


def modules() -> dict[str, Path]:
    """Return every module of the package by its name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = [PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imports(path: Path) -> Iterator[str]:
    """Yield the modules of the package that a module imports, where it runs and not for types."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        id(inner)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for inner in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            while name and name not in MODULES:
                name = name.rpartition(".")[0]
            if name:
                yield name


def part(module: str) -> str:
    """Return the stage, or the module of the base, that a module belongs to; "" is the door."""
    return [*module.split("."), ""][1]


def run(code: str, folder: Path) -> str:
    """Run code in a new interpreter inside an empty folder and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env={"PYTHONPATH": str(PACKAGE.parent), "PATH": "", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_importing_matcher_imports_nothing_heavy(tmp_path):
    loaded = set(run("import matcher, sys; print(*sys.modules)", tmp_path).split())
    assert "pyarrow" in loaded
    assert not loaded & HEAVY


def test_importing_matcher_has_no_effect(tmp_path):
    code = """
import logging, os, signal, threading, warnings
def state():
    return (dict(os.environ), os.getcwd(), threading.active_count(), list(warnings.filters),
            logging.getLogger().handlers, logging.getLogger("matcher").handlers,
            signal.getsignal(signal.SIGINT))
import pyarrow, numpy
before = state()
import matcher
assert state() == before
"""
    assert run(code, tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_all_is_exactly_what_is_public():
    written = {name for name in vars(matcher) if not name.startswith("_")}
    own = {name for name in written if getattr(matcher, name).__class__.__name__ != "module"}
    lazy = set(matcher._LAZY)
    helpers = {"import_module", "Any", "TYPE_CHECKING"}
    assert (own | lazy) - helpers == set(matcher.__all__)
    assert matcher.__all__ == sorted(matcher.__all__)


def test_everything_public_resolves_and_is_documented():
    for name in matcher.__all__:
        value = getattr(matcher, name)
        assert value.__doc__, name
        assert value is getattr(import_module(value.__module__), value.__name__)
    assert set(matcher.__all__) <= set(dir(matcher))


def test_an_unknown_name_is_the_usual_error():
    with pytest.raises(AttributeError, match="module 'matcher' has no attribute 'dedup'"):
        matcher.dedup  # noqa: B018


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down_and_stages_never_import_each_other(module):
    own = part(module)
    for target in imports(MODULES[module]):
        other = part(target)
        if own == other or not own or not other:
            continue
        upper, lower = LEVELS.get(own, STAGE), LEVELS.get(other, STAGE)
        assert lower < upper or lower == upper == 0, f"{module} imports {target}"


def test_no_module_is_in_a_cycle_of_imports():
    below = {
        module: {target for target in imports(path) if not f"{module}.".startswith(f"{target}.")}
        for module, path in MODULES.items()
    }
    remaining = dict(below)
    while remaining:
        free = {name for name, targets in remaining.items() if not targets & remaining.keys()}
        assert free, f"cycle among {sorted(remaining)}"
        remaining = {name: targets for name, targets in remaining.items() if name not in free}


def test_heavy_packages_are_imported_where_they_are_used_only(tmp_path):
    names = [name for name in MODULES if part(name) in {*BASE, "labelling", "clustering"}]
    code = f"import importlib, sys\nfor name in {names}: importlib.import_module(name)\n"
    loaded = set(run(code + "print(*sys.modules)", tmp_path).split())
    assert not loaded & {"torch", "faiss", "lightgbm", "sklearn", "sentence_transformers"}


def test_a_job_on_files_imports_nothing_of_databases(tmp_path):
    (tmp_path / "shop.csv").write_text("id,title\n1,tv\n")
    code = """
import sys, matcher.pipeline
from matcher.output import check_place
from matcher.records import read_catalogue
read_catalogue(["shop.csv"])
check_place("out")
print(*sys.modules)
"""
    loaded = set(run(code, tmp_path).split())
    assert not loaded & {"sqlalchemy", "psycopg"}


def test_types_of_the_package_are_shipped():
    assert (PACKAGE / "py.typed").read_text("utf-8").strip() == ""
    settings = Path(__file__).parents[1] / "pyproject.toml"
    project = tomllib.loads(settings.read_text("utf-8"))
    assert "py.typed" in project["tool"]["setuptools"]["package-data"]["matcher"]
