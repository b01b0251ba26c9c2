"""The identity text of records: which columns it is made of, and what is read in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa

from matcher.records.codes import encode_gtins
from matcher.records.columns import Draft, Numbered
from matcher.records.infer import ENOUGH_GTINS
from matcher.records.models import find_models
from matcher.records.names import concept_of
from matcher.records.terms import Rows, concatenate
from matcher.types import Attribute, Terms

DESCRIPTION = 4
"""Place of descriptions, behind all else."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The identity text, put together per record.

    Attributes
    ----------
    title, named, short, whole : Rows
        `whole` is title, brand, codes, other text, descriptions; `short` is that without
        descriptions; `named` is the title and what columns such as "options" say, where axes are
        looked for.
    """

    title: Rows
    named: Rows
    short: Rows
    whole: Rows


def identity_drafts(columns: Sequence[Draft], title: str) -> list[Draft]:
    """Return the columns of the identity text in their order, `title` being the main one."""
    return sorted(filter(_is_identity_text, columns), key=partial(_place, title))


def _place(title: str, draft: Draft) -> int:
    return place_of_text(draft.attribute, title, is_description=draft.is_description)


def place_of_text(attribute: Attribute, title: str, *, is_description: bool) -> int:
    """Return which place a column has in the text of a record, `DESCRIPTION` being the last."""
    if attribute.name == title:
        return 0
    if concept_of(attribute.name) == "brand":
        return 1
    return 2 if attribute.role == "code" else DESCRIPTION if is_description else 3


def lay_out(columns: Sequence[Numbered], title: str, n_records: int) -> Layout:
    """Return the identity text of all records from its columns."""
    titles = [c.tokens for c in columns if c.tokens and c.draft.attribute.name == title]
    options = [c.tokens for c in columns if c.tokens and holds_options(c.draft.attribute)]
    short = [c.tokens for c in columns if c.tokens and _place(title, c.draft) < DESCRIPTION]
    whole = [c.tokens for c in columns if c.tokens]
    empty = Rows(np.zeros(n_records + 1, np.int64), np.zeros(0, np.int32))
    joined = concatenate(short) if short else empty
    return Layout(
        title=titles[0] if titles else empty,
        named=concatenate([*titles, *options]) if titles or options else empty,
        short=joined,
        whole=concatenate(whole) if len(whole) > len(short) else joined,
    )


def holds_options(attribute: Attribute) -> bool:
    """Return whether options are looked for in a column, as in titles."""
    return concept_of(attribute.name) == "options"


def is_brand_column(attribute: Attribute) -> bool:
    """Return whether an attribute is the brand of the product."""
    return concept_of(attribute.name) == "brand" and attribute.role == "identity"


def _is_identity_text(draft: Draft) -> bool:
    attribute = draft.attribute
    if attribute.role == "code" and concept_of(attribute.name) not in ("gtin", "sku"):
        return not holds_gtins(draft.text)
    return is_identity_text(attribute)


def is_identity_text(attribute: Attribute) -> bool:
    """Return whether a column is part of the text that names a product, codes left aside.

    A GTIN is compared as a code, and a seller's own number says nothing of the product: as words
    they would only make records differ that do not both have them.
    """
    if attribute.role != "identity":
        return False
    return attribute.type in ("text", "list") or concept_of(attribute.name) == "brand"


def holds_gtins(text: pa.StringArray) -> bool:
    """Return whether a column of codes holds GTINs, whatever its name."""
    numbers, _, _ = encode_gtins(text)
    n_known = len(text) - text.null_count
    return bool((numbers >= 0).sum() >= ENOUGH_GTINS * max(n_known, 1))


def models_in_texts(drafts: Sequence[Draft], n_records: int) -> tuple[Terms, pa.StringArray]:
    """Return the model numbers in the columns of the identity text, as `find_models` does."""
    joined = [draft.joined for draft in drafts if draft.joined]
    runs = [draft.runs for draft in drafts if draft.joined and draft.runs]
    codes = [draft.text for draft in drafts if draft.attribute.role == "code"]
    return find_models(joined, runs, codes, n_records)
