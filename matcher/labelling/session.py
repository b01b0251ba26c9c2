"""A person answers: which pair is next, what was said of it, and what the model makes of it."""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from matcher.errors import LabelsError, MatcherError
from matcher.labelling.answers import SAID, Answer, Said
from matcher.labelling.journal import AnswerJournal
from matcher.labelling.view import PairView

logger = logging.getLogger("matcher")

LEARN_AFTER = 5
"""New answers from which the model learns anew."""

Key = tuple[int, int]
"""Row numbers of the two records of a pair, the smaller one first."""


class Question(Protocol):
    """A pair to be asked about: `matcher.labelling.Question` is one."""

    @property
    def left(self) -> int: ...  # noqa: D102 - see Question
    @property
    def right(self) -> int: ...  # noqa: D102
    @property
    def stratum(self) -> str: ...  # noqa: D102
    @property
    def stratum_pairs(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model makes of a pair; a person sees it only after the answer.

    Attributes
    ----------
    probabilities : tuple[float, float, float]
        That the pair is exact, variant, different.
    reasons : tuple[tuple[str, str], ...]
        What speaks for what, ``("same", "same brand: Bosch")``, what decides first.
    """

    probabilities: tuple[float, float, float]
    reasons: tuple[tuple[str, str], ...]


class Asker(Protocol):
    """What a session needs of the catalogue and the model."""

    def questions(self, n: int) -> Sequence[Question]:
        """Return pairs to ask about, the best first; none whose answer is known or follows."""

    def note(self, left: int, right: int, relation: Said | None) -> None:
        """Take notice of an answer, None where it is undone, at once and without learning."""

    def learn(self) -> None:
        """Learn anew from all answers; takes seconds, in a thread of its own."""

    def view(self, left: int, right: int) -> PairView:
        """Return what is shown of a pair."""

    def opinion(self, left: int, right: int) -> Opinion:
        """Return what the model makes of a pair."""

    def picture(self, row: int, nth: int) -> Path | None:
        """Return the file of a picture of a record, if it is inside a folder of the catalogue."""

    def name(self, row: int) -> tuple[str, str]:
        """Return the id and the source of a record."""

    def find(self, answer: Answer) -> Key | None:
        """Return the pair of an answer; None where the catalogue has no such records."""

    def estimate(self, answers: Sequence[Answer]) -> Mapping[str, Any] | None:
        """Return the estimated quality by the answers so far; None where they are too few."""


@dataclass(frozen=True, slots=True)
class _Again:
    """A question that is asked again, because its answer was undone."""

    left: int
    right: int
    stratum: str
    stratum_pairs: int


@dataclass(slots=True)
class _State:
    """What is asked and answered, besides what the file says.

    The last of `asked` is the current question; those before it are come back to.
    """

    asked: list[Question] = field(default_factory=list)
    answered: dict[Key, Said] = field(default_factory=dict)
    n_new: int = 0
    is_learning: bool = False
    is_closed: bool = False
    estimate: Mapping[str, Any] | None = None
    problem: str = ""


class TakenError(MatcherError):
    """A pair was answered already, in another tab perhaps."""


class Session:
    """One person, or several tabs of one person, answering questions about one catalogue.

    Every method may be called from any thread.

    Parameters
    ----------
    asker : Asker
        Chooses questions, learns and explains.
    journal : AnswerJournal
        Where answers go.
    """

    def __init__(self, asker: Asker, journal: AnswerJournal) -> None:
        self._asker, self._journal = asker, journal
        self._lock = threading.RLock()
        self._wake = threading.Condition(self._lock)
        self._state = _State()
        for answer in journal.answers:
            pair = asker.find(answer)
            if pair is not None:
                self._state.answered[pair] = answer.relation
                asker.note(*pair, answer.relation)
        self._state.estimate = asker.estimate(journal.answers)
        self._learner = threading.Thread(target=self._learn_on, name="learner", daemon=True)
        self._learner.start()

    def close(self) -> None:
        """Stop learning; answers are on disk anyway."""
        with self._wake:
            self._state.is_closed = True
            self._wake.notify_all()
        self._learner.join()

    def current(self) -> tuple[Key, PairView] | None:
        """Return the pair that is asked about; None where there is nothing left to ask."""
        with self._lock:
            question = self._next()
            if question is None:
                return None
            return _key(question), self._asker.view(question.left, question.right)

    def answer(self, pair: Key, said: str, differs_in: Sequence[str] = ()) -> None:
        """Write down what a person says of the pair that is asked about.

        Raises
        ------
        TakenError
            The pair was answered already, or is not asked any more.
        LabelsError
            That is no relation, or the answer cannot be written.
        """
        if said not in SAID:
            raise LabelsError(
                f"answer: is no relation, got {said!r}. Use one of {', '.join(SAID)}."
            )
        with self._wake:
            question = self._next()
            if question is None or _key(question) != pair:
                raise TakenError(
                    "answer: this pair is not asked any more, it was answered elsewhere or undone. "
                    "Here is the next one."
                )
            self._journal.append(self._written(question, said, differs_in))
            self._state.asked.pop()
            self._state.answered[pair] = said
            self._take(pair, said)

    def undo(self) -> bool:
        """Take back the last answer, and ask about its pair again; False where there is none."""
        with self._wake:
            undone = self._journal.undo()
            if undone is None:
                return False
            pair = self._asker.find(undone)
            if pair is not None:
                self._state.asked.append(_Again(*pair, undone.stratum, undone.stratum_pairs))
                self._state.answered.pop(pair, None)
                self._take(pair, None)
            return True

    def opinion(self, pair: Key) -> Opinion | None:
        """Return what the model makes of a pair that was answered; None before that."""
        with self._lock:
            if pair not in self._state.answered:
                return None
        return self._asker.opinion(*pair)

    def picture(self, row: int, nth: int) -> Path | None:
        """Return the file of a picture of a record, if there is one."""
        return self._asker.picture(row, nth)

    def progress(self) -> dict[str, Any]:
        """Return the numbers of answers, the estimated quality, and whether the model learns."""
        with self._lock:
            said = [answer.relation for answer in self._journal.answers]
            return {
                "answers": len(said),
                "by_relation": {relation: said.count(relation) for relation in SAID},
                "can_undo": self._journal.can_undo,
                "learning": self._state.is_learning,
                "problem": self._state.problem,
                "estimate": self._state.estimate,
            }

    def _next(self) -> Question | None:
        asked = self._state.asked
        if not asked:
            asked += self._asker.questions(1)
        return asked[-1] if asked else None

    def _take(self, pair: Key, said: Said | None) -> None:
        """Tell the asker of an answer, and wake the learner when there are enough new ones."""
        self._asker.note(*pair, said)
        self._state.n_new += 1
        if self._state.n_new >= LEARN_AFTER:
            self._wake.notify_all()

    def _learn_on(self) -> None:
        """Learn whenever there are enough new answers, until the session is closed."""
        while True:
            with self._wake:
                while self._state.n_new < LEARN_AFTER and not self._state.is_closed:
                    self._wake.wait()
                if self._state.is_closed:
                    return
                self._state.n_new, self._state.is_learning = 0, True
                answers = self._journal.answers
            problem, estimate = "", self._state.estimate
            try:
                self._asker.learn()
                estimate = self._asker.estimate(answers)
            except MatcherError as error:  # contradicting labels, say: asking goes on
                problem = str(error)
            except Exception as error:
                logger.exception("learning from answers failed")
                problem = f"learning: this is a bug, got {type(error).__name__}: {error}."
            with self._lock:
                self._state.is_learning, self._state.problem = False, problem
                self._state.estimate = estimate

    def _written(self, question: Question, said: Said, differs_in: Sequence[str]) -> Answer:
        (left_id, left_source), (right_id, right_source) = (
            self._asker.name(row) for row in (question.left, question.right)
        )
        return Answer(
            left_id=left_id,
            right_id=right_id,
            relation=said,
            left_source=left_source,
            right_source=right_source,
            differs_in=tuple(differs_in) if said == "variant" else (),
            stratum=question.stratum,
            stratum_pairs=question.stratum_pairs,
        )


def _key(question: Question) -> Key:
    return min(question.left, question.right), max(question.left, question.right)
