"""What columns and texts say of the axes of every record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.compiled import number_texts
from matcher.records.axes import encode_forms, merge_forms
from matcher.records.colors import closing_colors
from matcher.records.colors_in_use import colors_in_use
from matcher.records.columns import Numbered
from matcher.records.lexicon import lexicon_of
from matcher.records.limits import confirm_vague, limits_of
from matcher.records.names import AXES
from matcher.records.options import AxisColumn, find_options
from matcher.records.sizes_in_use import sizes_in_use
from matcher.records.terms import Rows
from matcher.records.tokens import Lexicon
from matcher.types import AttributeType, Ints, Terms

ALWAYS = ("color", "size", "storage", "volume", "weight")
"""Axes that are looked for in texts although no column names them and no run ignores them.  Of
lengths and packs titles name too many: see docs/decisions/0012-limits.md."""

TAUGHT = 0.05
"""Share of known values from which the columns of an axis teach its values, and no lexicon."""


@dataclass(frozen=True, slots=True)
class FoundAxes:
    """What columns and titles say of the axes.

    Attributes
    ----------
    values : Mapping[str, Ints]
        For each axis, number of the normal form; ``-2 - form`` where it is vague.
    names : Mapping[str, tuple[str, ...]]
        The normal forms.
    kinds : Mapping[str, AttributeType]
        Types of the axes.
    marked : list[tuple[int, Rows]]
        The bit of an axis, and the tokens that are its values.
    columns : Mapping[str, AxisColumn]
        What was looked for in texts, by axis.
    """

    values: Mapping[str, Ints]
    names: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, AttributeType]
    marked: list[tuple[int, Rows]]
    columns: Mapping[str, AxisColumn]


def find_axes(
    columns: Sequence[Numbered],
    text: Rows,
    lexicon: Lexicon,
    repaired: Ints,
    wanted: Sequence[str],
) -> FoundAxes:
    """Return the values that columns hold, and where these are empty those that texts name.

    Parameters
    ----------
    columns : Sequence[Numbered]
        All columns, and what texts name by a key.
    text : Rows
        Tokens of titles and of columns of options, where values are looked for.
    lexicon : Lexicon
        The tokens.
    repaired : Ints
        Shape (n_vocabulary,): right spelling of each token.
    wanted : Sequence[str]
        Axes that are looked for besides `ALWAYS` and those that have a column.
    """
    of_axis: dict[str, list[Numbered]] = {}
    for column in columns:
        if column.draft.attribute.role == "axis":
            of_axis.setdefault(column.draft.attribute.axis, []).append(column)
    kinds = {axis: found[0].draft.attribute.type for axis, found in of_axis.items()}
    names: dict[str, list[str]] = {}
    read: dict[str, AxisColumn] = {}
    known = [name for name in wanted if name in AXES]
    for axis in dict.fromkeys([*of_axis, *ALWAYS, *known]):
        found = of_axis.get(axis, [])
        if not found:
            kinds[axis] = AXES[axis][0].type
        said, names[axis] = _read_axis(axis, found, text, lexicon)
        if found or said.lexicon:
            read[axis] = said
    filled = find_options(text, list(read.values()), lexicon.words, repaired)
    filled_by_axis = {
        axis: each
        for axis, each in zip(read, filled, strict=True)
        if axis in of_axis or (each.forms != -1).any()
    }
    return FoundAxes(
        values={axis: each.forms for axis, each in filled_by_axis.items()},
        names={axis: tuple(names[axis]) for axis in filled_by_axis},
        kinds={axis: kinds[axis] for axis in filled_by_axis},
        marked=[
            (bit, tokens)
            for bit, (axis, each) in enumerate(filled_by_axis.items())
            for tokens in (*read[axis].tokens, each.tokens)
        ],
        columns=read,
    )


def _read_axis(
    axis: str, found: Sequence[Numbered], text: Rows, lexicon: Lexicon
) -> tuple[AxisColumn, list[str]]:
    """Return what the columns of an axis say and what texts may say of it, and its forms."""
    said = [encode_forms(each.draft.text, each.draft.attribute.type) for each in found]
    unknown = (np.full(len(text.indptr) - 1, -1, dtype=np.int32), list[str]())
    forms, names = merge_forms(said) if said else unknown
    is_taught = bool(found) and np.count_nonzero(forms >= 0) >= TAUGHT * max(len(forms), 1)
    used: Mapping[str, str] = {}
    closing = anywhere = frozenset[str]()
    if axis == "size" and not is_taught:
        used = sizes_in_use(text, lexicon.words)
        anywhere = frozenset(used)
    if axis == "color" and not is_taught:
        used = colors_in_use(text, lexicon.words)
        closing = frozenset(closing_colors().keys() - used.keys())
    phrases = lexicon_of(axis, names, text, lexicon.words, lexicon.quantities, used)
    if is_taught:
        # What a column does not teach may be a part of what it does: "rose" of "rose gold".
        vague = {word: -2 - form for word, form in phrases.items() if " " not in word}
        phrases = vague if axis == "color" else {}
    tokens = tuple(each.tokens for each in found if each.tokens)
    return AxisColumn(tokens, forms, phrases, bool(is_taught), closing, anywhere), names


@dataclass(frozen=True, slots=True)
class AxisValues:
    """Normal forms, limits and names of each axis, as in `Records`."""

    forms: Mapping[str, Ints]
    limits: Mapping[str, Ints]
    names: Mapping[str, tuple[str, ...]]


def confirm_values(axes: FoundAxes, core: Terms) -> AxisValues:
    """Return the values of the axes, vague ones made sure where the core of the title allows it."""
    numbers = number_texts(core)
    confirmed = {axis: confirm_vague(values, numbers) for axis, values in axes.values.items()}
    return AxisValues(
        forms={axis: np.maximum(values, -1) for axis, values in confirmed.items()},
        limits={
            axis: limits_of(values, axes.names[axis], axes.kinds[axis])
            for axis, values in confirmed.items()
        },
        names=axes.names,
    )
