"""Cut text into tokens, and number them in one vocabulary for all columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.records.hashing import byte_view
from matcher.records.needles import DIGIT, NOT_ASCII, Needle, find_holding, literal
from matcher.records.quantities import Quantity, join_units, parse_quantity, quantities_among
from matcher.records.terms import Rows, indptr_of
from matcher.records.text import replace_where
from matcher.records.unspaced import cut_runs
from matcher.types import MODEL, NUMBER, QUANTITY, WORD, Bools, Ints, Longs

_MARGIN = 4
SPELT: tuple[Needle, ...] = ((DIGIT + b"'+",), literal("oz"), literal("cu"))
"""What text must hold of, one or another, for `spell` to change it."""

_FRACTIONS = (("1/2", ".5"), ("1/4", ".25"), ("3/4", ".75"))


@dataclass(frozen=True, slots=True)
class Runs:
    """Pieces of text, each different one written once.

    Attributes
    ----------
    indptr : NDArray[np.int64]
        Shape (n_records + 1,).
    codes : Ints
        Shape (n_pieces,), in the order of the text: positions in `words`.
    words : pa.StringArray
        The different pieces, in the order in which they first occur.
    """

    indptr: NDArray[np.int64]
    codes: Ints
    words: pa.StringArray

    @property
    def pieces(self) -> pa.StringArray:
        """The pieces as strings, shape (n_pieces,)."""
        return self.words.take(pa.array(self.codes))


def spell(text: pa.StringArray) -> pa.StringArray:
    """Return normalised text with units joined to their numbers, no apostrophes, "+" spelt out.

    "S21+" is the S21 Plus and no S21; "8GB+128GB" is a list; "8 1/2" is 8.5.
    """
    if not any(len(find_holding(text, needle)) for needle in SPELT):
        return text  # colors and brands
    for needle, pattern, replacement in spelling_steps():
        text = replace_where(text, needle, pattern, replacement)
    return join_units(text)


def spelling_steps() -> tuple[tuple[Needle, str, str], ...]:
    """Return what `spell` replaces before units: what must occur, the pattern, the replacement."""
    fractions = (
        (literal(fraction), rf"\b(\d{{1,3}})[ -]{fraction}\b", rf"\1{decimals}")
        for fraction, decimals in _FRACTIONS
    )
    plus = (literal("+"), r"([\pL\pN])\+([^\pL\pN]|$)", r"\1 plus \2")
    return ((literal("'"), r"(\pL)'(\pL)", r"\1\2"), *fractions, plus)


def split_tokens(text: pa.StringArray) -> Runs:
    """Return maximal runs of letters and digits, decimals kept together.

    Examples
    --------
    >>> split_tokens(pa.array(["15,6 inch lx-43m, 1,500 w v2.0", None])).pieces.to_pylist()
    ['15.6', 'inch', 'lx', '43m', '1500', 'w', 'v2.0']
    """
    data, offsets = _padded_bytes(text)
    marks = np.flatnonzero((data == ord(".")) | (data == ord(",")))
    marks = marks[_is_digit(data[marks - 1]) & _is_digit(data[marks + 1])]
    commas = marks[data[marks] == ord(",")]
    is_digit = [_is_digit(data[commas + step]) for step in (2, 3, 4, -4)]
    thousands = commas[is_digit[0] & is_digit[1] & ~is_digit[2] & ~is_digit[3]]
    data[commas] = ord(".")
    return _cut(_collect(data, offsets, marks, dropped=thousands))


def split_joined(text: pa.StringArray) -> Runs:
    """Return runs of letters and digits that single hyphens, slashes, points or _ may join.

    Examples
    --------
    >>> split_joined(pa.array(["sony lx-43m/b (new)"])).pieces.to_pylist()
    ['sony', 'lx-43m/b', 'new']
    """
    data, offsets = _padded_bytes(text)
    # Of the signs from "-" to "/" and "_".
    joiners = np.flatnonzero((data - np.uint8(ord("-")) < 3) | (data == ord("_")))
    joiners = joiners[_is_alnum(data[joiners - 1]) & _is_alnum(data[joiners + 1])]
    return _collect(data, offsets, joiners, dropped=joiners[:0])


def _padded_bytes(text: pa.StringArray) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    text = text.fill_null("")
    if not pc.all(pc.string_is_ascii(text)).as_py():
        text = pc.replace_substring_regex(text, pattern=r"[^\pL\pN\pM\x00-\x7f]", replacement=" ")
    # A space after every value keeps the runs of neighbours apart.
    data, offsets = byte_view(pc.binary_join_element_wise(text, pa.scalar(""), " "))
    margin = np.full(_MARGIN, ord(" "), np.uint8)
    return np.concatenate([margin, data, margin]), offsets + _MARGIN


def _is_digit(data: NDArray[np.uint8]) -> Bools:
    # Bytes below "0" wrap around to large ones; a table would be ten times as slow.
    is_digit: Bools = data - np.uint8(ord("0")) < 10
    return is_digit


def _is_alnum(data: NDArray[np.uint8]) -> Bools:
    is_letter = (data | np.uint8(0x20)) - np.uint8(ord("a")) < 26
    alnum: Bools = _is_digit(data) | is_letter | (data > 0x7F)
    return alnum


def _collect(
    data: NDArray[np.uint8], offsets: NDArray[np.int64], marks: Longs, dropped: Longs
) -> Runs:
    """Return the runs of letters, digits and marks, but for the marks that are dropped."""
    inside = _is_alnum(data)
    inside[marks] = True
    # The margins are outside, so that bounds are starts and ends in turn.
    bounds = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    starts, ends = bounds[::2], bounds[1::2]
    lengths = ends - starts
    if len(dropped):
        run = np.searchsorted(starts, dropped, "right") - 1
        lengths -= np.bincount(run, minlength=len(starts))
        inside[dropped] = False
    pieces = pa.StringArray.from_buffers(
        len(starts),
        pa.py_buffer(indptr_of(lengths).astype(np.int32)),
        pa.py_buffer(data.compress(inside)),
    ).dictionary_encode()
    return Runs(np.searchsorted(starts, offsets), np.asarray(pieces.indices), pieces.dictionary)


def _cut(runs: Runs) -> Runs:
    """Return runs in which those of scripts without spaces are cut into pieces."""
    places, cut = cut_runs(runs.words)
    if not places:
        return runs
    pieces: list[list[str]] = [[word] for word in runs.words.to_pylist()]
    for place, parts in zip(places, cut, strict=True):
        pieces[place] = parts
    starts = indptr_of(np.array([len(parts) for parts in pieces]))
    flat = pa.array([piece for parts in pieces for piece in parts]).dictionary_encode()
    of_words = Rows(starts, np.asarray(flat.indices)).take(runs.codes.astype(np.int64))
    return Runs(of_words.indptr[runs.indptr], of_words.terms, flat.dictionary)


def concatenate_runs(parts: Sequence[Runs]) -> Runs:
    """Return the runs of consecutive chunks of records as one."""
    counts = np.concatenate([np.diff(part.indptr) for part in parts])
    codes, words = merge_codes(parts)
    return Runs(indptr_of(counts), np.concatenate(codes), words)


def merge_codes(parts: Sequence[Runs]) -> tuple[list[Ints], pa.StringArray]:
    """Return the codes of the pieces of each part in words of all parts, and these words."""
    every = pa.concat_arrays([pa.array([], pa.string()), *(part.words for part in parts)])
    merged = every.dictionary_encode()
    ends = np.cumsum([len(part.words) for part in parts])
    numbers = np.split(np.asarray(merged.indices), ends[:-1])
    codes = [number[part.codes] for number, part in zip(numbers, parts, strict=False)]
    return codes, merged.dictionary


def take_runs(runs: Runs, records: Ints) -> Runs:
    """Return the runs of records, each as often as it is named."""
    counts = np.diff(runs.indptr)[records]
    indptr = indptr_of(counts)
    places = np.arange(indptr[-1]) + np.repeat(runs.indptr[records] - indptr[:-1], counts)
    return Runs(indptr, runs.codes[places], runs.words)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The distinct tokens of all columns.

    Attributes
    ----------
    words : list[str]
        Canonical tokens; the position is the term number.
    kinds : NDArray[np.uint8]
        Shape (n_vocabulary,): as in `Vocabulary.kinds`.
    quantities : Mapping[int, Quantity]
        The terms that are quantities, ascending, and what they are.
    """

    words: list[str]
    kinds: NDArray[np.uint8]
    quantities: Mapping[int, Quantity]


def number_tokens(runs: Sequence[Runs]) -> tuple[list[Rows], Lexicon]:
    """Return the tokens of several columns as term numbers of one lexicon."""
    codes, raw = merge_codes(runs)
    found = quantities_among(raw)
    spelled = _spell_quantities(raw, found).dictionary_encode()
    words, remap = spelled.dictionary, np.asarray(spelled.indices)
    rows = [Rows(run.indptr, remap[part]) for run, part in zip(runs, codes, strict=True)]
    places = np.unique(remap[list(found)])
    parsed = zip(
        places.tolist(), map(parse_quantity, words.take(pa.array(places)).to_pylist()), strict=True
    )
    quantities = {place: quantity for place, quantity in parsed if quantity}
    return rows, Lexicon(words.to_pylist(), _kinds(words, quantities), quantities)


def canonical(words: pa.StringArray) -> pa.StringArray:
    """Return the spellings under which tokens are counted: ``3liters`` is ``3l``."""
    return _spell_quantities(words, quantities_among(words))


def _spell_quantities(words: pa.StringArray, found: Mapping[int, Quantity]) -> pa.StringArray:
    is_quantity = np.zeros(len(words), dtype=np.bool_)
    is_quantity[list(found)] = True
    tokens = pa.array([quantity.token for quantity in found.values()], pa.string())
    return pc.replace_with_mask(words, pa.array(is_quantity), tokens)


def _kinds(words: pa.StringArray, quantities: Mapping[int, Quantity]) -> NDArray[np.uint8]:
    """Return the kinds of canonical tokens: those of most are told by their letters and digits."""
    kinds = np.where(np.asarray(pc.match_substring_regex(words, "[0-9]")), MODEL, WORD)
    kinds[list(quantities)] = QUANTITY
    kinds[np.asarray(pc.match_substring_regex(words, r"^(?:[0-9]{1,4}|[0-9]+(?:\.[0-9]+)+)$"))] = (
        NUMBER
    )
    for place in find_holding(words, (NOT_ASCII,)).tolist():
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
