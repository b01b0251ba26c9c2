"""What a tool is given, and what it answers with: the one signature of all tools."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.datasets import DataSet

TOKEN = re.compile(r"[a-z0-9]+")
CODE = re.compile(r"(?=[a-z-]*[0-9])(?=[0-9-]*[a-z])[a-z0-9-]{4,}|[0-9]{5,}")
LEAST_CODES = 0.1  # share of the records with a model number, from which on a tool compares them


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a data set are, as a person who sets up a tool would say.

    Attributes
    ----------
    title : str
        The name of the thing.
    short : tuple[str, ...]
        Names, brands and codes of a few words.
    long : tuple[str, ...]
        Descriptions.
    prices : tuple[str, ...]
        Amounts, alike where their ratio is near 1.
    years : tuple[str, ...]
        Years, alike where they are equal or next to each other.
    """

    title: str
    short: tuple[str, ...] = ()
    long: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()
    years: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All columns of words."""
        return (self.title, *self.short, *self.long)


COLUMNS = {
    "abt-buy": Columns("name", long=("description",), prices=("price",)),
    "amazon-google": Columns("title", short=("manufacturer",), prices=("price",)),
    "walmart-amazon": Columns("title", ("category", "brand", "modelno"), prices=("price",)),
    "walmart-amazon-dirty": Columns("title", ("category", "brand", "modelno"), prices=("price",)),
    "dblp-acm": Columns("title", ("authors", "venue"), years=("year",)),
}


@dataclass(frozen=True, slots=True)
class Task:
    """Two tables to link.

    Attributes
    ----------
    left, right : pd.DataFrame
        Column ``id`` and those of `columns`, all of them text; missing is the empty text.
    columns : Columns
        What the columns are.
    asked : pd.DataFrame
        Columns ``left_id`` and ``right_id``: pairs that a tool that can is to judge.
    train, valid : pd.DataFrame | None
        Columns ``left_id``, ``right_id`` and ``label``, 0 or 1; None without labels.
    model : Path | None
        A model of matcher that never saw these tables; None with labels.
    """

    left: pd.DataFrame
    right: pd.DataFrame
    columns: Columns
    asked: pd.DataFrame
    train: pd.DataFrame | None = None
    valid: pd.DataFrame | None = None
    model: Path | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a tool.

    Attributes
    ----------
    pairs : pd.DataFrame
        Columns ``left_id`` and ``right_id``: what it calls a match, over the full tables.
    is_asked_match : NDArray[np.bool_] | None
        Shape (n_asked,): whether it calls each asked pair a match, whatever its blocking says; None
        if it cannot be asked.
    """

    pairs: pd.DataFrame
    is_asked_match: NDArray[np.bool_] | None = None


def read_task(data: DataSet, *, with_labels: bool, model: Path | None = None) -> Task:
    """Read a data set as a task, without what a case may not see."""
    asked = data.read("pairs_test")[["left_id", "right_id"]]
    train, valid = (
        _read_labels(data, part) if with_labels else None for part in ("train", "valid")
    )
    left, right = data.read("left"), data.read("right")
    return Task(left, right, COLUMNS[data.name], asked, train, valid, model)


def _read_labels(data: DataSet, part: str) -> pd.DataFrame:
    labels = data.read(f"pairs_{part}")
    return labels.assign(label=labels["label"].astype(np.int8))


def tokens(texts: pd.Series) -> list[list[str]]:
    """Return the distinct tokens of each text, in the order in which they stand there.

    Examples
    --------
    >>> tokens(pd.Series(["Sony DSC-W55 sony", ""]))
    [['sony', 'dsc', 'w55'], []]
    """
    return [list(dict.fromkeys(TOKEN.findall(text.lower()))) for text in texts]


def codes(texts: pd.Series) -> list[list[str]]:
    """Return what may be model numbers in each text: letters with digits, or many digits.

    Examples
    --------
    >>> codes(pd.Series(["Sony DSC-W55/B 12345", "bose 3 speakers"]))
    [['dscw55', '12345'], []]
    """
    found = ([code.replace("-", "") for code in CODE.findall(text.lower())] for text in texts)
    return [list(dict.fromkeys(each)) for each in found]


def joined(table: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """Return the texts of some columns of each record as one."""
    return table[list(columns)].agg(" ".join, axis=1)


def numbers(texts: pd.Series) -> pd.Series:
    """Return texts as numbers; what is missing or none is NaN."""
    return pd.to_numeric(texts.str.replace(r"[^0-9.]", "", regex=True), errors="coerce")


def best_threshold(scores: NDArray[np.float64], is_match: NDArray[np.bool_]) -> float:
    """Return the threshold of highest F1 on labelled pairs; a match scores at least that.

    Examples
    --------
    >>> best_threshold(np.array([0.1, 0.4, 0.8, 0.9]), np.array([False, False, True, True]))
    0.8
    """
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    right = np.cumsum(is_match[order])
    f1 = 2 * right / (np.arange(1, len(ranked) + 1) + is_match.sum())
    is_last = np.append(ranked[1:] != ranked[:-1], True)  # equal scores fall on one side
    return float(ranked[np.argmax(np.where(is_last, f1, -1.0))])
