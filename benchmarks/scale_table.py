"""The table of catalogues of growing size."""

from collections.abc import Mapping, Sequence
from math import log

from benchmarks.cells import MISSING, Line, number, percent, table

NOTE = (
    "Made-up catalogues of `benchmarks/lifelike`, the same file for every tool, no labels; "
    "each run a fresh process from its start to the written files, with one time limit, "
    "matcher's kernels compiled before; medians, memory of all its processes. Growth: time "
    "grows with this power of the number of offers, since the next smaller catalogue. Skewed: "
    "one brand on half of the products, 50,000 equal titles (at most half of them), 10,000 "
    "offers (at most a tenth) with a placeholder for a GTIN. In percent. Pairs completeness: "
    "true pairs among those that the tool lists, of which matcher leaves out the surely "
    "different, and the others what is below their threshold. Precision, recall and F1: of the "
    "pairs inside groups, offers of equal titles left out, whose groups only the largest tells."
)


def scale(lines: Sequence[Line]) -> str:
    """Return what whole catalogues take and what is found in them, by tool and size."""
    head = (
        *("Offers", "Tool", "Seconds", "Growth", "Against not skewed", "CPU seconds"),
        *(
            "Memory, MB",
            "Pairs completeness",
            "Precision",
            "Recall",
            "F1",
            "Families: F1",
            "Largest group",
        ),
    )
    ordered = sorted(lines, key=lambda line: (_is_skewed(line), line["settings"]["n_rows"]))
    seconds = {_key(line): _seconds(line) for line in ordered if "seconds" in line["figures"]}
    names = ("pairs_completeness", "precision", "recall", "f1", "family_f1")
    rows = [
        [
            line["set"],
            f"{line['settings']['tool']} {line['settings']['version']}",
            _took(line),
            growth(line, seconds),
            slowdown(line, seconds),
            number(line, "cpu_seconds", 0),
            number(line, "peak_mb", 0),
            *(percent(line, name) for name in names),
            number(line, "largest_group", 0),
        ]
        for line in ordered
    ]
    return table(head, rows, NOTE, lines)


def growth(line: Line, seconds: Mapping[tuple[str, int, bool], float]) -> str:
    """Return the exponent of time since the next smaller catalogue of the same tool.

    Examples
    --------
    >>> line = {"case": "matcher", "settings": {"n_rows": 400, "is_skewed": False}}
    >>> growth(line, {("matcher", 100, False): 1.0, ("matcher", 400, False): 8.0})
    '1.50'
    """
    key = _key(line)
    smaller = [each for each in seconds if each[0] == key[0] and each[1] < key[1] and not each[2]]
    if key not in seconds or key[2] or not smaller:
        return MISSING
    before = max(smaller, key=lambda each: each[1])
    return f"{log(seconds[key] / seconds[before]) / log(key[1] / before[1]):.2f}"


def slowdown(line: Line, seconds: Mapping[tuple[str, int, bool], float]) -> str:
    """Return how much longer a skewed catalogue takes than another of its size.

    Examples
    --------
    >>> line = {"case": "matcher", "settings": {"n_rows": 100, "is_skewed": True}}
    >>> slowdown(line, {("matcher", 100, False): 1.0, ("matcher", 100, True): 1.5})
    '1.50 times'
    """
    key = _key(line)
    plain = (key[0], key[1], False)
    if not key[2] or key not in seconds or plain not in seconds:
        return MISSING
    return f"{seconds[key] / seconds[plain]:.2f} times"


def _key(line: Line) -> tuple[str, int, bool]:
    return line["case"], line["settings"]["n_rows"], _is_skewed(line)


def _is_skewed(line: Line) -> bool:
    return bool(line["settings"]["is_skewed"])


def _seconds(line: Line) -> float:
    return float(line["figures"]["seconds"]["median"])


def _took(line: Line) -> str:
    status = line["settings"]["status"]
    return number(line, "seconds", 1) if status == "finished" else status.partition(":")[0]
