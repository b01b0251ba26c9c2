"""The jobs of the engine, and the order of their stages (`matcher.pipeline.stages`)."""

from matcher.pipeline.explaining import explain
from matcher.pipeline.exporting import export
from matcher.pipeline.jobs import dedupe, inspect, link, score
from matcher.pipeline.model import Model, load
from matcher.pipeline.reassigning import reassign
from matcher.pipeline.searching import Found, FoundProduct, Searcher, load_result, search
from matcher.pipeline.training import train
from matcher.pipeline.tuning import TuningReport, tune_encoder
from matcher.pipeline.updating import update

load_model = load

__all__ = [
    "Found",
    "FoundProduct",
    "Model",
    "Searcher",
    "TuningReport",
    "dedupe",
    "explain",
    "export",
    "inspect",
    "link",
    "load",
    "load_model",
    "load_result",
    "reassign",
    "score",
    "search",
    "train",
    "tune_encoder",
    "update",
]
