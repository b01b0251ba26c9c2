"""How far a few answered questions carry a model that never saw the catalogue."""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

import matcher
from benchmarks.datasets import DataSet
from benchmarks.journal import RESULTS, Journal, read_newest
from benchmarks.measures import by_figure
from benchmarks.unseen import UnseenModels
from matcher.evaluation import pair_measures, relation_measures
from matcher.labelling import Reply, look_up_pairs, read_pairs
from matcher.pipeline.asking import Teacher
from matcher.pipeline.model import DEFAULT_MODEL
from matcher.pipeline.scoring import score_pairs
from matcher.types import DIFFERENT, EXACT, RELATIONS, Pairs

SETS = (
    *("abt-buy", "amazon-google", "walmart-amazon", "wdc-products-80cc"),
    *("offers-flipkart_mobiles", "offers-foundation_shades"),
)
"""Those that have targets."""

ROUNDS = (25, 50, 100, 150, 200)
"""Answers after which the model learns anew, and asks on."""

ASKED, AT_RANDOM = "asked", "random"


def measure_labelling(
    sets: Sequence[DataSet],
    seeds: Sequence[int],
    unseen: UnseenModels,
    journal: Journal,
    results: Path = RESULTS,
) -> None:
    """Answer from the truth what a model asks that never saw the set, on each of `SETS`.

    Beside it stand as many candidates drawn at random.  No test pair is asked about.  A share of
    all labels is one of the newest figure with all training labels: mean pair F1 by
    `benchmarks.quality`, or mean macro F1 of the relations by `benchmarks.variants`.
    """
    settings = {"rounds": list(ROUNDS)}
    for data in sets:
        if data.name not in SETS:
            continue
        full = full_f1(data, results)
        model = _model(data, unseen, seeds[0])  # as users have one; seeds draw questions and trees
        found = [_with_answers(data, model, seed) for seed in seeds]
        for n_answers in (0, *ROUNDS):
            figures = by_figure([each[n_answers] for each in found])
            for name in ("", "random_"):
                figures[f"{name}share_of_full"] = [f1 / full for f1 in figures[f"{name}f1"]]
            figures["full_f1"] = [full]
            journal.append(data.name, figures, settings, case=f"{n_answers} answers", seeds=seeds)


def full_f1(data: DataSet, results: Path) -> float:
    """Return the newest F1 that all labels of a data set reached.

    Raises
    ------
    LookupError
        It was not measured.
    """
    benchmark, figure, case = "quality", "pair_f1", ""
    if data.has_families:
        benchmark, figure, case = "variants", "relation_macro_f1", "with labels"
    for line in read_newest(benchmark, results):
        if (line["set"], line["case"]) == (data.name, case):
            return float(line["figures"][figure]["mean"])
    raise LookupError(
        f"{results}: no {figure} of {data.name} with all its labels. Run `python -m benchmarks "
        f"{benchmark} --sets {data.name}` first."
    )


def _model(data: DataSet, unseen: UnseenModels, seed: int) -> matcher.Model:
    """Return a model that never saw the set: the shipped one, unless it learned from the set."""
    return unseen.of(data, seed) if data.licence else matcher.load(DEFAULT_MODEL)


def _with_answers(data: DataSet, model: matcher.Model, seed: int) -> dict[int, dict[str, float]]:
    """Return the figures after no answer, and after each of `ROUNDS`."""
    tests = data.read("labels_test" if data.has_families else "pairs_test")
    teacher = Teacher.prepare(
        data.inputs,
        model=model,
        without=tests[["left_id", "right_id"]],
        is_link=data.is_link,
        ignore=data.ignore,
        seed=seed,
    )
    found: dict[int, dict[str, float]] = {}
    for kind in (ASKED, AT_RANDOM):
        replies: list[Reply] = []
        teacher.tell(replies)
        source = _asked(teacher, data) if kind == ASKED else _at_random(teacher, data, tests, seed)
        name = "" if kind == ASKED else "random_"
        for n_answers in (0, *ROUNDS):
            while len(replies) < n_answers:
                replies.append(next(source))
                teacher.tell(replies)
            start = time.perf_counter()
            has_learned = teacher.learn()
            figures = {
                f"{name}f1": _f1(data, tests, teacher, model if not has_learned else teacher.model),
                f"{name}exact_answers": sum(reply.relation == "exact" for reply in replies),
                f"{name}seconds": time.perf_counter() - start,
            }
            found[n_answers] = found.get(n_answers, {}) | figures
            print(
                f"{data.name}, {n_answers} answers {kind}, seed {seed}: "
                f"F1 {100 * figures[f'{name}f1']:.1f}",
                flush=True,
            )
    return found


def _asked(teacher: Teacher, data: DataSet) -> Iterator[Reply]:
    """Yield true answers to what a teacher asks."""
    while questions := teacher.questions(1):
        question = questions[0]
        yield _answer(teacher, data, question.left, question.right, question.stratum)


def _at_random(teacher: Teacher, data: DataSet, tests: pd.DataFrame, seed: int) -> Iterator[Reply]:
    """Yield true answers for random candidates."""
    candidates, rows = teacher.prepared.candidates.pairs, teacher.prepared.records.rows
    first, second = look_up_pairs(read_pairs(tests), teacher.prepared.records)
    is_test = np.isin(candidates.keys(), Pairs.from_unordered(first, second).keys())
    for place in np.random.default_rng(seed).permutation(np.flatnonzero(~is_test)):
        left, right = int(rows[candidates.left[place]]), int(rows[candidates.right[place]])
        yield _answer(teacher, data, left, right)


def _answer(teacher: Teacher, data: DataSet, left: int, right: int, stratum: str = "") -> Reply:
    records = teacher.prepared.records
    number = dict(zip(records.rows.tolist(), range(len(records)), strict=True))
    sides = sorted((number[left], number[right]))
    relation = data.relations(*(records.ids[[side]] for side in sides))[0]
    return Reply(left, right, RELATIONS[relation], stratum)


def _f1(data: DataSet, tests: pd.DataFrame, teacher: Teacher, model: matcher.Model) -> float:
    """Return the F1 of the test pairs, of all relations where there are families."""
    prepared = teacher.prepared
    first, second = look_up_pairs(read_pairs(tests), prepared.records)
    asked = Pairs.from_unordered(first, second)
    keys = (np.minimum(first, second) << 32) | np.maximum(first, second)
    scores = score_pairs(prepared, asked, model.classifier).scores
    relations = scores.relations[np.searchsorted(asked.keys(), keys)]
    if data.has_families:
        numbers: Mapping[str, int] = {name: number for number, name in enumerate(RELATIONS)}
        truth = tests["relation"].map(numbers).to_numpy(np.int8)
        return relation_measures(truth, relations).macro_f1
    truth = np.where(tests["label"] == "1", EXACT, DIFFERENT)
    return pair_measures(truth == EXACT, relations == EXACT).f1
