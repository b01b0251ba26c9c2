"""Tune a sentence-transformers model on the labels of a catalogue."""

import json
from dataclasses import asdict, dataclass
from os import PathLike
from pathlib import Path
from typing import Any, Unpack

import matcher
from matcher import extras
from matcher.blocking import TitlePairs, title_pairs, tune
from matcher.errors import SettingsError, first_three
from matcher.labelling import read_labels, resolve_labels
from matcher.output import replaced_folder
from matcher.pipeline.ignoring import canonical_ignore
from matcher.pipeline.jobs import read_inputs
from matcher.progress import Progress, silent
from matcher.records import infer_schema, parse_records
from matcher.settings import Overrides, Settings, override
from matcher.types import Notice

CARD = "matcher.json"
"""Says in the folder of an encoder what it learned from, and that the folder is ours."""


@dataclass(frozen=True, slots=True)
class TuningReport:
    """What an encoder was tuned on.

    Attributes
    ----------
    path : Path
        Its folder, for ``encoder`` of `BlockingSettings`.
    n_pairs : int
        Exact pairs of titles.
    n_different : int
        Pairs of titles that were held against them.
    losses : tuple[float, ...]
        Loss of each step.
    notices : tuple[Notice, ...]
        Labels that were left out, and why.
    """

    path: Path
    n_pairs: int
    n_different: int
    losses: tuple[float, ...]
    notices: tuple[Notice, ...]


def tune_encoder(
    inputs: Any,
    labels: Any,
    *,
    encoder: str | PathLike[str],
    out: str | PathLike[str],
    settings: Settings | None = None,
    progress: Progress = silent,
    **overrides: Unpack[Overrides],
) -> TuningReport:
    """Tune a sentence-transformers model on the labels of a catalogue, on the CPU.

    The titles of exact pairs are drawn together; titles of pairs that are labelled different, and
    those of other pairs, apart. Variants are neither. Give the folder to ``encoder`` of
    `BlockingSettings`.

    Parameters
    ----------
    inputs, labels, settings, progress, **overrides
        As for `train`.
    encoder : str | PathLike[str]
        Path or hub name of the model to start from, which is not changed.
    out : str | PathLike[str]
        Folder for the tuned model: new, empty, or that of an older one, which is replaced.

    Raises
    ------
    MissingExtraError
        sentence-transformers is not installed.
    LabelsError
        Labels cannot be read, contradict each other, or have too few exact pairs.
    MatcherError
        The catalogue or a setting cannot be used.
    """
    extras.require("sentence_transformers", "semantic")
    folder, chosen = Path(out), canonical_ignore(override(settings, overrides))
    _check_folder(folder)
    table = read_labels(labels)
    catalogue = read_inputs(inputs, chosen, table)
    records = parse_records(catalogue, infer_schema(catalogue, chosen), chosen)
    taught, notices = resolve_labels(table, records, check_chains=False)
    pairs = title_pairs(records, taught)
    model, losses = tune(
        str(encoder), pairs, seed=chosen.seed, threads=chosen.threads, progress=progress
    )
    told = (*notices, *_skipped(table.name, pairs))
    report = TuningReport(folder, len(pairs.left), pairs.n_apart, tuple(losses), told)
    with replaced_folder(folder, _check_folder) as new:
        model.save(str(new), create_model_card=False)
        _write_card(report, Path(encoder).name, chosen.seed, new / CARD)
    return report


def _skipped(name: str, pairs: TitlePairs) -> list[Notice]:
    if not pairs.n_skipped:
        return []
    message = (
        f"{name}: {pairs.n_skipped} exact pairs have equal titles or an empty one. "
        "They were left out."
    )
    return [Notice("exact_pairs_of_equal_titles", message, pairs.n_skipped)]


def _write_card(report: TuningReport, encoder: str, seed: int, path: Path) -> None:
    card = {
        "matcher": matcher.__version__,
        "encoder": encoder,
        "pairs": report.n_pairs,
        "different": report.n_different,
        "seed": seed,
        "losses": [round(loss, 6) for loss in report.losses],
        "notices": [asdict(notice) for notice in report.notices],
    }
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _check_folder(folder: Path) -> None:
    """Make sure that an encoder may be written as `folder`: a new, an empty, or an older one's."""
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"{folder}: not a folder, got a file. Choose another output folder.")
    if not folder.exists() or (folder / CARD).exists():
        return
    names = sorted(path.name for path in folder.iterdir())
    if names:
        raise SettingsError(
            f"{folder}: the folder holds files that matcher did not write, got {len(names)}, "
            f"first {first_three(names)}. Choose a new or an empty folder, so that nothing of "
            "yours is replaced."
        )
