"""What the words of two titles say, options and brand left out."""

import re
from collections.abc import Iterable

from matcher.explanation.answer import Reason
from matcher.explanation.codes import model_words, squash, squashed_text
from matcher.explanation.offer import Case, Offer, n_records_with, terms_of
from matcher.scripts import is_unspaced, put_together
from matcher.types import QUANTITY, Ints

MOST_WORDS = 6
"""Words that a reason names, the rarest ones."""

SHORTEST = 3
"""Letters of a word that is looked for inside the text of the other record."""


def word_reasons(case: Case) -> list[Reason]:
    """Return which words both titles have, and which only one has, the rarest first."""
    records = case.records
    left, right = (terms_of(records.core, offer.number) for offer in (case.left, case.right))
    if not len(left) or not len(right):
        return []
    models = model_words(case)
    shared = _rarest(case, set(left.tolist()) & set(right.tolist()))
    only_left = _unexplained(case, set(left.tolist()) - set(right.tolist()), is_left=True)
    only_right = _unexplained(case, set(right.tolist()) - set(left.tolist()), is_left=False)
    sides = [
        [term for term in found if squash(_word(case, term)) not in models]
        for found in (only_left, only_right)
    ]
    amounts, taken = _amounts(case, *sides)
    sides = [[term for term in found if term not in taken] for found in sides]
    reasons = [*amounts, *_only(case, sides)]
    shared = [term for term in shared if squash(_word(case, term)) not in models] or shared
    if not shared:
        text = "the titles share no word beside options and brand"
        return [Reason("words", text, "different"), *reasons]
    is_all = not only_left and not only_right
    start = "same title beside options and brand" if is_all else "both titles have"
    return [Reason("words", f"{start}: {_listed(case, case.left, shared)}", "same"), *reasons]


def _only(case: Case, sides: list[list[int]]) -> list[Reason]:
    offers = {"first": case.left, "second": case.right}
    return [
        Reason("words", f"only the {name} has: {_listed(case, offer, found)}", "different")
        for (name, offer), found in zip(offers.items(), sides, strict=True)
        if found
    ]


def _unexplained(case: Case, terms: Iterable[int], *, is_left: bool) -> list[int]:
    """Return the words of one title that the other record does not say anywhere."""
    text = squashed_text(case, case.right if is_left else case.left)
    said = {
        term: (len(word) >= SHORTEST or is_unspaced(word)) and squash(word) in text
        for term, word in ((term, _word(case, term)) for term in terms)
    }
    return [term for term in _rarest(case, said) if not said[term]]


def _amounts(case: Case, left: list[int], right: list[int]) -> tuple[list[Reason], set[int]]:
    """Return the reasons of amounts in one unit that differ, and the words of these amounts."""
    reasons, taken = [], set[int]()
    first, second = (_by_unit(case, terms) for terms in (left, right))
    for unit in first:
        if unit in second:
            told = [
                ", ".join(_word(case, term) for term in found[unit]) for found in (first, second)
            ]
            text = f"amount differs: {told[0]} / {told[1]}"
            reasons.append(Reason("quantity", text, "different"))
            taken.update(first[unit], second[unit])
    return reasons, taken


def _by_unit(case: Case, terms: list[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for term in terms:
        if case.records.vocabulary.kinds[term] == QUANTITY:
            found.setdefault(re.sub(r"[\d.,]+", "", _word(case, term)), []).append(term)
    return found


def _rarest(case: Case, terms: Iterable[int] | Ints) -> list[int]:
    idf = case.records.core.idf
    return sorted(map(int, terms), key=lambda term: (-float(idf[term]), _word(case, term)))


def _listed(case: Case, offer: Offer, terms: list[int]) -> str:
    """Return words of a title, and in how many records the rarest one stands."""
    words = put_together([_word(case, term) for term in terms], offer.title)
    named = words[:MOST_WORDS]
    n_with = n_records_with(case.records.core, terms[0])
    named[0] += f" ({n_with:,} of {len(case.records):,} titles)"
    more = len(words) - MOST_WORDS
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _word(case: Case, term: int) -> str:
    return str(case.records.vocabulary.words[term].as_py())
