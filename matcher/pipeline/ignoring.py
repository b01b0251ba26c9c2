"""Which axes a run ignores, for which records and pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matcher.records import axis_name, find_categories
from matcher.settings import Settings
from matcher.types import Bits, Bools, Catalogue, Ints, Notice, Pairs, Records, Schema


@dataclass(frozen=True, slots=True)
class Ignored:
    """The ignored axes, as bits, by record: the category of a product may decide.

    Attributes
    ----------
    of_records : Bits
        Shape (n_records,): axes that may differ for the product.
    """

    of_records: Bits

    def of_pairs(self, pairs: Pairs) -> Bits:
        """Return the axes that are ignored for both records of each pair, shape (n_pairs,)."""
        return np.asarray(self.of_records[pairs.left] & self.of_records[pairs.right])

    def keep(self, axes: int) -> Bools:
        """Return which records ignore none of these axes, shape (n_records,)."""
        return np.asarray(self.of_records & np.uint32(axes) == 0)

    @property
    def always(self) -> int:
        """Axes that every record ignores."""
        return int(np.bitwise_and.reduce(self.of_records)) if len(self.of_records) else 0

    @property
    def ever(self) -> int:
        """Axes that some record ignores."""
        return int(np.bitwise_or.reduce(self.of_records)) if len(self.of_records) else 0


def canonical_ignore(settings: Settings) -> Settings:
    """Return the settings with every ignored axis under its canonical name."""

    def canonical(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(map(axis_name, names))

    by_category = settings.ignore_by_category
    values = {category: canonical(names) for category, names in by_category.values.items()}
    return replace(
        settings,
        ignore=canonical(settings.ignore),
        ignore_by_category=replace(by_category, values=values),
    )


def find_ignored(
    catalogue: Catalogue, schema: Schema, records: Records, settings: Settings
) -> tuple[Ignored, tuple[Notice, ...]]:
    """Return what each record ignores, and the categories in the settings that none is of."""
    asked = settings.ignore_by_category.values
    general = records.axis_bits(settings.ignore)
    categories: Ints = np.full(len(records), -1, np.int32)
    notices: tuple[Notice, ...] = ()
    if asked:
        column = settings.ignore_by_category.column
        categories, notices = find_categories(catalogue, schema, records.rows, column, list(asked))
    # The general list is the last one: it is what category -1 takes.
    bits = np.array([*map(records.axis_bits, asked.values()), general], np.uint32)
    return Ignored(bits[categories]), notices
