"""Tables of how right the engine is: with all labels, with half, with a few and with none."""

from collections.abc import Iterator, Sequence

from benchmarks.cells import MISSING, Line, given, number, percent, table
from benchmarks.published import (
    FEW_TARGETS,
    HALF_TARGETS,
    NO_LABEL_END_TO_END_TARGETS,
    NO_LABEL_TARGETS,
    PAIR_TARGETS,
    PUBLISHED,
    UNSEEN_TARGETS,
    Published,
)

TESTS = {
    "": "",
    "_050unseen": ", half of the products unseen",
    "_100unseen": ", all unseen",
}
"""Endings of the figures of each test file, and what its rows say behind the name of the set."""

FEW_SHOWN = ("0 answers", "50 answers", "100 answers", "200 answers")
"""Rows of the short table; `curves` has all."""

CONTEXT = (
    "The context features also use the unlabelled text of the catalogue, which the published "
    "language models do not see: without context a model judges every pair by itself. How rare "
    "words are in the catalogue, and which brands and options it names, it still knows, and "
    "unlabelled candidates still teach it what is different."
)


def _tests(lines: Sequence[Line], figure: str) -> Iterator[tuple[Line, str, str]]:
    """Yield a line, the name of a row and the ending of its figures, for all test files."""
    for line in lines:
        for ending, said in TESTS.items():
            if not ending or f"{figure}{ending}" in line["figures"]:
                yield line, f"{line['set']}{said}", ending


def interval(line: Line, ending: str) -> str:
    """Return the interval of the pair F1 in percent."""
    low, high = (percent(line, f"pair_f1_{end}{ending}") for end in ("low", "high"))
    return MISSING if low == MISSING else f"{low} to {high}"


def quality(lines: Sequence[Line]) -> str:
    """Return what labels reach, beside what was published."""
    head = (
        *("Data set", "Pair F1", "95 % interval", "For new products", "Without context"),
        "Best published",
        *("Best without a language model", "Target", "End-to-end F1", "Best published"),
        *("Groups: pairwise F1", "B-cubed F1"),
    )
    rows = []
    for line, name, ending in _tests(lines, "pair_f1"):
        reached = [percent(line, f"pair_f1{ending}"), interval(line, ending)]
        reached.append(percent(line, f"new_products_pair_f1{ending}"))
        reached.append(percent(line, f"no_context_pair_f1{ending}"))
        if ending:
            target = given(UNSEEN_TARGETS.get(name))
            rows.append([name, *reached, MISSING, MISSING, target, *[MISSING] * 4])
            continue
        known = PUBLISHED.get(name, Published())
        best = f"{given(known.best)} {known.best_by}".strip()
        rows.append(
            [
                *(name, *reached, best, given(known.best_plain), given(PAIR_TARGETS.get(name))),
                *(percent(line, "end_to_end_f1"), given(known.end_to_end)),
                *(percent(line, "match_pairwise_f1"), percent(line, "match_bcubed_f1")),
            ]
        )
    note = (
        "F1 in percent, mean and standard deviation over the seeds, trained on the training pairs, "
        "threshold chosen on the validation pairs. Pair F1: the full test split; 95 % of the means "
        "lie in the interval if the test pairs are drawn again. For new products: by a model that "
        "was trained with `new_products`. Without context: one seed. End to end: the "
        "full tables, where a pair that blocking missed counts as missed; training and "
        "validation pairs are left out on both sides, which published end-to-end figures "
        f"need not do. {CONTEXT}"
    )
    return table(head, rows, note, lines)


def trust(lines: Sequence[Line]) -> str:
    """Return what may flatter the figures with labels, and how far probabilities are right."""
    head = (
        *("Data set", "Test pairs", "Taught pairs", "Taught texts", "Both records known"),
        *("Pair F1", "Without taught texts", "With a new record", "Calibration error"),
    )
    lines = [line for line in lines if "test_pairs" in line["figures"]]
    counts = ("test_pairs", "same_records", "same_texts", "known_records")
    shares = ("pair_f1", "new_texts_pair_f1", "new_records_pair_f1", "calibration_error")
    rows = [
        [
            name,
            *(number(line, f"{count}{ending}", 0) for count in counts),
            *(percent(line, f"{share}{ending}") for share in shares),
        ]
        for line, name, ending in _tests(lines, "test_pairs")
    ]
    note = (
        "Taught pairs: test pairs that are also training or validation pairs. Taught texts: test "
        "pairs of which a taught pair says the same on both sides, in all columns but the id and "
        "the price, taught pairs among them. Both records known: each occurs in some taught pair; "
        "the others are those with a new record. F1 in percent. Calibration error: the expected "
        "one of the test pairs, in percent, over 15 bins of equal width."
    )
    return table(head, rows, note, lines) if rows else ""


def half(lines: Sequence[Line]) -> str:
    """Return what half of the left records, labelled, say of the other half."""
    head = ("Data set", "End-to-end F1", "Target", "Precision", "Recall", "Labels")
    rows = [
        [
            line["set"],
            percent(line, "end_to_end_f1"),
            given(HALF_TARGETS.get(line["set"])),
            percent(line, "end_to_end_precision"),
            percent(line, "end_to_end_recall"),
            number(line, "labels", 0),
        ]
        for line in lines
    ]
    note = (
        "In percent. Every candidate and every match of a random half of the left records is a "
        "label, and teaches a model that never saw the set. The other half is found in the full "
        "tables, against all true pairs; a match that blocking missed counts as missed. Pairs of "
        "labelled left records are left out."
    )
    return table(head, rows, note, lines)


def few(lines: Sequence[Line]) -> str:
    """Return what a few answers reach, asked or at random, beside all labels."""
    head = (
        *("Data set", "Answers", "Exact among them", "F1", "F1 at random", "With all labels"),
        *("Share", "Share at random", "Target"),
    )
    rows = [
        [
            line["set"],
            line["case"].removesuffix(" answers"),
            number(line, "exact_answers", 0),
            *(percent(line, name) for name in ("f1", "random_f1", "full_f1")),
            *(percent(line, name) for name in ("share_of_full", "random_share_of_full")),
            given(FEW_TARGETS.get(line["case"])),
        ]
        for line in lines
        if line["case"] in FEW_SHOWN
    ]
    note = (
        "F1 of the test pairs (the macro F1 of exact, variant and different where there are "
        "families) and its share of that with all training labels, in percent. A model that never "
        "saw the set asks and learns anew after 25, 50, 100 and 150 answers; the truth answers; no "
        "test pair is asked about. At random: as many candidates, each as likely as any other; "
        "nothing is learned while all answers are of one kind. Numbers are means over the seeds."
    )
    return table(head, rows, note, lines)


def curves(lines: Sequence[Line]) -> str:
    """Return which share of all labels each number of answers reaches, asked and at random."""
    cases = list(dict.fromkeys(line["case"] for line in lines))
    found = {(line["set"], line["case"]): line for line in lines}
    head = ("Data set", "Pairs", *(case for case in cases))
    rows = [
        [
            name,
            kind,
            *(
                percent(found[name, case], figure) if (name, case) in found else MISSING
                for case in cases
            ),
        ]
        for name in dict.fromkeys(line["set"] for line in lines)
        for kind, figure in (("asked", "share_of_full"), ("at random", "random_share_of_full"))
    ]
    note = "Share of the F1 with all training labels, in percent, as in the table of few answers."
    return table(head, rows, note, lines)


def zero_labels(lines: Sequence[Line]) -> str:
    """Return what the shipped model's recipe reaches on catalogues that it never saw."""
    head = (
        *("Data set", "Pair F1", "Best threshold", "Target"),
        *("End-to-end F1", "Best threshold", "Target", "Best of five tools"),
        *("Groups: pairwise F1", "B-cubed F1"),
    )
    rows = []
    for line, name, ending in _tests(_without_families(lines), "pair_f1"):
        pair = [percent(line, f"{figure}{ending}") for figure in ("pair_f1", "best_pair_f1")]
        if ending:
            rows.append([name, *pair, *[MISSING] * 7])
            continue
        rows.append(
            [
                *(name, *pair, given(NO_LABEL_TARGETS.get(name))),
                *(percent(line, "end_to_end_f1"), percent(line, "best_end_to_end_f1")),
                given(NO_LABEL_END_TO_END_TARGETS.get(name)),
                given(PUBLISHED.get(name, Published()).no_labels),
                *(percent(line, "match_pairwise_f1"), percent(line, "match_bcubed_f1")),
            ]
        )
    note = (
        "F1 in percent without any label: each model is made as the shipped one is, from other "
        "catalogues than the one that it is measured on, and fitted to it without labels. Best "
        "threshold: what the same probabilities give at the threshold that the truth would "
        "choose. Tools: the best of five on the same tables, each cell another tool, by our own "
        "runs."
    )
    return table(head, rows, note, _without_families(lines))


def _without_families(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of sets that are not in the table of variants."""
    return [line for line in lines if "relation_macro_f1" not in line["figures"]]


def sureness(lines: Sequence[Line]) -> str:
    """Return how far the probabilities are right without labels, and what run.json says of it."""
    head = (
        *("Data set", "Calibration error: test pairs", "All candidates"),
        *("Chosen pairs to expected", "Asks for labels", "End-to-end F1", "Best threshold"),
    )
    lines = [line for line in _without_families(lines) if "is_unsure" in line["figures"]]
    rows = [
        [
            line["set"],
            percent(line, "calibration_error"),
            percent(line, "candidates_calibration_error"),
            number(line, "chosen_to_expected", 2),
            "yes" if line["figures"]["is_unsure"]["mean"] > 0 else "no",
            percent(line, "end_to_end_f1"),
            percent(line, "best_end_to_end_f1"),
        ]
        for line in lines
    ]
    note = (
        "Without labels, by models that never saw the set. Calibration error: the expected one, "
        "in percent, over 15 bins of equal width; most candidates are surely different. Chosen: "
        "`n_chosen` under `deciding` in `run.json`, by how pairs fit together, beside "
        "`n_expected`, by the probabilities; where they are far apart, it asks for labels."
    )
    return table(head, rows, note, lines) if rows else ""
