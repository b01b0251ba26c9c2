"""recordlinkage: its comparisons, and a random forest on labelled pairs.

Its guide goes index, compare, classify: block first, compare each column with a method that suits
it, several for one column if need be, and learn a classifier where pairs are labelled; others than
its own come in through `SKLearnAdapter`. Jaro-Winkler is meant for names, q-grams and cosine for
longer text, `numeric` for amounts. It has neither an index nor a comparison for titles, but takes
user-defined ones: here pairs that share rare tokens, words weighted by their rarity, and how many
of the words and model numbers of one side the other has.
"""

from functools import partial

import numpy as np
import pandas as pd
import recordlinkage
from recordlinkage.adapters import SKLearnAdapter
from recordlinkage.base import BaseClassifier, BaseIndexAlgorithm
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.compare.blocking import rare_token_pairs
from benchmarks.compare.task import (
    TOKEN,
    Columns,
    Found,
    Task,
    best_threshold,
    codes,
    joined,
    numbers,
)

SEED = 0
NAME_METHODS = ("jarowinkler", "levenshtein")
GRAMS = ("qgram", "cosine")
N_UNLABELLED = 10_000  # without them the forest knows only the hard pairs that people labelled
SURE_RANK = 3  # among these places of a record its true match is likely: no sample of non-matches


class RareTokens(BaseIndexAlgorithm):
    """Pairs that share rare tokens in the column ``all``."""

    def _link_index(self, df_a: pd.DataFrame, df_b: pd.DataFrame) -> pd.MultiIndex:
        return _as_index(rare_token_pairs(df_a["all"], df_b["all"]))


class Forest(SKLearnAdapter, BaseClassifier):
    """A random forest, as the toolkit takes it."""

    def __init__(self) -> None:
        super().__init__()
        self.kernel = RandomForestClassifier(500, min_samples_leaf=2, n_jobs=2, random_state=SEED)


def link(task: Task) -> Found:
    """Learn from the labels, threshold on the validation pairs, and judge all candidates."""
    left, right = (_prepared(table, task.columns) for table in (task.left, task.right))
    candidates = RareTokens().index(left, right)
    compare = _comparisons(task.columns, pd.concat([left["all"], right["all"]]))
    features = compare.compute(candidates, left, right)
    train, valid, asked = (
        compare.compute(_as_index(pairs), left, right)
        for pairs in (task.train, task.valid, task.asked)
    )
    unlike = _unlike(left, right, [task.train, task.valid])
    taught = pd.concat([train, features.loc[unlike]])
    matches = _as_index(task.train[task.train["label"] == 1])
    forest = Forest()
    forest.fit(taught, matches)
    threshold = best_threshold(
        forest.prob(valid).to_numpy(), task.valid["label"].to_numpy(np.bool_)
    )
    found = features.index[forest.prob(features).to_numpy() >= threshold]
    return Found(
        found.to_frame(index=False, name=["left_id", "right_id"]),
        forest.prob(asked).to_numpy() >= threshold,
    )


def _prepared(table: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Return the columns to compare; missing is NaN."""
    texts = joined(table, columns.texts)
    prepared = table.assign(
        all=texts, codes=[" ".join(sorted(found)) for found in codes(texts)]
    ).replace("", np.nan)
    for column in columns.prices:
        prepared[column] = np.log(numbers(table[column]).where(lambda price: price > 0))
    for column in columns.years:
        prepared[column] = numbers(table[column])
    return prepared.set_index("id")


def _comparisons(columns: Columns, texts: pd.Series) -> recordlinkage.Compare:
    compare = recordlinkage.Compare()
    names = (columns.title, *columns.short)
    methods = [(column, method) for column in names for method in NAME_METHODS]
    texted = (*names, *columns.long, "all", "codes")
    methods += [(column, method) for column in texted for method in GRAMS]
    for column, method in methods:
        label = f"{column} {method}"
        compare.string(column, column, method, missing_value=np.nan, label=label)
    rarity = TfidfVectorizer(token_pattern=TOKEN.pattern, sublinear_tf=True).fit(texts)
    for column in (*names, *columns.long, "all"):
        compare.compare_vectorized(
            partial(_cosine, rarity), column, column, label=f"{column} words"
        )
    for column in (columns.title, "all", "codes"):
        for side in (0, 1):
            label = f"{column} within, {side}"
            compare.compare_vectorized(partial(_contained, side), column, column, label=label)
    scales = {**dict.fromkeys(columns.prices, 0.2), **dict.fromkeys(columns.years, 1.0)}
    for number, scale in scales.items():
        compare.numeric(number, number, "gauss", scale=scale, missing_value=np.nan, label=number)
    return compare


def _cosine(rarity: TfidfVectorizer, left: pd.Series, right: pd.Series) -> pd.Series:
    """Compare words, weighted by their rarity."""
    one, other = (rarity.transform(side.fillna("")) for side in (left, right))
    shared = np.asarray(one.multiply(other).sum(axis=1)).ravel()
    return pd.Series(shared, left.index).where((left.notna() & right.notna()).to_numpy())


def _contained(side: int, left: pd.Series, right: pd.Series) -> pd.Series:
    """Return the share of the words of one side that are in the text of the other."""
    shares = []
    for pair in zip(left.fillna(""), right.fillna(""), strict=True):
        words, text = TOKEN.findall(pair[side]), pair[1 - side].replace("-", "").replace(" ", "")
        shares.append(
            sum(word in text for word in words) / len(words) if words and text else np.nan
        )
    return pd.Series(shares, left.index)


def _unlike(left: pd.DataFrame, right: pd.DataFrame, labels: list[pd.DataFrame]) -> pd.MultiIndex:
    """Return a sample of candidates that are hardly matches, none of them labelled."""
    pairs = rare_token_pairs(left["all"], right["all"])
    unlike = _as_index(pairs[pairs["rank"] >= SURE_RANK])
    for labelled in labels:
        unlike = unlike.difference(_as_index(labelled))
    chosen = np.random.default_rng(SEED).permutation(len(unlike))[:N_UNLABELLED]
    return unlike[np.sort(chosen)]


def _as_index(pairs: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(pairs[["left_id", "right_id"]])
