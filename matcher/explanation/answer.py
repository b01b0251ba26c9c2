"""What an explanation consists of."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from matcher.types import RELATIONS, Relation

Favours = Literal["same", "variant", "different", "neither"]
Together = Literal["product", "family", "apart"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against two records being one product.

    Attributes
    ----------
    kind : str
        ``"gtin"``, ``"model"``, ``"axis"``, ``"brand"``, ``"words"``, ``"price"``, ...
    text : str
        The same in words.
    favours : Favours
        What it speaks for; ``"neither"`` where it only says what is unknown, or how a record came
        into its group.
    weight : float | None
        What the model makes of it, in log-odds; None where the model was not asked.
    """

    kind: str
    text: str
    favours: Favours
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records.

    Attributes
    ----------
    id : str
        As in ``pairs``.
    source : str
        Its shop, seller or feed; empty where unknown.
    title : str
        Its title as it came in, values of ignored axes in brackets: they take no part in families.
    match_id, family_id : str
        Its duplicate group and its family.
    """

    id: str
    source: str
    title: str
    match_id: str
    family_id: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two records that were compared directly and belong together.

    Attributes
    ----------
    step : int
        Place in the chain from the first record to the second, counted from 1.
    left_id, right_id : str
        As in ``pairs``, in the direction of the chain.
    relation : Relation
        ``"exact"`` or ``"variant"``.
    probability : float
        That they are one product, or of one family where the chain is one of a family.
    """

    step: int
    left_id: str
    right_id: str
    relation: Relation
    probability: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two records were, or were not, put together.

    Attributes
    ----------
    left, right : Side
        The two records.
    together : Together
        What they share in the result: a duplicate group (``"product"``), a family, or neither.
    relation : Relation | None
        What was said of the pair; None where ``pairs`` does not list it.
    probabilities : tuple[float, float, float] | None
        That it is exact, variant, different; None where ``pairs`` does not list it.
    verdict : str
        All of this as a sentence.
    reasons : tuple[Reason, ...]
        What speaks for and against it, what decides first.
    needed : tuple[float, float]
        The probabilities from which a pair is exact, and from which it is exact or variant.
    chain : tuple[Link, ...]
        The links that hold together two records of one group that are not linked themselves, the
        weakest first; of all chains the one whose weakest link is strongest.
    contributions : tuple[Reason, ...]
        What the model makes of each kind of evidence, the heaviest first; empty where it was not
        asked.
    """

    left: Side
    right: Side
    together: Together
    relation: Relation | None
    probabilities: tuple[float, float, float] | None
    verdict: str
    reasons: tuple[Reason, ...]
    needed: tuple[float, float]
    chain: tuple[Link, ...] = ()
    contributions: tuple[Reason, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as dicts, lists, strings and numbers, ready for JSON."""
        found = asdict(self)
        if self.probabilities is not None:
            found["probabilities"] = dict(zip(RELATIONS, self.probabilities, strict=True))
        found["needed"] = dict(zip(("exact", "family"), self.needed, strict=True))
        for name in ("reasons", "chain", "contributions"):
            found[name] = list(found[name])
        return found
