"""A person answers: which pair is next, what was said of it, and what the model makes of it."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from matcher.errors import LabelsError, MatcherError
from matcher.labelling.answers import SAID, Answer
from matcher.labelling.journal import AnswerJournal
from matcher.labelling.questions import Opinion, Question, Reply
from matcher.labelling.view import ModelView, PairView

logger = logging.getLogger("matcher")

LEARN_AFTER = 5
"""New answers from which the model learns anew."""

SECONDS_TO_WAIT = 5.0
"""For a model that is being learned when a person ends: then it is forgotten."""

Estimate = Callable[[Sequence[Reply]], Mapping[str, Any]]
"""Returns the quality by the replies so far, as ``measures`` (``of``, ``name``, ``value``,
``low``, ``high``) and a ``note``."""

Key = tuple[int, int]
"""Rows of the two records of a pair, as its question has them."""


class Asker(Protocol):
    """Chooses questions and learns: `matcher.pipeline.asking.Teacher` is one, and says more."""

    def tell(self, replies: Sequence[Reply]) -> None:
        """Take note of all replies so far; they replace those told before."""

    def questions(self, n: int = 1) -> list[Question]:
        """Return the next pairs to ask about, the best first."""

    def give_back(self, questions: Sequence[Question]) -> None:
        """Take questions back that will not be answered."""

    def settled(self) -> list[tuple[Question, Opinion]]:
        """Return, once, random questions whose answer is known without asking."""

    def learn(self) -> bool:
        """Learn from all that was told; takes seconds."""


class Shower(Protocol):
    """Shows pairs to a person: `matcher.pipeline.showing.Showcase` is one, and says more."""

    def view(self, left: int, right: int) -> PairView:
        """Return two rows side by side."""

    def judge(self, left: int, right: int) -> ModelView:
        """Return what the model makes of two rows."""

    def picture(self, row: int, nth: int) -> Path | None:
        """Return the file of a picture of a row, if there is one."""

    def name(self, row: int) -> tuple[str, str]:
        """Return the id of a row and its source."""

    def find(self, answers: Sequence[Answer]) -> list[Key | None]:
        """Return the rows of each answer; None where the catalogue lacks them."""


@dataclass(slots=True)
class _State:
    """What is asked and answered, besides what the file says.

    The last of `asked` is the current question; those before it are come back to.  `known` has a
    reply for each answer in the file, None where the catalogue lacks its records.
    """

    asked: list[Question] = field(default_factory=list)
    known: list[Reply | None] = field(default_factory=list)
    n_new: int = 0
    is_stale: bool = False
    is_learning: bool = False
    is_closed: bool = False
    estimate: Mapping[str, Any] | None = None
    problem: str = ""


class TakenError(MatcherError):
    """A pair is not asked any more: it was answered in another tab, perhaps."""


class Session:
    """One person, perhaps in several tabs, answering questions about one catalogue.

    Every method may be called from any thread.

    Parameters
    ----------
    asker : Asker
        Chooses questions and learns.
    shower : Shower
        Shows pairs, and what the model makes of them.
    journal : AnswerJournal
        Where answers go; those that it has are told to the asker.
    estimate : Estimate
        Estimates the quality, in a thread of its own.
    """

    def __init__(
        self, asker: Asker, shower: Shower, journal: AnswerJournal, estimate: Estimate
    ) -> None:
        self._asker, self._shower, self._journal = asker, shower, journal
        self._estimate = estimate
        self._lock = threading.Lock()
        self._wake = threading.Condition(self._lock)
        self._state = _State()
        answers = journal.answers
        self._state.known = [
            Reply(*pair, answer.relation, answer.stratum) if pair else None
            for pair, answer in zip(shower.find(answers), answers, strict=True)
        ]
        with self._wake:
            self._tell()
        self._state.n_new = len(self._state.known)
        self._learner = threading.Thread(target=self._learn_on, name="learner", daemon=True)
        self._learner.start()

    def close(self) -> None:
        """Stop learning, and wait for it a little; answers are on disk anyway."""
        with self._wake:
            self._state.is_closed = True
            self._wake.notify_all()
        self._learner.join(SECONDS_TO_WAIT)

    def current(self) -> tuple[Key, PairView] | None:
        """Return the pair that is asked about; None where there is nothing left to ask."""
        with self._lock:
            question = self._question()
        if question is None:
            return None
        return _key(question), self._shower.view(question.left, question.right)

    def answer(self, pair: Key, said: str, differs_in: Sequence[str] = ()) -> None:
        """Write down what a person says of the pair that is asked about.

        Raises
        ------
        TakenError
            The pair is not asked any more.
        LabelsError
            That is no relation, or the answer cannot be written.
        """
        if said not in SAID:
            raise LabelsError(
                f"answer: is no relation, got {said!r}. Use one of {', '.join(SAID)}."
            )
        relation = SAID[SAID.index(said)]
        with self._wake:
            question = self._question()
            if question is None or _key(question) != pair:
                raise TakenError(
                    "answer: this pair is not asked any more, it was answered in another tab or "
                    "taken back. Here is the one that is asked now."
                )
            now = self._journal.stamp()
            differs_in = differs_in if relation == "variant" else ()
            self._write([(question, relation)], now, differs_in)
            self._state.asked.pop()
            self._tell()
            # A random sample holds those too whose answer is known without asking.
            settled = self._asker.settled()
            if settled:
                self._write(settled, now)
                self._tell()
            self._state.n_new += 1

    def undo(self) -> bool:
        """Take back the last answer, and ask about its pair again; False where there is none."""
        with self._wake:
            undone = self._journal.undo()
            if not undone:
                return False
            n_left = len(self._state.known) - len(undone)
            replies = self._state.known[n_left:]
            del self._state.known[n_left:]
            self._tell()
            questions = [
                Question(reply.left, reply.right, "random", answer.stratum, answer.stratum_pairs)
                for reply, answer in zip(replies, undone, strict=True)
                if reply is not None
            ]
            self._state.asked += questions[:1]
            self._asker.give_back(questions[1:])  # they were settled by the answer
            self._state.n_new += 1
            return True

    def judge(self, pair: Key) -> ModelView | None:
        """Return what the model makes of a pair that was answered; None before that."""
        with self._lock:
            known = {(reply.left, reply.right) for reply in self._state.known if reply}
        if pair not in known:
            return None
        return self._shower.judge(*pair)

    def picture(self, row: int, nth: int) -> Path | None:
        """Return the file of a picture of a record, if there is one."""
        return self._shower.picture(row, nth)

    def progress(self) -> dict[str, Any]:
        """Return the numbers of answers, the estimated quality, and whether the model learns."""
        with self._lock:
            said = [reply.relation for reply in self._state.known if reply]
            return {
                "answers": len(said),
                "by_relation": {relation: said.count(relation) for relation in SAID},
                "can_undo": self._journal.can_undo,
                "learning": self._state.is_learning,
                "problem": self._state.problem,
                "estimate": self._state.estimate,
            }

    def _question(self) -> Question | None:
        asked = self._state.asked
        if not asked:
            asked += self._asker.questions(1)
        return asked[-1] if asked else None

    def _write(
        self,
        said: Sequence[tuple[Question, Opinion]],
        now: str,
        differs_in: Sequence[str] = (),
    ) -> None:
        answers = []
        for question, relation in said:
            left_id, left_source = self._shower.name(question.left)
            right_id, right_source = self._shower.name(question.right)
            answers.append(
                Answer(
                    left_id=left_id,
                    right_id=right_id,
                    relation=relation,
                    left_source=left_source,
                    right_source=right_source,
                    differs_in=tuple(differs_in),
                    stratum=question.stratum,
                    stratum_pairs=question.stratum_pairs,
                    answered_at=now,
                )
            )
        self._journal.append(*answers)
        self._state.known += [
            Reply(question.left, question.right, relation, question.stratum)
            for question, relation in said
        ]

    def _tell(self) -> None:
        """Tell the asker all answers, and wake the learner."""
        self._asker.tell([reply for reply in self._state.known if reply])
        self._state.is_stale = True
        self._wake.notify_all()

    def _learn_on(self) -> None:
        """Learn when there are enough new answers and estimate after each, until it is closed."""
        while True:
            with self._wake:
                while not self._state.is_stale and not self._state.is_closed:
                    self._wake.wait()
                if self._state.is_closed:
                    return
                self._state.is_stale = False
                self._state.is_learning = self._state.n_new >= LEARN_AFTER
                if self._state.is_learning:
                    self._state.n_new = 0
                replies = [reply for reply in self._state.known if reply]
            estimate, problem = self._state.estimate, ""
            try:
                if self._state.is_learning:
                    self._asker.learn()
                estimate = self._estimate(replies)
            except MatcherError as error:  # contradicting labels, say: asking goes on
                problem = str(error)
            except Exception as error:
                logger.exception("learning from answers failed")
                problem = f"learning: this is a bug, got {type(error).__name__}: {error}."
            with self._lock:
                self._state.is_learning, self._state.problem = False, problem
                self._state.estimate = estimate


def _key(question: Question) -> Key:
    return question.left, question.right
