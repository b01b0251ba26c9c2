"""Models that have not seen the data set that they are measured on, each made once."""

from dataclasses import dataclass, field

from benchmarks.datasets import DataSet
from benchmarks.default_model import zero_label_model
from matcher.pipeline.model import Model
from matcher.pipeline.teaching import Teaching


@dataclass(slots=True)
class UnseenModels:
    """Makes models as the shipped one is made, leaving out the set that each is for.

    Attributes
    ----------
    taught : dict[str, Teaching]
        What each set teaches, filled as needed.
    models : dict[tuple[str, int], Model]
        By the set that was left out and the seed.
    """

    taught: dict[str, Teaching] = field(default_factory=dict)
    models: dict[tuple[str, int], Model] = field(default_factory=dict)

    def of(self, data: DataSet, seed: int) -> Model:
        """Return a model that has not seen a data set."""
        left_out = data.name if data.licence else ""  # the others teach nothing: one model for all
        if (left_out, seed) not in self.models:
            self.models[left_out, seed] = zero_label_model(left_out, self.taught, seed)
        return self.models[left_out, seed]
