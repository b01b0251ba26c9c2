"""The order of the stages: ``read -> parse -> block -> compare -> classify -> group``."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from matcher.blocking import KnownVectors, SentenceEncoder, block, default_blockers
from matcher.classify import (
    Classifier,
    Scorer,
    make_scorer,
)
from matcher.engine.local import LocalEngine
from matcher.engine.shelf import Shelf
from matcher.features import Comparisons, Means, compare_records, lasting_comparisons, word_margin
from matcher.output import Stopwatch
from matcher.pipeline.dials import candidates_per_record, chosen_thresholds
from matcher.pipeline.ignoring import Ignored, canonical_ignore, find_ignored
from matcher.pipeline.limit import limited
from matcher.progress import Progress, silent
from matcher.records import Learned, infer_schema, parse_and_learn
from matcher.settings import Settings
from matcher.types import (
    Bools,
    Candidates,
    Catalogue,
    Floats,
    LearnedWords,
    Pairs,
    Records,
    Schema,
    Terms,
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
    titles : Terms
        Titles of the records, as sets.
    typical : Pairs
        Candidates that stand for all of a whole catalogue: they show what values features have.
    ignoring : Ignored
        The axes that each record ignores.
    plain : Comparisons
        Comparisons with nothing ignored.
    compare : Callable[[int], Comparisons]
        Makes the comparisons with the axes of these bits masked.
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
    titles: Terms
    typical: Pairs
    ignoring: Ignored
    plain: Comparisons
    compare: Callable[[int], Comparisons]
    settings: Settings
    engine: LocalEngine
    watch: Stopwatch

    @property
    def ignored(self) -> int:
        """Bits of the axes that are ignored in general, whatever single categories ignore."""
        return self.records.axis_bits(self.settings.ignore)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A catalogue that is read and parsed.

    Attributes
    ----------
    schema, records, ignoring : Schema, Records, Ignored
        As in `Prepared`.
    semantic : KnownVectors | None
        Semantic vectors, where an encoder is on.
    settings : Settings
        Those of the run.
    progress : Progress
        Told as the run goes on.
    watch : Stopwatch
        Times of the stages so far.
    shelf : Shelf
        Where large arrays lie if memory is limited.
    """

    schema: Schema
    records: Records
    ignoring: Ignored
    semantic: KnownVectors | None
    settings: Settings
    progress: Progress
    watch: Stopwatch
    shelf: Shelf = field(default_factory=Shelf)


def prepare(
    catalogue: Catalogue,
    settings: Settings,
    progress: Progress,
    watch: Stopwatch,
    shelf: Shelf | None = None,
) -> Prepared:
    """Parse a catalogue, propose candidate pairs, and make ready to compare; `shelf` as in `parse`.

    Raises
    ------
    MatcherError
        The catalogue or a setting cannot be used.
    """
    parsed = parse(catalogue, settings, progress, watch, shelf)
    candidates = propose(parsed)
    return make_ready(parsed, candidates, candidates.pairs)


def parse(
    catalogue: Catalogue,
    settings: Settings,
    progress: Progress,
    watch: Stopwatch,
    shelf: Shelf | None = None,
) -> Parsed:
    """Parse a catalogue, and encode it where an encoder is on; raises as `prepare` does.

    Without a shelf it is made here, and the catalogue itself stays in memory.
    """
    if shelf is None:
        shelf = limited(catalogue, settings)[1]
    settings = _ready(settings)
    with watch.stage("parsing"):
        progress("parsing", 0, 1)
        schema = infer_schema(catalogue, settings)
        parsed, _ = _parse(catalogue, schema, settings, progress, watch, shelf)
        progress("parsing", 1, 1)
    records, semantic = parsed.records, None
    if settings.blocking.encoder:
        with watch.stage("encoding"):
            encoder = SentenceEncoder(
                settings.blocking.encoder,
                cache=settings.blocking.encoder_cache,
                progress=progress,
            )
            semantic = KnownVectors.of(encoder, records)
    return replace(parsed, semantic=semantic)


def parse_to_learn(
    catalogue: Catalogue, settings: Settings, progress: Progress
) -> tuple[Parsed, Learned]:
    """Parse a catalogue as `parse` does, and return what single records are parsed with too."""
    settings = _ready(settings)
    progress("parsing", 0, 1)
    schema = infer_schema(catalogue, settings)
    parsed, learned = _parse(catalogue, schema, settings, progress, Stopwatch(), Shelf())
    progress("parsing", 1, 1)
    return parsed, learned


def parse_part(
    catalogue: Catalogue,
    schema: Schema,
    axes: tuple[str, ...],
    settings: Settings,
    watch: Stopwatch,
    shelf: Shelf,
) -> Parsed:
    """Parse a part of a catalogue of which it is known what its columns and axes are.

    An axis that the part says nothing of is unknown for all of its records.
    """
    with watch.stage("parsing"):
        return _parse(catalogue, schema, _ready(settings), silent, watch, shelf, axes)[0]


def _ready(settings: Settings) -> Settings:
    settings = canonical_ignore(settings)
    blocking = replace(settings.blocking, pairs_per_record=candidates_per_record(settings))
    return replace(settings, blocking=blocking)


def _parse(
    catalogue: Catalogue,
    schema: Schema,
    settings: Settings,
    progress: Progress,
    watch: Stopwatch,
    shelf: Shelf,
    axes: tuple[str, ...] = (),
) -> tuple[Parsed, Learned]:
    records, learned = parse_and_learn(catalogue, schema, settings, shelf.put)
    records = _with_axes(shelf.put(records), axes)
    ignoring, notices = find_ignored(catalogue, schema, records, settings)
    records = replace(records, notices=(*records.notices, *notices))
    parsed = Parsed(schema, records, ignoring, None, settings, progress, watch, shelf)
    return parsed, learned


def _with_axes(records: Records, axes: tuple[str, ...]) -> Records:
    """Return the records with more axes, behind their own, of which none knows a value."""
    more = tuple(axis for axis in axes if axis not in records.axes)
    unknown = np.full(len(records), -1, np.int32)
    return replace(
        records,
        axes=(*records.axes, *more),
        axis_values={**records.axis_values, **dict.fromkeys(more, unknown)},
        axis_limits={**records.axis_limits, **dict.fromkeys(more, unknown[None])},
        axis_forms={**records.axis_forms, **dict.fromkeys(more, ())},
    )


def propose(parsed: Parsed, asked: Bools | None = None) -> Candidates:
    """Propose candidate pairs of all records, or of those that are asked for, (n_records,)."""
    records, settings = parsed.records, parsed.settings
    with parsed.watch.stage("blocking"):
        blockers = default_blockers(
            records, settings.blocking, settings.seed, settings.threads, parsed.semantic, asked
        )
        found = block(
            records, blockers, settings.blocking, parsed.progress, asked, settings.threads
        )
        return parsed.shelf.put(found)


def make_ready(parsed: Parsed, candidates: Candidates, typical: Pairs) -> Prepared:
    """Make ready to compare, `typical` pairs showing what values features have."""
    records, settings = parsed.records, parsed.settings
    engine, keep = LocalEngine(settings.threads, parsed.progress, parsed.shelf), parsed.shelf.put
    with parsed.watch.stage("context"):
        parsed.progress("context", 0, 1)
        semantic = parsed.semantic
        vectors = {} if semantic is None else {"semantic": semantic.encode(records)}
        means = Means(partial(engine.map_chunks, "context"), engine.together, keep)
        lasting = keep(lasting_comparisons(records, candidates.pairs, vectors, means))
        compare = partial(compare_records, records, lasting)
        plain = compare(0)
        parsed.progress("context", 1, 1)
    return Prepared(
        schema=parsed.schema,
        records=records,
        candidates=candidates,
        titles=lasting.views.title,
        typical=typical,
        ignoring=parsed.ignoring,
        plain=plain,
        compare=compare,
        settings=settings,
        engine=engine,
        watch=parsed.watch,
    )


def thresholds(settings: Settings, classifier: Classifier) -> tuple[float, float]:
    """Return the thresholds of the settings, or else of the model, moved as the settings say."""
    return chosen_thresholds(settings, (classifier.threshold_exact, classifier.threshold_family))


def features_of(prepared: Prepared, pairs: Pairs, comparisons: Comparisons, stage: str) -> Floats:
    """Return the features of pairs, for as many as fit into memory."""
    chunks = prepared.engine.map_chunks(stage, comparisons.compare, pairs)
    return np.concatenate([np.zeros((0, len(comparisons.names)), dtype=np.float32), *chunks])


def scorer_of(prepared: Prepared, classifier: Classifier, comparisons: Comparisons) -> Scorer:
    """Make a classifier ready for a catalogue under one set of ignored axes."""
    sample = sample_candidates(prepared, comparisons)
    return make_scorer(classifier, comparisons.names, sample)


def sample_candidates(prepared: Prepared, comparisons: Comparisons) -> Floats:
    """Return the features of at most `N_RANKED` random typical candidates."""
    return features_of(prepared, choose_sample(prepared), comparisons, "sampling")


def choose_sample(prepared: Prepared) -> Pairs:
    """Return at most `N_RANKED` random typical candidates."""
    return choose_candidates(prepared.typical, N_RANKED, prepared.settings.seed)


def choose_candidates(candidates: Pairs, n_most: int, seed: int) -> Pairs:
    """Return at most so many random ones of all candidates."""
    rng = np.random.default_rng(seed)
    n_chosen = min(n_most, len(candidates))
    return candidates.take(np.sort(rng.choice(len(candidates), n_chosen, replace=False)))


def with_words(
    prepared: Prepared, comparisons: Comparisons, learned: LearnedWords | None
) -> Comparisons:
    """Return the comparisons with that of the words that a model has learned, if it has any."""
    if learned is None:
        return comparisons
    return comparisons.extended(word_margin(prepared.records, learned, comparisons.ignored))
