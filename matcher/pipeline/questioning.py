"""A table of the pairs that are worth a person's answer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from matcher.errors import SettingsError
from matcher.labelling import Question, name_sources
from matcher.pipeline.asking import Teacher
from matcher.pipeline.model import Model
from matcher.progress import Progress, silent
from matcher.settings import Overrides, Settings
from matcher.types import Records

if TYPE_CHECKING:
    import pandas as pd


def ask(
    inputs: Any,
    labels: Any = None,
    *,
    n: int = 50,
    settings: Settings | None = None,
    model: Model | None = None,
    is_link: bool | None = None,
    progress: Progress = silent,
    **overrides: Unpack[Overrides],
) -> "pd.DataFrame":
    """Return the pairs of a catalogue that a person should answer next.

    Three quarters are chosen, where the model cannot tell and where it contradicts what it said
    before it learned; one quarter is drawn at random, from strata of how likely a pair is.

    Parameters
    ----------
    inputs, settings, progress, **overrides
        As for `dedupe`.
    labels : path, frame or None
        The answers so far: the model learns from them, and nothing is asked that follows from them.
    n : int
        How many pairs, at least 1.
    model : Model | None
        A general model to start from; None takes the shipped one.
    is_link : bool | None
        Whether only pairs across two tables are asked; None asks across where `labels` go across.

    Returns
    -------
    pd.DataFrame
        ``left_id, right_id, relation, reason, stratum, stratum_pairs``, and ``left_source,
        right_source`` where there are sources or tables; ``relation`` is empty, for the answer, and
        so is ``stratum`` of pairs that were not drawn at random.  With its answers it is a label
        file.

    Raises
    ------
    MatcherError
        The catalogue, a setting, the model or the labels cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> offers = pd.DataFrame({
    ...     "id": ["a", "b", "c"],
    ...     "title": ["Sony Bravia KD-43X80L TV", "SONY KD43X80L Bravia TV", "Bosch drill GSR 12V"],
    ... })
    >>> known = pd.DataFrame({"left_id": ["b"], "right_id": ["a"], "relation": ["exact"]})
    >>> len(ask(offers, n=9)), len(ask(offers, known, n=9))
    (3, 2)
    """
    if n < 1:
        raise SettingsError(f"n: at least one pair must be asked, got {n}. Give 1 or more.")
    teacher = Teacher.prepare(
        inputs,
        settings=settings,
        model=model,
        labels=labels,
        is_link=is_link,
        progress=progress,
        **overrides,
    )
    teacher.learn()
    return _table(teacher.questions(n), teacher.prepared.records)


def _table(asked: Sequence[Question], records: Records) -> "pd.DataFrame":
    import pandas as pd

    number_of = np.argsort(records.rows)  # every row is a record
    sides = {
        side: number_of[np.array([getattr(question, side) for question in asked], np.int64)]
        for side in ("left", "right")
    }
    table: dict[str, Any] = {f"{side}_id": records.ids[rows] for side, rows in sides.items()}
    table["relation"] = ""
    names = name_sources(records)
    if (names != "").any():
        table |= {f"{side}_source": names[rows] for side, rows in sides.items()}
    for name in ("reason", "stratum", "stratum_pairs"):
        table[name] = [getattr(question, name) for question in asked]
    return pd.DataFrame(table)
