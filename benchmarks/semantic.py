"""What a semantic encoder gains and costs, as it comes and tuned on the training pairs."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import matcher
from benchmarks.blocking import compare_blocking, true_pairs
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from benchmarks.measures import end_to_end_figures
from benchmarks.quality import by_figure, tell
from matcher.blocking import KnownVectors, SentenceEncoder, block, default_blockers
from matcher.evaluation import pair_measures
from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.settings import BlockingSettings, Settings
from matcher.types import Records

NONE, PLAIN, TUNED = "none", "as it comes", "tuned on pairs_train"


def measure_semantic(
    sets: Sequence[DataSet], seeds: Sequence[int], encoder: Path, journal: Journal
) -> None:
    """Measure each set without an encoder, with it, and with it tuned on the training pairs.

    Models are trained from scratch on ``pairs_train``, threshold and calibration on
    ``pairs_valid``. Every title is encoded once; the runs after that find its vector in a cache.
    """
    for data in sets:
        with tempfile.TemporaryDirectory() as folder:
            for case, blocking, cost in _cases(data, encoder, Path(folder)):
                found = [_measure(data, seed, blocking) | cost for seed in seeds]
                for seed, figures in zip(seeds, found, strict=True):
                    tell(data.name, f"encoder {case}, seed {seed}", figures)
                settings = {
                    "protocol": "trained from scratch on pairs_train, threshold on pairs_valid",
                    "encoder": "/".join(encoder.parts[-2:]) if blocking.encoder else "",
                    "pairs_per_record": blocking.budget,
                    "threads": 1,
                }
                journal.append(data.name, by_figure(found), settings, case=case, seeds=seeds)


def _cases(
    data: DataSet, encoder: Path, folder: Path
) -> Iterator[tuple[str, BlockingSettings, dict[str, float]]]:
    """Yield each case with its settings, and the seconds that are spent once."""
    yield NONE, BlockingSettings(), {}
    cache = str(folder / "cache")
    plain = BlockingSettings(encoder=str(encoder), encoder_cache=cache)
    yield PLAIN, plain, {"encoding_seconds": _encode(data, plain)}
    start = time.perf_counter()
    told = matcher.tune_encoder(
        data.inputs,
        data.file("pairs_train"),
        encoder=encoder,
        out=folder / "tuned",
        ignore=data.ignore,
        threads=1,
    )
    cost = {
        "tuning_seconds": time.perf_counter() - start,
        "tuning_pairs": told.n_pairs,
        "tuning_steps": len(told.losses),
    }
    tuned = BlockingSettings(encoder=str(told.path), encoder_cache=cache)
    yield TUNED, tuned, cost | {"encoding_seconds": _encode(data, tuned)}


def _records(data: DataSet) -> Records:
    settings = Settings(ignore=data.ignore)
    catalogue = read_catalogue(data.inputs, is_link=data.is_link)
    return parse_records(catalogue, infer_schema(catalogue, settings), settings)


def _encode(data: DataSet, blocking: BlockingSettings) -> float:
    """Fill the cache with the vectors of all titles, and return the seconds."""
    records, start = _records(data), time.perf_counter()
    SentenceEncoder(blocking.encoder, cache=blocking.encoder_cache).encode(records)
    return time.perf_counter() - start


def _measure(data: DataSet, seed: int, blocking: BlockingSettings) -> dict[str, float]:
    start = time.perf_counter()
    settings = Settings(ignore=data.ignore, seed=seed, threads=1, blocking=blocking)
    train, valid = data.file("pairs_train"), data.file("pairs_valid")
    model = matcher.train(data.inputs, train, valid=valid, from_scratch=True, settings=settings)
    trained = time.perf_counter()
    asked = data.read("pairs_test")
    scored = matcher.score(
        data.inputs, asked[["left_id", "right_id"]], model=model, settings=settings
    )
    is_exact = (scored["relation"] == "exact").to_numpy()
    measured = pair_measures((asked["label"] == "1").to_numpy(), is_exact)
    begun = time.perf_counter()
    result = matcher.link(*data.inputs, model=model, settings=settings)
    run = time.perf_counter() - begun
    labelled = data.index(data.read("pairs_train")).union(data.index(data.read("pairs_valid")))
    return {
        "pair_f1": measured.f1,
        **end_to_end_figures(data, result.pairs, labelled),
        "pairs_completeness": _completeness(data, seed, blocking),
        "training_seconds": trained - start,
        "run_seconds": run,
        "seconds": time.perf_counter() - start,
    }


def _completeness(data: DataSet, seed: int, blocking: BlockingSettings) -> float:
    """Return the share of the true pairs that blocking proposes."""
    records = _records(data)
    vectors = None
    if blocking.encoder:
        encoder = SentenceEncoder(blocking.encoder, cache=blocking.encoder_cache)
        vectors = KnownVectors.of(encoder, records)
    blockers = default_blockers(records, blocking, seed, 1, vectors)
    candidates = block(records, blockers, blocking)
    measured = compare_blocking(records, candidates, true_pairs(data, records))
    return measured.pairs_completeness
