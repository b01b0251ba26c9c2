"""The public jobs: what the library and the command line do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from matcher.errors import RecordsError, first_three
from matcher.labelling import (
    LabelTable,
    PairTable,
    are_across,
    look_up_pairs,
    read_labels,
    read_pairs,
    resolve_labels,
)
from matcher.output import MatchResult, Stopwatch, build_result, run_report
from matcher.pipeline.grouping import group
from matcher.pipeline.ignoring import canonical_ignore
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.scoring import Answers, score_candidates, score_pairs
from matcher.pipeline.stages import prepare, thresholds
from matcher.progress import Progress, silent
from matcher.records import (
    Inspection,
    find_concepts,
    infer_schema,
    inspect_catalogue,
    merged_columns,
    parse_records,
    read_catalogue,
    read_concepts,
)
from matcher.settings import Overrides, Settings, override
from matcher.types import (
    DIFFERENT,
    EXACT,
    RELATIONS,
    VARIANT,
    Candidates,
    Catalogue,
    Labels,
    Notice,
    Pairs,
    Records,
    Schema,
)

if TYPE_CHECKING:
    import pandas as pd


def inspect(
    inputs: Any,
    *,
    settings: Settings | None = None,
    labels: Any = None,
    **overrides: Unpack[Overrides],
) -> Inspection:
    """Return what the columns of a catalogue are, and what is wrong with it.

    Parameters
    ----------
    inputs, settings, **overrides
        As for `dedupe`.
    labels : path, frame or None
        Relations given by people: what differs between variants, and not between exact records, is
        an axis.

    Raises
    ------
    MatcherError
        The input, a setting or the labels cannot be used.
    """
    chosen = canonical_ignore(override(settings, overrides))
    table = None if labels is None else read_labels(labels)
    if table is None:
        catalogue = read_catalogue(_as_list(inputs))
    else:
        catalogue = read_inputs(inputs, chosen, table)
    schema = infer_schema(catalogue, chosen)
    try:
        records = parse_records(catalogue, schema, chosen)
    except RecordsError:  # ids occur more than once, say: that is what inspection is to show
        return inspect_catalogue(catalogue, schema, None)
    if table is None:
        return inspect_catalogue(catalogue, schema, records)
    known, notices = resolve_labels(table, records, check_chains=False)
    found = inspect_catalogue(catalogue, schema, records, known)
    return replace(found, problems=(*found.problems, *notices))


def dedupe(
    inputs: Any,
    *,
    settings: Settings | None = None,
    model: Model | None = None,
    labels: Any = None,
    progress: Progress = silent,
    **overrides: Unpack[Overrides],
) -> MatchResult:
    """Find the duplicate groups and the variant families of a catalogue.

    Parameters
    ----------
    inputs : path, frame, or sequence of them
        CSV, CSV.gz or Parquet files, folders or globs of them, URLs of tables of databases
        (``"postgresql://user@host/db?table=offers"``), or anything with the Arrow interface
        (pandas, polars, pyarrow, DuckDB). Several are one catalogue. Not changed.
    settings : Settings | None
        All settings; None takes the usual ones.
    model : Model | None
        A trained model; None takes the one that ships with the package.
    labels : path, frame or None
        Relations given by people; the result keeps them.
    progress : Progress
        Called as the run goes on.
    **overrides
        Single fields of `Settings`, such as ``ignore=["color"]`` or ``id="sku"``.

    Raises
    ------
    MatcherError
        The input, a setting, the labels or the model cannot be used; the message says why.

    Examples
    --------
    >>> import pandas as pd
    >>> offers = pd.DataFrame({
    ...     "id": ["a", "b", "c"],
    ...     "title": ["Sony Bravia KD-43X80L TV", "SONY KD43X80L Bravia TV", "Bosch drill GSR 12V"],
    ... })
    >>> result = dedupe(offers)
    >>> result.records.match_id.nunique()
    2
    """
    chosen = override(settings, overrides)
    return _match(inputs, _as_list(inputs), chosen, _Job("dedupe", model, labels, progress))


def link(
    left: Any,
    right: Any,
    *,
    settings: Settings | None = None,
    model: Model | None = None,
    labels: Any = None,
    progress: Progress = silent,
    **overrides: Unpack[Overrides],
) -> MatchResult:
    """Find the records of one table in another; only pairs across the two are compared.

    Parameters
    ----------
    left, right : path or frame
        The two tables.
    settings, model, labels, progress, **overrides
        As for `dedupe`; ``one_to_one=True`` matches a record with at most one of the other table.

    Raises
    ------
    MatcherError
        The input, a setting, the labels or the model cannot be used; the message says why.
    """
    chosen = override(settings, overrides)
    return _match((left, right), [left, right], chosen, _Job("link", model, labels, progress))


def score(
    inputs: Any,
    pairs: Any,
    *,
    settings: Settings | None = None,
    model: Model | None = None,
    progress: Progress = silent,
    **overrides: Unpack[Overrides],
) -> "pd.DataFrame":
    """Return the relations of given pairs, every asked pair in its order.

    Parameters
    ----------
    inputs : path, frame, or sequence of them
        The catalogue; two tables are linked where the pairs go from the first to the second.
    pairs : path, frame or recordlinkage's MultiIndex
        Columns ``left_id`` and ``right_id``.
    settings, model, progress, **overrides
        As for `dedupe`.

    Returns
    -------
    pd.DataFrame
        ``left_id, right_id, relation, p_exact, p_variant, p_different``.

    Raises
    ------
    MatcherError
        As for `dedupe`, or a pair names a record that does not exist.
    """
    import pandas as pd

    chosen = override(settings, overrides)
    asked = read_pairs(pairs)
    catalogue = read_inputs(inputs, chosen, asked)
    prepared = prepare(catalogue, chosen, progress, Stopwatch())
    first, second = look_up_pairs(asked, prepared.records)
    unique = Pairs.from_unordered(first, second)
    scores = score_pairs(prepared, unique, (model or load(DEFAULT_MODEL)).classifier).scores
    keys = (np.minimum(first, second) << 32) | np.maximum(first, second)
    place = np.searchsorted(unique.keys(), keys)
    rows = scores.probabilities[place]
    return pd.DataFrame(
        {
            "left_id": asked.left_id.to_pandas(),
            "right_id": asked.right_id.to_pandas(),
            "relation": np.array(RELATIONS, dtype=object)[scores.relations[place]],
            "p_exact": rows[:, EXACT],
            "p_variant": rows[:, VARIANT],
            "p_different": rows[:, DIFFERENT],
        }
    )


@dataclass(frozen=True, slots=True)
class _Job:
    """One run of the main job.

    Attributes
    ----------
    name : str
        ``"dedupe"`` or ``"link"``.
    model : Model | None
        None takes the shipped one.
    labels : Any
        Path, frame or None.
    progress : Progress
        Told as the run goes on.
    """

    name: str
    model: Model | None
    labels: Any
    progress: Progress


def _match(original: Any, inputs: Sequence[Any], settings: Settings, job: _Job) -> MatchResult:
    watch = Stopwatch()
    with watch.stage("reading"):
        model = job.model or load(DEFAULT_MODEL)
        catalogue = read_catalogue(inputs, is_link=job.name == "link")
    prepared = prepare(catalogue, settings, job.progress, watch)
    labels, notices = _resolve(job.labels, prepared.records)
    with watch.stage("scoring"):
        answers = score_candidates(prepared, model.classifier, labels)
    cuts = thresholds(settings, model.classifier)
    with watch.stage("grouping"):
        groups = group(prepared, answers, labels, cuts)
    run = run_report(
        job.name,
        settings=replace(settings, id=prepared.schema.id, source=prepared.schema.source),
        stages=watch.stages,
        model=model.name,
        reports={
            "blocking": prepared.candidates.report,
            "deciding": _decided(answers, cuts),
            "clustering": groups.report,
        },
        notices=[*notices, *_shared_codes(prepared.candidates), *_unsure(answers)],
    )
    run["concepts"] = _concepts(catalogue, prepared.schema)
    result = build_result(original, catalogue, prepared.records, answers.scores, groups, run)
    return replace(result, _read=read_concepts)


def _concepts(catalogue: Catalogue, schema: Schema) -> dict[str, list[str]]:
    """Return the columns of each concept, and of the record id, over all inputs."""
    merged = merged_columns(catalogue)
    ids = [schema.id, *(name for name, kept in merged.items() if kept == schema.id)]
    return find_concepts(schema.attributes, merged) | ({"id": ids} if schema.id else {})


def _decided(answers: Answers, cuts: tuple[float, float]) -> dict[str, Any]:
    """Return what decided, ready for ``run.json``."""
    decided = {"threshold_exact": cuts[0], "threshold_family": cuts[1]}
    return decided | ({"adaptation": asdict(answers.adaptation)} if answers.adaptation else {})


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


def _resolve(labels: Any, records: Records) -> tuple[Labels, tuple[Notice, ...]]:
    if labels is None:
        return Labels(Pairs.from_keys(np.zeros(0, np.int64)), np.zeros(0, np.int8)), ()
    return resolve_labels(read_labels(labels), records)


def read_inputs(inputs: Any, settings: Settings, pairs: LabelTable | PairTable) -> Catalogue:
    """Read a catalogue, as two tables to link where `pairs` go from the first to the second.

    It is read once, whatever turns out: a frame may be a stream that is gone afterwards.
    """
    catalogue = read_catalogue(_as_list(inputs))
    id_column = infer_schema(catalogue, settings).id
    is_link = are_across(pairs.left_id, pairs.right_id, catalogue, id_column)
    return replace(catalogue, is_link=is_link)


def _as_list(inputs: Any) -> list[Any]:
    return list(inputs) if isinstance(inputs, list | tuple) else [inputs]
