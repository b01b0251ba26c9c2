"""What the values of a column look like, from a sample spread over all rows."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.records.codes import parse_gtins
from matcher.records.frames import text_of
from matcher.records.missing import blank_missing
from matcher.records.quantities import parse_quantity
from matcher.records.tokens import spell, split_tokens

SAMPLE = 2000

_SIGNS = "$€£¥₹₽₩₺₴₪฿₫"
_WORDS = r"[A-Za-z]{3}|zł|kč|\u0440\u0443\u0431\.?|\u0433\u0440\u043d\.?"
_NUMBER = re.compile(
    rf"\s*[-+]?[{_SIGNS}]?\s*\d[\d.,' ]*(e[-+]?\d+)?\s*([{_SIGNS}%元円원]|{_WORDS})?\s*",
    re.IGNORECASE,
)
_URL = re.compile(r"\s*(https?:)?//\S+|\s*www\.\S+", re.IGNORECASE)
_IMAGE = re.compile(r"\S+\.(jpe?g|png|webp|gif|avif|bmp|tiff?)([?#]\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Profile:
    """Figures of a column; all shares are of the known values in the sample.

    Attributes
    ----------
    fill : float
        Share of rows with a known value.
    known : pa.StringArray
        Known values, of all rows.
    mean_length, mean_words : float
        Characters and words of a value.
    numbers, gtins, urls, images, quantities : float
        Shares of values of that form.
    dimension : str
        What most of the quantities measure, empty where there are none.
    examples : tuple[str, ...]
        Up to three different values.
    """

    fill: float
    known: pa.StringArray
    mean_length: float
    mean_words: float
    numbers: float
    gtins: float
    urls: float
    images: float
    quantities: float
    dimension: str
    examples: tuple[str, ...]

    @property
    def n_known(self) -> int:
        """Known values, of all rows."""
        return len(self.known)

    @property
    def n_unique(self) -> int:
        """Distinct known values, of all rows: counted where they are asked for, it takes long."""
        return len(pc.unique(self.known))  # twice as fast as pc.count_distinct

    @property
    def unique_share(self) -> float:
        """Distinct values per known value."""
        return self.n_unique / max(self.n_known, 1)


def profile_column(column: pa.ChunkedArray) -> Profile:
    """Return the profile of a column of any type."""
    known = blank_missing(text_of(column)).drop_null()
    step = max(1, len(known) // SAMPLE)
    sample = known.take(pa.array(np.arange(0, len(known), step)[:SAMPLE])).to_pylist()
    short = [value[:2000] for value in sample]
    n = max(len(short), 1)
    dimensions = _dimensions(short)
    return Profile(
        fill=len(known) / max(len(column), 1),
        known=known,
        mean_length=sum(map(len, short)) / n,
        mean_words=sum(len(value.split()) for value in short) / n,
        numbers=sum(_NUMBER.fullmatch(value) is not None for value in short) / n,
        gtins=_share_of_gtins(short),
        urls=sum(_URL.match(value) is not None for value in short) / n,
        images=sum(_IMAGE.fullmatch(value.strip().split(" ")[0]) is not None for value in short)
        / n,
        quantities=dimensions.total() / n,
        dimension=max(dimensions, key=lambda name: (dimensions[name], name), default=""),
        examples=tuple(list(dict.fromkeys(short))[:3]),
    )


def _share_of_gtins(values: list[str]) -> float:
    # Eight digits and fewer pass the check by chance too often to tell anything.
    long = pa.array([value for value in values if len(value) >= 10], pa.string())
    n_invalid: int = parse_gtins(long)[0].null_count
    return (len(long) - n_invalid) / max(len(values), 1)


def _dimensions(values: list[str]) -> Counter[str]:
    """Return how many values begin with a quantity, by its dimension."""
    short = pa.array([value.lower() if len(value) <= 40 else "" for value in values], pa.string())
    runs = split_tokens(spell(short))
    firsts = runs.indptr[:-1][np.diff(runs.indptr) > 0]
    found = [parse_quantity(piece) for piece in runs.pieces.take(pa.array(firsts)).to_pylist()]
    return Counter(quantity.unit.dimension for quantity in found if quantity)
