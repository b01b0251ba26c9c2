"""matcher: by a model that never saw the tables, or learned from scratch from their labels."""

import matcher
from benchmarks.compare.task import Found, Task
from matcher.pipeline import Model

IGNORE = ("color", "size")  # as in the benchmark of quality; no pair's exactness depends on it
SEED = 0


def link(task: Task) -> Found:
    """Link by the given model."""
    if task.model is None:
        raise ValueError(
            "matcher: no model is given, and the shipped one has seen some of the sets"
        )
    return _link(task, matcher.load(task.model))


def train_and_link(task: Task) -> Found:
    """Learn from the labels, threshold on the validation pairs, and link."""
    model = matcher.train(
        [task.left, task.right],
        task.train,
        valid=task.valid,
        from_scratch=True,
        ignore=IGNORE,
        seed=SEED,
    )
    return _link(task, model)


def _link(task: Task, model: Model) -> Found:
    result = matcher.link(task.left, task.right, model=model, ignore=IGNORE, seed=SEED)
    scored = matcher.score(
        [task.left, task.right], task.asked, model=model, ignore=IGNORE, seed=SEED
    )
    pairs = result.pairs
    return Found(
        pairs.loc[pairs["relation"] == "exact", ["left_id", "right_id"]],
        (scored["relation"] == "exact").to_numpy(),
    )
