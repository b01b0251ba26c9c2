"""Settings of a run: read once, strictly, from a TOML file or from arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from matcher.types import AttributeType, Role

DEFAULT_IGNORE = ("color", "size")


@dataclass(frozen=True, slots=True)
class AttributeSettings:
    """What the user says of one column; an empty field is inferred.

    Attributes
    ----------
    type : AttributeType | None
        How values are parsed and compared.
    role : Role | None
        What the attribute may decide.
    axis : str
        The axis that it fills, where it is one.
    """

    type: AttributeType | None = None
    role: Role | None = None
    axis: str = ""


@dataclass(frozen=True, slots=True)
class BlockingSettings:
    """How candidate pairs are proposed.

    Attributes
    ----------
    pairs_per_record : int
        Budget of candidate pairs per record (per left record when linking).
    max_block : int
        A key that more records than this share is purged and named in the report.
    blockers : tuple[str, ...]
        Names of the blockers; empty chooses by the size of the catalogue.
    encoder : str
        Path or hub name of a sentence-transformers model; empty for the lexical encoder.
    encoder_weight : float
        Weight of the semantic vectors beside the lexical ones, 0 to 1.
    """

    pairs_per_record: int = 10
    max_block: int = 1000
    blockers: tuple[str, ...] = ()
    encoder: str = ""
    encoder_weight: float = 0.5


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run.

    Attributes
    ----------
    id, source : str
        Columns of the record id and of the source; empty for inferred.
    ignore : tuple[str, ...]
        Axes (or attributes that become axes) that may differ inside a family.
    at_most_one_per_source : bool
        A duplicate group holds at most one record of each source.
    one_to_one : bool
        When linking, a record matches at most one record of the other table.
    threshold_exact, threshold_family : float | None
        Probabilities from which a pair is exact, and from which it is exact or variant; None takes
        those of the model.
    attributes : Mapping[str, AttributeSettings]
        What the user says of single columns.
    blocking : BlockingSettings
        How candidate pairs are proposed.
    seed : int
        Of everything random.
    threads : int
        Worker threads; 0 takes all cores.
    """

    id: str = ""
    source: str = ""
    ignore: tuple[str, ...] = DEFAULT_IGNORE
    at_most_one_per_source: bool = False
    one_to_one: bool = False
    threshold_exact: float | None = None
    threshold_family: float | None = None
    attributes: Mapping[str, AttributeSettings] = field(default_factory=dict)
    blocking: BlockingSettings = field(default_factory=BlockingSettings)
    seed: int = 0
    threads: int = 0
