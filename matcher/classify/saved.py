"""Models on disk: a folder of plain files, never a pickle."""

import json
from pathlib import Path
from typing import Any

from matcher.classify.calibrate import Calibration
from matcher.classify.model import Classifier
from matcher.errors import SavedModelError

FORMAT = 1
"""Raised when an older version could not read what a newer one writes."""

MANIFEST = "model.json"
TREES = "trees.txt"
PRIOR = "prior"


def save_classifier(model: Classifier, folder: str | Path) -> None:
    """Write a model into a folder, which is made where it does not exist.

    The manifest is written last, so that a folder without one is an unfinished model.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TREES).write_text(model.trees, encoding="utf-8")
    if model.prior is not None:
        save_classifier(model.prior, folder / PRIOR)
    manifest = {
        "format": FORMAT,
        "features": list(model.features),
        "is_ranked": model.is_ranked,
        "calibration": {"slope": model.calibration.slope, "shift": model.calibration.shift},
        "threshold_exact": model.threshold_exact,
        "threshold_family": model.threshold_family,
        "has_prior": model.prior is not None,
        "card": dict(model.card),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")


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
        return Classifier(
            features=tuple(manifest["features"]),
            is_ranked=bool(manifest["is_ranked"]),
            trees=(folder / TREES).read_text(encoding="utf-8"),
            calibration=Calibration(**manifest["calibration"]),
            threshold_exact=float(manifest["threshold_exact"]),
            threshold_family=float(manifest["threshold_family"]),
            card=manifest["card"],
            prior=load_classifier(folder / PRIOR) if manifest["has_prior"] else None,
        )
    except (KeyError, TypeError, ValueError, OSError) as error:
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
