"""What passes between the stages: few, frozen dataclasses of arrays, and nothing else.

``Records -> Pairs -> features -> Scores -> decisions -> Groups``; `matcher.pipeline` joins the
stages, and this package is all that they know of each other.  Record numbers are int32 positions in
`Records`; the caller's own ids stand only at the edges.
"""

from matcher.types.arrays import (
    Bits,
    Bools,
    Floats,
    Ints,
    Longs,
    as_places,
    distinct,
    first_of_each,
)
from matcher.types.blocking import Blocker, Candidates, Encoder, Proposal
from matcher.types.catalogue import (
    ATTRIBUTE_TYPES,
    ROLES,
    Attribute,
    AttributeType,
    Catalogue,
    Notice,
    Role,
    Schema,
)
from matcher.types.groups import Constraints, Groups
from matcher.types.pairs import (
    DIFFERENT,
    EXACT,
    RELATIONS,
    VARIANT,
    Labels,
    LearnedWords,
    Pairs,
    Relation,
    Scores,
)
from matcher.types.records import (
    BY_TITLE,
    MAX_AXES,
    MODEL,
    NUMBER,
    QUANTITY,
    SPREAD,
    WORD,
    Column,
    Records,
    Terms,
    Vocabulary,
    any_differs,
)

__all__ = [
    "ATTRIBUTE_TYPES",
    "BY_TITLE",
    "DIFFERENT",
    "EXACT",
    "MAX_AXES",
    "MODEL",
    "NUMBER",
    "QUANTITY",
    "RELATIONS",
    "ROLES",
    "SPREAD",
    "VARIANT",
    "WORD",
    "Attribute",
    "AttributeType",
    "Bits",
    "Blocker",
    "Bools",
    "Candidates",
    "Catalogue",
    "Column",
    "Constraints",
    "Encoder",
    "Floats",
    "Groups",
    "Ints",
    "Labels",
    "LearnedWords",
    "Longs",
    "Notice",
    "Pairs",
    "Proposal",
    "Records",
    "Relation",
    "Role",
    "Schema",
    "Scores",
    "Terms",
    "Vocabulary",
    "any_differs",
    "as_places",
    "distinct",
    "first_of_each",
]
