"""A tiny builder of `Records` from titles, so that blocking is tested without reading tables."""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from matcher.types import MODEL, WORD, Attribute, Column, Ints, Pairs, Records, Terms, Vocabulary

N_GRAMS = 1 << 18


def make_terms(rows: Sequence[Sequence[int]], n_vocabulary: int, *, is_set: bool) -> Terms:
    if is_set:
        rows = [sorted(set(row)) for row in rows]
    indptr = np.cumsum([0, *(len(row) for row in rows)]).astype(np.int64)
    terms = np.fromiter((t for row in rows for t in row), np.int32, int(indptr[-1]))
    owners = np.repeat(np.arange(len(rows)), np.diff(indptr))
    seen = np.unique(owners.astype(np.int64) * n_vocabulary + terms) % max(n_vocabulary, 1)
    frequency = np.bincount(seen, minlength=n_vocabulary)
    idf = (np.log((1 + len(rows)) / (1 + frequency)) + 1).astype(np.float32)
    return Terms(indptr, terms, np.zeros(len(terms), np.uint32), idf, is_set)


def hash_grams(text: str) -> list[int]:
    padded = f" {text} ".encode()
    return [
        (padded[i] * 65599**2 + padded[i + 1] * 65599 + padded[i + 2]) % 1000003 % N_GRAMS
        for i in range(len(padded) - 2)
    ]


def number(values: Sequence[str]) -> Ints:
    numbers = {value: i for i, value in enumerate(sorted({value for value in values if value}))}
    return np.array([numbers.get(value, -1) for value in values], np.int32)


def code_column(kind: str, values: Sequence[str]) -> Column:
    text = pa.array([value or None for value in values], pa.string())
    attribute = Attribute(kind, "code", "code")
    return Column(attribute, text, None, np.full(len(values), np.nan), number(values))


def build_records(
    titles: Sequence[str],
    *,
    extra: Sequence[str] | None = None,
    n_left: int | None = None,
    gtins: Sequence[str] | None = None,
    mpns: Sequence[str] | None = None,
    brands: Sequence[str] | None = None,
    ids: Sequence[str] | None = None,
) -> Records:
    """Build records of one text column; `n_left` makes a link of the first ones with the rest."""
    n = len(titles)
    titles = [" ".join(re.findall(r"[^\W_]+", title.lower())) for title in titles]
    whole = (
        titles
        if extra is None
        else [f"{t} {e.lower()}" for t, e in zip(titles, extra, strict=True)]
    )
    split = [text.split() for text in whole]
    words = sorted({word for row in split for word in row})
    numbers = {word: i for i, word in enumerate(words)}
    is_model = [bool(re.search(r"\d", w) and (re.search(r"[a-z]", w) or len(w) > 4)) for w in words]
    models = [[w for w in dict.fromkeys(row) if is_model[numbers[w]]] for row in split]
    model_words = sorted({w for row in models for w in row})
    model_numbers = {w: i for i, w in enumerate(model_words)}
    title_terms = make_terms(
        [[numbers[w] for w in t.split()] for t in titles], len(words), is_set=False
    )
    whole_terms = make_terms([[numbers[w] for w in row] for row in split], len(words), is_set=False)
    given = {
        kind: values for kind, values in (("gtin", gtins), ("mpn", mpns)) if values is not None
    }
    attribute = Attribute("title", "text", "identity")
    text = pa.array([t or None for t in titles], pa.string())
    sources = np.zeros(n, np.int32)
    if n_left is not None:
        sources[n_left:] = 1
    return Records(
        ids=np.array(ids if ids is not None else [f"r{i}" for i in range(n)], object),
        rows=np.arange(n, dtype=np.int64),
        sources=sources,
        source_names=("left", "right") if n_left is not None else ("",),
        parts=sources,
        part_names=("left", "right") if n_left is not None else ("records",),
        is_link=n_left is not None,
        columns=(
            Column(attribute, text, title_terms, np.full(n, np.nan), np.full(n, -1, np.int32)),
            *(code_column(kind, values) for kind, values in given.items()),
        ),
        axes=(),
        axis_values={},
        axis_limits={},
        axis_forms={},
        declared=(),
        vocabulary=Vocabulary(
            pa.array(words, pa.string()),
            whole_terms.idf,
            np.array([MODEL if m else WORD for m in is_model], np.uint8),
        ),
        title=title_terms,
        core=title_terms,
        whole=whole_terms,
        models=make_terms(
            [[model_numbers[w] for w in row] for row in models], len(model_words), is_set=True
        ),
        model_words=pa.array(model_words, pa.string()),
        grams=make_terms([hash_grams(text) for text in whole], N_GRAMS, is_set=True),
        title_grams=make_terms([hash_grams(text) for text in titles], N_GRAMS, is_set=True),
        quantities=make_terms([[] for _ in titles], 0, is_set=True),
        quantity_dimensions=np.zeros(0, np.int32),
        quantity_values=np.zeros(0),
        dimensions=(),
        codes={kind: number(values) for kind, values in given.items()},
        gtin_columns=(),
        brands=np.full(n, -1, np.int32) if brands is None else number(brands),
        notices=(),
    )


def keys_of(*pairs: tuple[int, int]) -> list[tuple[int, int]]:
    return sorted((min(pair), max(pair)) for pair in pairs)


def listed(pairs: Pairs) -> list[tuple[int, int]]:
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def assert_valid(pairs: Pairs, records: Records) -> None:
    """Unique, sorted, left before right, and only across the tables when linking."""
    assert pairs.left.dtype == pairs.right.dtype == np.int32
    assert (pairs.left < pairs.right).all()
    assert (np.diff(pairs.keys()) > 0).all()
    if records.is_link:
        assert (records.sources[pairs.left] == 0).all()
        assert (records.sources[pairs.right] == 1).all()


def n_components(pairs: Pairs, n_records: int) -> int:
    ones = np.ones(len(pairs), np.int8)
    graph = sparse.coo_matrix((ones, (pairs.left, pairs.right)), shape=(n_records, n_records))
    return int(connected_components(graph, directed=False)[0])
