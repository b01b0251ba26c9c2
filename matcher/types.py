"""What passes between the stages: few, frozen dataclasses of arrays, and nothing else.

``Records -> Pairs -> features -> Scores -> decisions -> Groups``; `matcher.pipeline` joins the
stages, and this module is all that they know of each other.  Record numbers are int32 positions in
`Records`; the caller's own ids stand only at the edges.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, get_args

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
_Number = TypeVar("_Number", bound=np.integer[Any])
Bits = NDArray[np.unsignedinteger[Any]]
"""A bit for each axis, or blocker: uint8 where these eight suffice, else uint32."""

AttributeType = Literal[
    "text", "category", "number", "quantity", "color", "size", "code", "image", "list"
]
Role = Literal["identity", "axis", "offer", "code", "media", "unused"]
Relation = Literal["exact", "variant", "different"]

ATTRIBUTE_TYPES: tuple[AttributeType, ...] = get_args(AttributeType)
ROLES: tuple[Role, ...] = get_args(Role)
RELATIONS: tuple[Relation, ...] = get_args(Relation)

EXACT, VARIANT, DIFFERENT = range(3)
"""Numbers of the relations, and their columns in `Scores.probabilities`."""

MAX_AXES = 31
"""Axes of one catalogue: an axis is a bit of a uint32, one bit is kept free."""


SPREAD = np.uint64(0xD6E8FEB86659FD93)
"""Odd, of random bits: sums of its powers times small numbers are different for different ones."""

WORD, NUMBER, QUANTITY, MODEL = range(4)
"""Kinds of tokens, in `Vocabulary.kinds`."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a run did with its input and that a person should know.

    Attributes
    ----------
    kind : str
        Stable key, such as ``"missing_ids"``.
    message : str
        Where, what, got, what was done, and the first offenders.
    count : int
        How many rows, values, pairs or labels it is about.
    """

    kind: str
    message: str
    count: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named property of the products.

    Attributes
    ----------
    name : str
        The column it comes from.
    type : AttributeType
        How its values are parsed and compared.
    role : Role
        What it may decide.
    axis : str
        The axis that it fills, ``"color"`` or ``"storage"`` say; empty unless `role` is ``"axis"``.
    """

    name: str
    type: AttributeType
    role: Role
    axis: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """What the columns of a catalogue are.

    Attributes
    ----------
    id, source : str
        Columns of the record id and of the source; empty where there is none.
    attributes : tuple[Attribute, ...]
        The other columns, in order.
    """

    id: str
    source: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All rows of one run, as they came in.

    Attributes
    ----------
    table : pa.Table
        Every row and column, in the order of the input; several inputs are joined by column name.
    parts : Ints
        Shape (n_rows,): number of the input in `names` that each row came from.
    names : tuple[str, ...]
        The inputs, for messages: paths, or for frames ``"left"`` and ``"right"`` where there are
        two inputs, else ``"records"``.
    is_link : bool
        Part 0 is to be linked with part 1.
    notices : tuple[Notice, ...]
        What reading had to mend.
    """

    table: pa.Table
    parts: Ints
    names: tuple[str, ...]
    is_link: bool
    notices: tuple[Notice, ...]


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


def distinct(keys: NDArray[_Number]) -> NDArray[_Number]:
    """Return the different keys, ascending, as `np.unique` does: it hashes, which is slow.

    Of 4 million keys 0.26 s of processor time, with numpy 2.4.6 against 5.0 s.
    """
    ascending = np.sort(keys, kind="stable")
    return np.asarray(ascending[np.append(True, ascending[1:] != ascending[:-1])[: len(keys)]])


def first_of_each(numbers: NDArray[np.integer]) -> Longs:
    """Return the first place of each number, all from 0 to the highest being there.

    Examples
    --------
    >>> first_of_each(np.array([0, 1, 0, 2, 1])).tolist()
    [0, 1, 3]
    """
    first = np.zeros(int(numbers.max(initial=-1)) + 1, np.int64)
    first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)  # of several the last one is kept
    return first


@dataclass(frozen=True, slots=True)
class Pairs:
    """Unordered pairs of records: ``left < right``, unique, sorted by left then right.

    Attributes
    ----------
    left, right : Ints
        Shape (n_pairs,): record numbers.
    """

    left: Ints
    right: Ints

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.left)

    def keys(self) -> Longs:
        """Return one int64 per pair, ``left << 32 | right``, ascending."""
        return (self.left.astype(np.int64) << 32) | self.right

    def take(self, rows: NDArray[Any]) -> "Pairs":
        """Return the pairs at `rows`, ascending positions or a mask."""
        return Pairs(self.left[rows], self.right[rows])

    def union(self, other: "Pairs") -> "Pairs":
        """Return the pairs that are in either.

        Examples
        --------
        >>> one, two = Pairs.from_keys(np.array([1, 5])), Pairs.from_keys(np.array([3, 5]))
        >>> one.union(two).keys().tolist()
        [1, 3, 5]
        """
        if not len(other):
            return self
        return Pairs.from_keys(distinct(np.concatenate([self.keys(), other.keys()])))

    def chunks(self, size: int) -> Iterator["Pairs"]:
        """Yield the pairs in consecutive chunks of at most `size`."""
        for start in range(0, len(self), size):
            yield Pairs(self.left[start : start + size], self.right[start : start + size])

    @staticmethod
    def from_keys(keys: Longs) -> "Pairs":
        """Make pairs from ascending, unique keys, the inverse of `keys`."""
        return Pairs((keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32))

    @staticmethod
    def from_unordered(first: NDArray[Any], second: NDArray[Any]) -> "Pairs":
        """Make pairs from record numbers in any order, with repetitions and self-pairs removed.

        Examples
        --------
        >>> pairs = Pairs.from_unordered(np.array([3, 1, 2, 2]), np.array([1, 3, 2, 0]))
        >>> pairs.left.tolist(), pairs.right.tolist()
        ([0, 1], [2, 3])
        """
        first, second = first.astype(np.int64), second.astype(np.int64)
        keys = (np.minimum(first, second) << 32) | np.maximum(first, second)
        return Pairs.from_keys(distinct(keys[first != second]))


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pairs that blocking proposes, and who proposed them.

    Attributes
    ----------
    pairs : Pairs
        The candidate pairs.
    proposed_by : Bits
        Shape (n_pairs,): bit b is set where blocker number b proposed the pair.
    blockers : tuple[str, ...]
        Names of the blockers.
    report : Mapping[str, Any]
        Estimates, budgets, purged keys and counts of what was dropped, ready for ``run.json``.
    """

    pairs: Pairs
    proposed_by: Bits
    blockers: tuple[str, ...]
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Labels:
    """Relations that a person gave.

    Attributes
    ----------
    pairs : Pairs
        The labelled pairs.
    relations : NDArray[np.int8]
        Shape (n_pairs,): `EXACT`, `VARIANT` or `DIFFERENT`.
    """

    pairs: Pairs
    relations: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class LearnedWords:
    """What labels said of words.

    Attributes
    ----------
    words : pa.StringArray
        Shape (n_words,): words in their normal form.
    shared, only : Floats
        Shape (n_words,): log-odds of a match where both titles have the word, and where one has.
    shift : float
        Log-odds of two titles without any of them.
    """

    words: pa.StringArray
    shared: Floats
    only: Floats
    shift: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated probabilities of the three relations.

    Attributes
    ----------
    pairs : Pairs
        The scored pairs.
    probabilities : Floats
        Shape (n_pairs, 3): columns `EXACT`, `VARIANT`, `DIFFERENT`; rows sum to 1.
    relations : NDArray[np.int8]
        Shape (n_pairs,): the decision, after thresholds and hard rules.
    """

    pairs: Pairs
    probabilities: Floats
    relations: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Groups:
    """Duplicate groups and, around them, families.

    Attributes
    ----------
    match, family : Ints
        Shape (n_records,): number of the duplicate group and of the family, each counted from 0 in
        the order of its smallest record number; records of one group are in one family.
    weakest : Floats
        Shape (n_records,): the smallest probability among the links that hold the record's
        duplicate group together; NaN for a record that stands alone.
    report : Mapping[str, Any]
        Counts, largest groups, and the links that constraints cut, ready for ``run.json``.
    """

    match: Ints
    family: Ints
    weakest: Floats
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Constraints:
    """What groups must respect, whatever the scores.

    Attributes
    ----------
    must_link : Pairs
        Exact by a person's label: in one duplicate group.
    must_relate : Pairs
        Variant by a person's label: in one family, in different duplicate groups.
    cannot_match : Pairs
        Never in one duplicate group: labels, conflicting codes or axes.
    cannot_relate : Pairs
        Never in one family: labels, conflicts on kept axes.
    sources : Ints | None
        Shape (n_records,), where a duplicate group may hold at most one record of each source (-1
        is unknown and constrains nothing); else None.
    match_values, family_values : Ints | None
        Shape (n_properties, n_records): values of properties (axes, codes) of which a duplicate
        group, or a family, may hold at most one known value each; -1 is unknown and constrains
        nothing.
    """

    must_link: Pairs
    must_relate: Pairs
    cannot_match: Pairs
    cannot_relate: Pairs
    sources: Ints | None = None
    match_values: Ints | None = None
    family_values: Ints | None = None


class Encoder(Protocol):
    """Turns records into vectors whose inner product is their similarity."""

    @property
    def name(self) -> str:
        """Name in reports."""

    def encode(self, records: Records) -> Floats:
        """Return vectors of shape (n_records, dimension), float32, of length 1 or 0."""


class Blocker(Protocol):
    """Proposes candidate pairs."""

    @property
    def name(self) -> str:
        """Name in reports; different for every blocker of a run."""

    def propose(self, records: Records) -> "Proposal":
        """Return the pairs that this blocker proposes, best first for every record."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one blocker proposes.

    Attributes
    ----------
    pairs : Pairs
        The proposed pairs.
    strength : Floats
        Shape (n_pairs,): how much the blocker believes in each, comparable inside this blocker
        only; the budget of pairs per record keeps the strongest. Infinite is decisive, as for equal
        GTINs: such pairs come first.
    report : Mapping[str, Any]
        Purged keys and counts of what was dropped.
    """

    pairs: Pairs
    strength: Floats
    report: Mapping[str, Any]
