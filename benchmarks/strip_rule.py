"""The rule to be beaten: strip the options from the title, and group by what is left and brand."""

import re
from collections.abc import Collection, Sequence

import pandas as pd

from benchmarks.datasets import DataSet

WORDS = {
    "color": "black white gray grey silver gold blue navy red green yellow brown orange pink purple"
    " violet beige ivory cream turquoise teal tan maroon khaki multicolor dark light",
    "size": "xxs xs s m l xl xxl xxxl 2xl 3xl 4xl 5xl small medium large size",
}
"""What the rule knows of an axis without the catalogue."""

_TOKEN = re.compile(r"\w+")


def strip_rule(data: DataSet) -> pd.DataFrame:
    """Return ``id`` and ``family_id`` of every record, as the rule groups them; also ``match_id``.

    Parameters
    ----------
    data : DataSet
        A catalogue with a title; the axes that it ignores are stripped.
    """
    records = data.read("records")
    axes = [axis for axis in data.ignore if axis in records or axis in WORDS]
    phrases = {(word,) for axis in axes for word in WORDS.get(axis, "").split()}
    for axis in axes:
        values = records[axis].unique() if axis in records else []
        phrases |= {phrase for value in values if (phrase := _tokens(value))}
    brands = records["brand"] if "brand" in records else pd.Series("", index=records.index)
    keys = [
        (*_tokens(brand), "|", *strip(_tokens(title), {*phrases, _tokens(brand)}))
        for title, brand in zip(records["title"], brands, strict=True)
    ]
    groups = pd.factorize(pd.Series(keys, dtype=object))[0]
    return pd.DataFrame({"id": records["id"], "match_id": groups, "family_id": groups})


def strip(words: Sequence[str], phrases: Collection[tuple[str, ...]]) -> tuple[str, ...]:
    """Return words without the phrases among them, the longest first.

    Examples
    --------
    >>> strip(("pixel", "5", "dark", "blue", "64", "gb"), {("dark", "blue"), ("64", "gb"), ("64",)})
    ('pixel', '5')
    """
    longest = max(map(len, phrases), default=0)
    kept, at = [], 0
    while at < len(words):
        lengths = range(min(longest, len(words) - at), 0, -1)
        length = next((n for n in lengths if tuple(words[at : at + n]) in phrases), 0)
        if not length:
            kept.append(words[at])
        at += length or 1
    return tuple(kept)


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(text.casefold()))
