"""Choose which pairs to ask a person about, and learn from the answers.

This is the interface; what it does follows.
"""

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

from matcher.labelling import Question, Reply
from matcher.pipeline.model import Model
from matcher.progress import Progress, silent
from matcher.settings import Overrides, Settings
from matcher.types import Catalogue, Relation, Schema


class Teacher:
    """Asks about the pairs of one catalogue, and learns from the answers.

    Every method may be called from any thread.  `learn` takes seconds and belongs into a background
    thread; all others answer in milliseconds.

    Attributes
    ----------
    catalogue : Catalogue
        All rows as they came in: ``catalogue.table`` is what a page shows.
    schema : Schema
        What the columns are: id, source, and the type and role of the others, images among them.
    axes : tuple[str, ...]
        Attributes in which variants may differ here: the ignored ones.
    model : Model
        The newest one.
    n_learned : int
        Replies (exact, variant, different) that `model` has learned from.
    """

    catalogue: Catalogue
    schema: Schema
    axes: tuple[str, ...]
    model: Model
    n_learned: int

    @classmethod
    def prepare(
        cls,
        inputs: Any,
        *,
        settings: Settings | None = None,
        model: Model | None = None,
        labels: Any = None,
        progress: Progress = silent,
        **overrides: Unpack[Overrides],
    ) -> "Teacher":
        """Read, parse and block a catalogue and compare its candidates.

        Parameters
        ----------
        inputs, settings, progress, **overrides
            As for `matcher.dedupe`; two tables are linked where the labels go from the first to the
            second.
        model : Model | None
            A general model to start from; None takes the shipped one.
        labels : path, frame or None
            What is known already, in any format of labels; it is taught, never asked again, and
            stands beside what `tell` is given.
        """
        raise NotImplementedError

    def tell(self, replies: Sequence[Reply]) -> None:
        """Take note of all replies so far, those of the labels of `prepare` left out.

        They replace those told before, so that a reply that was taken back is forgotten.  The next
        questions respect them at once; the model learns from them with `learn`.
        """
        raise NotImplementedError

    def questions(self, n: int = 1) -> list[Question]:
        """Return the next pairs to ask about, the best first; fewer where fewer are left.

        None was handed out before (see `give_back`) or was told, and of none the answer follows
        from what was told: exact pairs chain, and so do exact and variant ones into families.
        """
        raise NotImplementedError

    def give_back(self, questions: Sequence[Question]) -> None:
        """Take questions back that were handed out and will not be answered: ask them again."""
        raise NotImplementedError

    def settled(self) -> list[tuple[Question, Relation]]:
        """Return random questions whose answer is known already: they follow, or were told.

        They are handed out once, and belong into the label file with their stratum just as if they
        had been asked: a random sample without those that are easily answered is not one.
        """
        raise NotImplementedError

    def learn(self) -> None:
        """Learn from all that was told, and rank what to ask anew; takes seconds.

        The model and the ranking change at once when all is done. Nothing changes while the replies
        are all of one kind.
        """
        raise NotImplementedError

    def probabilities(self, left: int, right: int) -> NDArray[np.float64]:
        """Return the model's probabilities of exact, variant and different of two rows, (3,)."""
        raise NotImplementedError
