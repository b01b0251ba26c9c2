"""The jobs of the engine, and the order of their stages (`matcher.pipeline.stages`).

Each job is imported when it is first asked for: one needs half of what all of them do.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matcher.pipeline.dialling import compare_budgets, tune
    from matcher.pipeline.estimating import Estimate, estimate
    from matcher.pipeline.explaining import explain
    from matcher.pipeline.exporting import export
    from matcher.pipeline.jobs import dedupe, inspect, link, score
    from matcher.pipeline.label_files import LabelReport, check_labels, convert_labels
    from matcher.pipeline.labelling import open_session
    from matcher.pipeline.model import Model, load
    from matcher.pipeline.model import load as load_model
    from matcher.pipeline.previewing import preview
    from matcher.pipeline.questioning import ask
    from matcher.pipeline.reassigning import reassign
    from matcher.pipeline.sampling import sample
    from matcher.pipeline.searching import Found, FoundProduct, Searcher, load_result, search
    from matcher.pipeline.taking_in import Updated
    from matcher.pipeline.training import train
    from matcher.pipeline.tuning import TuningReport, tune_encoder
    from matcher.pipeline.updating import take_in, update

_LAZY = {
    "Estimate": "matcher.pipeline.estimating",
    "Found": "matcher.pipeline.searching",
    "FoundProduct": "matcher.pipeline.searching",
    "LabelReport": "matcher.pipeline.label_files",
    "Model": "matcher.pipeline.model",
    "Searcher": "matcher.pipeline.searching",
    "TuningReport": "matcher.pipeline.tuning",
    "Updated": "matcher.pipeline.taking_in",
    "ask": "matcher.pipeline.questioning",
    "check_labels": "matcher.pipeline.label_files",
    "compare_budgets": "matcher.pipeline.dialling",
    "convert_labels": "matcher.pipeline.label_files",
    "dedupe": "matcher.pipeline.jobs",
    "estimate": "matcher.pipeline.estimating",
    "explain": "matcher.pipeline.explaining",
    "export": "matcher.pipeline.exporting",
    "inspect": "matcher.pipeline.jobs",
    "link": "matcher.pipeline.jobs",
    "load": "matcher.pipeline.model",
    "load_model": "matcher.pipeline.model",
    "load_result": "matcher.pipeline.searching",
    "open_session": "matcher.pipeline.labelling",
    "preview": "matcher.pipeline.previewing",
    "reassign": "matcher.pipeline.reassigning",
    "sample": "matcher.pipeline.sampling",
    "score": "matcher.pipeline.jobs",
    "search": "matcher.pipeline.searching",
    "take_in": "matcher.pipeline.updating",
    "train": "matcher.pipeline.training",
    "tune": "matcher.pipeline.dialling",
    "tune_encoder": "matcher.pipeline.tuning",
    "update": "matcher.pipeline.updating",
}

__all__ = [
    "Estimate",
    "Found",
    "FoundProduct",
    "LabelReport",
    "Model",
    "Searcher",
    "TuningReport",
    "Updated",
    "ask",
    "check_labels",
    "compare_budgets",
    "convert_labels",
    "dedupe",
    "estimate",
    "explain",
    "export",
    "inspect",
    "link",
    "load",
    "load_model",
    "load_result",
    "open_session",
    "preview",
    "reassign",
    "sample",
    "score",
    "search",
    "take_in",
    "train",
    "tune",
    "tune_encoder",
    "update",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_LAZY[name]), "load" if name == "load_model" else name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *_LAZY])
