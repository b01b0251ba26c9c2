"""Look up one new record in a result: which products and families it belongs to."""

import logging
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from matcher.errors import RecordsError, SettingsError, first_three, nearest
from matcher.output import (
    INDEX_FOLDER,
    MatchResult,
    Stored,
    bring_back,
    fingerprint,
    read_index,
    read_run,
    read_state,
    write_index,
)
from matcher.pipeline.ignoring import canonical_ignore
from matcher.pipeline.index_files import from_stored, to_stored
from matcher.pipeline.indexing import Index, build_index, looked_up
from matcher.pipeline.model import DEFAULT_MODEL, Model, load
from matcher.pipeline.nearby import Nearby
from matcher.pipeline.reopening import reopen
from matcher.pipeline.samples import KnownSamples
from matcher.pipeline.text_rows import one_chunk, take_texts
from matcher.progress import Progress, silent
from matcher.records import text_of
from matcher.settings import settings_of
from matcher.types import DIFFERENT, EXACT, RELATIONS, VARIANT, Longs, Notice, Scores

N_COMPARED = 20
"""Records that a new one is compared with: see docs/decisions/0032-search.md."""

N_ASKED = 3
"""Records of a group that are asked, those nearest to the new one."""

LEAST_MEAN = 0.4
"""Their mean probability from which a group is answered: one record that says so against the two
others is rarely right.  See docs/decisions/0032-search.md."""

logger = logging.getLogger("matcher")


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product of the result that a record belongs to, or is a variant of.

    Attributes
    ----------
    match_id, family_id : str
        The duplicate group and its family.
    relation : str
        ``"exact"`` or ``"variant"``.
    p_exact, p_variant, p_different : float
        Means over the three records of the group that are nearest to it.
    records : tuple[str, ...]
        Ids of the records of the group that say so, the surest first.
    """

    match_id: str
    family_id: str
    relation: str
    p_exact: float
    p_variant: float
    p_different: float
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a result says of one record.

    Attributes
    ----------
    products : tuple[FoundProduct, ...]
        At most as many as were asked for, exact ones first, then the surest.
    notices : tuple[Notice, ...]
        What of the record could not be used.
    """

    products: tuple[FoundProduct, ...]
    notices: tuple[Notice, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Searcher:
    """A result that is open for search; any number of threads may ask it.

    Examples
    --------
    >>> import pandas as pd, matcher
    >>> offers = pd.DataFrame({"id": ["a", "b"], "title": ["Sony KD-43X80L TV", "Bosch GSR 12V"]})
    >>> searcher = load_result(matcher.dedupe(offers))
    >>> [product.records for product in searcher.search({"title": "SONY TV KD43X80L"}).products]
    [('a',)]
    """

    _nearby: Nearby

    def search(self, record: Mapping[str, Any], k: int = 5) -> Found:
        """Return which products and families one record belongs to.

        Parameters
        ----------
        record : Mapping[str, Any]
            Values by the names of the columns of the catalogue; what is missing is unknown.
        k : int
            Most products to return; there are never more than `N_COMPARED`.

        Returns
        -------
        Found
            Exact and variant products, the surest first.

        Raises
        ------
        RecordsError
            The record is no mapping.
        SettingsError
            `k` is not above 0.
        """
        if not isinstance(record, Mapping):
            raise RecordsError(
                f"search: a record is a mapping of columns to values, got {type(record).__name__}. "
                'Give one such as {"title": "..."}.'
            )
        if isinstance(k, bool) or not isinstance(k, int) or k < 1:
            raise SettingsError(f"k: the number of products is above 0, got {k!r}. Give 5, say.")
        index = self._nearby.index
        values, notices = _read(record, index)
        texts = [values[name] for name in looked_up(index.schema)]
        rows = index.lookup.nearest(texts, N_COMPARED)
        if not len(rows):
            return Found((), notices)
        found, scores = self._nearby.compare(values, rows)
        return Found(_products(index, found, scores, k), notices)


def load_result(
    result: MatchResult | str | PathLike[str],
    *,
    model: Model | None = None,
    progress: Progress = silent,
) -> Searcher:
    """Open a result of `dedupe` or `update` for search.

    The first time, an index is built, which takes about as long as the run took before it scored
    pairs. It is kept in the folder of the result, as ``index``, and built again where it does not
    belong to the result any more.

    Parameters
    ----------
    result : MatchResult or path
        The result, or its folder.
    model : Model | None
        The model of the result; None takes the one that ships with the package.
    progress : Progress
        Called while an index is built.

    Returns
    -------
    Searcher
        Ready to `search`.

    Raises
    ------
    MatcherError
        There is no such result, it is one of `link`, or the model is another.
    """
    chosen = model or load(DEFAULT_MODEL)
    if isinstance(result, MatchResult):
        _check(result.run, "result", chosen)
        index = build_index(reopen(result), result.state(), chosen, progress)
        return _searcher(index, result.run, chosen)
    if not isinstance(result, str | PathLike):
        raise RecordsError(
            f"search: is no result, got {type(result).__name__}. Give a result of matcher.dedupe, "
            "or its folder."
        )
    folder = Path(result)
    bring_back(folder)
    run = read_run(folder)
    _check(run, str(folder), chosen)
    belongs_to = fingerprint(folder, f"{run['versions']} {chosen.name}")
    stored = read_index(folder, belongs_to)
    if stored is None:
        index = build_index(reopen(folder), read_state(folder), chosen, progress)
        try:
            write_index(folder, to_stored(index), belongs_to)
        except SettingsError as error:
            logger.warning("The index is not kept: %s", error)
            return _searcher(index, run, chosen)
        # As it is opened from now on: loops for what is mapped are others, and take no memory.
        stored = read_index(folder, belongs_to)
        if stored is None:
            return _searcher(index, run, chosen)
    return _searcher(_index_of(stored, folder), run, chosen)


def search(
    result: MatchResult | str | PathLike[str],
    record: Mapping[str, Any],
    k: int = 5,
    *,
    model: Model | None = None,
) -> Found:
    """Return which products and families of a result one record belongs to.

    It opens the result each time: to ask more than once, take `load_result`.

    Parameters
    ----------
    result : MatchResult or path
        The result, or its folder.
    record, k
        As for `Searcher.search`.
    model : Model | None
        The model of the result; None takes the one that ships with the package.

    Raises
    ------
    MatcherError
        As for `load_result` and `Searcher.search`.

    Examples
    --------
    >>> import pandas as pd, matcher
    >>> offers = pd.DataFrame({"id": ["a", "b"], "title": ["Sony KD-43X80L TV", "Bosch GSR 12V"]})
    >>> search(matcher.dedupe(offers), {"title": "SONY TV KD43X80L"}).products[0].relation
    'exact'
    """
    return load_result(result, model=model).search(record, k)


def _index_of(stored: Stored, folder: Path) -> Index:
    try:
        return from_stored(stored)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise RecordsError(
            f"{folder / INDEX_FOLDER}: cannot be used, got {type(error).__name__}: {error}. Remove "
            "that folder; it is made again."
        ) from error


def _searcher(index: Index, run: Mapping[str, Any], model: Model) -> Searcher:
    known = {key: value for key, value in run["settings"].items() if value is not None}
    settings = replace(canonical_ignore(settings_of(known, "run.json")), threads=1)
    samples = KnownSamples(index.samples, model.classifier)
    return Searcher(Nearby.of(index, model, settings, samples))


def _check(run: Mapping[str, Any], name: str, model: Model) -> None:
    if run["job"] not in ("dedupe", "update"):
        raise SettingsError(
            f"{name}: cannot be searched, got the result of a {run['job']}. Deduplicate the tables "
            "with 'matcher dedupe', and search that."
        )
    if model.name != run["model"]:
        raise SettingsError(
            f"model: the result was made with {run['model']!r}, got {model.name!r}. Give the "
            "model that made it."
        )


def _read(
    record: Mapping[str, Any], index: Index
) -> tuple[dict[str, str | None], tuple[Notice, ...]]:
    """Return the values of a record in the columns of the index, and what of it is not in there."""
    columns = index.columns
    values: dict[str, str | None] = dict.fromkeys(columns)
    unknown = []
    for name, value in record.items():
        column = index.merged.get(str(name), str(name))
        if column not in values:
            unknown.append(str(name))
        elif values[column] is None:
            values[column] = _text_of_value(value)
    known = {index.schema.id, *columns}
    strange = [name for name in unknown if name not in known]
    if not strange:
        return values, ()
    message = (
        f"search: columns that the result does not compare were left out, got {len(strange)}, "
        f"first {first_three(strange)}.{nearest(strange[0], columns)}"
    )
    return values, (Notice("unknown_columns", message, len(strange)),)


def _text_of_value(value: Any) -> str | None:
    """Return a value as catalogues have it as text; what is not one is written as it is shown."""
    if value is None or (isinstance(value, str) and value.isascii()):
        return value
    if isinstance(value, float) and math.isnan(value):
        return None
    try:
        text = text_of(pa.array([value]))[0].as_py()
    except (pa.ArrowException, UnicodeError, TypeError, OverflowError, ValueError):
        text = str(value).encode("utf-8", "replace").decode()
    return None if text is None else str(text)


def _products(index: Index, rows: Longs, scores: Scores, k: int) -> tuple[FoundProduct, ...]:
    """Return the products that compared rows, shape (n_rows,), are of, best first."""
    related = np.flatnonzero(scores.relations != DIFFERENT).tolist()
    if not related:
        return ()
    names = take_texts(one_chunk(index.who["match_id"]), rows).to_pylist()
    groups: dict[str, list[int]] = {names[place]: [] for place in related}
    for place, name in enumerate(names):
        if name in groups:
            groups[name].append(place)
    said = _Said.of(index, rows, scores)
    found = [_product(said, name, places) for name, places in groups.items()]
    kept = [product for product in found if product is not None]
    kept.sort(key=lambda one: (one.relation, -one.p_exact, one.p_different, one.match_id))
    return tuple(kept[:k])


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said of the compared rows, as lists: a dozen values are read one by one.

    `who` tells of the catalogue's rows, by the numbers `rows`; `probabilities` has a list for each
    relation.
    """

    who: pa.Table
    rows: list[int]
    ids: list[str]
    relations: list[int]
    probabilities: list[list[float]]

    @classmethod
    def of(cls, index: Index, rows: Longs, scores: Scores) -> "_Said":
        ids = take_texts(one_chunk(index.who["id"]), rows).to_pylist()
        probabilities = scores.probabilities.T.astype(np.float64).tolist()
        return cls(index.who, rows.tolist(), ids, scores.relations.tolist(), probabilities)


def _product(said: _Said, name: str, places: list[int]) -> FoundProduct | None:
    """Return what is said of a group, or None if too little relates it to the record."""
    who, first = said.who, said.rows[places[0]]
    p_exact, p_variant, p_different = (said.probabilities[at] for at in (EXACT, VARIANT, DIFFERENT))
    nearest_first = sorted(places, key=lambda place: (-p_exact[place], -p_variant[place]))
    size = min(who["n_records"][first].as_py(), N_ASKED)
    asked = nearest_first[:N_ASKED]
    exact, variant = (sum(each[place] for place in asked) / size for each in (p_exact, p_variant))
    relations = [said.relations[place] for place in places]
    if EXACT in relations and exact >= LEAST_MEAN:
        relation = EXACT
    elif exact + variant >= LEAST_MEAN:
        relation = VARIANT
    else:
        return None
    saying = [place for place in places if said.relations[place] <= relation]
    saying.sort(key=lambda place: (p_different[place], said.ids[place]))
    return FoundProduct(
        match_id=name,
        family_id=who["family_id"][first].as_py(),
        relation=RELATIONS[relation],
        p_exact=round(exact, 4),
        p_variant=round(variant, 4),
        p_different=round(max(1 - exact - variant, 0.0), 4),
        records=tuple(said.ids[place] for place in saying),
    )
