"""Learn from labels that are too few to carry a model of their own."""

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np
from scipy.special import expit

from matcher.classify import (
    COMPANY_NAMES,
    STANDING_NAMES,
    Calibration,
    Classifier,
    Examples,
    arrange_company,
    arrange_standing,
    check_kinds,
    fit_calibration,
    fit_trees,
    join_examples,
    n_trees,
    to_examples,
    trees_margin,
)
from matcher.pipeline.classroom import Classroom
from matcher.pipeline.judge import Probabilities
from matcher.pipeline.recalling import SURE_WEIGHT, Recalled, find_near, see, take_sure
from matcher.types import EXACT, Labels, Pairs

STRENGTH = 0.5
"""Share of the prior's log-odds that the trees of families start from: the rest they learn anew,
from the labels and from what the prior is sure of; see docs/decisions/0022-few-labels.md."""

STAY = 4.0
"""How much it costs to leave the prior's own calibration, see `fit_calibration`."""

N_SECOND, N_LEAVES = 150, 5
"""Trees that correct the prior's second look, and their leaves, however few the labels are; see
docs/decisions/0028-what-to-ask.md and 0038-company.md."""

N_THIRD = 100
"""Trees that see rivals alone, by what the second look says."""

LABEL_WEIGHT = 3.0
"""Of a label there, beside `SURE_WEIGHT`."""


def train_few(recalled: Recalled, taught: Labels, card: Mapping[str, Any]) -> Classifier:
    """Return a model that keeps what the prior knows, and learns from the labels besides.

    It stays general: its first look is the prior's, and so is how that is fitted to the catalogue.
    The labels correct the second look; a third one sees rivals, or inside one table what company
    records keep, by what the second says; families are judged by a model of their own.

    Raises
    ------
    LabelsError
        The labels are all of one kind.
    """
    check_kinds(taught.relations == EXACT)
    prior, room = recalled.judge.classifier, recalled.room
    pairs, examples = _lesson(recalled, taught)
    seen = (*recalled.judge.comparisons(0).names, *STANDING_NAMES)
    second = _correct(recalled, examples, N_SECOND, seen, prior.second)
    teach_third = _teach_rivals if recalled.judge.prepared.records.is_link else _teach_company
    third = teach_third(recalled, second, pairs, examples)
    second = replace(second, second=third)
    family = None if room is None else _teach_family(recalled, room, taught)
    return replace(prior, second=second, family=family, card=dict(card))


def _correct(
    recalled: Recalled,
    examples: Examples,
    number: int,
    names: tuple[str, ...],
    prior: Classifier | None,
) -> Classifier:
    """Return so many trees that correct a prior, seeing the features of these names."""
    general = recalled.judge.classifier
    return Classifier(
        features=names,
        ranked=(),
        trees=fit_trees(examples, recalled.judge.prepared.settings.seed, number, N_LEAVES),
        calibration=Calibration(1.0, 0.0),
        threshold_exact=general.threshold_exact,
        threshold_family=general.threshold_family,
        prior=prior,
    )


def _lesson(recalled: Recalled, taught: Labels) -> tuple[Pairs, Examples]:
    """Return labels under "exact?", and candidates answered as the prior says.

    A label of a pair that is impossible by a rule, or that was not looked at, teaches nothing here.
    """
    keys = recalled.look.pairs.keys()
    possible = keys[recalled.first > 0]
    rows = np.flatnonzero(np.isin(taught.pairs.keys(), possible))
    seen, (asked, said) = see(recalled, taught.pairs.take(rows)), recalled.said
    is_match = taught.relations[rows] == EXACT
    labelled = to_examples(seen.features, is_match, LABEL_WEIGHT, seen.start)
    left = np.concatenate([seen.pairs.left, asked.left])
    right = np.concatenate([seen.pairs.right, asked.right])
    return Pairs(left, right), join_examples(labelled, said)


def _teach_company(
    recalled: Recalled, second: Classifier, pairs: Pairs, examples: Examples
) -> Classifier:
    """Return trees that see what the second look does, but company by what that says.

    A pair tells nothing of its own company, so what the labels made of it does not give it away.
    """
    near, said = _say_again(recalled, second, pairs)
    company = arrange_company(len(recalled.judge.prepared.records), near, said)
    features = examples.features.copy()
    features[:, -len(COMPANY_NAMES) :] = company.features(pairs)
    lesson = replace(examples, features=features)
    return _correct(recalled, lesson, N_SECOND, second.features, second.prior)


def _teach_rivals(
    recalled: Recalled, second: Classifier, pairs: Pairs, examples: Examples
) -> Classifier:
    """Return trees that correct the second look and, by what that says, see rivals alone.

    What is no label is answered as the second look says, too.
    """
    near, said = _say_again(recalled, second, pairs)
    around = arrange_standing(len(recalled.judge.prepared.records), near, said, is_link=True)
    start = trees_margin(second.trees, examples.features) + examples.start
    own, weights = expit(start), examples.weights.copy()
    n_labels = len(start) - len(recalled.said[0])
    weights[n_labels:] = SURE_WEIGHT * np.where(examples.is_match, own, 1 - own)[n_labels:]
    features = around.features(pairs, own)
    lesson = replace(examples, features=features, start=start, weights=weights)
    return _correct(recalled, lesson, N_THIRD, STANDING_NAMES, None)


def _say_again(recalled: Recalled, second: Classifier, pairs: Pairs) -> tuple[Pairs, Probabilities]:
    """Return all candidates of the records of pairs, and what the second look says of them."""
    keys = find_near(recalled, pairs).keys()
    more = Pairs.from_keys(keys[~np.isin(keys, recalled.near.pairs.keys())])
    parts = [recalled.near, see(recalled, more)] if len(more) else [recalled.near]
    every = np.concatenate([seen.pairs.keys() for seen in parts])
    margins = [trees_margin(second.trees, seen.features) + seen.start for seen in parts]
    order = np.argsort(every)
    return Pairs.from_keys(every[order]), expit(np.concatenate(margins)[order])


def _teach_family(recalled: Recalled, room: Classroom, taught: Labels) -> Classifier:
    """Return a model of families: it starts from a share of what the prior says at first sight."""
    prior = recalled.judge.classifier
    labelled = room.examples(taught)
    first = labelled.take(np.arange(len(taught.pairs)))
    near = fit_calibration(first.start, first.is_match, first.weights, stay=STAY)
    sure = [take_sure(features, start, near)[1] for features, start in recalled.asked]
    examples = reduce(join_examples, [labelled, *sure])
    start = STRENGTH * (near.slope * examples.start + near.shift)
    own = prior.calibration
    kept = Calibration(
        STRENGTH * near.slope * own.slope, STRENGTH * (near.slope * own.shift + near.shift)
    )
    seed = room.prepared.settings.seed
    return Classifier(
        features=room.names,
        ranked=(),
        trees=fit_trees(replace(examples, start=start), seed, n_trees(len(taught.pairs))),
        calibration=Calibration(1.0, 0.0),
        threshold_exact=prior.threshold_exact,
        threshold_family=prior.threshold_family,
        prior=replace(prior, calibration=kept, second=None, family=None),
    )
