"""What the model and the rules say of pairs, under every question that families need."""

from dataclasses import dataclass, replace

import numpy as np

from matcher.classify import (
    Adaptation,
    Classifier,
    Contradictions,
    enforce_labels,
    find_contradictions,
    to_scores,
)
from matcher.engine.local import LocalEngine
from matcher.memory import give_back
from matcher.pipeline.exact import judge_exact
from matcher.pipeline.ignoring import Ignored
from matcher.pipeline.judge import Judge, Probabilities
from matcher.pipeline.relating import judge_families
from matcher.pipeline.samples import Sample
from matcher.pipeline.sifting import sift
from matcher.pipeline.stages import Parsed, Prepared, make_ready, thresholds
from matcher.types import (
    DIFFERENT,
    EXACT,
    VARIANT,
    Bits,
    Bools,
    Candidates,
    Labels,
    Longs,
    Pairs,
    Records,
    Scores,
)


@dataclass(frozen=True, slots=True)
class Answers:
    """Relations of pairs.

    Attributes
    ----------
    scores : Scores
        With the ignored axes of the run.
    kinships : tuple[tuple[int, Scores], ...]
        What families are made of: scores with the axes of these bits ignored. First all axes, then
        all but one, for each axis that the run keeps; empty where it ignores none.
    adaptation : Adaptation | None
        How a general model was fitted to the catalogue; None where the model knows it.
    own : Scores | None
        What the model said of the labelled pairs, before people's answers took its place.
    samples : tuple[Sample, ...]
        Where the values of features lie, by question; empty where others had told it.
    """

    scores: Scores
    kinships: tuple[tuple[int, Scores], ...]
    adaptation: Adaptation | None
    own: Scores | None = None
    samples: tuple[Sample, ...] = ()


def score_candidates(
    parsed: Parsed, candidates: Candidates, classifier: Classifier, labels: Labels
) -> Answers:
    """Score every possible candidate and every labelled pair; labels stand above scores."""
    prepared = make_ready(parsed, candidates, candidates.pairs)
    with parsed.watch.stage("scoring"):
        judge = _sift(Judge(prepared, classifier, candidates.pairs))
        said = _listen(judge, judge.candidates.union(labels.pairs))
        cuts, engine = thresholds(prepared.settings, classifier), prepared.engine
        del judge, prepared  # what served to compare takes more memory than all answers
        give_back()
        return enforce(_decide(said, parsed.records, parsed.ignoring, cuts, engine), labels)


def enforce(answers: Answers, labels: Labels) -> Answers:
    """Return the answers with those of people above them."""
    kinships = ((ignored, enforce_labels(scores, labels)) for ignored, scores in answers.kinships)
    scores = enforce_labels(answers.scores, labels)
    own = answers.scores.take(answers.scores.pairs.places_of(labels.pairs))
    return replace(answers, scores=scores, kinships=tuple(kinships), own=own)


def score_pairs(prepared: Prepared, pairs: Pairs, classifier: Classifier) -> Answers:
    """Compare given pairs and decide their relations.

    Parameters
    ----------
    prepared : Prepared
        The catalogue.
    pairs : Pairs
        Pairs of it, candidates or not.
    classifier : Classifier
        The trained model.
    """
    judge = Judge(prepared, classifier, prepared.candidates.pairs)
    return judge_pairs(_sift(judge) if _asks_all(classifier) else judge, pairs)


def _sift(judge: Judge) -> Judge:
    return sift(judge, questions_of(judge.prepared.records, judge.prepared.ignoring))


def _asks_all(classifier: Classifier) -> bool:
    """Return whether what it says of a pair depends on what it says of all candidates."""
    return classifier.is_general or classifier.second is not None


def judge_pairs(judge: Judge, pairs: Pairs) -> Answers:
    """Compare pairs and decide their relations.

    A pair is of one family if it is with all axes ignored and with all but each single kept one.
    So what is exact does not depend on what is ignored, and ignoring more only finds more; see
    docs/decisions/0006-nested-families.md.
    """
    prepared = judge.prepared
    cuts = thresholds(prepared.settings, judge.classifier)
    said = _listen(judge, pairs)
    return _decide(said, prepared.records, prepared.ignoring, cuts, prepared.engine)


def relate_pairs(judge: Judge, pairs: Pairs) -> Scores:
    """Return the scores of `judge_pairs` alone, where nobody asks for families."""
    prepared, records = judge.prepared, judge.prepared.records
    cuts = thresholds(prepared.settings, judge.classifier)
    said, against = _listen(judge, pairs), find_contradictions(records, pairs)
    return _decide_scores(said, against, records, prepared.ignoring, cuts)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a model says of pairs.

    Attributes
    ----------
    pairs : Pairs
        The pairs.
    same : Probabilities
        Shape (n_pairs,): that they are exact.
    related : list[Probabilities]
        Shape (n_pairs,) each: that they are of one family, under each question.
    adaptation : Adaptation | None
    samples : tuple[Sample, ...]
        As in `Answers`.
    """

    pairs: Pairs
    same: Probabilities
    related: list[Probabilities]
    adaptation: Adaptation | None
    samples: tuple[Sample, ...]


def _listen(judge: Judge, pairs: Pairs) -> _Said:
    records, classifier = judge.prepared.records, judge.classifier
    questions, every = questions_of(records, judge.prepared.ignoring), pairs
    if _asks_all(classifier):
        every = judge.candidates.union(pairs)
    look = judge.look_at(every, questions)
    asked = every.places_of(pairs)
    same, adaptation = judge_exact(judge, look, asked)
    if adaptation is None:
        related = [found[asked] for found in look.related]
    else:
        related = judge_families(judge, look, asked, same, adaptation)
    return _Said(pairs, same, related, adaptation, judge.samples())


def _decide(
    said: _Said, records: Records, ignoring: Ignored, cuts: tuple[float, float], engine: LocalEngine
) -> Answers:
    questions, against = questions_of(records, ignoring), find_contradictions(records, said.pairs)

    def kinship(asked: tuple[int, Probabilities]) -> tuple[int, Scores]:
        ignored, related = asked
        conflicts = against.under(ignored)
        return ignored, to_scores(said.pairs, said.same, related, conflicts, cuts)

    kinships = engine.each(kinship, list(zip(questions, said.related, strict=True)))
    scores = _decide_scores(said, against, records, ignoring, cuts)
    return Answers(scores, tuple(kinships), said.adaptation, samples=said.samples)


def _decide_scores(
    said: _Said,
    against: Contradictions,
    records: Records,
    ignoring: Ignored,
    cuts: tuple[float, float],
) -> Scores:
    """Return what is said of pairs with the ignored axes of the run."""
    ignored = ignoring.of_pairs(said.pairs)
    narrowest = _narrowest(said.related, questions_of(records, ignoring), ignored)
    scores = to_scores(said.pairs, said.same, narrowest, against.under(ignored), cuts)
    # With nothing ignored there is no variant, however low the threshold of families is.
    scores.relations[(ignored == 0) & (scores.relations == VARIANT)] = DIFFERENT
    return scores


def questions_of(records: Records, ignoring: Ignored) -> tuple[int, ...]:
    """Return the questions that the families of a catalogue are made of."""
    return kinship_questions(len(records.axes), ignoring.always, ignoring.ever)


def kinship_questions(n_axes: int, always: int, ever: int) -> tuple[int, ...]:
    """Return the sets of axes to ignore, as bits: all, then all but one for each that is kept.

    Parameters
    ----------
    n_axes : int
        Number of axes.
    always, ever : int
        Axes that every record ignores, and that some record does.

    Examples
    --------
    >>> [f"{bits:03b}" for bits in kinship_questions(3, always=0b001, ever=0b001)]
    ['111', '101', '011']
    >>> kinship_questions(3, always=0, ever=0)
    ()
    """
    if not ever:
        return ()
    everything = (1 << n_axes) - 1
    kept = [1 << axis for axis in range(n_axes) if not always >> axis & 1]
    return (everything, *(everything ^ bit for bit in kept))


def taught_questions(n_axes: int) -> tuple[int, ...]:
    """Return the sets of axes under which every pair is taught: none, all, and all but each one.

    Examples
    --------
    >>> [f"{bits:02b}" for bits in taught_questions(2)], taught_questions(1), taught_questions(0)
    (['00', '11', '10', '01'], (0, 1), (0,))
    """
    return tuple(dict.fromkeys((0, *kinship_questions(n_axes, 0, 1))))


def answered(
    records: Records, labels: Labels, ignored: int, said_for: int | Bits
) -> tuple[Longs, Bools]:
    """Return which pairs have a known answer under a question, and the answers.

    Parameters
    ----------
    records : Records
        The catalogue.
    labels : Labels
        Pairs of it and what they are.
    ignored : int
        Bits of the axes that the question ignores: none asks "exact?".
    said_for : int | Bits
        Bits of the axes that were ignored when the labels were given, of all or shape (n_labels,).

    Returns
    -------
    tuple[Longs, Bools]
        Places of the pairs, and whether each is a match.  A variant stays one where an axis more is
        kept only if its values are known to agree, and so does a different pair where an axis more
        is ignored; where they conflict a rule decides, and where one is unknown nobody knows.
    """
    pairs, relations = labels.pairs, labels.relations
    if not ignored:
        return np.arange(len(pairs)), relations == EXACT
    is_known = np.ones(len(pairs), dtype=np.bool_)
    for axis, forms in records.axis_values.items():
        bit = records.axis_bits([axis])
        is_asked_anew = np.asarray(said_for ^ np.uint32(ignored)) & np.uint32(bit) != 0
        if is_asked_anew.any():
            left, right = forms[pairs.left], forms[pairs.right]
            doubtful = DIFFERENT if ignored & bit else VARIANT
            agrees = (left == right) & (left >= 0)
            if axis not in records.declared:
                agrees |= (left < 0) | (right < 0)  # few titles say it, and few need to
            is_known &= (relations != doubtful) | agrees | ~is_asked_anew
    places = np.flatnonzero(is_known)
    return places, relations[places] != DIFFERENT


def _narrowest(
    related: list[Probabilities], questions: tuple[int, ...], ignored: Bits
) -> Probabilities:
    """Return the least probability under the questions that concern a pair, 0 if it ignores none.

    A question that does not ignore an axis concerns the pairs that do not ignore it either.
    """
    if not related:
        return np.zeros(len(ignored))
    least = related[0]
    for question, found in zip(questions[1:], related[1:], strict=True):
        kept = np.uint32(questions[0] ^ question)
        least = np.where(ignored & kept == 0, np.minimum(least, found), least)
    return np.where(ignored == 0, 0.0, least)
