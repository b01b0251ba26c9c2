"""Entity resolution for product catalogues: exact duplicates and variant families.

Importing this package imports nothing heavy; the first job does.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from matcher.errors import (
    LabelsError,
    MatcherError,
    MissingExtraError,
    RecordsError,
    SavedModelError,
    SettingsError,
)
from matcher.settings import (
    AttributeSettings,
    BlockingSettings,
    IgnoreByCategory,
    Settings,
    load_settings,
)

if TYPE_CHECKING:
    from matcher.explanation import Explanation, Reason
    from matcher.output import ExportReport, MatchResult
    from matcher.pipeline import (
        Estimate,
        Found,
        FoundProduct,
        Model,
        Searcher,
        TuningReport,
        ask,
        dedupe,
        estimate,
        explain,
        export,
        inspect,
        link,
        load,
        load_result,
        preview,
        reassign,
        sample,
        score,
        search,
        train,
        tune,
        tune_encoder,
        update,
    )

__version__ = "0.1.0"

_LAZY = {
    "Estimate": "matcher.pipeline",
    "Explanation": "matcher.explanation",
    "ExportReport": "matcher.output",
    "MatchResult": "matcher.output",
    "Found": "matcher.pipeline",
    "FoundProduct": "matcher.pipeline",
    "Model": "matcher.pipeline",
    "Reason": "matcher.explanation",
    "Searcher": "matcher.pipeline",
    "TuningReport": "matcher.pipeline",
    "ask": "matcher.pipeline",
    "dedupe": "matcher.pipeline",
    "estimate": "matcher.pipeline",
    "explain": "matcher.pipeline",
    "export": "matcher.pipeline",
    "inspect": "matcher.pipeline",
    "link": "matcher.pipeline",
    "load": "matcher.pipeline",
    "load_result": "matcher.pipeline",
    "preview": "matcher.pipeline",
    "reassign": "matcher.pipeline",
    "sample": "matcher.pipeline",
    "score": "matcher.pipeline",
    "search": "matcher.pipeline",
    "train": "matcher.pipeline",
    "tune": "matcher.pipeline",
    "tune_encoder": "matcher.pipeline",
    "update": "matcher.pipeline",
}

__all__ = [
    "AttributeSettings",
    "BlockingSettings",
    "Estimate",
    "Explanation",
    "ExportReport",
    "Found",
    "FoundProduct",
    "IgnoreByCategory",
    "LabelsError",
    "MatchResult",
    "MatcherError",
    "MissingExtraError",
    "Model",
    "Reason",
    "RecordsError",
    "SavedModelError",
    "Searcher",
    "Settings",
    "SettingsError",
    "TuningReport",
    "ask",
    "dedupe",
    "estimate",
    "explain",
    "export",
    "inspect",
    "link",
    "load",
    "load_result",
    "load_settings",
    "preview",
    "reassign",
    "sample",
    "score",
    "search",
    "train",
    "tune",
    "tune_encoder",
    "update",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_LAZY])
