"""Everything that speaks for or against two records, what decides first."""

from matcher.explanation.answer import Favours, Reason
from matcher.explanation.codes import code_reasons
from matcher.explanation.offer import Case
from matcher.explanation.options import axis_reasons
from matcher.explanation.words import word_reasons
from matcher.types import Attribute

NEAR_PRICES = 1.2
"""Ratio of two prices up to which they speak for one product."""

FAR_PRICES = 2.0
"""Ratio of two prices from which they speak against it."""


def find_reasons(case: Case) -> list[Reason]:
    """Return what speaks for and against two records: rules that decide, then by importance."""
    found = [
        *code_reasons(case),
        *axis_reasons(case),
        *_brands(case),
        *word_reasons(case),
        *_attributes(case),
        *_prices(case),
    ]
    missing = _missing_identity(case)
    return [*missing, *sorted(found, key=lambda reason: not reason.kind.startswith("rule:"))]


def _missing_identity(case: Case) -> list[Reason]:
    """Return the reason that nothing is known of a record that tells which product it is."""
    records = case.records
    nameless = [
        name
        for name, offer in (("first", case.left), ("second", case.right))
        if records.whole.indptr[offer.number] == records.whole.indptr[offer.number + 1]
        and all(forms[offer.number] < 0 for forms in records.codes.values())
    ]
    if not nameless:
        return []
    text = (
        f"the {' and the '.join(nameless)} has no title, model number or code: nothing tells "
        "which product it is"
    )
    return [Reason("rule:identity", text, "different")]


def _brands(case: Case) -> list[Reason]:
    first, second = case.both(case.records.brands)
    if first < 0 or second < 0:
        return []
    names = [offer.brand or "?" for offer in (case.left, case.right)]
    if first == second:
        return [Reason("brand", f"same brand: {names[0]}", "same")]
    return [Reason("brand", f"brand differs: {names[0]} / {names[1]}", "different")]


def _attributes(case: Case) -> list[Reason]:
    """Return what other columns with a short value say: numbers, amounts and categories."""
    reasons = []
    for column in case.records.columns:
        attribute = column.attribute
        first, second = case.both(column.forms)
        name = attribute.name
        if name in case.told or not _is_short(attribute) or first < 0 or second < 0:
            continue
        values = [offer.columns.get(name, "?") for offer in (case.left, case.right)]
        if first == second:
            reasons.append(Reason("attribute", f"same {name}: {values[0]}", "same"))
            continue
        # Every shop has its own categories.
        favours: Favours = "neither" if attribute.type == "category" else "different"
        text = f"{name} differs: {values[0]} / {values[1]}"
        reasons.append(Reason("attribute", text, favours))
    return reasons


def _is_short(attribute: Attribute) -> bool:
    return attribute.role == "identity" and attribute.type in ("number", "quantity", "category")


def _prices(case: Case) -> list[Reason]:
    left, right = case.left, case.right
    if not (left.price > 0 and right.price > 0):
        return []
    if left.currency and right.currency and left.currency != right.currency:
        text = f"prices in {left.currency} and {right.currency}, not compared"
        return [Reason("price", text, "neither")]
    currency = left.currency or right.currency
    if left.price == right.price:
        return [Reason("price", f"same price: {left.price:.2f} {currency}".rstrip(), "same")]
    ratio = max(left.price, right.price) / min(left.price, right.price)
    favours: Favours = "neither"
    if ratio <= NEAR_PRICES or ratio >= FAR_PRICES:
        favours = "same" if ratio <= NEAR_PRICES else "different"
    text = f"price {_times(ratio)}: {left.price:.2f} / {right.price:.2f} {currency}".rstrip()
    return [Reason("price", text, favours)]


def _times(ratio: float) -> str:
    return f"{ratio:.2f}x" if ratio < NEAR_PRICES else f"{ratio:.1f}x" if ratio < 100 else ">100x"
