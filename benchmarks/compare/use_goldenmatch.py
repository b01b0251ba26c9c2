"""GoldenMatch: its zero configuration, and one written by hand; no labels.

Its documentation says that usually no configuration is needed, and that one is written to override
what was tuned wrongly. Its example of products compares titles with `token_sort` at a threshold of
0.70; it advises `token` blocking for titles of several vendors, `qgram` for general strings,
`jaro_winkler` for names, `numeric_diff` for amounts and `array_intersect` for lists, here of model
numbers. Linking keeps the best record of the other table for each record of the first. Embeddings
and language models, which it also offers, are left out, as for the others.

Chosen here in its favour, by its figures: the threshold of 0.5 and both comparisons of the title.
"""

import goldenmatch as gm
import numpy as np
import pandas as pd
import polars as pl
from goldenmatch.core.scorer import score_pair

from benchmarks.compare.task import Columns, Found, Task, codes, joined

THRESHOLD = 0.5
MOST_RECORDS = 100  # a block of its default of 2 % takes over ten minutes on 22,000 titles


def link_without_configuration(task: Task) -> Found:
    """Link as its own tuner decides."""
    tables = [pl.from_pandas(table.replace("", None)) for table in (task.left, task.right)]
    result = gm.match_df(*tables, exclude_columns=["id"], confidence_required=False)
    return Found(_pairs(task, result))


def link(task: Task) -> Found:
    """Link with a configuration for products."""
    left, right = (_prepared(table, task.columns) for table in (task.left, task.right))
    fields = _fields(task.columns)
    config = gm.GoldenMatchConfig(
        matchkeys=[
            gm.MatchkeyConfig(name="product", type="weighted", threshold=THRESHOLD, fields=fields)
        ],
        blocking=gm.BlockingConfig(
            strategy="token", token={"column": "text", "max_df": MOST_RECORDS}
        ),
    )
    result = gm.match_df(pl.from_pandas(left), pl.from_pandas(right), config=config)
    rows = (table.set_index("id").to_dict("index") for table in (left, right))
    return Found(_pairs(task, result), _judge(task.asked, fields, *rows))


def _prepared(table: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    prepared = table.replace("", None)
    texts = joined(table, (columns.title, *columns.short))
    return prepared.assign(text=texts, codes=["|".join(found) or None for found in codes(texts)])


def _fields(columns: Columns) -> list[gm.MatchkeyField]:
    """Return what is compared and its weight; a missing value does not count."""
    compared = [
        (columns.title, "token_sort", 0.4),
        (columns.title, "qgram", 0.4),
        ("codes", "array_intersect:overlap", 0.4),
        *((column, "jaro_winkler", 0.2) for column in columns.short),
        *((column, "numeric_diff:pct:0.5", 0.2) for column in columns.prices),
        *((column, "exact", 0.2) for column in columns.years),
    ]
    return [
        gm.MatchkeyField(
            field=column, scorer=scorer, weight=weight, transforms=["lowercase", "strip"]
        )
        for column, scorer, weight in compared
    ]


def _pairs(task: Task, result: gm.MatchResult) -> pd.DataFrame:
    """Return the matches by our ids; rows are numbered from the first of the left table on."""
    if result.matched is None:
        return pd.DataFrame({"left_id": [], "right_id": []}, dtype=object)
    found = result.matched.to_pandas()
    right = found["__ref_row_id__"].to_numpy() - len(task.left)
    return pd.DataFrame(
        {
            "left_id": task.left["id"].to_numpy()[found["__target_row_id__"].to_numpy()],
            "right_id": task.right["id"].to_numpy()[right],
        }
    )


def _judge(
    asked: pd.DataFrame,
    fields: list[gm.MatchkeyField],
    left: dict[str, dict[str, str]],
    right: dict[str, dict[str, str]],
) -> np.ndarray:
    pairs = zip(asked["left_id"], asked["right_id"], strict=True)
    scores = (score_pair(left[one], right[other], fields) for one, other in pairs)
    return np.array([score >= THRESHOLD for score in scores])
