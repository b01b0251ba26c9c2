"""Let prices say which of the likely pairs are matches.

See docs/decisions/0039-prices-as-a-witness.md.
"""

from dataclasses import replace

import numpy as np
from scipy.special import expit

from matcher.classify import Adaptation, gain_by_prices, log_odds, weigh_prices
from matcher.pipeline.judge import Judge, Probabilities
from matcher.types import Pairs


def ask_prices(
    judge: Judge, pairs: Pairs, probability: Probabilities, found: Adaptation
) -> tuple[Probabilities, Adaptation]:
    """Make pairs more or less likely by their prices, as many candidates being chosen as before.

    Parameters
    ----------
    judge : Judge
        The model and the catalogue.
    pairs : Pairs
        All candidates, among other pairs; any pairs where it is known how the catalogue was fitted.
    probability : Probabilities
        Shape (n_pairs,): fitted to the catalogue for the last time; 0 by rule, and stays so.
    found : Adaptation
        How it was fitted.
    """
    classes = judge.price_classes(pairs)
    if judge.fitted is None:
        places = pairs.places_of(judge.candidates)
        threshold = judge.classifier.threshold_exact
        by_price = weigh_prices(probability[places], classes[places], threshold)
        found = replace(found, by_price=by_price)
    if not found.by_price:
        return probability, found
    gained = expit(log_odds(probability) + gain_by_prices(found.by_price, classes))
    return np.where(probability > 0, gained, 0.0), found
