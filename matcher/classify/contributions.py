"""What each feature adds to the log-odds of a pair."""

from collections import defaultdict

import numpy as np

from matcher.classify.model import Scorer
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
