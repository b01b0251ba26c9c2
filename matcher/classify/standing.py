"""How a pair stands among all candidates, once these are judged.

Its rivals are the other candidates of its records.  Inside one table both records also keep
company with third ones, which tells offers of one product from siblings; between two tables no
third record can match both.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.classify.company import NAMES as COMPANY_NAMES
from matcher.classify.company import Company, arrange_company
from matcher.classify.rivals import NAMES as RIVAL_NAMES
from matcher.classify.rivals import Rivals, arrange_rivals
from matcher.types import Floats, Pairs

Doubles = NDArray[np.float64]

NAMES = (*RIVAL_NAMES, *COMPANY_NAMES)
"""The features: how a pair stands among its rivals, then what company its records keep."""


@dataclass(frozen=True, slots=True)
class Standing:
    """All candidates and what is said of them, arranged by record.

    Attributes
    ----------
    rivals : Rivals
        The candidates of each record.
    company : Company | None
        Its likely matches; None between two tables.
    """

    rivals: Rivals
    company: Company | None

    def features(self, pairs: Pairs, probability: Doubles) -> Floats:
        """Return how pairs stand, shape (n_pairs, len(NAMES)); NaN where there is no company.

        Parameters
        ----------
        pairs : Pairs
            The pairs, candidates or not.
        probability : Doubles
            Shape (n_pairs,): what is said of them.
        """
        found = np.full((len(pairs), len(NAMES)), np.nan, np.float32)
        found[:, : len(RIVAL_NAMES)] = self.rivals.features(pairs, probability)
        if self.company is not None:
            found[:, len(RIVAL_NAMES) :] = self.company.features(pairs)
        return found


def arrange(
    n_records: int,
    candidates: Pairs,
    probability: Doubles,
    *,
    is_link: bool,
    company: Doubles | None = None,
) -> Standing:
    """Arrange the candidates of a catalogue.

    Parameters
    ----------
    n_records : int
        Of the catalogue.
    candidates : Pairs
        All of them.
    probability : Doubles
        Shape (n_candidates,): that they match.
    is_link : bool
        Whether two tables are linked.
    company : Doubles | None
        Shape (n_candidates,): what company is arranged by, if by something else.
    """
    rivals = arrange_rivals(n_records, candidates, probability, is_link=is_link)
    if is_link:
        return Standing(rivals, None)
    kept = probability if company is None else company
    return Standing(rivals, arrange_company(n_records, candidates, kept))
