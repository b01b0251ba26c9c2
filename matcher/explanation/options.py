"""What the axes, colors and sizes say, say of two records."""

from matcher.explanation.answer import Reason
from matcher.explanation.codes import as_written, squash
from matcher.explanation.offer import Case, Offer
from matcher.types import Records


def axis_reasons(case: Case) -> list[Reason]:
    """Return what each axis says of which one of the two records knows a value."""
    return [reason for axis in case.records.axes for reason in _axis(case, axis)]


def _axis(case: Case, axis: str) -> list[Reason]:
    first, second = case.both(case.records.axis_values[axis])
    left, right = (value_of(case.records, axis, offer) for offer in (case.left, case.right))
    if case.conflicts(axis):
        told = f"{axis} differs: {left or '?'} / {right or '?'}"
        if case.ignores(axis):
            return [Reason("axis", f"{told}, ignored: variants of one product", "variant")]
        text = f"{told}, and {axis} is not ignored: that alone keeps them apart"
        return [Reason("rule:axis", text, "different")]
    if not left and not right:
        return []
    if not left or not right:
        if axis not in case.records.declared:
            return []  # titles name it now and then: that this one does not says nothing
        side = "second" if left else "first"
        text = f"{axis} of the {side} is unknown, the other is {left or right}: no conflict"
        return [Reason("axis", text, "neither")]
    if first == second:
        spelled = left if left.casefold() == right.casefold() else f"{left} = {right}"
        return [Reason("axis", f"same {axis}: {spelled}", "same")]
    return [Reason("axis", f"{axis} may be the same: {left} / {right}", "neither")]


def value_of(records: Records, axis: str, offer: Offer) -> str:
    """Return the value of an axis as the column or the title of a record has it, ``""`` if none."""
    for column in records.columns:
        name = column.attribute.name
        is_known = column.forms[offer.number] >= 0 and name in offer.columns
        if column.attribute.axis == axis and is_known:
            return offer.columns[name]
    number = int(records.axis_values[axis][offer.number])
    if number >= 0:
        form = records.axis_forms[axis][number]
        return as_written(squash(form), [offer.title]) or form
    # A vague value, such as the "rose" of a "rose gold", has no form, but it may conflict.
    return " ".join(words_of_axes(records, offer.number, records.axis_bits([axis])))


def words_of_axes(records: Records, record: int, axes: int) -> list[str]:
    """Return the words of a title that are values of axes, given as bits."""
    title = records.title
    part = slice(int(title.indptr[record]), int(title.indptr[record + 1]))
    is_value = title.axes[part] & axes != 0
    return [records.vocabulary.words[int(term)].as_py() for term in title.terms[part][is_value]]
