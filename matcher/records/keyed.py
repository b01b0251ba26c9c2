"""Values of axes that a text names: ``color: navy; size: m``."""

import re
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.names import AXES, BY_NAME
from matcher.records.needles import find_holding, literal
from matcher.records.text import normalize_text

_MOST_WORDS = 4
_NAME_LIMIT = 100
_QUALIFIERS = frozenset(
    re.findall(
        r"\w+",
        """
    screen display image font file battery page box package packaging shipping parcel carton max
    maximum min minimum recommended input output cable cord frame lens band strap dial sole lining
    wheel blade tank sheet photo sensor available other
    """,
    )
)
# "screen size: 15 inch" says nothing of the size of the product.
_LISTS = frozenset({"sizes", "print", "content", "rom", "ssd", "hdd", "capacity"})
# Names that head lists and prose as often as values.
_OTHER_KEYS = "country of origin|care instructions|product code|care|fit|style|gender|sku|season"
_START = r"(?:^|[^\w])[\"']?"
_END = r"[\"']?(?: ?[:=]| - )"
_STOP = re.compile(r"[;|!?\u2022{}\]\[)]|\.(?:\s|$)| - ")


def find_keyed_values(text: pa.StringArray) -> dict[str, pa.StringArray]:
    """Return the values that texts name, by axis.

    Parameters
    ----------
    text : pa.StringArray
        Normalised text, null where missing.

    Returns
    -------
    dict[str, pa.StringArray]
        For each axis that occurs, values of up to 4 words, null where there is none or where a text
        names several.

    Examples
    --------
    >>> found = find_keyed_values(pa.array(["color: navy; size: m", "a red shirt", None]))
    >>> found["color"].to_pylist(), found["size"].to_pylist()
    (['navy', None, None], ['m', None, None])
    """
    may_have = np.zeros(len(text), np.bool_)
    for needle in ((b":=",), literal(" - ")):
        may_have[find_holding(text, needle)] = True
    if not may_have.any():
        return {}
    names = "|".join(map(re.escape, sorted(_axis_names(), key=len, reverse=True)))
    some = text.filter(pa.array(may_have))
    may_have[may_have] = pc.match_substring_regex(some, rf"(?:^|[^\pL])(?:{names}){_END}")
    encoded = pc.if_else(pa.array(may_have), text, None).dictionary_encode()
    read = [keyed_values_of(value) for value in encoded.dictionary.to_pylist()]
    axes = dict.fromkeys(axis for values in read for axis in values)
    return {
        axis: pa.array([values.get(axis) for values in read], pa.string()).take(encoded.indices)
        for axis in axes
    }


def keyed_values_of(text: str) -> dict[str, str]:
    """Return the values that one text names, by axis, as `find_keyed_values`."""
    found: dict[str, set[str]] = {}
    keys = list(_key_pattern().finditer(text))
    ends = [*(key.start() for key in keys), len(text)]
    for key, end in zip(keys, ends[1:], strict=True):
        axis = _axis_names().get(key[1].replace("_", " "))
        before = text[: key.start(1)].rstrip(" \"'").rpartition(" ")[2]
        if not axis or before in _QUALIFIERS:
            continue
        value = _value(text[key.end() : end])
        if axis == "size" and ", " in value:
            continue  # sizes to choose from
        if value and (AXES[axis][0].type != "quantity" or re.search(r"\d", value)):
            found.setdefault(axis, set()).add(value)
    return {axis: values.pop() for axis, values in found.items() if len(values) == 1}


def _value(rest: str) -> str:
    """Return the value that a text begins with, ``""`` where it is too long or a list."""
    rest = rest.strip()
    if rest[:1] in ('"', "'"):
        # Normalised text has "inch" for the closing quotation mark behind a digit.
        value = re.split(rf"{rest[0]}| inch ?(?=[,}}\]]|$)", rest[1:], maxsplit=1)[0]
    else:
        value = _STOP.split(rest, maxsplit=1)[0]
    value = value.strip(" ,\"'")
    is_list = value.count(",") > 1
    return "" if is_list or len(value.split()) > _MOST_WORDS else value


@cache
def _key_pattern() -> re.Pattern[str]:
    others = {name.replace("_", " ") for name in BY_NAME if len(name) > 3}
    names = {*_axis_names(), *others, *_OTHER_KEYS.split("|")}
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True))).replace(r"\ ", "[ _]")
    return re.compile(rf"{_START}({known}|[^\W\d]\w*){_END}")


@cache
def _axis_names() -> dict[str, str]:
    names = {
        name.replace("_", " "): axis
        for axis, (_, names) in AXES.items()
        for name in names.split()
        if name not in _LISTS
    }
    folded, _ = normalize_text(pa.array(list(names), pa.string()), _NAME_LIMIT)
    return dict(zip(folded.to_pylist(), names.values(), strict=True))
