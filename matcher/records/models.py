"""Model numbers in squashed spelling: ``LX-43M``, ``lx43m`` and ``LX 43 M`` are one."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from matcher.records.hashing import hash_strings, powers
from matcher.records.quantities import parse_quantity
from matcher.records.terms import Rows, finish, indptr_of, sets_of
from matcher.records.tokens import Runs
from matcher.types import Ints, Terms

_SHORTEST = 4
_SHORTEST_DIGITS = 5
_LONGEST = 32
_WINDOWS = (2, 3, 4)
_JOINERS = re.compile(r"[-/._]")
# Resolutions, ordinals, decades, and "10-inch", "8-port": numbers that describe, not name.
_NO_MODEL = re.compile(r"\d+x\d+(x\d+)?|\d+(st|nd|rd|th|s)|\d{1,3}[-/.]?[a-z]{4,}|\d+[xp]|v\d.*")


def squash(value: str) -> str:
    """Return the letters and digits of `value` in lower case, joined.

    Examples
    --------
    >>> squash("LX-43 M")
    'lx43m'
    """
    return "".join(character for character in value.lower() if character.isalnum())


def models_in(run: str) -> list[str]:
    """Return the squashed model numbers that a joined run of letters and digits holds.

    Examples
    --------
    >>> models_in("lx-43m"), models_in("64gb"), models_in("dif04b1/wt55z")
    (['lx43m'], [], ['dif04b1', 'wt55z'])
    """
    parts = run.split("/")
    if len(parts) > 1 and all(_is_model(part) for part in parts):
        return [squash(part) for part in parts]
    return [squash(run)] if _is_model(run) else []


def _is_model(run: str) -> bool:
    plain = squash(run)
    if len(plain) > _LONGEST or len(plain) < _SHORTEST or plain.isalpha():
        return False
    if plain.isdigit():
        return run.isdigit() and len(run) >= _SHORTEST_DIGITS
    if _NO_MODEL.fullmatch(run):
        return False
    return not all(part.isdigit() or parse_quantity(part) for part in _JOINERS.split(run))


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
    owners, numbers, words = _written_together(joined, codes)
    known = pa.array(words, pa.string())
    apart = [_written_apart(runs, known) for runs in tokens]
    rows = sets_of(
        np.concatenate([owners, *(pair[0] for pair in apart)]),
        np.concatenate([numbers, *(pair[1] for pair in apart)]),
        n_records,
    )
    return finish(rows, len(words), is_set=True), known


def _written_together(
    joined: Sequence[Runs], codes: Sequence[pa.StringArray]
) -> tuple[Ints, Ints, list[str]]:
    words: dict[str, int] = {}
    owners, numbers = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for run in joined:
        encoded = run.pieces.dictionary_encode()
        found = [models_in(piece) for piece in encoded.dictionary.to_pylist()]
        owner = np.repeat(np.arange(len(run.indptr) - 1, dtype=np.int32), np.diff(run.indptr))
        _expand(np.asarray(encoded.indices), owner, found, words, owners, numbers)
    for column in codes:
        encoded = column.dictionary_encode()
        found = [_code_model(value) for value in encoded.dictionary.to_pylist()] + [[]]
        indices = np.asarray(encoded.indices.fill_null(len(found) - 1))
        _expand(indices, np.arange(len(column), dtype=np.int32), found, words, owners, numbers)
    return np.concatenate(owners), np.concatenate(numbers), list(words)


def _code_model(value: str) -> list[str]:
    plain = squash(value)
    has_digit = any(character.isdigit() for character in plain)
    return [plain] if has_digit and 3 <= len(plain) <= 24 and value.count(" ") <= 4 else []


def _expand(indices, owner, found, words, owners, numbers):  # type: ignore[no-untyped-def]
    counts = np.array([len(models) for models in found], dtype=np.int64)
    flat = [words.setdefault(model, len(words)) for models in found for model in models]
    starts = indptr_of(counts)
    for nth in range(int(counts.max(initial=0))):
        has = counts[indices] > nth
        owners.append(owner[has])
        numbers.append(np.array(flat, dtype=np.int32)[starts[indices[has]] + nth])


def _written_apart(tokens: Runs, known: pa.StringArray) -> tuple[Ints, Ints]:
    encoded = tokens.pieces.dictionary_encode()
    codes = np.asarray(encoded.indices)
    hashes = hash_strings(encoded.dictionary)[codes]
    lengths = np.diff(np.asarray(encoded.dictionary.buffers()[1]).view(np.int32))[codes]
    wanted = hash_strings(known)
    order = np.argsort(wanted)
    owners = np.repeat(np.arange(len(tokens.indptr) - 1, dtype=np.int32), np.diff(tokens.indptr))
    shift = powers(_LONGEST + 1)
    found_owners, found_numbers = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    total, length = hashes, lengths.astype(np.int64)
    for size in _WINDOWS:
        if len(hashes) < size or not len(known):
            break
        tail = slice(size - 1, None)
        fits = length[:-1] + lengths[tail] <= _LONGEST
        step = shift[np.minimum(lengths[tail], _LONGEST)]
        total, length = total[:-1] * step + hashes[tail], length[:-1] + lengths[tail]
        place = np.minimum(np.searchsorted(wanted[order], total), len(order) - 1)
        hit = fits & (wanted[order][place] == total) & (owners[: len(total)] == owners[tail])
        found_owners.append(owners[: len(total)][hit])
        found_numbers.append(order[place[hit]].astype(np.int32))
    return np.concatenate(found_owners), np.concatenate(found_numbers)
