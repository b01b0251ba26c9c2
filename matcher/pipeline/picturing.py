"""What a report shows beside the groups: examples in words, and how labels agree."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from matcher.evaluation import measure_labelled
from matcher.explanation import Case, Offer, find_reasons
from matcher.output import Chosen, Example, Shown, choose_examples, shorten
from matcher.pipeline.ignoring import Ignored
from matcher.pipeline.model import DEFAULT_MODEL
from matcher.pipeline.offers import read_offers
from matcher.pipeline.scoring import Answers
from matcher.records import comparison_table
from matcher.types import RELATIONS, Catalogue, Labels, Records, Scores

MOST_REASONS = 8
"""Reasons of an example that are told, the ones that decide first."""

TOLD = ("axis", "code")
"""Roles of columns whose values are shown beside the title."""


def picture(
    catalogue: Catalogue,
    records: Records,
    ignoring: Ignored,
    scores: Scores,
    labels: Labels,
    concepts: Mapping[str, Sequence[str]],
) -> list[Example]:
    """Return pairs that show what was decided, each with its reasons in words.

    Parameters
    ----------
    catalogue, records : Catalogue, Records
        The rows, and what was made of them.
    ignoring : Ignored
        Which axes each record ignores.
    scores : Scores
        What was said of the pairs.
    labels : Labels
        What people said: these pairs are not shown, for they show nothing of the model.
    concepts : Mapping[str, Sequence[str]]
        Which columns are the title, brand, price and so on.
    """
    if len(labels.pairs):
        scores = scores.take(~np.isin(scores.pairs.keys(), labels.pairs.keys()))
    chosen = choose_examples(scores, records)
    numbers = [int(side[one.pair]) for one in chosen for side in _sides(scores)]
    offers = read_offers(catalogue.table, comparison_table(catalogue), records, concepts, numbers)
    told = frozenset(name for concept in ("title", "brand") for name in concepts.get(concept, ()))
    examples = []
    for at, one in enumerate(chosen):
        left, right = offers[2 * at], offers[2 * at + 1]
        ignored = ignoring.of_records[[left.number, right.number]]
        case = Case(records, left, right, int(ignored[0] & ignored[1]), told)
        examples.append(_example(one, case, scores))
    return examples


def _sides(scores: Scores) -> tuple[Any, Any]:
    return scores.pairs.left, scores.pairs.right


def _example(chosen: Chosen, case: Case, scores: Scores) -> Example:
    exact, variant, different = map(float, scores.probabilities[chosen.pair])
    return Example(
        relation=str(RELATIONS[chosen.relation]),
        place=chosen.place,
        probabilities=(exact, variant, different),
        records=(_shown(case, case.left), _shown(case, case.right)),
        reasons=tuple(
            (reason.text, str(reason.favours)) for reason in find_reasons(case)[:MOST_REASONS]
        ),
    )


def _shown(case: Case, offer: Offer) -> Shown:
    price = f"{offer.price:,.2f} {offer.currency}".strip() if offer.price > 0 else ""
    told = (one.attribute for one in case.records.columns if one.attribute.role in TOLD)
    facts = {"brand": offer.brand} if offer.brand else {}
    facts |= {one.name: offer.columns[one.name] for one in told if one.name in offer.columns}
    return Shown(
        id=shorten(case.records.ids[offer.number]),
        source=offer.source,
        title=offer.title,
        price=price,
        facts=facts,
    )


def judge_labels(answers: Answers, labels: Labels, model: str) -> dict[str, Any] | None:
    """Return how what the model said of labelled pairs compares with the labels, for ``run.json``.

    Parameters
    ----------
    answers : Answers
        What was said, with `Answers.own`.
    labels : Labels
        What people said; None is returned where they said nothing.
    model : str
        Name of the model.
    """
    if answers.own is None or not len(labels.pairs):
        return None
    own = answers.own
    found = asdict(measure_labelled(labels.relations, own.relations, own.probabilities))
    return {"may_have_learned_from_them": model != DEFAULT_MODEL.name, **found}
