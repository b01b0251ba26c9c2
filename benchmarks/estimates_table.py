"""The table of estimates from a few labels."""

from collections.abc import Sequence

from benchmarks.cells import Line, percent, table

KINDS = {"match": "duplicate groups", "family": "families"}
NOTE = (
    "In percent. Each sample is drawn at random from a result of the shipped model, answered from "
    "the truth, and judges that result, and a later one with a stricter threshold of exact pairs. "
    "True: over all pairs that were drawn from. Estimated: the mean over the samples. Width: that "
    "of the 95 % interval, its mean. Held: samples whose interval holds the true value."
)


def estimates(lines: Sequence[Line]) -> str:
    """Return how far estimates from samples are from the truth, and how often intervals hold."""
    head = ["Data set", "Samples", "Judged", "Of"]
    for name in ("Precision", "Recall"):
        head += [f"{name}: true", "Estimated", "Width", "Held"]
    rows = [
        [
            line["set"],
            f"{line['settings']['samples']} of {line['settings']['labels']} labels",
            line["case"].partition(",")[0],
            words,
            *(
                percent(line, f"{kind}_{measure}{figure}")
                for measure in ("precision", "recall")
                for figure in ("", "_estimated", "_width", "_held")
            ),
        ]
        for line in lines
        for kind, words in KINDS.items()
        if f"{kind}_precision" in line["figures"]
    ]
    return table(head, rows, NOTE, lines)
