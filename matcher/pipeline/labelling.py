"""Open a session in which a person labels pairs of a catalogue."""

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.labelling.answers import Answer
from matcher.labelling.journal import AnswerJournal
from matcher.labelling.session import Session
from matcher.pipeline.asking import Teacher
from matcher.pipeline.model import Model
from matcher.pipeline.showing import Showcase
from matcher.progress import Progress, silent
from matcher.settings import Settings


def open_session(
    inputs: Any,
    journal: AnswerJournal,
    *,
    settings: Settings | None = None,
    model: Model | None = None,
    progress: Progress = silent,
) -> Session:
    """Read a catalogue and make ready to ask about its pairs.

    Parameters
    ----------
    inputs, settings, model, progress
        As for `Teacher.prepare`.
    journal : AnswerJournal
        Where answers go; those that it has are taught, and not asked again.

    Raises
    ------
    MatcherError
        The catalogue or a setting cannot be used.
    """
    teacher = Teacher.prepare(
        inputs, settings=settings, model=model, is_link=False, progress=progress
    )
    showcase = Showcase(
        teacher.catalogue,
        teacher.prepared,
        probabilities=teacher.probabilities,
        estimate=_estimate,
    )
    return Session(teacher, showcase, journal)


def _estimate(answers: Sequence[Answer]) -> Mapping[str, Any] | None:
    return None
