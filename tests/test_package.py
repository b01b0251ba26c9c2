"""What is installed is all that is needed."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_file_of_the_shipped_models_is_in_the_package():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["matcher"]
    package = ROOT / "matcher"
    files = [path.relative_to(package) for path in (package / "models").rglob("*")]
    files = [path for path in files if (package / path).is_file()]
    left_out = [
        str(path)
        for path in files
        # In a pattern of package data a star stops at a slash.
        if not any(
            pattern.count("/") == len(path.parts) - 1 and fnmatch(path.as_posix(), pattern)
            for pattern in patterns
        )
    ]
    assert len(files) >= 4
    assert left_out == []
