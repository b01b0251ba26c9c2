"""What codes and model numbers say of two records."""

import re
from collections.abc import Iterable, Sequence

from matcher.explanation.answer import Reason
from matcher.explanation.offer import Case, Offer, terms_of
from matcher.types import Records

MOST_NAMED = 3
"""Model numbers that a reason names."""


def code_reasons(case: Case) -> list[Reason]:
    """Return what GTINs, model numbers and part numbers say."""
    models = _models(case)
    named = {squash(text) for reason in models for text in re.split(r"[\s,:/]+", reason.text)}
    return [*_gtins(case), *models, *_part_numbers(case, named)]


def _gtins(case: Case) -> list[Reason]:
    if "gtin" not in case.records.codes:
        return []
    first, second = case.both(case.records.codes["gtin"])
    texts = [offer.codes.get("gtin", "?") for offer in (case.left, case.right)]
    if first < 0 or second < 0:
        return []
    if first != second:
        text = f"GTIN differs: {texts[0]} / {texts[1]}, so they cannot be in one duplicate group"
        return [Reason("gtin", text, "different")]
    axes = [axis for axis in case.records.axes if case.conflicts(axis)]
    if axes:
        text = f"same GTIN: {texts[0]}, a mistake in the data, for {', '.join(axes)} differs"
        return [Reason("gtin", text, "neither")]
    return [Reason("gtin", f"same GTIN: {texts[0]}", "same")]


def _models(case: Case) -> list[Reason]:
    """Return which model numbers both name, or which different ones each does."""
    records = case.records
    left, right = (model_numbers(records, offer.number) for offer in (case.left, case.right))
    shared = {one for one in left if one in right or one in squashed_text(case, case.right)}
    shared |= {one for one in right if one in squashed_text(case, case.left)}
    if shared:
        named = _named(shared, (case.left, case.right))
        return [Reason("model", f"same model number: {', '.join(named)}", "same")]
    if left and right:
        told = [
            _named(found, (offer,)) for found, offer in ((left, case.left), (right, case.right))
        ]
        text = f"model number differs: {', '.join(told[0])} / {', '.join(told[1])}"
        return [Reason("model", text, "different")]
    for found, offer, name in ((left, case.left, "first"), (right, case.right, "second")):
        if found:
            text = f"only the {name} has a model number: {', '.join(_named(found, (offer,)))}"
            return [Reason("model", text, "neither")]
    return []


def _part_numbers(case: Case, named: Iterable[str]) -> list[Reason]:
    """Return what the columns of part numbers say beyond the model numbers."""
    if "mpn" not in case.records.codes:
        return []
    first, second = case.both(case.records.codes["mpn"])
    texts = [offer.codes.get("mpn", "?") for offer in (case.left, case.right)]
    if first < 0 or second < 0 or all(squash(text) in named for text in texts):
        return []
    if first == second:
        return [Reason("mpn", f"same part number: {texts[0]}", "same")]
    return [Reason("mpn", f"part number differs: {texts[0]} / {texts[1]}", "different")]


def model_numbers(records: Records, record: int) -> set[str]:
    """Return the squashed model numbers of a record."""
    return {records.model_words[int(term)].as_py() for term in terms_of(records.models, record)}


def squashed_text(case: Case, offer: Offer) -> str:
    """Return all that a record says, without spaces and signs."""
    records = case.records
    part = slice(records.whole.indptr[offer.number], records.whole.indptr[offer.number + 1])
    words = (records.vocabulary.words[int(term)].as_py() for term in records.whole.terms[part])
    return squash("".join(words))


def squash(text: str) -> str:
    """Return the letters and digits of a text, joined, in lower case.

    Examples
    --------
    >>> squash("LX-43 M")
    'lx43m'
    """
    return "".join(character for character in text.lower() if character.isalnum())


def _named(models: Iterable[str], offers: Sequence[Offer]) -> list[str]:
    """Return model numbers as the offers write them, longest first, without parts of others."""
    chosen: list[str] = []
    for model in sorted(models, key=lambda one: (-len(one), one)):
        if not any(model in other for other in chosen):
            chosen.append(model)
    texts = [text for offer in offers for text in _texts(offer)]
    return [as_written(model, texts) or model.upper() for model in chosen[:MOST_NAMED]]


def _texts(offer: Offer) -> list[str]:
    return [offer.title, *offer.codes.values(), *offer.columns.values()]


def model_words(case: Case) -> set[str]:
    """Return the words that model numbers of the two records are written with, squashed."""
    found = set[str]()
    for offer in (case.left, case.right):
        for model in model_numbers(case.records, offer.number):
            written = as_written(model, _texts(offer)).lower()
            found.update((model, *re.split(r"[\W_]+", written)))
    return found


def as_written(squashed: str, texts: Sequence[str]) -> str:
    """Return how the first text that has it writes something squashed, ``""`` where none does.

    Examples
    --------
    >>> as_written("lx43m", ["TV 43LX", "TV LX-43 M"])
    'LX-43 M'
    """
    pattern = r"[\W_]?".join(map(re.escape, squashed))
    for text in texts:
        if found := re.search(rf"(?<![^\W_]){pattern}(?![^\W_])", text, re.IGNORECASE):
            return found[0]
    return ""
