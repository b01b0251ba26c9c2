"""Trained models as the caller holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from matcher.classify import Classifier, load_classifier, save_classifier

DEFAULT_MODEL = Path(__file__).parent.parent / "models" / "default"


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model.

    Attributes
    ----------
    classifier : Classifier
        Trees, calibration and thresholds.
    name : str
        Where it was loaded from, for ``run.json``.
    """

    classifier: Classifier
    name: str = "trained"

    @property
    def card(self) -> Mapping[str, Any]:
        """What the model learned from."""
        return self.classifier.card

    def save(self, folder: str | PathLike[str]) -> None:
        """Write the model as a folder of plain files: a JSON manifest and LightGBM's text."""
        save_classifier(self.classifier, Path(folder))


def load(folder: str | PathLike[str]) -> Model:
    """Read a model from its folder.

    Raises
    ------
    SavedModelError
        The folder holds no model, a damaged one, or one of a newer version.
    """
    return Model(load_classifier(Path(folder)), name=Path(folder).name)
