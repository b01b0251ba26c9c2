"""Splink: a Fellegi-Sunter model in SQL, its weights estimated without labels.

Its documentation advises: `link_only` for two tables; many strict blocking rules rather than few
loose ones; u by random sampling; m by expectation maximisation under blocking rules that need no
high recall, but hold matches and others in balance; the share of matches among all pairs from sure
rules or from what one knows. It says that a single bag of words suits it badly, and shows for
company names how to go on: levels of the information of the words that two names share, and
blocking on the rarest words. Tables that hold no duplicates are clustered by single best links.

Chosen here in its favour, by its figures: expectation maximisation under the rarest word of all
columns. Under words of the title or codes, as would be usual, it learns weights of chance.
"""

from collections import Counter
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import splink.comparison_library as cl
from numpy.typing import NDArray
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.compare.task import (
    LEAST_CODES,
    Columns,
    Found,
    Task,
    codes,
    joined,
    numbers,
    tokens,
)

SEED = 1
LEVELS = (0.95, 0.8, 0.65, 0.5, 0.35, 0.2)
THRESHOLD = 0.5
N_RARE = 6
SIDES = ("table_a", "table_b")  # they become names in SQL, where left and right are keywords


def link(task: Task) -> Found:
    """Link at a probability of one half."""
    return _link(task, is_one_to_one=False)


def link_one_to_one(task: Task) -> Found:
    """Link a record with at most one of the other table."""
    return _link(task, is_one_to_one=True)


def _link(task: Task, *, is_one_to_one: bool) -> Found:
    database = DuckDBAPI()
    left, right = _prepared(task)
    tables = [
        database.register(table, dataset_display_name=side)
        for table, side in zip((left, right), SIDES, strict=True)
    ]
    has_codes = left["codes"].notna().mean() > LEAST_CODES
    prior = 1 / max(len(left), len(right))  # most of the smaller table is in the larger one
    linker = Linker(tables, _settings(task.columns, prior, has_codes=has_codes))
    _train(linker)
    predicted = linker.inference.predict(threshold_match_probability=THRESHOLD)
    if is_one_to_one:
        clusters = linker.clustering.cluster_using_single_best_links(
            predicted, list(SIDES), threshold_match_probability=THRESHOLD
        )
        pairs = _within(clusters.as_pandas_dataframe())
    else:
        pairs = _ids(predicted.as_pandas_dataframe())
    return Found(pairs, _judge(linker, database, task.asked))


def _prepared(task: Task) -> list[pd.DataFrame]:
    """Return both tables with their words, the information of each, and the codes."""
    columns = task.columns
    texts = pd.concat([task.left, task.right], ignore_index=True)
    table = texts[["id", columns.title, *columns.short]].rename(columns={"id": "unique_id"})
    table = table.replace("", None)
    details = joined(texts, columns.long) if columns.long else pd.Series("", texts.index)
    for name, column in (("words", texts[columns.title]), ("details", details)):
        table[name] = _with_frequencies(tokens(column))
        table[f"{name}_all"] = [_information(found) for found in table[name]]
    table["rare"] = _rare(tokens(joined(texts, columns.texts)), len(task.left))
    table["codes"] = [
        found or None for found in codes(joined(texts, (columns.title, *columns.short)))
    ]
    for column in (*columns.prices, *columns.years):
        table[column] = numbers(texts[column])
    return [table[: len(task.left)], table[len(task.left) :]]


def _rare(found: list[list[str]], n_left: int) -> list[list[str] | None]:
    """Return the rarest words of each record that both tables have, the rarest first."""
    left, right = (Counter(chain.from_iterable(side)) for side in (found[:n_left], found[n_left:]))
    counts = {token: left[token] * right[token] for token in left if token in right}
    shared = ((token for token in each if token in counts) for each in found)
    return [sorted(each, key=counts.__getitem__)[:N_RARE] or None for each in shared]


def _information(found: list[dict[str, Any]] | None) -> float | None:
    return found and -sum(np.log10(each["frequency"]) for each in found)


def _with_frequencies(found: list[list[str]]) -> list[list[dict[str, Any]] | None]:
    """Return words with how often they occur among all words."""
    counts = Counter(token for each in found for token in each)
    total = counts.total()
    return [
        [{"token": token, "frequency": counts[token] / total} for token in each] or None
        for each in found
    ]


def _settings(columns: Columns, prior: float, *, has_codes: bool) -> SettingsCreator:
    comparisons = [compare_words("words", LEVELS)]
    if columns.long:
        comparisons.append(compare_words("details", LEVELS[2:]))
    if has_codes:
        comparisons.append(_codes("codes"))
    for column in columns.short:
        compared = cl.JaroWinklerAtThresholds(column, [0.92, 0.8])
        comparisons.append(compared.configure(term_frequency_adjustments=True))
    comparisons += [compare_prices(column) for column in columns.prices]
    comparisons += [_years(column) for column in columns.years]
    rules = [block_on("rare", arrays_to_explode=["rare"]), block_on(columns.title)]
    if has_codes:
        rules.append(block_on("codes", arrays_to_explode=["codes"]))
    return SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=prior,
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
    )


def compare_words(column: str, levels: tuple[float, ...]) -> dict[str, Any]:
    """Compare bags of words by the information of those that are shared, among all of a side."""
    shared = (
        f"-list_intersect({column}_l, {column}_r).list_transform(lambda x: log10(x.frequency))"
        ".list_concat([0.0::DOUBLE]).list_sum()"
    )
    share = f"({shared}) / sqrt({column}_all_l * {column}_all_r)"
    return make_comparison(
        column, [(f"{share} >= {least}", f"at least {least}") for least in levels]
    )


def _codes(column: str) -> dict[str, Any]:
    """Compare model numbers by the two that are most alike."""
    alike = (
        f"list_transform({column}_l, lambda x: list_max(list_transform({column}_r, "
        "lambda y: jaro_winkler_similarity(x, y)))).list_max()"
    )
    return make_comparison(
        column, [(f"{alike} >= {least}", f"at least {least}") for least in (1, 0.92)]
    )


def compare_prices(column: str) -> dict[str, Any]:
    """Compare amounts by their ratio."""
    ratio = f"greatest({column}_l, {column}_r) / nullif(least({column}_l, {column}_r), 0)"
    return make_comparison(
        column, [(f"{ratio} < {most}", f"below {most}") for most in (1.02, 1.2, 1.6)]
    )


def _years(column: str) -> dict[str, Any]:
    apart = f"abs({column}_l - {column}_r)"
    return make_comparison(column, [(f"{apart} = 0", "equal"), (f"{apart} = 1", "next")])


def make_comparison(column: str, levels: list[tuple[str, str]]) -> dict[str, Any]:
    """Return a comparison of levels, each its condition and its name, and of all other pairs."""
    missing = f"{column}_l IS NULL OR {column}_r IS NULL"
    return {
        "output_column_name": column,
        "comparison_levels": [
            {"sql_condition": missing, "label_for_charts": "missing", "is_null_level": True},
            *({"sql_condition": sql, "label_for_charts": label} for sql, label in levels),
            {"sql_condition": "ELSE", "label_for_charts": "other"},
        ],
    }


def _train(linker: Linker) -> None:
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=SEED)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("rare[1]"))


def _ids(predicted: pd.DataFrame) -> pd.DataFrame:
    ids = predicted[["unique_id_l", "unique_id_r"]]
    return ids.set_axis(["left_id", "right_id"], axis=1)


def _within(clusters: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs across the tables inside each cluster."""
    left, right = (clusters[clusters["source_dataset"] == side] for side in SIDES)
    pairs = left.merge(right, on="cluster_id", suffixes=("_l", "_r"))
    return _ids(pairs)


def _judge(linker: Linker, database: DuckDBAPI, asked: pd.DataFrame) -> NDArray[np.bool_]:
    """Return whether each asked pair is a match, as blocked pairs of our own."""
    keys = {
        f"join_key_{end}": f"{side}-__-" + asked[column]
        for end, side, column in zip("lr", SIDES, ("left_id", "right_id"), strict=True)
    }
    blocked = database.register(pd.DataFrame({"match_key": "0", **keys}))
    linker.table_management.register_blocked_pairs_for_predict(blocked)
    predicted = linker.inference.predict(threshold_match_probability=THRESHOLD)
    matches = pd.MultiIndex.from_frame(_ids(predicted.as_pandas_dataframe()))
    return pd.MultiIndex.from_frame(asked).isin(matches)
