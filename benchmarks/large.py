"""A catalogue of any size, made from real titles: repetitions that are other products."""

import csv
from pathlib import Path
from random import Random

import pandas as pd

DROPPED = 0.2  # share of the copied titles that lose a word, so that repetitions are not equal


def write_large(offers: pd.DataFrame, truth: pd.Series, n_rows: int, folder: Path) -> Path:
    """Write ``records.csv`` and ``truth.csv`` with `n_rows` offers; the same bytes every time.

    The first repetition is the catalogue itself.  In each further one all digits are shifted, the
    same way in the whole repetition: its offers are of products that exist nowhere else, but next
    to which there are siblings with other model numbers and capacities.

    Parameters
    ----------
    offers : pd.DataFrame
        Columns ``id``, ``title``, ``vendor_id``, ``category``.
    truth : pd.Series
        Product by id.
    n_rows : int
        How many offers to write.
    folder : Path
        An existing folder.

    Returns
    -------
    Path
        That of ``records.csv``.
    """
    random = Random(0)
    path = folder / "records.csv"
    products = truth.loc[offers["id"]].tolist()
    rows = list(offers[["id", "title", "vendor_id", "category"]].itertuples(index=False, name=None))
    with path.open("w", newline="") as records, (folder / "truth.csv").open("w") as known:
        writer = csv.writer(records)
        writer.writerow(["id", "title", "vendor_id", "category"])
        known.write("id,product_id\n")
        for number in range(n_rows):
            repetition, row = divmod(number, len(rows))
            name, title, vendor, category = rows[row]
            copied = copy_title(title, repetition, random) if repetition else title
            writer.writerow([f"{repetition}-{name}", copied, vendor, category])
            known.write(f"{repetition}-{name},{repetition}-{products[row]}\n")
    return path


def copy_title(title: str, repetition: int, random: Random) -> str:
    """Return a title with its digits shifted, and sometimes without one of its words.

    Examples
    --------
    >>> copy_title("apple iphone 8 64gb", 1, Random(0))
    'apple iphone 1 97gb'
    """
    digits = "0123456789"
    shift = 3 * repetition % 10  # 3 and 10 share no divisor: ten repetitions are all different
    shifted = title.translate(str.maketrans(digits, digits[shift:] + digits[:shift]))
    words = shifted.split()
    if len(words) > 2 and random.random() < DROPPED:
        del words[random.randrange(len(words))]
    return " ".join(words)
