"""Who proposes pairs, and what is proposed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from matcher.types.arrays import Bits, Floats
from matcher.types.pairs import Pairs
from matcher.types.records import Records


class Encoder(Protocol):
    """Turns records into vectors whose inner product is their similarity."""

    @property
    def name(self) -> str:
        """Name in reports."""

    def encode(self, records: Records) -> Floats:
        """Return vectors of shape (n_records, dimension), float32, of length 1 or 0."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one blocker proposes.

    Attributes
    ----------
    pairs : Pairs
        The proposed pairs.
    strength : Floats
        Shape (n_pairs,): how much the blocker believes in each, comparable inside this blocker
        only; the budget of pairs per record keeps the strongest. Infinite is decisive, as for equal
        GTINs: such pairs come first.
    report : Mapping[str, Any]
        Purged keys and counts of what was dropped.
    """

    pairs: Pairs
    strength: Floats
    report: Mapping[str, Any]


class Blocker(Protocol):
    """Proposes candidate pairs."""

    @property
    def name(self) -> str:
        """Name in reports; different for every blocker of a run."""

    def propose(self, records: Records) -> Proposal:
        """Return the pairs that this blocker proposes, best first for every record."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pairs that blocking proposes, and who proposed them.

    Attributes
    ----------
    pairs : Pairs
        The candidate pairs.
    proposed_by : Bits
        Shape (n_pairs,): bit b is set where blocker number b proposed the pair.
    blockers : tuple[str, ...]
        Names of the blockers.
    report : Mapping[str, Any]
        Estimates, budgets, purged keys and counts of what was dropped, ready for ``run.json``.
    """

    pairs: Pairs
    proposed_by: Bits
    blockers: tuple[str, ...]
    report: Mapping[str, Any]
