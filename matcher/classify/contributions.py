"""What each feature adds to the log-odds of a pair."""

import re
from collections import defaultdict

import numpy as np

from matcher.classify.model import Classifier, Scorer
from matcher.types import Floats


def contributions(scorer: Scorer, features: Floats) -> dict[str, float]:
    """Return what each feature adds to the log-odds of one pair, over what all pairs have.

    The places of a feature among the candidates count as the feature itself.

    Parameters
    ----------
    scorer : Scorer
        A model, ready for the catalogue.
    features : Floats
        Shape (1, n_features): those of the pair.

    Returns
    -------
    dict[str, float]
        Log-odds by the name of the feature; under ``""`` what every pair starts from.  Their sum is
        `Scorer.logit`.

    References
    ----------
    Lundberg, S. M. et al. (2020). From local explanations to global understanding with explainable
    AI for trees.  The values are exact (TreeSHAP).
    """
    import lightgbm

    model = scorer.model
    found: defaultdict[str, float] = defaultdict(float)
    trees = lightgbm.Booster(model_str=model.trees)
    seen = scorer.select(features).astype(np.float64)
    added = np.asarray(trees.predict(seen, pred_contrib=True, num_threads=1))[0]
    names = (*model.features, *model.ranked, "")
    for name, value in zip(names, added.tolist(), strict=True):
        found[name] += value
    if scorer.prior is not None:
        for name, value in contributions(scorer.prior, features).items():
            found[name] += value
    scaled = {name: model.calibration.slope * value for name, value in found.items()}
    scaled[""] += model.calibration.shift
    return scaled


def total_gains(model: Classifier) -> dict[str, float]:
    """Return how much each feature improved the fit of a model to the pairs it learned from.

    The places of a feature among the candidates count as the feature itself.

    Parameters
    ----------
    model : Classifier
        A model; what it started from is not looked at.

    Returns
    -------
    dict[str, float]
        For each feature that is asked, the sum of LightGBM's gains over its splits.
    """
    split, gain = (
        np.array(" ".join(re.findall(rf"^{key}=(.*)$", model.trees, re.MULTILINE)).split(), float)
        for key in ("split_feature", "split_gain")
    )
    names = (*model.features, *model.ranked)
    sums = np.bincount(split.astype(np.int64), weights=gain, minlength=len(names))
    found: defaultdict[str, float] = defaultdict(float)
    for name, value in zip(names, sums.tolist(), strict=True):
        if value > 0:
            found[name] += value
    return dict(found)
