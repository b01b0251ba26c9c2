"""A model asked whether pairs are exact and whether they are of one family, at once.

Of some 250 features of a pair 15 depend on the question: the others are joined, and looked up for
the trees, once for both.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.classify import Calibration, Forest, Scorer
from matcher.features import Compared, Comparisons
from matcher.types import Longs


@dataclass(frozen=True, slots=True)
class Twofold:
    """The model made ready for both questions.

    Attributes
    ----------
    comparisons : Comparisons
        Those of the first question, and behind them what the second one sees otherwise.
    forest : Forest
        The trees for both.
    calibrations : tuple[Calibration, Calibration]
        Of their margins.
    """

    comparisons: Comparisons
    forest: Forest
    calibrations: tuple[Calibration, Calibration]

    @staticmethod
    def of(
        first: tuple[Comparisons, Scorer], second: tuple[Comparisons, Scorer]
    ) -> "Twofold | None":
        """Put together what each question alone is asked with; None where a model has a prior."""
        (here, exact), (there, family) = first, second
        if exact.prior is not None or family.prior is not None:
            return None
        comparisons, columns = _join(here, there)
        forest = exact.forest.beside(family.forest, columns)
        return Twofold(comparisons, forest, (exact.model.calibration, family.model.calibration))

    def probabilities(self, compared: Compared) -> NDArray[np.float64]:
        """Return the calibrated probabilities under both questions, shape (2, n_pairs)."""
        margins = self.forest.margins(compared.by(self.comparisons))
        answers = zip(self.calibrations, margins, strict=True)
        return np.stack([calibration.probability(margin) for calibration, margin in answers])


def _join(first: Comparisons, second: Comparisons) -> tuple[Comparisons, Longs]:
    """Return the parts of both, none twice, and the columns in which those of the second lie."""
    known = {id(part) for part in first.parts}
    parts = (*first.parts, *(part for part in second.parts if id(part) not in known))
    starts = np.cumsum([0, *(len(part.names) for part in parts)])
    start_of = {id(part): start for part, start in zip(parts, starts[:-1], strict=True)}
    columns = [start_of[id(part)] + np.arange(len(part.names)) for part in second.parts]
    return Comparisons(parts, first.ignored), np.concatenate(columns)
