"""Open a session in which a person labels pairs of a catalogue."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.evaluation import Sample, estimate_quality
from matcher.labelling import Reply, read_labels, resolve_labels
from matcher.labelling.journal import AnswerJournal
from matcher.labelling.session import Session
from matcher.pipeline.asking import Teacher
from matcher.pipeline.model import Model
from matcher.pipeline.showing import Showcase
from matcher.pipeline.stages import thresholds
from matcher.progress import Progress, silent
from matcher.settings import Settings
from matcher.types import EXACT, VARIANT, Bools, Notice

TOLD = ("labels_with_unknown_ids", "labels_of_self_pairs", "labels_inside_a_table")
"""What is told of a file that is continued; that pairs repeat or are unsure is as it should be."""


LEAST = 2
"""Answers of each stratum before quality is estimated: by one of a huge one it would jump, as the
precision of 100,000 offers did to 24 % (22 to 93)."""


def open_session(
    inputs: Any,
    journal: AnswerJournal,
    *,
    settings: Settings | None = None,
    model: Model | None = None,
    is_link: bool = False,
    progress: Progress = silent,
) -> tuple[Session, tuple[Notice, ...]]:
    """Read a catalogue and make ready to ask about its pairs.

    Parameters
    ----------
    inputs, settings, model, progress
        As for `Teacher.prepare`.
    journal : AnswerJournal
        Where answers go; those that it has are taught, and not asked again.
    is_link : bool
        Whether the inputs are two tables to link: only pairs across them are asked.

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
        inputs, settings=settings, model=model, is_link=is_link, progress=progress
    )
    _, notices = resolve_labels(read_labels(journal.path), teacher.prepared.records)
    showcase = Showcase(teacher.catalogue, teacher.prepared, probabilities=teacher.probabilities)
    told = tuple(one for one in notices if one.kind in TOLD)
    return Session(teacher, showcase, journal, partial(estimate_so_far, teacher)), told


def estimate_so_far(teacher: Teacher, replies: Sequence[Reply]) -> dict[str, Any]:
    """Return the estimated quality of what the newest model decides, by the random questions.

    Parameters
    ----------
    teacher : Teacher
        Who drew the questions.
    replies : Sequence[Reply]
        All replies so far; of two for one pair the last counts.

    Returns
    -------
    dict[str, Any]
        ``measures``, each with what it is ``of``, ``name``, ``value``, ``low`` and ``high``, none
        as long as a stratum has too few answers; and a ``note``.
    """
    sizes = teacher.strata
    numbers = {name: number for number, name in enumerate(sizes)}
    drawn = {
        (reply.left, reply.right): reply
        for reply in replies
        if reply.stratum in sizes and reply.relation != "unsure"
    }
    stratum = np.array([numbers[reply.stratum] for reply in drawn.values()], np.int64)
    n_pairs = np.array(list(sizes.values()), np.int64)
    needed = np.minimum(n_pairs, LEAST) - np.bincount(stratum, minlength=len(sizes))
    if (n_open := int(needed.clip(0).sum())) > 0:
        note = f"{n_open} more random questions have to be answered for an estimate, at least."
        return {"measures": [], "note": note}
    sample = Sample(stratum, n_pairs)
    measures = []
    for kind, is_true, is_found, likely in _decisions(teacher, list(drawn.values())):
        quality = estimate_quality(sample, is_true, is_found, likely)
        measures += [
            {"of": kind, "name": "precision", **asdict(quality.precision)},
            {"of": kind, "name": "recall", **asdict(quality.recall)},
        ]
    note = (
        f"By {len(drawn)} answers to random questions. The model has learned from them, too, "
        "which flatters it a little."
    )
    return {"measures": measures, "note": note}


def _decisions(
    teacher: Teacher, replies: Sequence[Reply]
) -> Iterator[tuple[str, Bools, Bools, NDArray[np.float64]]]:
    """Yield what is decided, whether it is true, whether it was found, and its probability."""
    said = np.array([reply.relation for reply in replies])
    probability = np.array([teacher.probabilities(reply.left, reply.right) for reply in replies])
    exact, family = thresholds(teacher.prepared.settings, teacher.model.classifier)
    likely = probability[:, EXACT]
    yield "duplicates", said == "exact", likely >= exact, likely
    if teacher.prepared.settings.ignore:
        likely = likely + probability[:, VARIANT]
        yield "families", said != "different", likely >= family, likely
