"""Learn from labels that are too few to carry a model of their own."""

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np
from scipy.special import expit

from matcher.classify import (
    COMPANY_NAMES,
    RIVAL_NAMES,
    Calibration,
    Classifier,
    Company,
    Examples,
    arrange_company,
    check_kinds,
    fit_calibration,
    fit_trees,
    join_examples,
    n_trees,
    to_examples,
    trees_margin,
)
from matcher.pipeline.classroom import Classroom
from matcher.pipeline.recalling import Recalled, find_near, see, take_sure
from matcher.types import EXACT, Labels, Pairs

STRENGTH = 0.5
"""Share of the prior's log-odds that the trees of families start from: the rest they learn anew,
from the labels and from what the prior is sure of; see docs/decisions/0022-few-labels.md."""

STAY = 4.0
"""How much it costs to leave the prior's own calibration, see `fit_calibration`."""

N_SECOND, N_LEAVES = 150, 5
"""Trees that correct the prior's second look, and their leaves, however few the labels are; see
docs/decisions/0028-what-to-ask.md and 0038-company.md."""

LABEL_WEIGHT = 3.0
"""Of a label there, beside `SURE_WEIGHT`."""


def train_few(recalled: Recalled, taught: Labels, card: Mapping[str, Any]) -> Classifier:
    """Return a model that keeps what the prior knows, and learns from the labels besides.

    It stays general: its first look is the prior's, and so is how that is fitted to the catalogue.
    The labels correct the second look; inside one table a third one sees what company records keep
    by what the second says; families are judged by a model of their own.

    Raises
    ------
    LabelsError
        The labels are all of one kind.
    """
    check_kinds(taught.relations == EXACT)
    prior, room = recalled.judge.classifier, recalled.room
    pairs, examples = _lesson(recalled, taught)
    second = _correct(recalled, examples, RIVAL_NAMES)
    if not recalled.judge.prepared.records.is_link:
        company = _company(recalled, taught, second)
        features = np.concatenate([examples.features, company.features(pairs)], axis=1)
        names = (*RIVAL_NAMES, *COMPANY_NAMES)
        third = _correct(recalled, replace(examples, features=features), names)
        second = replace(second, second=third)
    family = None if room is None else _teach_family(recalled, room, taught)
    return replace(prior, second=second, family=family, card=dict(card))


def _correct(recalled: Recalled, examples: Examples, standing: tuple[str, ...]) -> Classifier:
    """Return trees that correct the prior's second look, seeing this beside a pair's features."""
    prior, prepared = recalled.judge.classifier, recalled.judge.prepared
    return Classifier(
        features=(*recalled.judge.comparisons(0).names, *standing),
        ranked=(),
        trees=fit_trees(examples, prepared.settings.seed, N_SECOND, N_LEAVES),
        calibration=Calibration(1.0, 0.0),
        threshold_exact=prior.threshold_exact,
        threshold_family=prior.threshold_family,
        prior=prior.second,
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


def _company(recalled: Recalled, taught: Labels, second: Classifier) -> Company:
    """Return the company of all records of the lesson, by what the labels made of the second look.

    A pair that a label has taught tells nothing of its own company, so the trees are no surer of
    what they learn than of what they will see.
    """
    keys = find_near(recalled, taught.pairs).keys()
    more = Pairs.from_keys(keys[~np.isin(keys, recalled.near.pairs.keys())])
    parts = [
        (seen.pairs.keys(), expit(trees_margin(second.trees, seen.features) + seen.start))
        for seen in (recalled.near, see(recalled, more))
        if len(seen.pairs)
    ]
    keys, said = (np.concatenate(part) for part in zip(*parts, strict=True))
    return arrange_company(len(recalled.judge.prepared.records), Pairs.from_keys(keys), said)


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
