"""Model numbers in squashed spelling: ``LX-43M``, ``lx43m`` and ``LX 43 M`` are one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.hashing import hash_strings
from matcher.records.joined import find_joined
from matcher.records.quantities import parse_quantity
from matcher.records.terms import Rows, finish, indptr_of, sets_of
from matcher.records.tokens import Runs
from matcher.records.units import BY_SPELLING
from matcher.types import Bools, Ints, Longs, Terms

_SHORTEST = 4
_SHORTEST_DIGITS = 5
LONGEST = 32
"""Bytes of a model number."""

_LONGEST_SUFFIX = 3
WINDOWS = (2, 3, 4)
"""Tokens of a model number that is written apart."""

_JOINERS = re.compile(r"[-/._]")
# Resolutions, ordinals, decades, versions, and "8-port", "3-way", "3-in-1": numbers that describe.
_NO_MODEL = re.compile(
    r"\d+x\d+(x\d+)?|\d+(st|nd|rd|th|s)|\d+[xpi]|v\d+(\.\d+)*|\d+-?in-?\d+|\d{1,4}[-/.]?[a-z]{4,}"
    r"|\d{1,3}[-/.]?(way|pin|box|cut|tab|cup|fps|mil|ply|set|row|bay|key|day|usb|dvd|dvi|hdd)"
)

_UNITS = "|".join(unit for unit in BY_SPELLING if unit.isascii())
_PLAIN = rf"^(?:[0-9a-z]{{{_SHORTEST},{LONGEST}}})$"
_NO_PLAIN = (
    rf"^(?:[a-z]*|[0-9]{{0,{_SHORTEST_DIGITS - 1}}}|[0-9]+(?:{_UNITS})|{_NO_MODEL.pattern})$"
)
# A run of these letters and digits is a model if it is nothing else.
_PARTED = r"^[a-z][0-9a-z]*[-._][0-9a-z]+$"
# So is one of two parts, such as "lx-43m", if it is long enough, has a digit, and is no version.
_NO_PARTED = rf"^(?:.{{0,{_SHORTEST}}}|.{{{LONGEST + 2},}}|[^0-9]*|{_NO_MODEL.pattern})$"
_NONE = (
    rf"^(?:[\x00-/:-\x7f]*|[0-9a-z]{{0,{_SHORTEST - 1}}}|[0-9]{{0,{_SHORTEST_DIGITS - 1}}}"
    rf"|[0-9]+(?:[-._][0-9]+)+|[0-9]{{1,6}}(?:\.[0-9]{{1,6}})?(?:{_UNITS})|{_NO_MODEL.pattern})$"
)
# Words, numbers, quantities and what describes: no models.


def squash(value: str) -> str:
    """Return the letters and digits of `value` in lower case, joined.

    Examples
    --------
    >>> squash("LX-43 M")
    'lx43m'
    """
    value = value.lower()
    return value if value.isalnum() else "".join(filter(str.isalnum, value))


def models_in(run: str) -> list[str]:
    """Return the squashed model numbers that a joined run of letters and digits holds.

    A slash separates models, or a model from a short suffix: then both spellings count.

    Examples
    --------
    >>> models_in("lx-43m"), models_in("64gb"), models_in("dif04b1/wt55z")
    (['lx43m'], [], ['dif04b1', 'wt55z'])
    >>> models_in("dsc-t110/r")
    ['dsct110', 'dsct110r']
    """
    parts = run.split("/")
    found = [squash(part) for part in parts if _is_model(part)]
    if len(parts) == 2 and len(found) == 1 and min(map(len, parts)) <= _LONGEST_SUFFIX:
        found.append(squash(run))
    return found


def _is_model(run: str) -> bool:
    plain = squash(run)
    if len(plain) > LONGEST or len(plain) < _SHORTEST or plain.isalpha():
        return False
    if plain.isdigit():
        return run.isdigit() and len(run) >= _SHORTEST_DIGITS
    if _NO_MODEL.fullmatch(run) or parse_quantity(plain):
        return False
    parts = _JOINERS.split(run)
    if all(part.isdigit() or parse_quantity(part) for part in parts):
        return False
    # "pant-32-blue" is prose with hyphens; a model mixes letters and digits in one part, has few
    # letters, or is one word and its number ("touring-3000").
    is_mixed = any(not part.isalpha() and not part.isdigit() for part in parts)
    return is_mixed or len(parts) == 2 or max(map(len, filter(str.isalpha, parts))) < 4


def find_models(
    joined: Sequence[Runs], tokens: Sequence[Runs], codes: Sequence[pa.StringArray], n_records: int
) -> tuple[Terms, pa.StringArray]:
    """Return the model numbers of every record, and their squashed spellings.

    Parameters
    ----------
    joined : Sequence[Runs]
        Joined runs of the identity text, from `split_joined`.
    tokens : Sequence[Runs]
        Tokens of the same text, for spellings with spaces; these count only where the squashed
        form is known from elsewhere in the catalogue.
    codes : Sequence[pa.StringArray]
        Normalised values of code columns such as the MPN, shape (n_records,) each.
    n_records : int
        Number of records.
    """
    owners, numbers, known = _written_together(joined, codes)
    apart = [_written_apart(runs, known) for runs in tokens]
    rows = sets_of(
        np.concatenate([owners, *(pair[0] for pair in apart)]),
        np.concatenate([numbers, *(pair[1] for pair in apart)]),
        n_records,
    )
    return finish(rows, len(known), is_set=True), known


@dataclass(frozen=True, slots=True)
class _Found:
    """Model numbers by record: `pieces` (n_pieces,) of `owners` have ``counts[piece]`` each."""

    owners: Ints
    pieces: Ints
    counts: Longs
    models: pa.StringArray

    def expand(self, numbers: Ints) -> Iterator[tuple[Ints, Ints]]:
        """Yield records and the numbers of their models, `numbers` being those of `models`."""
        starts = indptr_of(self.counts)
        for nth in range(int(self.counts.max(initial=0))):
            has = (self.counts > nth)[self.pieces]
            yield self.owners[has], numbers[starts[self.pieces[has]] + nth]


def _written_together(
    joined: Sequence[Runs], codes: Sequence[pa.StringArray]
) -> tuple[Ints, Ints, pa.StringArray]:
    found = [_Found(_owners(run), run.codes, *_models_of(run.words)) for run in joined]
    for column in codes:
        encoded = column.dictionary_encode()
        listed = [*map(code_models, encoded.dictionary.to_pylist()), []]
        counts, models = np.array([*map(len, listed)]), pa.array(chain(*listed), pa.string())
        indices = np.asarray(encoded.indices.fill_null(len(listed) - 1))
        found.append(_Found(np.arange(len(column), dtype=np.int32), indices, counts, models))
    every = pa.concat_arrays([pa.array([], pa.string()), *(each.models for each in found)])
    words = every.dictionary_encode()
    ends = np.cumsum([len(each.models) for each in found])[:-1]
    numbers = np.split(np.asarray(words.indices), ends) if found else []
    pairs = [(np.zeros(0, np.int32), np.zeros(0, np.int32))]
    for each, of_models in zip(found, numbers, strict=True):
        pairs += each.expand(of_models)
    owners, terms = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    return owners, terms, words.dictionary


def _models_of(pieces: pa.StringArray) -> tuple[Longs, pa.StringArray]:
    """Return how many models each of different runs holds, and these in the order of the runs.

    Most runs are a word, or a model and nothing else, which a regular expression tells.
    """
    plain = _matches(pieces, _PLAIN) & ~_matches(pieces, _NO_PLAIN)
    parted = _matches(pieces, _PARTED) & ~_matches(pieces, _NO_PARTED)
    is_model = plain | parted
    rest = np.flatnonzero(~is_model & ~_matches(pieces, _NONE))
    listed = [models_in(piece) for piece in pieces.take(pa.array(rest)).to_pylist()]
    counts = is_model.astype(np.int64)
    counts[rest] = [*map(len, listed)]
    chosen = np.repeat(np.arange(len(pieces)), counts)
    chosen[~is_model[chosen]] = len(pieces) + np.arange(int(counts[rest].sum()))
    squashed = pc.replace_substring_regex(pieces.filter(pa.array(parted)), "[-._]", "")
    pieces = pc.replace_with_mask(pieces, pa.array(parted), squashed)
    made = pa.array(chain(*listed), pa.string())
    return counts, pa.concat_arrays([pieces, made]).take(pa.array(chosen))


def _matches(pieces: pa.StringArray, pattern: str) -> Bools:
    return np.asarray(pc.match_substring_regex(pieces, pattern))


def _owners(runs: Runs) -> Ints:
    return np.repeat(np.arange(len(runs.indptr) - 1, dtype=np.int32), np.diff(runs.indptr))


def code_models(value: str) -> list[str]:
    """Return the squashed model number that a normalised code is, if it is one."""
    plain = squash(value)
    words = value.split()
    has_digit = any(character.isdigit() for character in plain)
    # "windows 7" and "ipad 10w usb power adapter" stand in such columns, too.
    is_prose = len(words) > 1 and any(word.isalpha() and len(word) > 3 for word in words)
    return [plain] if has_digit and 3 <= len(plain) <= 24 and not is_prose else []


def _written_apart(tokens: Runs, known: pa.StringArray) -> tuple[Ints, Ints]:
    wanted = dict.fromkeys(WINDOWS, hash_strings(known))
    found = [*find_joined(Rows(tokens.indptr, tokens.codes), tokens.words, wanted, LONGEST)]
    owners = np.concatenate([records for records, _, _ in found])
    return owners, np.concatenate([numbers for _, _, numbers in found]).astype(np.int32)
