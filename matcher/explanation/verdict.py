"""Why two records were put together, or not, as one sentence."""

from collections.abc import Sequence

from matcher.explanation.answer import Link, Together
from matcher.types import DIFFERENT, EXACT, RELATIONS, Relation

Probabilities = tuple[float, float, float]

TOGETHER = {
    "product": "One product",
    "family": "One family, two products",
    "apart": "Two products of two families",
}


def verdict_of(
    together: Together,
    relation: Relation | None,
    probabilities: Probabilities | None,
    chain: Sequence[Link],
) -> str:
    """Return what was found of two records as a sentence.

    Examples
    --------
    >>> verdict_of("apart", None, None, ())
    'Two products of two families: the pair is not listed.'
    >>> verdict_of("product", "exact", (0.97, 0.02, 0.01), ())
    'One product: the pair was compared and found exact (97 %).'
    """
    if relation is None or probabilities is None:
        told = "the pair is not listed"
    else:
        share = probabilities[EXACT]
        if relation != RELATIONS[EXACT]:
            share = probabilities[DIFFERENT] if relation == "different" else 1 - probabilities[2]
        told = f"the pair was compared and found {_said(relation)} ({percent(share)})"
    if chain:
        links = "1 link" if len(chain) == 1 else f"{len(chain)} links"
        weakest = percent(chain[0].probability)
        told += f", but other records join the two by {links}, of which the weakest has {weakest}"
    return f"{TOGETHER[together]}: {told}."


def percent(share: float) -> str:
    """Return a share for people; what is nearly, but not quite, sure is not 100 %.

    Examples
    --------
    >>> percent(0.5), percent(0.9999), percent(0.0), percent(0.0001)
    ('50 %', '>99 %', '0 %', '<1 %')
    """
    if 0 < share < 0.005:
        return "<1 %"
    return ">99 %" if 0.995 <= share < 1 else f"{100 * share:.0f} %"


def _said(relation: Relation) -> str:
    return "to be variants" if relation == "variant" else relation
