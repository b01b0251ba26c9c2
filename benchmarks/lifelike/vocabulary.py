"""The words of the lifelike catalogues, as tables that arrays of numbers are looked up in."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.types import Longs

N_FACTS = 3
N_BRANDS = 8000
N_LINES = 17_000
ONSETS = (
    *("b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z"),
    *("br", "ch", "cl", "dr", "fl", "gr", "kr", "pl", "pr", "sh", "sk", "st", "th", "tr"),
)
SYLLABLES = np.array([onset + vowel for onset in ONSETS for vowel in "aeiou"])
N_SYLLABLES = len(SYLLABLES)
CODAS = ("", "x", "n", "s", "r", "l")
SPREAD = 2_654_435_761  # a prime: multiplying by it leads neighbours far apart, and no two to one


@dataclass(frozen=True, slots=True)
class Words:
    """Lists of words, one for each kind of goods, laid end to end.

    Attributes
    ----------
    texts : pa.StringArray
        All of them.
    starts, counts : Longs
        Shape (n_goods,): where the list of each kind begins, and how many it has.
    """

    texts: pa.StringArray
    starts: Longs
    counts: Longs

    @staticmethod
    def of(lists: Iterable[Iterable[str]]) -> "Words":
        """Lay lists end to end."""
        kept = [list(each) for each in lists]
        counts = np.array([len(each) for each in kept], np.int64)
        texts = pa.array([text for each in kept for text in each], pa.string())
        return Words(texts, np.cumsum(counts) - counts, counts)

    def take(self, goods: Longs, numbers: Longs) -> pa.StringArray:
        """Return a word each, of the lists of `goods`; numbers past the end begin anew."""
        return self.texts.take(pa.array(self.starts[goods] + numbers % self.counts[goods]))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is sold, and how sellers call it.

    Attributes
    ----------
    names, editions : Words
        What goods are called, and words in which siblings differ.
    shelves : Words
        Departments, one for each kind of goods.
    amounts : tuple[Words, ...]
        The same amounts in three spellings.
    facts : tuple[tuple[Words, Words], ...]
        What is said of them, in long and in short.
    options : tuple[Words, Words]
        Colors or sizes, in long and in short.
    is_numbered : np.ndarray
        Shape (n_goods,): whether they have model numbers.
    prices : np.ndarray
        Shape (n_goods, 2): the lowest and the highest.
    praise, companies : pa.StringArray
        What sellers add to titles, and to brands.
    brands, lines : pa.StringArray
        Made-up names.
    """

    names: Words
    editions: Words
    shelves: Words
    amounts: tuple[Words, ...]
    facts: tuple[tuple[Words, Words], ...]
    options: tuple[Words, Words]
    is_numbered: np.ndarray
    prices: np.ndarray
    praise: pa.StringArray
    companies: pa.StringArray
    brands: pa.StringArray
    lines: pa.StringArray


@cache
def read_vocabulary() -> Vocabulary:
    """Read ``goods.toml``, and make up brands and lines."""
    said = tomllib.loads((Path(__file__).parent / "goods.toml").read_text(encoding="utf-8"))
    goods = list(said["goods"].values())
    options = [said["options"][each["options"]] for each in goods]
    coda = np.arange(N_BRANDS) % len(CODAS)
    return Vocabulary(
        names=Words.of(each["names"] for each in goods),
        editions=Words.of(each.get("editions", [""]) for each in goods),
        shelves=Words.of([each["shelf"]] for each in goods),
        amounts=tuple(
            Words.of(spell_amounts(each["amounts"], way) for each in goods) for way in range(3)
        ),
        facts=tuple(_long_and_short(each["facts"][at] for each in goods) for at in range(N_FACTS)),
        options=_long_and_short(options),
        is_numbered=np.array(["editions" not in each for each in goods]),
        prices=np.array([each["price"] for each in goods], np.float64),
        praise=pa.array(said["sellers"]["praise"]),
        companies=pa.array(said["sellers"]["companies"]),
        brands=pc.binary_join_element_wise(
            invent_names(np.arange(1, N_BRANDS + 1), 2), pa.array(CODAS).take(pa.array(coda)), ""
        ),
        lines=invent_names(np.arange(N_LINES) + N_BRANDS + 1, 2),
    )


def _long_and_short(lists: Iterable[Iterable[str]]) -> tuple[Words, Words]:
    parted = [[text.split("|") for text in each] for each in lists]
    return (
        Words.of([text[0] for text in each] for each in parted),
        Words.of([text[-1] for text in each] for each in parted),
    )


def spell_amounts(amounts: str, way: int) -> list[str]:
    """Return amounts, the unit behind them, as sellers of one of three ways write them.

    Examples
    --------
    >>> [spell_amounts("8 16 GB", way) for way in range(3)]
    [['8GB', '16GB'], ['8 GB', '16 GB'], ['8gb', '16gb']]
    """
    *values, unit = amounts.split()
    units = ('"', " inch", "in") if unit == "inch" else (unit, f" {unit}", unit.lower())
    return [value + units[way] for value in values]


def invent_names(numbers: Longs, n_syllables: int) -> pa.StringArray:
    """Return a name for each number below ``N_SYLLABLES**n_syllables``, no two alike.

    Examples
    --------
    >>> invent_names(np.array([0, 1, 2]), 2).to_pylist()
    ['Baba', 'Skowe', 'Plibi']
    """
    n_names = N_SYLLABLES**n_syllables
    rest = numbers * SPREAD % n_names
    names = np.array([""])
    for _ in range(n_syllables):
        names = np.char.add(SYLLABLES[rest % N_SYLLABLES], names)
        rest = rest // N_SYLLABLES
    return pa.array(np.char.capitalize(names).tolist(), pa.string())
