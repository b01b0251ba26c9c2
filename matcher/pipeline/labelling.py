"""Open a session in which a person labels pairs of a catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.labelling import read_labels, resolve_labels
from matcher.labelling.answers import Answer
from matcher.labelling.journal import AnswerJournal
from matcher.labelling.session import Session
from matcher.pipeline.asking import Teacher
from matcher.pipeline.model import Model
from matcher.pipeline.showing import Showcase
from matcher.progress import Progress, silent
from matcher.settings import Settings
from matcher.types import Notice

TOLD = ("labels_with_unknown_ids", "labels_of_self_pairs")
"""What is told of a file that is continued; that pairs repeat or are unsure is as it should be."""


def open_session(
    inputs: Any,
    journal: AnswerJournal,
    *,
    settings: Settings | None = None,
    model: Model | None = None,
    progress: Progress = silent,
) -> tuple[Session, tuple[Notice, ...]]:
    """Read a catalogue and make ready to ask about its pairs.

    Parameters
    ----------
    inputs, settings, model, progress
        As for `Teacher.prepare`.
    journal : AnswerJournal
        Where answers go; those that it has are taught, and not asked again.

    Returns
    -------
    session, notices : Session, tuple[Notice, ...]
        What asks, and what was left out of the file.

    Raises
    ------
    LabelsError
        Answers of the file contradict each other, or none is of this catalogue.
    MatcherError
        The catalogue or a setting cannot be used.
    """
    teacher = Teacher.prepare(
        inputs, settings=settings, model=model, is_link=False, progress=progress
    )
    _, notices = resolve_labels(read_labels(journal.path), teacher.prepared.records)
    showcase = Showcase(
        teacher.catalogue,
        teacher.prepared,
        probabilities=teacher.probabilities,
        estimate=_estimate,
    )
    found = tuple(one for one in notices if one.kind in TOLD)
    return Session(teacher, showcase, journal), found


def _estimate(answers: Sequence[Answer]) -> Mapping[str, Any] | None:
    return None
