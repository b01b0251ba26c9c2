"""The demo: the main job on the catalogue that ships with the package."""

from pathlib import Path

import numpy as np
import pandas as pd

from matcher.cli.evaluate import measure_table
from matcher.cli.progress import shown_progress
from matcher.cli.screen import make_table, out
from matcher.cli.show import show_result

FOLDER = Path(__file__).parent.parent / "demo"
N_GROUPS = 3
GROUP_SIZES = (3, 6)  # of shown groups: enough sellers to be interesting, few enough to read
FAMILY_SIZES = (6, 14)


def run_demo(folder: Path) -> None:
    """Deduplicate the demo catalogue, write the result, and show what it is like."""
    from matcher import pipeline
    from matcher.cli.ahead import import_ahead
    from matcher.cli.first_run import compile_beside
    from matcher.evaluation import evaluate_groups
    from matcher.output import check_folder

    check_folder(folder)
    import_ahead()
    compile_beside()
    with shown_progress() as progress:
        result = pipeline.dedupe(str(FOLDER / "catalogue.csv"), progress=progress)
        result.write(folder)
    console = out()
    console.print("The demo catalogue: what five made-up sellers offer, each in its own style.\n")
    records = result.records
    for group in choose_groups(records, "match_id", GROUP_SIZES, N_GROUPS):
        _show_group(records[records["match_id"] == group], f"The same product, {group}")
    for family in choose_groups(records, "family_id", FAMILY_SIZES, 1):
        _show_group(
            records[records["family_id"] == family].sort_values("match_id", kind="stable"),
            f"A family, {family}: colors and sizes of one product",
        )
    truth = pd.read_csv(FOLDER / "truth.csv", dtype=str)
    console.print(measure_table(evaluate_groups(records, truth), "Against the truth"))
    show_result(result, folder)
    console.print("Next: matcher inspect YOUR.csv, then matcher dedupe YOUR.csv --out DIR")


def choose_groups(
    records: pd.DataFrame, column: str, sizes: tuple[int, int], n_groups: int
) -> list[str]:
    """Return groups of a readable size from all over the catalogue.

    Parameters
    ----------
    records : pd.DataFrame
        `MatchResult.records`.
    column : str
        ``"match_id"`` or ``"family_id"``; a family has to hold several products.
    sizes : tuple[int, int]
        Least and largest number of records.
    n_groups : int
        How many to choose, where there are so many.
    """
    by_group = records.groupby(column, sort=False)
    n_records, n_products = by_group.size(), by_group["match_id"].nunique()
    fits = n_records.between(*sizes)
    if column == "family_id":
        fits &= n_products > 1
    by_title = records.sort_values("title")[column].drop_duplicates()
    names = by_title[by_title.isin(fits.index[fits])].tolist()
    middles = (np.arange(n_groups) + 0.5) * len(names) / n_groups
    return [names[number] for number in dict.fromkeys(middles.astype(int)) if names]


def _show_group(members: pd.DataFrame, title: str) -> None:
    columns = ["seller", "title", "color", "size", "price"]
    known = members[columns].astype(str)
    rows = known.itertuples(index=False, name=None)
    out().print(make_table(columns, rows, title=title))
