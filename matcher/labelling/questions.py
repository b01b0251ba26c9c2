"""What a person is asked, and what they answer."""

from dataclasses import dataclass
from typing import Literal

from matcher.types import Relation

Opinion = Relation | Literal["unsure"]
"""What can be answered to a question."""


@dataclass(frozen=True, slots=True)
class Question:
    """A pair of records whose relation is asked.

    Attributes
    ----------
    left, right : int
        Rows of the catalogue, from 0; ``left`` comes first in it.
    reason : str
        Why it is asked: ``"boundary-exact"`` and ``"boundary-variant"`` where the model cannot tell
        exact from the rest or the family from different, ``"disagreement"`` where models
        contradict each other, ``"random"`` for the honest share that quality is estimated from.
    stratum : str
        From which part of all candidates the pair was drawn at random; empty where it was chosen.
    stratum_pairs : int
        How many candidates that part holds; 0 where the pair was chosen.
    """

    left: int
    right: int
    reason: str
    stratum: str = ""
    stratum_pairs: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person said of a pair.

    Attributes
    ----------
    left, right : int
        Rows of the catalogue, from 0, in any order.
    relation : Opinion
        The relation, or ``"unsure"``, which teaches nothing and is not asked again.
    stratum : str
        That of the question; empty where the pair was chosen.
    """

    left: int
    right: int
    relation: Opinion
    stratum: str = ""
