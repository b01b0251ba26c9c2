"""What a person says of a pair, and how it stands in a label file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.labelling.questions import Opinion

SAID: tuple[Opinion, ...] = ("exact", "variant", "different", "unsure")
"""What can be answered to a question."""

COLUMNS = (
    *("left_id", "right_id", "relation", "left_source", "right_source"),
    *("differs_in", "stratum", "stratum_pairs", "answered_at"),
)
"""Columns of the label file that answers are written into."""

_BETWEEN = "|"  # between the attributes of ``differs_in``


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said of one pair.

    Attributes
    ----------
    left_id, right_id : str
        Ids of the two records.
    relation : Opinion
        The relation, or ``"unsure"``.
    left_source, right_source : str
        Their sources; empty where there are none.
    differs_in : tuple[str, ...]
        Attributes that a variant differs in.
    stratum : str
        From which part of all pairs the question was drawn at random; empty where it was chosen.
    stratum_pairs : int
        How many pairs that part had.
    answered_at : str
        Time of the answer, ISO 8601 in UTC.

    Examples
    --------
    >>> answer = Answer("a", "b", "variant", differs_in=("color", "size"))
    >>> answer.to_row(("left_id", "right_id", "relation", "differs_in", "note"))
    ['a', 'b', 'variant', 'color|size', '']
    """

    left_id: str
    right_id: str
    relation: Opinion
    left_source: str = ""
    right_source: str = ""
    differs_in: tuple[str, ...] = ()
    stratum: str = ""
    stratum_pairs: int = 0
    answered_at: str = ""

    def to_row(self, columns: Sequence[str]) -> list[str]:
        """Return the answer as a row of a file with these columns; unknown ones are empty."""
        values = {name: getattr(self, name) for name in COLUMNS}
        values["differs_in"] = _BETWEEN.join(self.differs_in)
        values["stratum_pairs"] = str(self.stratum_pairs) if self.stratum else ""
        return [values.get(name, "") for name in columns]


def answer_of(row: Mapping[str, str], relation: Opinion) -> Answer:
    """Return the answer that a row of a label file holds, `relation` as we write it."""
    pairs = row.get("stratum_pairs", "").strip()
    return Answer(
        left_id=row["left_id"].strip(),
        right_id=row["right_id"].strip(),
        relation=relation,
        left_source=row.get("left_source", "").strip(),
        right_source=row.get("right_source", "").strip(),
        differs_in=tuple(
            name.strip() for name in row.get("differs_in", "").split(_BETWEEN) if name.strip()
        ),
        stratum=row.get("stratum", "").strip(),
        stratum_pairs=int(pairs) if pairs.isascii() and pairs.isdigit() else 0,
        answered_at=row.get("answered_at", "").strip(),
    )
