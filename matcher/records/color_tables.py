"""The tables of `colors.toml`, as they are written there."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def color_tables() -> Mapping[str, Any]:
    """Read the tables, once."""
    text = files("matcher.records").joinpath("colors.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
