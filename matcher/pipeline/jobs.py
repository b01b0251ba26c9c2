"""The public jobs: what the library and the command line do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from matcher.errors import RecordsError
from matcher.labelling import (
    LabelTable,
    PairTable,
    are_across,
    look_up_pairs,
    read_labels,
    read_pairs,
    resolve_labels,
)
from matcher.output import MatchResult, Stopwatch
from matcher.pipeline.finishing import Found, Judged, finish, resolve
from matcher.pipeline.ignoring import canonical_ignore
from matcher.pipeline.limit import limited
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.reassigning import read_known
from matcher.pipeline.scoring import score_candidates, score_pairs
from matcher.pipeline.stages import parse, prepare, propose
from matcher.progress import Progress, silent
from matcher.records import (
    Inspection,
    infer_schema,
    inspect_catalogue,
    parse_records,
    read_catalogue,
)
from matcher.settings import Overrides, Settings, override
from matcher.types import (
    DIFFERENT,
    EXACT,
    RELATIONS,
    VARIANT,
    Catalogue,
    Pairs,
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
    earlier: Any = None,
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
    earlier : MatchResult, path, frame or None
        An earlier result whose ids live on in this one, as in `reassign`.
    progress : Progress
        Called as the run goes on.
    **overrides
        Single fields of `Settings`, such as ``ignore=["color"]`` or ``id="sku"``.

    Raises
    ------
    MatcherError
        The input, a setting, the labels, the model or the earlier result cannot be used; the
        message says why.

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
    job = _Job("dedupe", model, labels, earlier, progress)
    return _match(inputs, _as_list(inputs), chosen, job)


def link(
    left: Any,
    right: Any,
    *,
    settings: Settings | None = None,
    model: Model | None = None,
    labels: Any = None,
    earlier: Any = None,
    progress: Progress = silent,
    **overrides: Unpack[Overrides],
) -> MatchResult:
    """Find the records of one table in another; only pairs across the two are compared.

    Parameters
    ----------
    left, right : path or frame
        The two tables.
    settings, model, labels, earlier, progress, **overrides
        As for `dedupe`; ``one_to_one=True`` matches a record with at most one of the other table.

    Raises
    ------
    MatcherError
        The input, a setting, the labels, the model or the earlier result cannot be used; the
        message says why.
    """
    chosen = override(settings, overrides)
    job = _Job("link", model, labels, earlier, progress)
    return _match((left, right), [left, right], chosen, job)


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
    catalogue, shelf = limited(read_inputs(inputs, chosen, asked), chosen)
    with shelf.watched():
        prepared = prepare(catalogue, chosen, progress, Stopwatch(), shelf)
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
    labels, earlier : Any
        Path, frame or None; `earlier` may be a result too.
    progress : Progress
        Told as the run goes on.
    """

    name: str
    model: Model | None
    labels: Any
    earlier: Any
    progress: Progress


def _match(original: Any, inputs: Sequence[Any], settings: Settings, job: _Job) -> MatchResult:
    watch = Stopwatch()
    with watch.stage("reading"):
        earlier = None if job.earlier is None else read_known(job.earlier)
        model = job.model or load(DEFAULT_MODEL)
        catalogue, shelf = limited(read_catalogue(inputs, is_link=job.name == "link"), settings)
    with shelf.watched():
        parsed = parse(catalogue, settings, job.progress, watch, shelf)
        labels, notices = resolve(job.labels, parsed.records)
        candidates = propose(parsed)
        answers = score_candidates(parsed, candidates, model.classifier, labels)
        found = Found(job.name, catalogue, parsed, candidates, answers, labels, notices)
        return finish(original, found, Judged.by(model), earlier)


def read_inputs(inputs: Any, settings: Settings, pairs: LabelTable | PairTable) -> Catalogue:
    """Read a catalogue, as two tables to link where `pairs` go from the first to the second.

    It is read once, whatever turns out: a frame may be a stream that is gone afterwards.
    """
    catalogue = read_catalogue(_as_list(inputs))
    id_column = infer_schema(catalogue, settings).id
    is_link = are_across(pairs, catalogue, id_column)
    return replace(catalogue, is_link=is_link)


def _as_list(inputs: Any) -> list[Any]:
    return list(inputs) if isinstance(inputs, list | tuple) else [inputs]
