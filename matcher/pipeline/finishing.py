"""The end of a job: from what was said of pairs to the result."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.beside import second_thread
from matcher.errors import first_three
from matcher.labelling import read_labels, resolve_labels
from matcher.output import (
    Example,
    MatchResult,
    Stored,
    build_result,
    list_pairs,
    run_report,
    with_main_title,
)
from matcher.pipeline.dials import chosen_thresholds
from matcher.pipeline.grouping import group
from matcher.pipeline.kept import keep
from matcher.pipeline.limit import describe_memory, state_peak
from matcher.pipeline.model import Model
from matcher.pipeline.picturing import judge_labels, picture
from matcher.pipeline.reassigning import Known, carry_over
from matcher.pipeline.saved_answers import remember
from matcher.pipeline.scoring import Answers
from matcher.pipeline.stages import Parsed
from matcher.pipeline.weighing import weigh_kinds
from matcher.records import find_concepts, merged_columns, read_concepts
from matcher.types import Candidates, Catalogue, Labels, Notice, Pairs, Records, Schema

if TYPE_CHECKING:
    from matcher.explanation import Explanation
    from matcher.pipeline.searching import Searcher

OF_MODEL = ("model_threshold_exact", "model_threshold_family")
"""What ``run.json`` calls the thresholds of the model, which the dials move."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a job has found out of a catalogue.

    Attributes
    ----------
    job : str
        ``"dedupe"``, ``"link"`` or ``"update"``.
    catalogue : Catalogue
        The rows.
    parsed : Parsed
        What was read in them; what served to compare them is gone by now.
    candidates : Candidates
        The pairs that were proposed.
    answers : Answers
        What was said of pairs.
    labels : Labels
        What people said.
    notices : Sequence[Notice]
        What there is to say about it.
    """

    job: str
    catalogue: Catalogue
    parsed: Parsed
    candidates: Candidates
    answers: Answers
    labels: Labels
    notices: Sequence[Notice]


@dataclass(frozen=True, slots=True)
class Judged:
    """Who judged the pairs.

    Attributes
    ----------
    name : str
        Name of the model.
    thresholds : tuple[float, float]
        Its own, for exact and for families.
    evidence : Sequence[Mapping[str, Any]]
        How much it looks at each kind of evidence.
    model : Model | None
        The model where it is at hand, for those who ask it later.
    """

    name: str
    thresholds: tuple[float, float]
    evidence: Sequence[Mapping[str, Any]]
    model: Model | None = None

    @staticmethod
    def by(model: Model) -> "Judged":
        """Return what there is to say of a model."""
        classifier = model.classifier
        own = classifier.threshold_exact, classifier.threshold_family
        return Judged(model.name, own, weigh_kinds(classifier), model)


def finish(original: Any, found: Found, judged: Judged, earlier: Known | None) -> MatchResult:
    """Group the records and make the result, with the ids of an earlier one if there is one.

    Parameters
    ----------
    original : Any
        What the caller gave: the records come back as the same kind of frame.
    found : Found
        What the job found.
    judged : Judged
        Who judged the pairs.
    earlier : Known | None
        Groups whose ids are carried over.
    """
    parsed, answers, watch = found.parsed, found.answers, found.parsed.watch
    settings, records = parsed.settings, parsed.records
    cuts = chosen_thresholds(settings, judged.thresholds)
    concepts = with_main_title(_concepts(found.catalogue, parsed.schema), records)
    with second_thread(settings.threads) as start:
        listed = start(partial(list_pairs, found.catalogue, records, answers.scores))
        kept = start(partial(_kept, found))
        with watch.stage("grouping"):
            groups = group(parsed, answers, found.labels, cuts)
        of_labels = judge_labels(answers, found.labels, judged.name)
        run = run_report(
            found.job,
            settings=replace(settings, id=parsed.schema.id, source=parsed.schema.source),
            stages=watch.stages,
            model=judged.name,
            reports={
                "blocking": found.candidates.report,
                "deciding": {**_decided(answers, cuts, judged), "labels": len(found.labels.pairs)},
                "clustering": groups.report,
                **({"labels": of_labels} if of_labels else {}),
            },
            notices=[*found.notices, *_shared_codes(found.candidates), *_unsure(answers)],
        )
        run |= describe_memory(parsed.shelf)
        run["evidence"] = judged.evidence
        run["concepts"] = concepts
        result = replace(
            build_result(original, listed(), groups, run, partial(_picture, found, concepts)),
            _read=read_concepts,
            _explain=partial(_explain, judged.model),
            _state=remember(answers, records),
            _open=partial(_open, judged.model),
            _kept=kept(),
        )
    state_peak(result.run, parsed.shelf)
    return result if earlier is None else carry_over(result, earlier)


def _picture(found: Found, concepts: Mapping[str, Sequence[str]]) -> list[Example]:
    parsed, scores = found.parsed, found.answers.scores
    return picture(found.catalogue, parsed.records, parsed.ignoring, scores, found.labels, concepts)


def _kept(found: Found) -> Stored | None:
    """Return what an update may go by, None where it has to read all records anyway."""
    parsed, samples = found.parsed, found.answers.samples
    is_named = all(notice.kind != "missing_ids" for notice in parsed.records.notices)
    if found.job == "link" or parsed.semantic is not None or not samples or not is_named:
        return None
    return keep(parsed.records, parsed.schema, samples).to_stored()


def _explain(model: Model | None, result: MatchResult, *ids: str, weigh: bool) -> "Explanation":
    from matcher.pipeline.explaining import explain  # few ask, and it takes long to import

    return explain(result, *ids, weigh=weigh, model=model)


def _open(model: Model | None, result: MatchResult) -> "Searcher":
    from matcher.pipeline.searching import load_result

    return load_result(result, model=model)


def resolve(labels: Any, records: Records) -> tuple[Labels, tuple[Notice, ...]]:
    """Return the labels of a path or a frame by record number; none for None."""
    if labels is None:
        return Labels(Pairs.from_keys(np.zeros(0, np.int64)), np.zeros(0, np.int8)), ()
    return resolve_labels(read_labels(labels), records)


def _concepts(catalogue: Catalogue, schema: Schema) -> dict[str, list[str]]:
    """Return the columns of each concept, of the record id and of the source, over all inputs."""
    merged = merged_columns(catalogue)
    found = find_concepts(schema.attributes, merged)
    for concept, name in (("id", schema.id), ("source", schema.source)):
        if name:
            found[concept] = [name, *(other for other, kept in merged.items() if kept == name)]
    return found


def _decided(answers: Answers, cuts: tuple[float, float], judged: Judged) -> dict[str, Any]:
    """Return what decided, ready for ``run.json``."""
    decided = {"threshold_exact": cuts[0], "threshold_family": cuts[1]}
    decided |= dict(zip(OF_MODEL, judged.thresholds, strict=True))
    if answers.adaptation is None:
        return decided
    own = answers.adaptation.own
    told = asdict(replace(answers.adaptation, own=None)) | {"own": own is not None}
    return decided | {"adaptation": told}


def _unsure(answers: Answers) -> list[Notice]:
    """Return the notice that the threshold of exact pairs needs a person, if it does."""
    found = answers.adaptation
    if found is None or not found.is_unsure:
        return []
    message = (
        f"exact pairs: {found.n_chosen:,} candidates were taken as exact, judged by how they fit "
        f"together; by the model's probabilities it would be {found.n_expected:,}. Look at the "
        "pairs near the threshold, and label some for `matcher train` or set threshold_exact."
    )
    return [Notice("unsure_threshold", message, found.n_chosen)]


def _shared_codes(candidates: Candidates) -> list[Notice]:
    """Return the notice of codes that blocking purged, if there are any."""
    purged = candidates.report["blockers"].get("codes", {}).get("purged", {"count": 0})
    if not purged["count"]:
        return []
    named = [f"{code['key']} ({code['records']} records)" for code in purged["largest"]]
    message = (
        f"codes: {purged['count']} codes are shared by more records than a product has offers, "
        f"first {first_three(named)}. They propose only neighbouring titles; check the codes."
    )
    return [Notice("shared_codes", message, purged["count"])]
