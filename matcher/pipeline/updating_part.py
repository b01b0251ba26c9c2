"""An update that reads, compares and groups only what is near to new records.

New rows are parsed together with the old ones that share rare words with them; what only all
records can tell, such as how rare a word is, the earlier run has kept.  Then the families that they
are linked with, and those that lost records, are grouped anew; the rest stays as it is.
See docs/decisions/0036-updates-in-place.md.
"""

from dataclasses import dataclass, replace

import numpy as np

from matcher.blocking import MEDIUM, default_names
from matcher.classify import fitted_before
from matcher.engine.shelf import Shelf
from matcher.output import Grown, OpenState, State, Stopwatch, are_among
from matcher.pipeline.judge import LEAST_LIKELY, Judge, Look, Probabilities
from matcher.pipeline.kept import Kept
from matcher.pipeline.model import Model
from matcher.pipeline.near_rows import near_rows
from matcher.pipeline.nearby import make_ready_with_shares
from matcher.pipeline.opened import Overlaid
from matcher.pipeline.samples import KnownSamples
from matcher.pipeline.saved_answers import among, recall, remember
from matcher.pipeline.scoring import Answers, judge_pairs, questions_of
from matcher.pipeline.stages import Parsed, parse_part, propose
from matcher.settings import Settings
from matcher.types import (
    DIFFERENT,
    EXACT,
    Bools,
    Candidates,
    Catalogue,
    Ints,
    Longs,
    Notice,
    Pairs,
    distinct,
)

LIKELY = 0.5
"""Probability of one product or family from which an old record counts as a rival of another."""

DOUBTFUL = 0.05
"""Probability below which a pair is no rival of another, and has none that matter."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What an update stands on.

    Attributes
    ----------
    rows : Overlaid
        The old rows that are left, and after them the new ones.
    state : State | OpenState
        What was said of old pairs, by these rows.
    kept : Kept
        What is kept of all rows.
    model : Model
        The model of the earlier run.
    settings : Settings
        Those of the earlier run.
    watch : Stopwatch
        Times of the stages.
    notices : tuple[Notice, ...]
        What there is to say of the new rows.
    shelf : Shelf
        Where large arrays lie if memory is limited.
    """

    rows: Overlaid
    state: State | OpenState
    kept: Kept
    model: Model
    settings: Settings
    watch: Stopwatch
    notices: tuple[Notice, ...]
    shelf: Shelf

    def parse(self, part: Catalogue) -> Parsed:
        """Parse some of the rows, words being as rare as in all."""
        kept = self.kept
        parsed = parse_part(part, kept.schema, kept.axes, self.settings, self.watch, self.shelf)
        records = replace(kept.weights.give(parsed.records), notices=())
        return replace(parsed, records=records)

    def recall(self, parsed: Parsed, rows: Longs) -> Answers:
        """Return what was said of the pairs among some rows, which are parsed."""
        return recall_among(among(self.state, rows, len(self.rows)), parsed, rows)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was said of new records.

    Attributes
    ----------
    parsed : Parsed
        They, and the old ones near to them.
    part : Catalogue
        Their rows.
    rows : Longs
        Shape (n_parsed_rows,): where these rows stand in the whole.
    candidates : Candidates
        Pairs with a new record.
    answers : Answers
        What was said of these.
    state : Grown
        What was said of all pairs, old and new, by rows of the whole.
    """

    parsed: Parsed
    part: Catalogue
    rows: Longs
    candidates: Candidates
    answers: Answers
    state: Grown


def recall_among(state: State, parsed: Parsed, rows: Longs) -> Answers:
    """Return what was said of pairs that are all among some rows, which are parsed."""
    place = np.full(int(rows.max(initial=-1)) + 1, -1, np.int64)
    place[rows] = np.arange(len(rows))
    return recall(state, parsed.records, place)


def compare_new(ground: Ground) -> Compared | None:
    """Compare new records with old ones and with each other.

    Returns
    -------
    Compared | None
        None where new records have options that the earlier ones have not.
    """
    n_old, kept = ground.rows.n_old, ground.kept
    settings = ground.settings
    with ground.watch.stage("looking up"):
        found_near = near_rows(kept, n_old, settings.blocking, settings.threads)
        near = distinct(np.concatenate([found_near.rows, _rivals_of(found_near.nearest, ground)]))
    rows = np.concatenate([near, np.arange(n_old, len(ground.rows))])
    part = ground.rows.part(rows)
    parsed = _as_in_whole(ground.parse(part), len(ground.rows))
    records = parsed.records
    if {*records.axes} != {*kept.axes}:
        return None
    is_new = records.rows >= len(near)
    found = propose(parsed, is_new)
    known = ground.recall(parsed, rows)
    around = is_new.copy()
    around[found.pairs.left] = around[found.pairs.right] = True
    old = known.scores.pairs
    old = old.take(around[old.left] | around[old.right])
    every = found.pairs.union(old)
    candidates = replace(found, pairs=every, proposed_by=np.zeros(len(every), np.uint32))
    shares = kept.weights.shares_of(records.brands, rows[records.rows])
    prepared = make_ready_with_shares(parsed, candidates, found.pairs, shares)
    with ground.watch.stage("scoring"):
        classifier = ground.model.classifier
        scorer_of = KnownSamples(kept.samples, classifier).scorer_of(records)
        judge = Judge(prepared, classifier, found.pairs, known.adaptation, scorer_of)
        widest = (judge.everything,) if judge.everything else ()
        look = judge.look_at(found.pairs, questions_of(records, parsed.ignoring) or widest)
        asked, possible = _possible(judge, look)
        rivals = _rivals(known, possible)
        look = _with_rivals(look, rivals, known, records.sources)
        answers = judge_pairs(replace(judge, candidates=asked.union(rivals), seen=look), asked)
    added = _under_old_questions(ground.state, remember(answers, records), rows)
    return Compared(parsed, part, rows, found, answers, Grown(ground.state, added))


def _possible(judge: Judge, look: Look) -> tuple[Pairs, Bools]:
    """Return the pairs that are not hopeless at first sight, and which records are in likely ones.

    The sieve of a whole run drops as many.
    """
    pairs = look.pairs
    chance = look.same if look.family is None else np.maximum(look.same, look.family)
    likely = pairs.take(chance >= DOUBTFUL)
    in_likely = np.zeros(len(judge.prepared.records), np.bool_)
    in_likely[likely.left] = in_likely[likely.right] = True
    return pairs.take(chance >= LEAST_LIKELY), in_likely


def _rivals(known: Answers, is_asked: Bools) -> Pairs:
    """Return the old pairs of some records that may be exact."""
    pairs = known.scores.pairs
    may_be = known.scores.probabilities[:, EXACT] >= DOUBTFUL
    return pairs.take(may_be & (is_asked[pairs.left] | is_asked[pairs.right]))


def _with_rivals(look: Look, rivals: Pairs, known: Answers, sources: Ints) -> Look:
    """Return a look at old pairs too: what was said of them tells what the model said at first.

    So they are not compared again. A model that is not fitted to the catalogue looks again.
    """
    if known.adaptation is None:
        return look
    place = known.scores.pairs.places_of(rivals)
    probability = known.scores.probabilities[place].astype(np.float64)
    widest = known.kinships[0][1].probabilities[place] if known.kinships else probability
    first = fitted_before(known.adaptation, 0)
    same = first.unweigh(probability[:, EXACT], rivals, sources)
    family = np.maximum(1.0 - widest[:, DIFFERENT], same)
    every = look.pairs.union(rivals)
    of_look, of_rivals = every.places_of(look.pairs), every.places_of(rivals)

    def join(said: Probabilities, said_before: Probabilities) -> Probabilities:
        joined = np.empty(len(every))
        joined[of_look], joined[of_rivals] = said, said_before
        return joined

    related = tuple(join(said, family) for said in look.related)
    return Look(every, join(look.same, same), related, look.questions)


def _rivals_of(rows: Longs, ground: Ground) -> Longs:
    """Return the rows that some rows are likely to be of one product or family with.

    Beside these a new record is judged.
    """
    state = ground.state
    is_near = np.zeros(len(ground.rows), np.bool_)
    is_near[rows] = True
    near = state.take(np.flatnonzero(is_near[state.left] | is_near[state.right]))
    is_likely = np.any(
        [said.probabilities[:, DIFFERENT] <= 1 - LIKELY for said in near.said], axis=0
    )
    return np.concatenate([near.left[is_likely], near.right[is_likely]])


def _as_in_whole(parsed: Parsed, n_records: int) -> Parsed:
    """Return a part of a catalogue that is blocked as the whole would be."""
    blocking = parsed.settings.blocking
    names = blocking.blockers or default_names(n_records, blocking)
    per_record = blocking.budget * (2 if n_records <= MEDIUM else 1)
    blocking = replace(blocking, blockers=names, pairs_per_record=per_record)
    return replace(parsed, settings=replace(parsed.settings, blocking=blocking))


def _under_old_questions(old: State | OpenState, new: State, rows: Longs) -> State:
    """Return what was said of new pairs, by `rows`, under the questions of the old ones.

    A question that no new pair is concerned by is answered as the widest one is.
    """
    by_axes = {frozenset(said.ignored): said for said in new.said[1:]}
    widest = new.said[min(1, len(new.said) - 1)]
    others = (by_axes.get(frozenset(ignored), widest) for ignored in old.questions[1:])
    said = tuple(
        replace(said, ignored=ignored)
        for ignored, said in zip(old.questions, [new.said[0], *others], strict=True)
    )
    return State(rows[new.left], rows[new.right], said, old.adaptation)


def touched_rows(ground: Ground, compared: Compared) -> Longs:
    """Return the earlier rows whose families new records are linked with, or old ones have left.

    Those that are gone are among them.
    """
    rows, added = ground.rows, compared.state.added
    families = rows.opened.hashes("family")
    is_linked = np.any([said.relations != DIFFERENT for said in added.said], axis=0)
    linked = distinct(np.concatenate([added.left[is_linked], added.right[is_linked]]))
    linked = rows.left[linked[linked < rows.n_old]]
    touched = np.concatenate([families[rows.gone], families[linked]])
    return np.flatnonzero(are_among(families, touched))
