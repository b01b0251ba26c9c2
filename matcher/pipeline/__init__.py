"""The jobs of the engine, and the order of their stages (`matcher.pipeline.stages`)."""

from matcher.pipeline.dialling import compare_budgets, tune
from matcher.pipeline.estimating import Estimate, estimate
from matcher.pipeline.explaining import explain
from matcher.pipeline.exporting import export
from matcher.pipeline.jobs import dedupe, inspect, link, score
from matcher.pipeline.label_files import LabelReport, check_labels, convert_labels
from matcher.pipeline.labelling import open_session
from matcher.pipeline.model import Model, load
from matcher.pipeline.previewing import preview
from matcher.pipeline.questioning import ask
from matcher.pipeline.reassigning import reassign
from matcher.pipeline.sampling import sample
from matcher.pipeline.searching import Found, FoundProduct, Searcher, load_result, search
from matcher.pipeline.taking_in import Updated
from matcher.pipeline.training import train
from matcher.pipeline.tuning import TuningReport, tune_encoder
from matcher.pipeline.updating import take_in, update

load_model = load

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
