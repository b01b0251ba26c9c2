"""Choose which pairs to ask a person about, and learn from the answers."""

from collections import Counter
from collections.abc import Sequence
from threading import Lock
from typing import Any, Unpack

import numpy as np
from numpy.typing import NDArray

import matcher
from matcher.errors import LabelsError, SettingsError
from matcher.labelling import (
    UNKNOWN,
    Chooser,
    Opinion,
    Question,
    Reason,
    Reply,
    close,
    look_up_pairs,
    read_labels,
    read_pairs,
    resolve_labels,
)
from matcher.output import Stopwatch
from matcher.pipeline.few import train_few
from matcher.pipeline.jobs import read_inputs
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.pooling import find_alike, judge_first, pool_of, scores_of
from matcher.pipeline.ranking import rank_questions, share_questions, view
from matcher.pipeline.recalling import recall
from matcher.pipeline.scoring import questions_of, score_pairs
from matcher.pipeline.stages import Prepared, prepare, thresholds
from matcher.progress import Progress, silent
from matcher.records import read_catalogue
from matcher.settings import Overrides, Settings, override
from matcher.types import EXACT, RELATIONS, Catalogue, Ints, Labels, Longs, Pairs

UNSURE = len(RELATIONS)
"""Number of the answer that is none, after those of the relations."""

NOTHING = Labels(Pairs.from_keys(np.zeros(0, np.int64)), np.zeros(0, np.int8))


class Teacher:
    """Asks about the pairs of one catalogue, and learns from the answers.

    Every method may be called from any thread.  `learn` takes seconds and belongs into a background
    thread; all others answer in milliseconds.

    Attributes
    ----------
    catalogue : Catalogue
        All rows as they came in: ``catalogue.table`` is what a page shows.
    prepared : Prepared
        The catalogue, parsed and blocked: ``prepared.schema`` says what the columns are,
        ``prepared.settings.ignore`` in which axes variants may differ.
    model : Model
        The newest one.
    n_learned : int
        Labels that `model` has learned from.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        prepared: Prepared,
        model: Model,
        given: Labels,
        without: Longs,
    ) -> None:
        self.catalogue = catalogue
        self.prepared = prepared
        self.model = model
        self.n_learned = 0
        self._base = model.classifier
        self._given = given
        self._labels = given
        self._number_of = _invert(prepared.records.rows, catalogue.table.num_rows)
        self._with_families = bool(questions_of(prepared.records, prepared.ignoring))
        self._recalled = recall(prepared, self._base, given.pairs)
        cuts = thresholds(prepared.settings, self._base)
        scores, shift = judge_first(self._recalled, cuts)
        self._pool, self._first = pool_of(prepared, scores, without)
        self._newest = self._first
        seen = np.isin(self._pool.pairs.keys(), scores.pairs.keys())
        self._vantage = view(self._recalled, self._pool.pairs.take(seen), shift)
        self._chooser = Chooser(
            self._pool, find_alike(prepared, self._pool), prepared.settings.seed
        )
        self._state, self._learning = Lock(), Lock()
        self._rank()
        self.tell(())

    @classmethod
    def prepare(
        cls,
        inputs: Any,
        *,
        settings: Settings | None = None,
        model: Model | None = None,
        labels: Any = None,
        without: Any = None,
        is_link: bool | None = None,
        progress: Progress = silent,
        **overrides: Unpack[Overrides],
    ) -> "Teacher":
        """Read, parse and block a catalogue and compare its candidates.

        Parameters
        ----------
        inputs, settings, progress, **overrides
            As for `matcher.dedupe`.
        model : Model | None
            A general model to start from; None takes the shipped one.
        labels : path, frame or None
            What is known already, in any format of labels; it is taught by the first `learn`, never
            asked again, and stands beside what `tell` is given.
        without : path, frame or None
            Pairs that are kept for measuring and never asked about, as in `matcher.score`.
        is_link : bool | None
            Whether two tables are linked; None links them where the labels go across.

        Raises
        ------
        SettingsError
            The model has learned from a catalogue of its own.
        MatcherError
            The catalogue, a setting or the labels cannot be used.
        """
        model = model or load(DEFAULT_MODEL)
        if not model.classifier.is_general:
            raise SettingsError(
                f"model: questions start from a general model, got {model.name!r}, which was made "
                "from 500 labels or more. Leave it out and give its labels."
            )
        chosen = override(settings, overrides)
        table = None if labels is None else read_labels(labels)
        if is_link is not None or table is None:
            several = list(inputs) if isinstance(inputs, list | tuple) else [inputs]
            catalogue = read_catalogue(several, is_link=bool(is_link))
        else:
            catalogue = read_inputs(inputs, chosen, table)
        prepared = prepare(catalogue, chosen, progress, Stopwatch())
        given = NOTHING
        if table is not None and len(table):
            given, _ = resolve_labels(table, prepared.records, check_chains=False)
        kept = np.zeros(0, np.int64)
        if without is not None:
            first, second = look_up_pairs(read_pairs(without), prepared.records)
            kept = Pairs.from_unordered(first, second).keys()
        return cls(catalogue, prepared, model, given, kept)

    @property
    def strata(self) -> dict[str, int]:
        """How many candidates each stratum holds, by its name."""
        return dict(zip(self._pool.names, self._pool.sizes.tolist(), strict=True))

    def tell(self, replies: Sequence[Reply]) -> None:
        """Take note of all replies so far, those of the labels of `prepare` left out.

        They replace those told before, so that a reply that was taken back is forgotten; of two for
        one pair the last counts.  The next questions respect them at once; the model learns from
        them with `learn`.

        Raises
        ------
        LabelsError
            A reply names a row that is none, or a row with itself.
        """
        keys = self._keys_of(replies)
        said = dict(zip(keys.tolist(), replies, strict=True))
        labels = _join(self._given, said)
        answer, pool_keys = self._answers(labels), self._pool.pairs.keys()
        is_sampled = np.zeros(len(pool_keys), dtype=np.bool_)
        for key, reply in said.items():
            place = int(np.searchsorted(pool_keys, key))
            if place < len(pool_keys) and pool_keys[place] == key:
                is_sampled[place] = reply.stratum == self._pool.names[self._pool.stratum[place]]
                if reply.relation == "unsure" and answer[place] == UNKNOWN:
                    answer[place] = UNSURE
        with self._state:
            self._labels = labels
            self._chooser.know(answer, is_sampled)

    def questions(self, n: int = 1) -> list[Question]:
        """Return the next pairs to ask about, the best first; fewer where fewer are left.

        None was handed out before (see `give_back`) or was told, and of none the answer follows
        from what was told: exact pairs chain, and so do exact and variant ones into families.
        """
        found: list[Question] = []
        with self._state:
            while len(found) < n and (chosen := self._chooser.next()) is not None:
                found.append(self._question(*chosen))
        return found

    def give_back(self, questions: Sequence[Question]) -> None:
        """Take questions back that were handed out and will not be answered: ask them again."""
        pool_keys = self._pool.pairs.keys()
        with self._state:
            for question, key in zip(questions, self._keys_of(questions), strict=True):
                place = int(np.searchsorted(pool_keys, key))
                self._chooser.take_back(place, is_random=question.reason == "random")

    def settled(self) -> list[tuple[Question, Opinion]]:
        """Return random questions whose answer is known already: they follow, or were told.

        They are handed out once, and belong into the label file with their stratum just as if they
        had been asked: a random sample without those that are easily answered is not one.
        """
        names: tuple[Opinion, ...] = (*RELATIONS, "unsure")
        with self._state:
            return [
                (self._question(place, "random"), names[answer])
                for place, answer in self._chooser.settled()
            ]

    def learn(self) -> bool:
        """Learn from all that was told, and rank what to ask anew; takes seconds.

        The model and the ranking change at once when all is done.

        Returns
        -------
        bool
            Whether there was something to learn: nothing changes while all labels are of one kind.
        """
        with self._learning:
            with self._state:
                labels = self._labels
            is_match = labels.relations == EXACT
            if is_match.all() or not is_match.any():
                return False
            card = {
                "matcher": matcher.__version__,
                "labels": {"train": len(labels.pairs), "valid": 0},
            }
            model = Model(train_few(self._recalled, labels, card))
            cuts = thresholds(self.prepared.settings, model.classifier)
            newest = scores_of(self._pool.pairs, self._vantage.judge(model.classifier, cuts))
            with self._state:
                self.model, self._newest, self.n_learned = model, newest, len(labels.pairs)
                self._rank()
        return True

    def probabilities(self, left: int, right: int) -> NDArray[np.float64]:
        """Return what the newest model says of two rows: exact, variant, different; shape (3,).

        At once for pairs that may be asked about; others take as long as scoring the catalogue.

        Raises
        ------
        LabelsError
            A row is none, or both are one.
        """
        key = self._keys_of([Question(left, right, "random")])
        place = int(np.searchsorted(self._pool.pairs.keys(), key[0]))
        with self._state:
            model, newest = self.model, self._newest
        if place < len(self._pool) and self._pool.pairs.keys()[place] == key[0]:
            return np.asarray(newest.probabilities[place], np.float64)
        found = score_pairs(self.prepared, Pairs.from_keys(key), model.classifier).scores
        return np.asarray(found.probabilities[0], np.float64)

    def _question(self, place: int, reason: Reason) -> Question:
        pairs, rows = self._pool.pairs, self.prepared.records.rows
        left, right = sorted((int(rows[pairs.left[place]]), int(rows[pairs.right[place]])))
        if reason != "random":
            return Question(left, right, reason)
        stratum = int(self._pool.stratum[place])
        name, size = self._pool.names[stratum], int(self._pool.sizes[stratum])
        return Question(left, right, reason, name, size)

    def _keys_of(self, pairs: Sequence[Question | Reply]) -> Longs:
        """Return the keys of pairs of rows, by their record numbers."""
        rows = np.array([(pair.left, pair.right) for pair in pairs], np.int64).reshape(-1, 2)
        wrong = ((rows < 0) | (rows >= len(self._number_of))).any(axis=1) | (
            rows[:, 0] == rows[:, 1]
        )
        if wrong.any():
            raise LabelsError(
                f"replies: {wrong.sum()} are of rows that are none or of a row with itself, first "
                f"{rows[wrong][0].tolist()}. Rows are 0 to {len(self._number_of) - 1}."
            )
        numbers = self._number_of[rows]
        return np.asarray((numbers.min(axis=1) << 32) | numbers.max(axis=1))

    def _answers(self, labels: Labels) -> Ints:
        """Return what is known of the pairs of the pool, `UNKNOWN` where nothing is."""
        found = close(len(self.prepared.records), labels).relations(self._pool.pairs)
        keys = self._pool.pairs.keys()
        told = np.isin(keys, labels.pairs.keys())
        found[told] = labels.relations[np.searchsorted(labels.pairs.keys(), keys[told])]
        return found

    def _rank(self) -> None:
        """Give the chooser a ranking by the newest model."""
        cuts = thresholds(self.prepared.settings, self.model.classifier)
        families = self._with_families
        queues = rank_questions(self._newest, self._first, cuts, with_families=families)
        counts = Counter(self._labels.relations.tolist())
        self._chooser.rank(queues, share_questions(counts, with_families=families))


def _invert(rows: Longs, n_rows: int) -> Longs:
    number_of = np.zeros(n_rows, dtype=np.int64)
    number_of[rows] = np.arange(len(rows))
    return number_of


def _join(given: Labels, said: dict[int, Reply]) -> Labels:
    """Return labels and replies as one, replies above labels; ``"unsure"`` is no label."""
    relations = dict(zip(given.pairs.keys().tolist(), given.relations.tolist(), strict=True))
    for key, reply in said.items():
        if reply.relation == "unsure":
            relations.pop(key, None)
        else:
            relations[key] = RELATIONS.index(reply.relation)
    keys = np.array(sorted(relations), dtype=np.int64)
    return Labels(
        Pairs.from_keys(keys), np.array([relations[key] for key in keys.tolist()], np.int8)
    )
