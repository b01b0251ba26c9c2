"""What looks like an axis: the columns and words in which near-identical records differ."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.records.axes import mark_values
from matcher.records.frames import text_of
from matcher.records.infer import is_description
from matcher.records.names import meaning_of
from matcher.records.terms import Rows
from matcher.records.tokens import canonical, spell, split_tokens
from matcher.types import (
    EXACT,
    QUANTITY,
    VARIANT,
    WORD,
    Bools,
    Column,
    Ints,
    Labels,
    Longs,
    Records,
)

LEAST_GROUPS = 5
LEAST_SHARE = 0.2
"""Of six shops' catalogues, every axis differs in 0.59 to 1.00 of the near-identical groups, and no
other short column in any."""

LEAST_LABELS = 5
MOST_WORDS = 8  # on average: a longer value is a text
MOST_DISTINCT = 50
N_WORDS = 12
LEAST_USES = 5
"""Times that a word is used, below which it is taken for a slip of the pen."""
SLIP = 20
"""Times that a word is used more often than another in its place that is then a slip of the pen."""
LEAST_WORD_GROUPS = 3

_Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class LabelEvidence:
    """How often a column differs between labelled records that both have a value.

    Attributes
    ----------
    n_variants, n_variants_differ : int
        Pairs labelled variant, and those that differ.
    n_exacts, n_exacts_differ : int
        Pairs labelled exact, and those that differ.
    """

    n_variants: int = 0
    n_variants_differ: int = 0
    n_exacts: int = 0
    n_exacts_differ: int = 0

    @property
    def speaks_for_axis(self) -> bool:
        """Return whether variants differ, and at least twice as often as exact pairs."""
        variants = self.n_variants_differ / max(self.n_variants, 1)
        exacts = self.n_exacts_differ / max(self.n_exacts, 1)
        is_enough = self.n_variants >= LEAST_LABELS and variants >= LEAST_SHARE
        return is_enough and variants >= 2 * exacts


@dataclass(frozen=True, slots=True)
class AxisEvidence:
    """How often a column differs between records that are otherwise near-identical.

    Near-identical records have one brand and, with the value of the column taken out, one title;
    and they are of one source, if enough are: two shops may write one value in two ways, but a shop
    rarely lists one product twice.

    Attributes
    ----------
    name : str
        The column.
    axis : str
        The axis that it fills already, or empty.
    n_unique : int
        Distinct normal forms of its values; of an axis, also of those found in titles.
    n_groups, n_differ : int
        Groups of two and more near-identical records with a value, and those with several values.
    examples : tuple[str, ...]
        Up to three values of one such group.
    labelled : LabelEvidence
        What labels say; all zero without labels.
    """

    name: str
    axis: str
    n_unique: int
    n_groups: int
    n_differ: int
    examples: tuple[str, ...]
    labelled: LabelEvidence

    @property
    def share(self) -> float:
        """Share of the near-identical groups in which it differs, 0 to 1."""
        return self.n_differ / max(self.n_groups, 1)

    @property
    def looks_like_axis(self) -> bool:
        """Whether the titles or the labels say that variants differ in it."""
        by_titles = self.n_groups >= LEAST_GROUPS and self.share >= LEAST_SHARE
        return by_titles or self.labelled.speaks_for_axis

    def __str__(self) -> str:
        """Return the evidence in words."""
        told = f"in {self.n_differ:,} of {self.n_groups:,} near-identical groups it differs"
        if self.examples:
            told += f" ({', '.join(self.examples)})"
        labelled = self.labelled
        if labelled.n_variants or labelled.n_exacts:
            told += (
                f"; in {labelled.n_variants_differ:,} of {labelled.n_variants:,} variant and "
                f"{labelled.n_exacts_differ:,} of {labelled.n_exacts:,} exact labels"
            )
        return told


@dataclass(frozen=True, slots=True)
class WordEvidence:
    """A word in place of which near-identical titles have another one.

    Attributes
    ----------
    word : str
        The word, in its normal form.
    n_groups : int
        Groups of titles of one brand that are equal but for one word, which this is in some.
    rivals : tuple[str, ...]
        Up to three words in its place, the most frequent first.
    """

    word: str
    n_groups: int
    rivals: tuple[str, ...]

    def __str__(self) -> str:
        """Return the evidence in words."""
        return f"{self.word} ({self.n_groups:,}: {', '.join(self.rivals)})"


def find_axis_evidence(
    records: Records, table: pa.Table, labels: Labels | None
) -> tuple[AxisEvidence, ...]:
    """Return the evidence for and against every column that may be an axis, the strongest first.

    Parameters
    ----------
    records : Records
        The parsed records.
    table : pa.Table
        The rows that they came from, for examples as they were written.
    labels : Labels | None
        Relations that a person gave.
    """
    titles, found = _titles(records), []
    for column in records.columns:
        forms = _forms(records, column)
        if not _may_be_axis(column, forms):
            continue
        keys, n_rest = titles.keys_without(_marks(records, column))
        groups = _near_identical(records, keys, forms, (forms >= 0) & (n_rest > 0))
        found.append(_evidence(records, table, column, groups, labels))
    return tuple(sorted(found, key=lambda each: -each.share))


@dataclass(frozen=True, slots=True)
class _Titles:
    """The titles without their brands, as sums of random numbers.

    `numbers` is that of every token of the titles, 0 for those that name a brand, and `brands` is
    that of the brand of every record.
    """

    indptr: Longs
    numbers: _Keys
    brands: _Keys

    def keys_without(self, marked: Bools) -> tuple[_Keys, _Keys]:
        """Return a number per title without these tokens, equal for equal ones, and its length."""
        left = np.where(marked, np.uint64(0), self.numbers)
        n_left = _sums((left > 0).astype(np.uint64), self.indptr)
        return _sums(left, self.indptr) + self.brands, n_left


def _titles(records: Records) -> _Titles:
    numbers = _random_numbers(len(records.vocabulary.idf), 0)
    for column in records.columns:
        if _concept(column) == "brand" and column.tokens is not None:
            numbers[column.tokens.terms] = 0
    brands = _random_numbers(int(records.brands.max(initial=-1)) + 2, 1)[records.brands]
    return _Titles(records.title.indptr, numbers[records.title.terms], brands)


@dataclass(frozen=True, slots=True)
class _Groups:
    """Groups of records that are near-identical but for a column.

    `n_values` is the number of values of each group of two and more records, and `examples` are
    up to three forms in the group that has most.
    """

    forms: Ints
    n_values: Longs
    examples: list[int]

    @staticmethod
    def of(keys: _Keys, forms: Ints, is_known: Bools) -> "_Groups":
        known = np.flatnonzero(is_known)
        order = known[np.lexsort((forms[known], keys[known]))]
        key, form = keys[order], forms[order]
        is_start = np.concatenate([np.ones(min(len(key), 1), np.bool_), key[1:] != key[:-1]])
        is_new = is_start | (form != np.roll(form, 1))
        group = np.cumsum(is_start) - 1
        sizes, n_values = np.bincount(group), np.bincount(group[is_new])
        if not (n_values > 1).any():
            return _Groups(forms, n_values[sizes > 1], [])
        inside = np.sort(order[is_new & (group == n_values.argmax())])
        return _Groups(forms, n_values[sizes > 1], forms[inside[:3]].tolist())


def _near_identical(records: Records, keys: _Keys, forms: Ints, is_known: Bools) -> _Groups:
    """Return groups of records of one source, or of all where these are too few."""
    if len(records.source_names) > 1:
        sources = _random_numbers(len(records.source_names) + 1, 2)[records.sources]
        groups = _Groups.of(keys + sources, forms, is_known)
        if len(groups.n_values) >= LEAST_GROUPS:
            return groups
    return _Groups.of(keys, forms, is_known)


def _evidence(
    records: Records, table: pa.Table, column: Column, groups: _Groups, labels: Labels | None
) -> AxisEvidence:
    attribute, forms = column.attribute, groups.forms
    written = table.column(attribute.name)
    examples = [_as_written(records, column, forms == form, written) for form in groups.examples]
    return AxisEvidence(
        name=attribute.name,
        axis=attribute.axis,
        n_unique=len(np.unique(forms[forms >= 0])),
        n_groups=len(groups.n_values),
        n_differ=int((groups.n_values > 1).sum()),
        examples=tuple(examples),
        labelled=LabelEvidence() if labels is None else _label_evidence(forms, labels),
    )


def _as_written(records: Records, column: Column, has_form: Bools, written: pa.ChunkedArray) -> str:
    """Return the value of the first record that has it in the column, or else as normalised."""
    is_written = has_form & np.asarray(column.text.is_valid())
    if not is_written.any():
        axis, first = column.attribute.axis, int(np.flatnonzero(has_form)[0])
        return records.axis_forms[axis][int(records.axis_values[axis][first])]
    row = int(records.rows[np.flatnonzero(is_written)[0]])
    value: str = text_of(written.slice(row, 1))[0].as_py()
    return " ".join(value.split())


def _label_evidence(forms: Ints, labels: Labels) -> LabelEvidence:
    left, right = forms[labels.pairs.left], forms[labels.pairs.right]
    is_known, differs = (left >= 0) & (right >= 0), left != right
    variants, exacts = (is_known & (labels.relations == each) for each in (VARIANT, EXACT))
    return LabelEvidence(
        int(variants.sum()),
        int((variants & differs).sum()),
        int(exacts.sum()),
        int((exacts & differs).sum()),
    )


def _may_be_axis(column: Column, forms: Ints) -> bool:
    attribute = column.attribute
    if attribute.role == "axis":
        return True
    if attribute.role != "identity" or _concept(column) in ("title", "brand"):
        return False
    known = column.text.drop_null()
    n_spaces = pc.sum(pc.count_substring(known, " ")).as_py() or 0
    is_short = n_spaces + len(known) <= MOST_WORDS * len(known)
    n_distinct = len(np.unique(forms[forms >= 0]))
    is_few = n_distinct <= max(MOST_DISTINCT, len(known) / 2)
    return is_short and is_few and not is_description(attribute.name)


def _concept(column: Column) -> str:
    meaning = meaning_of(column.attribute.name)
    return meaning.concept if meaning else ""


def _forms(records: Records, column: Column) -> Ints:
    axis = column.attribute.axis
    return records.axis_values[axis] if axis else column.forms


def _marks(records: Records, column: Column) -> Bools:
    """Return which tokens of the titles are a value of the column, shape (n_terms,)."""
    title, axis = records.title, column.attribute.axis
    if axis:
        return np.asarray(title.axes & np.uint32(records.axis_bits([axis])) != 0)
    if column.tokens is not None:
        value = Rows(column.tokens.indptr, column.tokens.terms)
    else:
        value = _tokens(column.text, records.vocabulary.words)
    return np.asarray(mark_values(Rows(title.indptr, title.terms), [(0, value)]) != 0)


def _tokens(text: pa.StringArray, words: pa.StringArray) -> Rows:
    """Return the tokens of numbers and quantities, for which a column has none."""
    runs = split_tokens(spell(text))
    spelt = canonical(runs.words)
    terms = np.asarray(pc.index_in(spelt, value_set=words).fill_null(-1)).astype(np.int32)
    return Rows(runs.indptr, terms[runs.codes])


def find_word_evidence(records: Records) -> tuple[WordEvidence, ...]:
    """Return the words that near-identical titles differ in, the most frequent first.

    They may be values of an axis without a column. Words that are values of an axis already,
    model numbers, other numbers and rare words are left out.

    Parameters
    ----------
    records : Records
        The parsed records.
    """
    title, vocabulary = records.title, records.vocabulary
    owners = np.repeat(np.arange(title.n_records), np.diff(title.indptr))
    titles = _titles(records)
    is_free = (title.axes == 0) & (titles.numbers > 0)
    totals, n_left = titles.keys_without(~is_free)
    uses = np.bincount(title.terms, minlength=len(vocabulary.idf))
    is_plain = np.isin(vocabulary.kinds, (WORD, QUANTITY)) & (uses >= LEAST_USES)
    # Titles of a single word have nothing else in common.
    chosen = np.flatnonzero(is_free & is_plain[title.terms] & (n_left > 1)[owners])
    keys, terms = (totals[owners] - titles.numbers)[chosen], title.terms[chosen]
    keys, terms = _in_place_of_each_other(keys, terms, uses)
    counts = np.bincount(terms, minlength=len(vocabulary.idf))
    top = np.argsort(-counts, kind="stable")[:N_WORDS]
    return tuple(
        WordEvidence(
            vocabulary.words[int(term)].as_py(),
            int(counts[term]),
            _rivals(keys, terms, int(term), vocabulary.words),
        )
        for term in top
        if counts[term] >= LEAST_WORD_GROUPS
    )


def _in_place_of_each_other(keys: _Keys, terms: Ints, uses: Longs) -> tuple[_Keys, Ints]:
    """Return each term once under each key, where several terms have the key.

    Terms that are used far less often than another one of the key are left out.
    """
    order = np.lexsort((terms, keys))
    keys, terms = keys[order], terms[order]
    is_new = np.ones(len(keys), np.bool_)
    is_new[1:] = (keys[1:] != keys[:-1]) | (terms[1:] != terms[:-1])
    keys, terms = keys[is_new], terms[is_new]
    which = np.unique(keys, return_inverse=True)[1]
    most = np.zeros(int(which.max(initial=-1)) + 1, np.int64)
    np.maximum.at(most, which, uses[terms])
    is_meant = uses[terms] * SLIP >= most[which]
    is_shared = is_meant & (np.bincount(which[is_meant], minlength=len(most))[which] > 1)
    return keys[is_shared], terms[is_shared]


def _rivals(keys: _Keys, terms: Ints, term: int, words: pa.StringArray) -> tuple[str, ...]:
    others = terms[np.isin(keys, keys[terms == term]) & (terms != term)]
    counts = np.bincount(others)
    top = np.argsort(-counts, kind="stable")[:3]
    return tuple(words[int(other)].as_py() for other in top if counts[other])


def _random_numbers(n: int, seed: int) -> _Keys:
    return np.random.default_rng(seed).integers(1, 1 << 63, n, dtype=np.uint64)


def _sums(values: _Keys, indptr: Longs) -> _Keys:
    """Return the sum of the values of every record: equal for equal sets of random numbers."""
    totals = np.zeros(len(values) + 1, dtype=np.uint64)
    np.cumsum(values, out=totals[1:])
    return totals[indptr[1:]] - totals[indptr[:-1]]
