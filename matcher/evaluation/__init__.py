"""Measure pairs, blocking, scores and groups against a truth."""

from matcher.evaluation.clusters import bcubed_measures, pairwise_measures
from matcher.evaluation.estimate import Interval, QualityEstimate, Sample, estimate_quality
from matcher.evaluation.labelled import LabelledMeasures, measure_labelled
from matcher.evaluation.pairs import (
    BlockingMeasures,
    PairMeasures,
    RelationMeasures,
    blocking_measures,
    pair_measures,
    relation_measures,
)
from matcher.evaluation.result import Evaluation, evaluate_groups
from matcher.evaluation.scores import (
    average_precision,
    best_threshold,
    bootstrap_interval,
    expected_calibration_error,
)

__all__ = [
    "BlockingMeasures",
    "Evaluation",
    "Interval",
    "LabelledMeasures",
    "PairMeasures",
    "QualityEstimate",
    "RelationMeasures",
    "Sample",
    "average_precision",
    "bcubed_measures",
    "best_threshold",
    "blocking_measures",
    "bootstrap_interval",
    "estimate_quality",
    "evaluate_groups",
    "expected_calibration_error",
    "measure_labelled",
    "pair_measures",
    "pairwise_measures",
    "relation_measures",
]
