"""How fast a record is looked up in a result, and whether it is what an update would say."""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import matcher
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from benchmarks.lifelike import write_catalogue

N_ASKED = 300
WARM = 20  # searches before the clock starts


def measure_latency(sizes: Sequence[int], journal: Journal) -> None:
    """Measure the seconds to build and open the index of a made-up catalogue, and of a search."""
    for n_rows in sizes:
        with tempfile.TemporaryDirectory() as name:
            catalogue = write_catalogue(n_rows, Path(name))
            result = Path(name) / "result"
            matcher.dedupe(catalogue).write(result, format="parquet")
            build, _ = _seconds(partial(matcher.load_result, result))
            opening, searcher = _seconds(partial(matcher.load_result, result))
            offers = pd.read_csv(catalogue, dtype=str).sample(WARM + N_ASKED, random_state=1)
            records = offers.to_dict("records")
            asked = [_seconds(partial(searcher.search, one))[0] for one in records]
        quantiles = np.quantile(asked[WARM:], (0.5, 0.9, 0.99))
        figures = {"build_s": [build], "open_s": [opening]}
        figures |= {
            f"search_{share}_s": [value]
            for share, value in zip(("median", "p90", "p99"), quantiles, strict=True)
        }
        journal.append("lifelike", figures, {"n_asked": N_ASKED}, case=f"{n_rows:,}")


def measure_agreement(data: DataSet, journal: Journal) -> None:
    """Hold records out, and compare a search for each with an update by all, and with the truth."""
    offers = pd.read_csv(data.inputs[0], dtype=str)
    held = offers.loc[sorted(np.random.default_rng(1).choice(len(offers), N_ASKED, replace=False))]
    earlier = matcher.dedupe(offers.drop(held.index), ignore=data.ignore)
    updated = matcher.update(earlier, held).records.set_index("id")["match_id"]
    old = earlier.records.set_index("id")["match_id"]
    searcher = matcher.load_result(earlier)
    by_search = {one["id"]: _found(searcher, one) for one in held.to_dict("records")}
    mates = updated[old.index].groupby(updated[old.index]).groups
    by_update = {
        one: "" if updated[one] not in mates else str(old[mates[updated[one]][0]])
        for one in by_search
    }
    truth = data.truth["product"]
    figures = {"agree": [np.mean([by_search[one] == by_update[one] for one in by_search])]}
    for name, said in (("search", by_search), ("update", by_update)):
        figures |= {f"{name}_{key}": [value] for key, value in _judge(said, old, truth).items()}
    journal.append(data.name, figures, {"n_asked": N_ASKED}, case="held out")


def _found(searcher: matcher.Searcher, record: Mapping[str, Any]) -> str:
    exact = [one for one in searcher.search(record).products if one.relation == "exact"]
    return exact[0].match_id if exact else ""


def _judge(said: Mapping[str, str], old: pd.Series, truth: pd.Series) -> dict[str, float]:
    """Return which share of records with a product was found, and which of the answers is wrong.

    A group is right if at least half of its records are of the product.
    """
    products = truth.reindex(old.index)
    members = products.groupby(old).value_counts(normalize=True, dropna=False)
    shares = {key: float(value) for key, value in members.items()}
    right = [one for one, group in said.items() if shares.get((group, truth[one]), 0.0) >= 0.5]
    known = set(products)
    n_known = sum(truth[one] in known for one in said)
    n_said = sum(bool(group) for group in said.values())
    return {"found": len(right) / n_known, "wrong": (n_said - len(right)) / max(n_said, 1)}


def _seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = call()
    return time.perf_counter() - start, answer
