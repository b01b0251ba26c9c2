"""dedupe: a logistic regression and blocking rules, both learned from labelled pairs.

Its documentation advises: `RecordLink` for two tables; `String` for names (affine gap distance),
`ShortString` where blocking need not learn from them, which is faster by far, `Text` with a corpus
for long text (cosine weighted by rarity), `Set` for lists, here of model numbers, `Price` for
amounts, `Exact` where little varies, `has_missing` where values are missing, several variables on
one column if need be; labels that exist given to `prepare_training` as a training file. Its example
of products compares the name both as `String` and as `Text`. `join` is one-to-one unless a record
may have several matches: here as the labels say. It labels by asking; here all labels are given.
"""

import io
import random
from typing import Any

import dedupe
import numpy as np
import pandas as pd
from dedupe import variables

from benchmarks.compare.task import (
    LEAST_CODES,
    Columns,
    Found,
    Task,
    best_threshold,
    codes,
    joined,
    numbers,
)

SEED = 0
RECALL = 0.95  # of the labelled matches; its default of 1 takes loose rules in for the oddest ones
MOST_REPEATED = 0.02  # share of the labelled matches whose record has another
Record = dict[str, Any]


def link(task: Task) -> Found:
    """Learn from the labels, threshold on the validation pairs, and join the tables."""
    random.seed(SEED)
    np.random.seed(SEED)  # noqa: NPY002 dedupe draws its samples from the global generators
    left, right = (_records(table, task.columns) for table in (task.left, task.right))
    linker = dedupe.RecordLink(
        _variables(task.columns, [*left.values(), *right.values()]), num_cores=0
    )
    training = io.StringIO()
    dedupe.serializer.write_training(_training(task.train, left, right), training)
    training.seek(0)
    linker.prepare_training(left, right, training_file=training)
    linker.train(recall=RECALL, index_predicates=True)

    def score(pairs: pd.DataFrame) -> np.ndarray:
        records = [
            (left[a], right[b]) for a, b in zip(pairs["left_id"], pairs["right_id"], strict=True)
        ]
        distances = linker.data_model.distances(records)
        return linker.classifier.predict_proba(distances)[:, -1]

    threshold = best_threshold(score(task.valid), task.valid["label"].to_numpy(np.bool_))
    constraint = _constraint(pd.concat([task.train, task.valid]))
    links = linker.join(left, right, threshold=threshold, constraint=constraint)
    found = pd.DataFrame([ids for ids, _ in links], columns=["left_id", "right_id"])
    return Found(found, score(task.asked) >= threshold)


def _records(table: pd.DataFrame, columns: Columns) -> dict[str, Record]:
    """Return the records as dedupe takes them; missing is None."""
    wanted = table[["id", *columns.texts]].assign(all=joined(table, columns.texts))
    for column in columns.prices:
        wanted[column] = numbers(table[column]).where(lambda price: price > 0)
    for column in columns.years:
        wanted[column] = table[column]
    sources = {"codes": columns.texts, "title codes": (columns.title,)}
    for name, source in sources.items():
        wanted[name] = [tuple(found) or None for found in codes(joined(table, source))]
    wanted = wanted.astype(object).replace("", None)
    return wanted.where(wanted.notna(), None).set_index("id").to_dict("index")


def _variables(columns: Columns, records: list[Record]) -> list[Any]:
    def corpus(column: str) -> list[Any]:
        return [record[column] for record in records if record[column]]

    def has_missing(column: str) -> bool:
        return any(record[column] is None for record in records)

    return [
        variables.String(columns.title, has_missing=has_missing(columns.title)),
        variables.Text(columns.title, corpus=corpus(columns.title), name="title words"),
        variables.Text("all", corpus=corpus("all")),
        *(variables.ShortString(name, has_missing=has_missing(name)) for name in columns.short),
        *(
            variables.Text(name, corpus=corpus(name), has_missing=has_missing(name))
            for name in columns.long
        ),
        *(variables.Price(name, has_missing=has_missing(name)) for name in columns.prices),
        *(
            variables.Set(name, corpus=corpus(name), has_missing=True)
            for name in ("codes", "title codes")
            if len(corpus(name)) > LEAST_CODES * len(records)
        ),
        *(variables.Exact(name, has_missing=has_missing(name)) for name in columns.years),
    ]


def _training(
    labels: pd.DataFrame, left: dict[str, Record], right: dict[str, Record]
) -> dict[str, list[tuple[Record, Record]]]:
    found: dict[str, list[tuple[Record, Record]]] = {"match": [], "distinct": []}
    for one, other, label in labels[["left_id", "right_id", "label"]].itertuples(index=False):
        found["match" if label else "distinct"].append((left[one], right[other]))
    return found


def _constraint(labels: pd.DataFrame) -> str:
    """Return the constraint of the join: none where a record has several matches in the labels."""
    matches = labels[labels["label"] == 1]
    repeated = max(matches[side].duplicated().mean() for side in ("left_id", "right_id"))
    return "many-to-many" if repeated > MOST_REPEATED else "one-to-one"
