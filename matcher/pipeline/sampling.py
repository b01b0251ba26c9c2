"""Draw pairs of a result for people to label, so that its quality can be estimated from them."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.labelling import count_pairs_inside, draw_pairs, pairs_inside
from matcher.output import MatchResult, State, read_state
from matcher.pipeline.reopening import Reopened, reopen
from matcher.types import DIFFERENT, EXACT, VARIANT, Bools, Longs

if TYPE_CHECKING:
    import pandas as pd

MOST_INSIDE = 5_000_000
"""Pairs inside families of which those that were never compared are looked for: some 1 GB."""

LONGEST_TITLE = 300
"""Characters of a title in the file for people."""

_FORMULA = ("=", "+", "-", "@")  # what a spreadsheet would calculate


@dataclass(frozen=True, slots=True)
class Population:
    """The pairs that a sample is drawn from, and that an estimate is about.

    Attributes
    ----------
    left, right : Longs
        Shape (n_pairs,): rows; the smaller one first.
    relations : NDArray[np.int8]
        Shape (n_pairs,): what the groups make of each pair.
    judged : NDArray[np.int8]
        Shape (n_pairs,): what was said of the pair itself, before grouping.
    probabilities : NDArray[np.float64]
        Shape (n_pairs, 3); NaN for pairs inside a family that were never compared.
    """

    left: Longs
    right: Longs
    relations: NDArray[np.int8]
    judged: NDArray[np.int8]
    probabilities: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.left)

    def keys(self) -> Longs:
        """Return one number for each pair."""
        return (self.left << 32) | self.right


def sample(
    result: MatchResult | str | PathLike[str], n: int = 200, seed: int = 0
) -> "pd.DataFrame":
    """Draw pairs of a result for a person to label.

    `estimate` tells from the answers how good this result is, and how good a later one of the same
    catalogue is. Drawn are pairs that were compared and pairs inside one family, from strata of
    what the result makes of them and how likely the model thinks that wrong.

    Parameters
    ----------
    result : MatchResult or path
        A result, or the folder that one was written into.
    n : int
        How many pairs.
    seed : int
        Of the draws.

    Returns
    -------
    pd.DataFrame
        ``left_id, right_id, relation, left_title, right_title, stratum, stratum_pairs``, in random
        order; ``relation`` is empty, for the answers.  The result's own opinion is not in it.

    Raises
    ------
    RecordsError
        The folder holds no result.
    """
    import pandas as pd

    opened = reopen(result)
    population = population_of(opened, state_of(result))
    drawn = draw_pairs(population.relations, population.probabilities, n, seed)
    sides = {"left": population.left[drawn.places], "right": population.right[drawn.places]}
    titles = _titles(opened)
    names = np.array(drawn.names, dtype=object)
    return pd.DataFrame(
        {
            **{f"{side}_id": opened.names[rows] for side, rows in sides.items()},
            "relation": "",
            **{f"{side}_title": titles[rows] for side, rows in sides.items()},
            "stratum": names[drawn.stratum],
            "stratum_pairs": drawn.sizes[drawn.stratum],
        }
    )


def state_of(result: MatchResult | str | PathLike[str]) -> State:
    """Return what was said of the pairs of a result, or of its folder."""
    return result.state() if isinstance(result, MatchResult) else read_state(Path(result))


def population_of(opened: Reopened, state: State) -> Population:
    """Return the pairs that were compared, and those inside a family that were not."""
    match, family = numbers_of(opened.match), numbers_of(opened.family)
    left, right = np.minimum(state.left, state.right), np.maximum(state.left, state.right)
    more_left, more_right = _never_compared(opened, family, (left << 32) | right)
    ends = (np.concatenate([left, more_left]), np.concatenate([right, more_right]))
    said, n_more = state.said[0], len(more_left)
    return Population(
        left=ends[0],
        right=ends[1],
        relations=relations_in(match, family, *ends),
        judged=np.concatenate([said.relations, np.full(n_more, DIFFERENT)]).astype(np.int8),
        probabilities=np.concatenate(
            [np.asarray(said.probabilities, np.float64), np.full((n_more, 3), np.nan)]
        ),
    )


def numbers_of(names: NDArray[np.object_]) -> Longs:
    """Return a number for each name, the same for the same name."""
    return np.asarray(pc.dictionary_encode(pa.array(names, pa.string())).indices, np.int64)


def relations_in(match: Longs, family: Longs, left: Longs, right: Longs) -> NDArray[np.int8]:
    """Return what groups make of pairs of rows."""
    related = np.where(family[left] == family[right], VARIANT, DIFFERENT)
    return np.where(match[left] == match[right], EXACT, related).astype(np.int8)


def _never_compared(opened: Reopened, family: Longs, known: Longs) -> tuple[Longs, Longs]:
    """Return the pairs inside one family that are not among the `known` keys."""
    if count_pairs_inside(family) > MOST_INSIDE:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    left, right = pairs_inside(family)
    left, right = np.minimum(left, right), np.maximum(left, right)
    is_new: Bools = ~np.isin((left << 32) | right, known)
    if opened.catalogue.is_link:
        is_new &= opened.catalogue.parts[left] != opened.catalogue.parts[right]
    return left[is_new], right[is_new]


def _titles(opened: Reopened) -> NDArray[np.object_]:
    """Return the title of each row, safe to open in a spreadsheet."""
    table: Any = opened.catalogue.table
    columns = [
        name for name in opened.run["concepts"].get("title", []) if name in table.column_names
    ]
    if not columns:
        return np.full(table.num_rows, "", dtype=object)
    texts = pc.coalesce(*(pc.cast(table[name], pa.string()) for name in columns), "").to_pylist()
    return np.array([_plain(text) for text in texts], dtype=object)


def _plain(text: str) -> str:
    """Return a title as one short line that no spreadsheet takes for a formula.

    Examples
    --------
    >>> _plain("=SUM(A1)"), _plain("red  shirt, size M")
    ("'=SUM(A1)", 'red shirt, size M')
    """
    shown = "".join(char if char.isprintable() else " " for char in text[: 2 * LONGEST_TITLE])
    line = " ".join(shown.split())[:LONGEST_TITLE]
    return f"'{line}" if line.startswith(_FORMULA) else line
