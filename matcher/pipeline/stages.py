"""The order of the stages: ``read -> parse -> block -> compare -> classify -> group``."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from matcher.blocking import SentenceEncoder, block, default_blockers
from matcher.classify import (
    Classifier,
    Scorer,
    ask,
    enforce_labels,
    find_conflicts,
    make_scorer,
    to_scores,
)
from matcher.clustering import group_records, one_to_one
from matcher.engine.local import LocalEngine
from matcher.features import Comparisons, compare_records, make_views
from matcher.output import Stopwatch
from matcher.progress import Progress
from matcher.records import axis_name, infer_schema, parse_records
from matcher.settings import Settings
from matcher.types import (
    DIFFERENT,
    EXACT,
    VARIANT,
    Bools,
    Candidates,
    Catalogue,
    Constraints,
    Floats,
    Groups,
    Ints,
    Labels,
    Pairs,
    Records,
    Schema,
    Scores,
)

N_RANKED = 20_000
"""Candidates from which the places of feature values are measured: known to within 0.7 %."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A catalogue that is read, parsed and blocked: what every job needs before it compares.

    Attributes
    ----------
    schema, records, candidates : Schema, Records, Candidates
        What the stages made.
    plain : Comparisons
        Comparisons with nothing ignored.
    masked : Comparisons | None
        Comparisons with the ignored axes masked; None where the catalogue has none of them.
    settings : Settings
        Those of the run.
    engine : LocalEngine
        Where the work runs.
    watch : Stopwatch
        Times of the stages so far.
    """

    schema: Schema
    records: Records
    candidates: Candidates
    plain: Comparisons
    masked: Comparisons | None
    settings: Settings
    engine: LocalEngine
    watch: Stopwatch

    @property
    def ignored(self) -> int:
        """Bits of the ignored axes."""
        return self.records.axis_bits(self.settings.ignore)


def prepare(
    catalogue: Catalogue, settings: Settings, progress: Progress, watch: Stopwatch
) -> Prepared:
    """Parse a catalogue, propose candidate pairs, and make ready to compare.

    Raises
    ------
    MatcherError
        The catalogue or a setting cannot be used.
    """
    settings = replace(settings, ignore=tuple(map(axis_name, settings.ignore)))
    with watch.stage("parsing"):
        progress("parsing", 0, 1)
        schema = infer_schema(catalogue, settings)
        records = parse_records(catalogue, schema, settings)
        progress("parsing", 1, 1)
    with watch.stage("blocking"):
        blockers = default_blockers(records, settings.blocking, settings.seed, settings.threads)
        candidates = block(records, blockers, settings.blocking, progress)
    with watch.stage("context"):
        progress("context", 0, 1)
        views, vectors = make_views(records), encode(records, settings)
        compare = partial(compare_records, records, views, candidates.pairs, vectors=vectors)
        ignored = records.axis_bits(settings.ignore)
        plain, masked = compare(0), compare(ignored) if ignored else None
        progress("context", 1, 1)
    engine = LocalEngine(settings.threads, progress)
    return Prepared(schema, records, candidates, plain, masked, settings, engine, watch)


def encode(records: Records, settings: Settings) -> Mapping[str, Floats]:
    """Return the semantic vectors of the records, if the settings name an encoder."""
    if not settings.blocking.encoder:
        return {}
    return {"semantic": SentenceEncoder(settings.blocking.encoder).encode(records)}


def score_pairs(prepared: Prepared, pairs: Pairs, classifier: Classifier) -> Scores:
    """Compare pairs and decide their relations.

    Parameters
    ----------
    prepared : Prepared
        The catalogue.
    pairs : Pairs
        Pairs of it, candidates or not.
    classifier : Classifier
        The trained model.
    """
    settings = prepared.settings
    same = _probabilities(prepared, pairs, classifier, prepared.plain)
    related = (
        same
        if prepared.masked is None
        else _probabilities(prepared, pairs, classifier, prepared.masked)
    )
    conflicts = find_conflicts(prepared.records, pairs, prepared.ignored)
    return to_scores(pairs, same, related, conflicts, thresholds(settings, classifier))


def thresholds(settings: Settings, classifier: Classifier) -> tuple[float, float]:
    """Return the thresholds of the settings, or else of the model."""
    exact, family = settings.threshold_exact, settings.threshold_family
    return (
        classifier.threshold_exact if exact is None else exact,
        classifier.threshold_family if family is None else family,
    )


def features_of(prepared: Prepared, pairs: Pairs, comparisons: Comparisons, stage: str) -> Floats:
    """Return the features of pairs, the question appended; for as many as fit into memory."""
    is_family = comparisons is prepared.masked

    def compare(chunk: Pairs) -> Floats:
        return ask(comparisons.compare(chunk), is_family_question=is_family)

    chunks = prepared.engine.map_chunks(stage, compare, pairs)
    n_features = len(comparisons.names) + 1
    return np.concatenate([np.zeros((0, n_features), dtype=np.float32), *chunks])


def scorer_of(prepared: Prepared, classifier: Classifier, comparisons: Comparisons) -> Scorer:
    """Make a classifier ready for a catalogue under one set of ignored axes."""
    sample = sample_candidates(prepared, comparisons)
    return make_scorer(classifier, feature_names(comparisons), sample)


def sample_candidates(prepared: Prepared, comparisons: Comparisons) -> Floats:
    """Return the features of at most `N_RANKED` random candidates."""
    candidates = prepared.candidates.pairs
    rng = np.random.default_rng(prepared.settings.seed)
    n_sample = min(N_RANKED, len(candidates))
    rows = np.sort(rng.choice(len(candidates), n_sample, replace=False))
    chosen = Pairs(candidates.left[rows], candidates.right[rows])
    return features_of(prepared, chosen, comparisons, "sampling")


def feature_names(comparisons: Comparisons) -> tuple[str, ...]:
    """Return the names of the features that a classifier may see, the question last."""
    return (*comparisons.names, "is_family_question")


def _probabilities(
    prepared: Prepared, pairs: Pairs, classifier: Classifier, comparisons: Comparisons
) -> "np.typing.NDArray[np.float64]":
    scorer = scorer_of(prepared, classifier, comparisons)
    is_family = comparisons is prepared.masked

    def probability(chunk: Pairs) -> "np.typing.NDArray[np.float64]":
        features = ask(comparisons.compare(chunk), is_family_question=is_family)
        return scorer.probability(features)

    return np.concatenate([np.zeros(0), *prepared.engine.map_chunks("scoring", probability, pairs)])


def group(prepared: Prepared, scores: Scores, labels: Labels, cuts: tuple[float, float]) -> Groups:
    """Build duplicate groups and families from scores, labels and what must not be joined."""
    records, settings = prepared.records, prepared.settings
    if settings.one_to_one:
        scores = _only(scores, one_to_one(scores, cuts[0]))
    at_most_one = settings.at_most_one_per_source or settings.one_to_one
    constraints = Constraints(
        must_link=_labelled(labels, EXACT),
        must_relate=_labelled(labels, VARIANT),
        cannot_match=_labelled(labels, DIFFERENT),
        cannot_relate=_labelled(labels, DIFFERENT),
        sources=records.sources if at_most_one else None,
        match_values=_stack([*records.axis_values.values(), *_gtins(records)], len(records)),
        family_values=_stack(_kept_axes(prepared), len(records)),
    )
    return group_records(len(records), scores, constraints, cuts, prepared.engine.progress)


def _only(scores: Scores, kept: Bools) -> Scores:
    """Return the scores with exact pairs outside `kept` made different."""
    lost = (scores.relations == EXACT) & ~kept
    relations = np.where(lost, np.int8(DIFFERENT), scores.relations)
    return replace(scores, relations=relations)


def _labelled(labels: Labels, relation: int) -> Pairs:
    chosen = labels.relations == relation
    return Pairs(labels.pairs.left[chosen], labels.pairs.right[chosen])


def _gtins(records: Records) -> list[Ints]:
    return [records.codes["gtin"]] if "gtin" in records.codes else []


def _kept_axes(prepared: Prepared) -> list[Ints]:
    records = prepared.records
    return [
        forms
        for axis, forms in records.axis_values.items()
        if not records.axis_bits([axis]) & prepared.ignored
    ]


def _stack(forms: list[Ints], n_records: int) -> Ints:
    return np.stack(forms) if forms else np.zeros((0, n_records), dtype=np.int32)


def score_candidates(prepared: Prepared, classifier: Classifier, labels: Labels) -> Scores:
    """Score every candidate and every labelled pair; labels stand above scores."""
    keys = np.union1d(prepared.candidates.pairs.keys(), labels.pairs.keys())
    scores = score_pairs(prepared, Pairs.from_keys(keys), classifier)
    return enforce_labels(scores, labels)
