"""Where the values of features lie among the candidates of a catalogue, kept for later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from matcher.classify import Classifier, Scorer, make_scorer
from matcher.features import Comparisons
from matcher.types import Floats, Records


@dataclass(frozen=True, slots=True)
class Sample:
    """Places of the values of features among the candidates of a catalogue.

    Attributes
    ----------
    ignored : tuple[str, ...]
        The axes that the question ignores.
    names : tuple[str, ...]
        Names of the features.
    values : Floats
        Shape (n_steps, n_features): evenly spaced values of each, ascending, NaN where there are
        fewer.
    """

    ignored: tuple[str, ...]
    names: tuple[str, ...]
    values: Floats

    def columns(self, names: tuple[str, ...]) -> Floats:
        """Return the values of these features, shape (n_steps, n_names), NaN where unknown."""
        place = {name: column for column, name in enumerate(self.names)}
        values = np.full((len(self.values), len(names)), np.nan, np.float32)
        for column, name in enumerate(names):
            if name in place:
                values[:, column] = self.values[:, place[name]]
        return values


def sample_of(ignored: tuple[str, ...], steps: Mapping[str, Floats]) -> Sample:
    """Return the sample of a question from the ascending values of each feature."""
    values = np.full((max(map(len, steps.values()), default=0), len(steps)), np.nan, np.float32)
    for column, each in enumerate(steps.values()):
        values[: len(each), column] = each
    return Sample(ignored, tuple(steps), values)


def sample_of_scorer(ignored: tuple[str, ...], scorer: Scorer) -> Sample:
    """Return what a model that was made ready for a catalogue knows of its candidates."""
    steps: dict[str, Floats] = {}
    part: Scorer | None = scorer
    while part is not None:
        for name, values in zip(part.model.ranked, part.ranks.ordered, strict=True):
            steps[name] = values.astype(np.float32)
        part = part.prior
    return sample_of(ignored, steps)


@dataclass(frozen=True, slots=True)
class KnownSamples:
    """Makes a model ready for records of a catalogue whose samples are known.

    Attributes
    ----------
    samples : tuple[Sample, ...]
        By question, that of exact pairs first.
    classifier : Classifier
        The model.
    """

    samples: tuple[Sample, ...]
    classifier: Classifier
    _scorers: dict[tuple[tuple[str, ...], ...], Scorer] = field(default_factory=dict)

    def scorer_of(self, records: Records) -> Callable[[int, Comparisons], Scorer]:
        """Return what gives the model made ready for a question about these records."""

        def scorer(ignored: int, compared: Comparisons) -> Scorer:
            axes = tuple(axis for bit, axis in enumerate(records.axes) if ignored >> bit & 1)
            key = axes, compared.names
            if key not in self._scorers:  # two threads may make the same one: nothing is lost
                values = self._sample_for(axes).columns(compared.names)
                asked = self.classifier.asked(ignored)
                self._scorers[key] = make_scorer(asked, compared.names, values)
            return self._scorers[key]

        return scorer

    def _sample_for(self, axes: tuple[str, ...]) -> Sample:
        """Return the sample of a question; where few axes are known, that of the nearest one."""
        for sample in self.samples:
            if sample.ignored == axes:
                return sample
        return self.samples[1] if axes and len(self.samples) > 1 else self.samples[0]
