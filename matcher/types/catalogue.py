"""The rows of a run as they came in, and what their columns are."""

from dataclasses import dataclass
from typing import Literal, get_args

import pyarrow as pa

from matcher.types.arrays import Ints

AttributeType = Literal[
    "text", "category", "number", "quantity", "color", "size", "code", "image", "list"
]
Role = Literal["identity", "axis", "offer", "code", "media", "unused"]

ATTRIBUTE_TYPES: tuple[AttributeType, ...] = get_args(AttributeType)
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that a run did with its input and that a person should know.

    Attributes
    ----------
    kind : str
        Stable key, such as ``"missing_ids"``.
    message : str
        Where, what, got, what was done, and the first offenders.
    count : int
        How many rows, values, pairs or labels it is about.
    """

    kind: str
    message: str
    count: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named property of the products.

    Attributes
    ----------
    name : str
        The column it comes from.
    type : AttributeType
        How its values are parsed and compared.
    role : Role
        What it may decide.
    axis : str
        The axis that it fills, ``"color"`` or ``"storage"`` say; empty unless `role` is ``"axis"``.
    """

    name: str
    type: AttributeType
    role: Role
    axis: str = ""


@dataclass(frozen=True, slots=True)
class Schema:
    """What the columns of a catalogue are.

    Attributes
    ----------
    id, source : str
        Columns of the record id and of the source; empty where there is none.
    attributes : tuple[Attribute, ...]
        The other columns, in order.
    """

    id: str
    source: str
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All rows of one run, as they came in.

    Attributes
    ----------
    table : pa.Table
        Every row and column, in the order of the input; several inputs are joined by column name.
    parts : Ints
        Shape (n_rows,): number of the input in `names` that each row came from.
    names : tuple[str, ...]
        The inputs, for messages: paths, or for frames ``"left"`` and ``"right"`` where there are
        two inputs, else ``"records"``.
    is_link : bool
        Part 0 is to be linked with part 1.
    notices : tuple[Notice, ...]
        What reading had to mend.
    """

    table: pa.Table
    parts: Ints
    names: tuple[str, ...]
    is_link: bool
    notices: tuple[Notice, ...]
