"""Records: a catalogue in canonical order, parsed and tokenised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.types.arrays import Bits, Bools, Floats, Ints, Longs
from matcher.types.catalogue import Attribute, Notice

MAX_AXES = 31
"""Axes of one catalogue: an axis is a bit of a uint32, one bit is kept free."""

BY_TITLE = 20_000
"""Records that do not fit into the caches of a processor. More are numbered by their titles, so
that those that are alike lie near each other in memory: comparing a million takes a fifth less."""

SPREAD = np.uint64(0xD6E8FEB86659FD93)
"""Odd, of random bits: sums of its powers times small numbers are different for different ones."""

WORD, NUMBER, QUANTITY, MODEL = range(4)
"""Kinds of tokens, in `Vocabulary.kinds`."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms (tokens or n-grams) of every record, in compressed rows.

    Attributes
    ----------
    indptr : Longs
        Shape (n_records + 1,): the terms of record i are ``terms[indptr[i]:indptr[i + 1]]``.
    terms : Ints
        Shape (n_terms,): term numbers, ascending inside a record where `is_set`, else in the order
        of the text.
    axes : Bits
        Shape (n_terms,): bit a is set where the term is part of a value of axis number a, so that
        ``axes & ignored != 0`` masks it out for any set of ignored axes; uint8 where no axis has a
        higher bit than the eighth, else uint32.
    idf : Floats
        Shape (n_vocabulary,): inverse document frequency of each term number in this catalogue,
        ``log((1 + n_records) / (1 + n_records_with_term)) + 1``.
    is_set : bool
        Whether the terms of a record are ascending and unique.
    """

    indptr: Longs
    terms: Ints
    axes: Bits
    idf: Floats
    is_set: bool

    @property
    def n_records(self) -> int:
        """Number of records."""
        return len(self.indptr) - 1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tokens that occur in a catalogue, numbered once for all its columns.

    Attributes
    ----------
    words : pa.StringArray
        Shape (n_vocabulary,): the tokens in their normal form.
    idf : Floats
        Shape (n_vocabulary,): inverse document frequency over the identity text of the records.
    kinds : NDArray[np.uint8]
        Shape (n_vocabulary,): `NUMBER` for ``"15.6"``, `QUANTITY` for a number joined to its unit
        (``64 GB`` and ``64gb`` are both ``"64gb"``), `MODEL` for other mixtures of letters and
        digits and for digit runs of five and more, `WORD` for the rest.
    """

    words: pa.StringArray
    idf: Floats
    kinds: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute of all records, parsed.

    Attributes
    ----------
    attribute : Attribute
        What it is.
    text : pa.StringArray
        Shape (n_records,): normalised text; null is missing.
    tokens : Terms | None
        The tokens of `text` in their order, for text, category, size, color and code columns.
    values : NDArray[np.float64]
        Shape (n_records,): the number, or the quantity in the base unit of its dimension; NaN where
        missing or where the type has no number.
    forms : Ints
        Shape (n_records,): number of the value's normal form: equal numbers are equal values
        (``grey`` and ``Gray``, ``64 GB`` and ``65536 MB``); -1 is missing.
    """

    attribute: Attribute
    text: pa.StringArray
    tokens: Terms | None
    values: NDArray[np.float64]
    forms: Ints


@dataclass(frozen=True, slots=True)
class Records:
    """All records of one run, in canonical order, parsed and tokenised.

    The canonical order does not depend on the order of the input, so nothing after it does.

    Attributes
    ----------
    ids : NDArray[np.object_]
        Shape (n_records,): the caller's ids, unique inside a source.
    rows : Longs
        Shape (n_records,): row of the input that each record came from.
    sources : Ints
        Shape (n_records,): number of the source in `source_names`; -1 is unknown.
    source_names : tuple[str, ...]
        Names of the sources.
    parts : Ints
        Shape (n_records,): number of the input in `part_names` that each record came from.
    part_names : tuple[str, ...]
        The inputs, as in `Catalogue`.
    is_link : bool
        Two tables are linked: only pairs across `sources` 0 and 1 exist, and every record of
        source 0 comes before those of source 1.
    columns : tuple[Column, ...]
        The attributes in the order of the catalogue, unused ones left out.
    axes : tuple[str, ...]
        Names of the axes: the position is the bit in `Terms.axes`.
    declared : tuple[str, ...]
        The axes that have a column, or that the run ignores; the others stand in texts only.
    axis_values : Mapping[str, Ints]
        For each axis, shape (n_records,): number of the normal form of the value; -1 is unknown.
    axis_limits : Mapping[str, Ints]
        For each axis, shape (n_limits, n_records): what values are held against each other by, -1
        where unknown.  Two values conflict if they differ in a limit that is known of both:
        ``navy blue`` and ``sky blue`` do in their shade, ``blue`` is a blue without a known shade
        and conflicts with neither, ``red`` does with all three.
    axis_forms : Mapping[str, tuple[str, ...]]
        For each axis, the normal forms that `axis_values` numbers, as people read them.
    vocabulary : Vocabulary
        Of all token numbers below.
    title : Terms
        Tokens of the main text (title or name), in order.
    core : Terms
        Tokens of the title without options and brand, slips of spelling repaired (a set).
    whole : Terms
        Tokens of all identity text (title, brand, model, codes, other text, then description).
    models : Terms
        Model numbers of the identity text in squashed spelling (``LX-43M``, ``lx43m`` and
        ``LX 43 M`` give the same term); term numbers index `model_words`.
    model_words : pa.StringArray
        The squashed spellings.
    grams : Terms
        Hashed character 3-grams of the identity text without descriptions (a set).
    title_grams : Terms
        Hashed character 3-grams of the title alone (a set); same hashing.
    quantities : Terms
        Quantities of the identity text and of the quantity columns (a set); term numbers index the
        two arrays below.
    quantity_dimensions : Ints
        Shape (n_quantities,): number of the dimension in `dimensions`.
    quantity_values : NDArray[np.float64]
        Shape (n_quantities,): the value in the base unit of its dimension.
    dimensions : tuple[str, ...]
        ``"storage"``, ``"volume"``, ``"weight"``, ``"length"``, ``"pack"``, ...
    codes : Mapping[str, Ints]
        For each kind of code (``"gtin"``, ``"mpn"``), shape (n_records,): number of the normalised
        code, equal codes having equal numbers; -1 where missing, invalid or a placeholder.
    gtin_columns : tuple[str, ...]
        Columns that are read as GTINs, by their names or by their values.
    brands : Ints
        Shape (n_records,): number of the brand, from its column or found in the title; -1 unknown.
    notices : tuple[Notice, ...]
        What reading and parsing had to mend.
    """

    ids: NDArray[np.object_]
    rows: Longs
    sources: Ints
    source_names: tuple[str, ...]
    parts: Ints
    part_names: tuple[str, ...]
    is_link: bool
    columns: tuple[Column, ...]
    axes: tuple[str, ...]
    declared: tuple[str, ...]
    axis_values: Mapping[str, Ints]
    axis_limits: Mapping[str, Ints]
    axis_forms: Mapping[str, tuple[str, ...]]
    vocabulary: Vocabulary
    title: Terms
    core: Terms
    whole: Terms
    models: Terms
    model_words: pa.StringArray
    grams: Terms
    title_grams: Terms
    quantities: Terms
    quantity_dimensions: Ints
    quantity_values: NDArray[np.float64]
    dimensions: tuple[str, ...]
    codes: Mapping[str, Ints]
    gtin_columns: tuple[str, ...]
    brands: Ints
    notices: tuple[Notice, ...]

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.ids)

    @property
    def are_by_title(self) -> bool:
        """Whether the records of a whole catalogue are numbered by their titles alone."""
        return len(self) > BY_TITLE and not self.is_link

    def differs(self, axis: str, left: Ints, right: Ints) -> Bools:
        """Return where the values of an axis conflict, `left` and `right` being record numbers."""
        return any_differs(self.axis_limits[axis], left, right)

    def options(self) -> NDArray[np.uint64]:
        """Return a number for what each record says of all axes, equal where all is."""
        numbers = np.zeros(len(self), np.uint64)
        for forms in self.axis_values.values():  # wraps around
            numbers = numbers * SPREAD + (forms + 1).astype(np.uint64)
        return numbers

    def axis_bits(self, ignore: Iterable[str]) -> int:
        """Return the bits of the axes named in `ignore`; names without an axis have none."""
        names = set(ignore)
        return sum(1 << bit for bit, axis in enumerate(self.axes) if axis in names)


def any_differs(values: Ints, left: Ints, right: Ints) -> Bools:
    """Return where two records know different values of a property, shape (n_pairs,).

    Parameters
    ----------
    values : Ints
        Shape (n_properties, n_records), -1 where unknown.
    left, right : Ints
        Shape (n_pairs,): record numbers.

    Examples
    --------
    >>> values = np.array([[1, 1, -1], [3, 4, 4]], np.int32)
    >>> any_differs(values, np.array([0, 1, 0]), np.array([1, 2, 0])).tolist()
    [True, False, False]
    """
    first, second = values[:, left], values[:, right]
    return np.asarray(((first != second) & (first >= 0) & (second >= 0)).any(axis=0))
