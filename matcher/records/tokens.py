"""Cut text into tokens, and number them in one vocabulary for all columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.records.hashing import byte_view
from matcher.records.quantities import UNITS, join_units, parse_quantity, quantities_among
from matcher.records.terms import Rows, indptr_of
from matcher.records.text import replace_where
from matcher.types import MODEL, NUMBER, QUANTITY, WORD, Ints

_BYTES = np.arange(256)
_IS_DIGIT = np.isin(_BYTES, np.frombuffer(b"0123456789", np.uint8))
_IS_LETTER = (_BYTES > 0x7F) | np.isin(_BYTES | 0x20, np.arange(ord("a"), ord("z") + 1))
_IS_ALNUM = _IS_DIGIT | _IS_LETTER
_MARGIN = 4
_FRACTIONS = (("1/2", ".5"), ("1/4", ".25"), ("3/4", ".75"))


@dataclass(frozen=True, slots=True)
class Runs:
    """Pieces of text, as strings.

    Attributes
    ----------
    indptr : NDArray[np.int64]
        Shape (n_records + 1,).
    pieces : pa.StringArray
        Shape (n_pieces,), in the order of the text.
    """

    indptr: NDArray[np.int64]
    pieces: pa.StringArray


def spell(text: pa.StringArray) -> pa.StringArray:
    """Return normalised text with units joined to their numbers, no apostrophes, "+" spelt out.

    "S21+" is the S21 Plus and no S21; "8GB+128GB" is a list; "8 1/2" is 8.5.
    """
    if not pc.any(pc.match_substring_regex(text, r"[0-9'+]|oz|cu")).as_py():
        return text  # colors and brands: a search would spend most of its time on all patterns
    for needle, pattern, replacement in spelling_steps():
        text = replace_where(text, needle, pattern, replacement)
    return join_units(text)


def spelling_steps() -> tuple[tuple[str, str, str], ...]:
    """Return what `spell` replaces before units: what must occur, the pattern, the replacement."""
    fractions = (
        (fraction, rf"\b(\d{{1,3}})[ -]{fraction}\b", rf"\1{decimals}")
        for fraction, decimals in _FRACTIONS
    )
    plus = (r"\+", r"([\pL\pN])\+([^\pL\pN]|$)", r"\1 plus \2")
    return (("'", r"(\pL)'(\pL)", r"\1\2"), *fractions, plus)


def split_tokens(text: pa.StringArray) -> Runs:
    """Return maximal runs of letters and digits, decimals kept together.

    Examples
    --------
    >>> split_tokens(pa.array(["15,6 inch lx-43m, 1,500 w v2.0", None])).pieces.to_pylist()
    ['15.6', 'inch', 'lx', '43m', '1500', 'w', 'v2.0']
    """
    data, offsets = _padded_bytes(text)
    digit = _IS_DIGIT[data]
    between = _shift(digit, -1) & _shift(digit, 1)
    point = between & (data == ord("."))
    comma = between & (data == ord(","))
    thousands = comma & _shift(digit, 2) & _shift(digit, 3) & ~_shift(digit, 4) & ~_shift(digit, -4)
    data = np.where(comma, np.uint8(ord(".")), data)
    return _collect(data, offsets, _IS_ALNUM[data] | point | comma, dropped=thousands)


def split_joined(text: pa.StringArray) -> Runs:
    """Return runs of letters and digits that single hyphens, slashes, points or _ may join.

    Examples
    --------
    >>> split_joined(pa.array(["sony lx-43m/b (new)"])).pieces.to_pylist()
    ['sony', 'lx-43m/b', 'new']
    """
    data, offsets = _padded_bytes(text)
    alnum = _IS_ALNUM[data]
    joiner = np.isin(data, np.frombuffer(b"-/._", np.uint8))
    inside = alnum | (joiner & _shift(alnum, -1) & _shift(alnum, 1))
    return _collect(data, offsets, inside, dropped=None)


def _padded_bytes(text: pa.StringArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    text = text.fill_null("")
    if not pc.all(pc.string_is_ascii(text)).as_py():
        text = pc.replace_substring_regex(text, pattern=r"[^\pL\pN\pM\x00-\x7f]", replacement=" ")
    # A space after every value keeps the runs of neighbours apart.
    data, offsets = byte_view(pc.binary_join_element_wise(text, pa.scalar(""), " "))
    margin = np.full(_MARGIN, ord(" "), np.uint8)
    return np.concatenate([margin, data, margin]), offsets + _MARGIN


def _shift(flags: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    # The margins hold no flag, so what roll carries around the ends is False.
    return np.roll(flags, -by)


def _collect(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    inside: NDArray[np.bool_],
    dropped: NDArray[np.bool_] | None,
) -> Runs:
    starts = np.flatnonzero(inside & ~_shift(inside, -1))
    lengths = np.flatnonzero(inside & ~_shift(inside, 1)) + 1 - starts
    if dropped is not None and dropped.any():
        run = np.searchsorted(starts, np.flatnonzero(dropped), "right") - 1
        lengths -= np.bincount(run, minlength=len(starts))
        inside = inside & ~dropped
    pieces = pa.StringArray.from_buffers(
        len(starts),
        pa.py_buffer(indptr_of(lengths).astype(np.int32)),
        pa.py_buffer(data[inside]),
    )
    return Runs(np.searchsorted(starts, offsets), pieces)


def concatenate_runs(parts: Sequence[Runs]) -> Runs:
    """Return the runs of consecutive chunks of records as one."""
    counts = np.concatenate([np.diff(part.indptr) for part in parts])
    return Runs(indptr_of(counts), pa.concat_arrays([part.pieces for part in parts]))


def take_runs(runs: Runs, records: Ints) -> Runs:
    """Return the runs of records, each as often as it is named."""
    counts = np.diff(runs.indptr)[records]
    indptr = indptr_of(counts)
    places = np.arange(indptr[-1]) + np.repeat(runs.indptr[records] - indptr[:-1], counts)
    return Runs(indptr, runs.pieces.take(pa.array(places)))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The distinct tokens of all columns.

    Attributes
    ----------
    words : list[str]
        Canonical tokens; the position is the term number.
    kinds : NDArray[np.uint8]
        Shape (n_vocabulary,): as in `Vocabulary.kinds`.
    """

    words: list[str]
    kinds: NDArray[np.uint8]


def number_tokens(runs: Sequence[Runs]) -> tuple[list[Rows], Lexicon]:
    """Return the tokens of several columns as term numbers of one lexicon."""
    chunks = pa.chunked_array([run.pieces for run in runs], type=pa.string()).dictionary_encode()
    # Arrow drops empty chunks, so the codes are joined and cut again.
    chunks = chunks.unify_dictionaries().chunks
    raw = chunks[0].dictionary if chunks else pa.array([], pa.string())
    spelled = canonical(raw).dictionary_encode()
    words, remap = spelled.dictionary, np.asarray(spelled.indices)
    codes = np.concatenate(
        [np.zeros(0, np.int32), *(np.asarray(chunk.indices) for chunk in chunks)]
    )
    ends = np.cumsum([len(run.pieces) for run in runs])[:-1]
    terms = np.split(remap[codes], ends) if runs else []
    rows = [Rows(run.indptr, part) for run, part in zip(runs, terms, strict=True)]
    return rows, Lexicon(words.to_pylist(), _kinds(words))


def canonical(words: pa.StringArray) -> pa.StringArray:
    """Return the spellings under which tokens are counted: ``3liters`` is ``3l``."""
    found = quantities_among(words.to_pylist())
    is_quantity = np.zeros(len(words), dtype=np.bool_)
    is_quantity[list(found)] = True
    tokens = pa.array([quantity.token for quantity in found.values()], pa.string())
    return pc.replace_with_mask(words, pa.array(is_quantity), tokens)


def _kinds(words: pa.StringArray) -> NDArray[np.uint8]:
    """Return the kinds of canonical tokens: those of most are told by their letters and digits."""
    kinds = np.where(np.asarray(pc.match_substring_regex(words, "[0-9]")), MODEL, WORD)
    is_special = pc.match_substring_regex(words, rf"[^0-9a-z]|^[0-9]+(?:{UNITS})?$")
    for place in np.flatnonzero(np.asarray(is_special)).tolist():
        kinds[place] = kind_of(words[place].as_py())
    return kinds.astype(np.uint8)


_NUMBER = re.compile(r"\d+(\.\d+)*")


def kind_of(word: str) -> int:
    """Return the kind of a canonical token.

    Examples
    --------
    >>> [kind_of(word) for word in ("lcd", "15.6", "64gb", "lx43m", "121066")]
    [0, 1, 2, 3, 3]
    """
    if word.isalpha():
        return WORD
    if _NUMBER.fullmatch(word):
        return MODEL if len(word) >= 5 and word.isdigit() else NUMBER
    if parse_quantity(word):
        return QUANTITY
    has_digit = any(character.isdigit() for character in word)
    return MODEL if has_digit else WORD
