"""Models on disk: a folder of plain files, never a pickle."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from matcher.classify.booster import check_trees
from matcher.classify.calibrate import Calibration
from matcher.classify.model import Classifier
from matcher.errors import SavedModelError
from matcher.types import LearnedWords

FORMAT = 1
"""Raised when an older version could not read what a newer one writes."""

MANIFEST = "model.json"
TREES = "trees.txt"
PRIOR = "prior"
SECOND = "second"
FAMILY = "family"
WORDS = "words.json"


def save_classifier(model: Classifier, folder: str | Path) -> None:
    """Write a model into a folder, which is made where it does not exist.

    The manifest goes first and comes last, so that a folder without one is an unfinished model.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    (folder / TREES).write_text(model.trees, encoding="utf-8", newline="\n")
    if model.words is not None:
        _write_words(model.words, folder / WORDS)
    if model.prior is not None:
        save_classifier(model.prior, folder / PRIOR)
    if model.second is not None:
        save_classifier(model.second, folder / SECOND)
    if model.family is not None:
        save_classifier(model.family, folder / FAMILY)
    manifest = {
        "format": FORMAT,
        "features": list(model.features),
        "ranked": list(model.ranked),
        "calibration": {"slope": model.calibration.slope, "shift": model.calibration.shift},
        "threshold_exact": model.threshold_exact,
        "threshold_family": model.threshold_family,
        "has_prior": model.prior is not None,
        "has_words": model.words is not None,
        "is_general": model.is_general,
        "has_second": model.second is not None,
        "has_family": model.family is not None,
        "card": dict(model.card),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def load_classifier(folder: str | Path) -> Classifier:
    """Read a model from a folder.

    Raises
    ------
    SavedModelError
        The folder holds no model, a damaged one, or one of a newer version.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder / MANIFEST)
    found = manifest.get("format")
    if not isinstance(found, int) or found > FORMAT:
        raise SavedModelError(
            f"{folder}: the model has format {found!r}, this version reads up to {FORMAT}. "
            "Update matcher, or train the model again."
        )
    try:
        features, ranked = tuple(manifest["features"]), tuple(manifest["ranked"])
        trees = (folder / TREES).read_text(encoding="utf-8")
        check_trees(trees, len(features) + len(ranked))
        return Classifier(
            features=features,
            ranked=ranked,
            trees=trees,
            calibration=Calibration(**manifest["calibration"]),
            threshold_exact=float(manifest["threshold_exact"]),
            threshold_family=float(manifest["threshold_family"]),
            card=manifest["card"],
            prior=load_classifier(folder / PRIOR) if manifest["has_prior"] else None,
            words=_read_words(folder / WORDS) if manifest["has_words"] else None,
            is_general=bool(manifest["is_general"]),
            second=load_classifier(folder / SECOND) if manifest["has_second"] else None,
            family=load_classifier(folder / FAMILY) if manifest.get("has_family") else None,
        )
    except (AttributeError, KeyError, TypeError, ValueError, OSError) as error:
        if isinstance(error, SavedModelError):
            raise
        raise SavedModelError(
            f"{folder}: the model is damaged, got {type(error).__name__}: {error}. "
            "Copy the whole folder again, or train the model again."
        ) from error


def _read_manifest(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise SavedModelError(
            f"{path.parent}: no model here, got no file {path.name!r}. "
            "Name a folder that `matcher train --out` or `model.save` wrote."
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SavedModelError(
            f"{path}: not a model's manifest, got {error}. Copy the whole folder again."
        ) from error
    if not isinstance(manifest, dict):
        raise SavedModelError(f"{path}: not a model's manifest, got a {type(manifest).__name__}.")
    return manifest


def _write_words(learned: LearnedWords, path: Path) -> None:
    # float32 written in full: a saved model gives the same scores bit for bit.
    rows = zip(
        learned.words.to_pylist(), learned.shared.tolist(), learned.only.tolist(), strict=True
    )
    content = {"shift": learned.shift, "words": {word: both for word, *both in rows}}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def _read_words(path: Path) -> LearnedWords:
    content = json.loads(path.read_text(encoding="utf-8"))
    weights = np.array(list(content["words"].values()), dtype=np.float32).reshape(-1, 2)
    words = pa.array(list(content["words"]), pa.string())
    return LearnedWords(words, weights[:, 0].copy(), weights[:, 1].copy(), float(content["shift"]))
