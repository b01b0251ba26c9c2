"""Tables of the newest results, in Markdown; those of accuracy are in `accuracy_tables`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import mean

from benchmarks import accuracy_tables as accuracy
from benchmarks.cells import MISSING, Line, given, number, percent, table
from benchmarks.estimates_table import estimates
from benchmarks.journal import read_newest
from benchmarks.published import COMPLETENESS_TARGETS, PAIRS_PER_SECOND_TARGET, VARIANT_TARGETS
from benchmarks.scale_table import scale
from benchmarks.scripts import SCRIPTS

VARIANT_FIGURES = (
    *("relation_macro_f1", "relation_calibration_error", "match_pairwise_f1", "match_bcubed_f1"),
    *("family_pairwise_f1", "family_bcubed_f1"),
    *("unlabelled_family_pairwise_f1", "unlabelled_family_bcubed_f1"),
)


def variants(lines: Sequence[Line]) -> str:
    """Return how well products and families are told apart, without and with labels."""
    head = (
        *("Catalogue", "Ignored", "Relations: macro F1", "Calibration error"),
        *("Groups: pairwise F1", "B-cubed F1"),
        *("Families: pairwise F1", "B-cubed F1"),
        *("Families without labels: pairwise F1", "B-cubed F1", "Families by a rule: pairwise F1"),
    )
    rules = {line["set"]: line for line in lines if line["case"] == "rule"}
    rows = []
    for case in dict.fromkeys(line["case"] for line in lines if line["case"] != "rule"):
        measured = [line for line in lines if line["case"] == case]
        ruled = [rules.get(line["set"], {"figures": {}}) for line in measured]
        names = [f"{line['set']}, {case}" for line in measured]
        ignored = [", ".join(line["settings"]["ignore"]) for line in measured]
        measured.append(mean_line(measured))
        ruled.append(mean_line(ruled))
        names.append(f"mean of {len(names)}, {case}")
        for name, axes, line, rule in zip(names, [*ignored, MISSING], measured, ruled, strict=True):
            figures = [percent(line, figure) for figure in VARIANT_FIGURES]
            rows.append([name, axes, *figures, percent(rule, "family_pairwise_f1")])
    targets = "; ".join(f"{name} {low} / {high}" for name, (low, high) in VARIANT_TARGETS.items())
    note = (
        "F1 in percent. No labels: by a model that never saw the catalogue. With labels: that "
        "model, taught further by its training pairs. Relations: mean F1 of exact, "
        "variant and different on the test pairs. Calibration error: the expected one of the worst "
        "of their three probabilities, in percent. Groups and families: over all records, those of "
        "training pairs among them; families without labels: over the records whose family only "
        "the test pairs name, held against each other alone. Rule: colors, sizes and "
        "the other ignored values are stripped from the title, and what is left groups with the "
        "brand. Targets of the means, without / with "
        f"labels: {targets}. Real catalogues whose offers one tool rendered in five styles: offers "
        "in the wild will be harder."
    )
    return table(head, rows, note, lines)


def mean_line(lines: Sequence[Line]) -> Line:
    """Return a line whose figures are the means over data sets, of those that all of them have.

    Examples
    --------
    >>> figure = lambda value: {"figures": {"f1": {"values": [value], "mean": value}}}
    >>> percent(mean_line([figure(0.8), figure(0.9)]), "f1")
    '85.0'
    """
    shared = set.intersection(*(set(line["figures"]) for line in lines))
    means = {name: mean(line["figures"][name]["mean"] for line in lines) for name in shared}
    return {"figures": {name: {"values": [value], "mean": value} for name, value in means.items()}}


def ignore_sets(lines: Sequence[Line]) -> str:
    """Return the F1 of families where one model is asked to ignore one thing or another."""
    cases = list(dict.fromkeys(line["settings"]["labels"] for line in lines))
    head = ("Catalogue", "Ignored", *(f"Families: pairwise F1, {case}" for case in cases))
    found: dict[tuple[str, str], dict[str, str]] = {}
    for line in lines:
        ignored = ", ".join(line["settings"]["ignore"]) or "nothing"
        cells = found.setdefault((line["set"], ignored), {})
        cells[line["settings"]["labels"]] = percent(line, "family_pairwise_f1")
    rows = [[*key, *(cells.get(case, MISSING) for case in cases)] for key, cells in found.items()]
    note = (
        "F1 in percent of the pairs inside families, one model a column and catalogue, over all "
        "records. Two records are of one true family where they are of one model and every kept "
        "option agrees, with nothing ignored where they are one product. The clusters of "
        "pricerunner leave the color out, whatever is ignored."
    )
    return table(head, rows, note, lines)


def blocking(lines: Sequence[Line]) -> str:
    """Return what blocking finds, and at what cost."""
    head = (
        *("Data set", "Budget", "Pairs completeness", "Target", "Candidates per record"),
        *("Reduction ratio", "Seconds"),
    )
    rows = [
        [
            line["set"],
            line["case"],
            percent(line, "pairs_completeness", digits=2),
            given(COMPLETENESS_TARGETS.get((line["set"], line["case"]))),
            number(line, "candidates_per_record", 1),
            percent(line, "reduction_ratio", digits=3),
            number(line, "seconds", 1),
        ]
        for line in lines
    ]
    note = (
        "Full tables, no semantic encoder; candidates per left record where two tables are linked. "
        "Completeness in percent of all true exact pairs."
    )
    return table(head, rows, note, lines)


def semantic(lines: Sequence[Line]) -> str:
    """Return what a semantic encoder gains and costs, beside none."""
    head = (
        *("Data set", "Encoder", "Pair F1", "End-to-end F1", "Pairs completeness"),
        *("Tuning, s", "Encoding, s", "Training, s", "Run, s"),
    )
    without = {line["set"]: line for line in lines if line["case"] == "none"}
    rows = [
        [
            line["set"],
            line["case"],
            gained(line, without.get(line["set"]), "pair_f1"),
            gained(line, without.get(line["set"]), "end_to_end_f1"),
            gained(line, without.get(line["set"]), "pairs_completeness", digits=2),
            *(
                number(line, f"{name}_seconds", 0)
                for name in ("tuning", "encoding", "training", "run")
            ),
        ]
        for line in lines
    ]
    encoders = sorted({line["settings"]["encoder"] for line in lines} - {""})
    note = (
        "F1 as in the table of quality; completeness of blocking in percent at 10 candidates per "
        "left record; behind each figure what it gains over none. The encoder proposes pairs, and "
        "its cosine is a feature. Tuned: by `matcher tune-encoder`, on the training pairs, once "
        "for all seeds. Tuning and encoding are paid once, training and run are without them; "
        f"medians, one thread, on a machine with other work beside. Encoder: {', '.join(encoders)}."
    )
    return table(head, rows, note, lines)


def gained(line: Line, other: Line | None, name: str, digits: int = 1) -> str:
    """Return a figure in percent, and in brackets how much higher it is than in another line.

    Examples
    --------
    >>> means = (0.9, 0.88)
    >>> line, other = ({"figures": {"f1": {"values": [mean], "mean": mean}}} for mean in means)
    >>> gained(line, other, "f1"), gained(other, other, "f1")
    ('90.0 (+2.0)', '88.0')
    """
    shown = percent(line, name, digits)
    if shown == MISSING or other is None or other is line or name not in other["figures"]:
        return shown
    gain = 100 * (line["figures"][name]["mean"] - other["figures"][name]["mean"])
    return f"{shown} ({gain:+.{digits}f})"


def speed(lines: Sequence[Line]) -> str:
    """Return the cost of whole runs, stage by stage."""
    stages = list(
        dict.fromkeys(
            name.removesuffix("_peak_mb")
            for line in lines
            for name in line["figures"]
            if name.endswith("_peak_mb")
        )
    )
    head = ("Catalogue", "Seconds", "First run", "Peak memory, MB", *map(str.capitalize, stages))
    rows = [
        [
            f"{line['set']}, {line['case']}",
            number(line, "seconds", 1),
            number(line, "first_run_seconds", 1),
            number(line, "peak_mb", 0),
            *(number(line, f"{stage}_seconds", 1) for stage in stages),
        ]
        for line in lines
    ]
    note = (
        "`matcher dedupe`, each time a fresh process, from its start to the written files; "
        "medians. The first run after installing also compiles the kernels."
    )
    return table(head, rows, note, lines)


def features(lines: Sequence[Line]) -> str:
    """Return how fast pairs are compared."""
    head = ("Catalogue", "Pairs", "Features", "Pairs a second", "Target")
    rows = [
        [
            line["set"],
            number(line, "pairs", 0),
            number(line, "features", 0),
            number(line, "pairs_per_second", 0),
            f"{PAIRS_PER_SECOND_TARGET:,}",
        ]
        for line in lines
    ]
    return table(head, rows, "All features of all candidates, compiled kernels; medians.", lines)


def compare(lines: Sequence[Line]) -> str:
    """Return what other tools and matcher find in the same tables, the best of each case first."""
    head = (
        *("Data set", "Labels", "Tool", "Pair F1", "End-to-end precision", "Recall", "F1"),
        *("Seconds", "CPU seconds", "Memory, MB"),
    )
    places = {
        name: place for place, name in enumerate(dict.fromkeys(line["set"] for line in lines))
    }

    def order(line: Line) -> tuple[int, str, float]:
        f1 = line["figures"].get("end_to_end_f1", {"mean": -1.0})["mean"]
        return places[line["set"]], line["settings"]["labels"], -f1

    note = (
        "In percent. Pair F1: the test pairs, judged whatever blocking says, where the tool can be "
        "asked. End to end: the full tables, where a pair that blocking missed counts as missed; "
        "with labels, training and validation pairs are left out on both sides. Seconds from the "
        "tables in memory to the answer, imports left out; CPU seconds of all cores in that time, "
        "which say more where the machine had other work; peak memory of its process. Each run is "
        "a fresh process with one time limit."
    )
    return table(head, [_compared(line) for line in sorted(lines, key=order)], note, lines)


def _compared(line: Line) -> list[str]:
    settings = line["settings"]
    is_done = settings["status"] == "finished"
    return [
        line["set"],
        settings["labels"],
        f"{settings['tool']} {settings['version']}, {settings['setup']}",
        percent(line, "pair_f1"),
        percent(line, "end_to_end_precision"),
        percent(line, "end_to_end_recall"),
        percent(line, "end_to_end_f1"),
        number(line, "seconds", 0) if is_done else settings["status"].partition(":")[0],
        number(line, "cpu_seconds", 0),
        number(line, "peak_mb", 0),
    ]


def siblings(lines: Sequence[Line]) -> str:
    """Return how well sibling products are told apart without labels, by size and columns."""
    rows = [
        [
            line["set"],
            line["case"],
            *(percent(line, name) for name in ("precision", "recall", "f1")),
        ]
        for line in sorted(lines, key=lambda line: (line["settings"]["n_rows"], -len(line["case"])))
    ]
    note = (
        "In percent, of the pairs inside duplicate groups, by the shipped model without labels; "
        "means over the seeds. Offers of made-up sellers with the titles of five data sets."
    )
    return table(("Offers", "Columns", "Precision", "Recall", "F1"), rows, note, lines)


def scripts(lines: Sequence[Line]) -> str:
    """Return what is lost where data sets are rewritten in other scripts."""
    by_set: dict[str, dict[str, Line]] = {}
    for line in lines:
        by_set.setdefault(line["set"], {})[line["case"]] = line
    rows = [
        [name, what, *(percent(cases[script], figure) for script in SCRIPTS if script in cases)]
        for name, cases in by_set.items()
        for what, figure in (
            ("pairs", "end_to_end_f1"),
            ("groups", "match_pairwise_f1"),
            ("families", "family_pairwise_f1"),
        )
        if all(figure in cases[script]["figures"] for script in cases)
    ]
    note = (
        "F1 in percent, end to end, by the shipped model without labels, some of whose teachers "
        "these sets are: of interest is what is lost from the first column to the others. Every "
        "word is written in the other script, always in the same way, and spaces are left out."
    )
    return table(("Data set", "Of", *SCRIPTS), rows, note, lines)


TABLES: Mapping[str, tuple[str, Callable[[Sequence[Line]], str]]] = {
    "quality": ("quality", accuracy.quality),
    "trust": ("quality", accuracy.trust),
    "half": ("half", accuracy.half),
    "few": ("labelling", accuracy.few),
    "labelling": ("labelling", accuracy.curves),
    "zero-labels": ("zero-labels", accuracy.zero_labels),
    "sureness": ("zero-labels", accuracy.sureness),
    "variants": ("variants", variants),
    "ignore-sets": ("ignore-sets", ignore_sets),
    "blocking": ("blocking", blocking),
    "semantic": ("semantic", semantic),
    "speed": ("speed", speed),
    "features": ("features", features),
    "compare": ("compare", compare),
    "scale": ("scale", scale),
    "siblings": ("siblings", siblings),
    "scripts": ("scripts", scripts),
    "estimates": ("estimates", estimates),
}


def make_tables(folder: Path) -> dict[str, str]:
    """Return every table for which `folder` has results, by the name of its marker."""
    found = {}
    for name, (benchmark, make) in TABLES.items():
        lines = read_newest(benchmark, folder)
        text = make(lines) if lines else ""
        if text:
            found[name] = text
    return found
