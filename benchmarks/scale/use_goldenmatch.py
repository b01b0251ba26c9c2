"""GoldenMatch on one catalogue: ``python -m benchmarks.scale.use_goldenmatch FILE FOLDER [auto]``.

Configured by hand as for two tables, see `benchmarks.compare.use_goldenmatch`, and by an equal
GTIN; or with ``auto`` as its own tuner decides.
"""

import sys
from pathlib import Path

import goldenmatch as gm
import numpy as np
import polars as pl

from benchmarks.compare.task import codes

THRESHOLD = 0.7  # of 0.6, 0.7 and 0.8 the best at 10,000 offers
MOST_RECORDS = 100


def dedupe(path: Path, folder: Path, *, is_configured: bool) -> None:
    """Write ``records.csv`` and ``pairs.csv``."""
    offers = pl.read_csv(path, infer_schema=False)
    if is_configured:
        result = gm.dedupe_df(_prepared(offers), config=_configuration())
    else:
        result = gm.dedupe_df(offers, exclude_columns=["id"], confidence_required=False)
    match = np.arange(len(offers))
    for cluster in result.clusters.values():
        match[cluster["members"]] = cluster["members"][0]
    offers.select("id").with_columns(match_id=pl.Series(match)).write_csv(folder / "records.csv")
    pairs = np.array([pair[:2] for pair in result.scored_pairs or []], np.int64).reshape(-1, 2)
    ids = offers["id"]
    listed = {"left_id": ids.gather(pairs[:, 0]), "right_id": ids.gather(pairs[:, 1])}
    pl.DataFrame(listed).write_csv(folder / "pairs.csv")


def _prepared(offers: pl.DataFrame) -> pl.DataFrame:
    text = pl.concat_str("title", pl.col("brand").fill_null(""), separator=" ")
    found = ["|".join(each) or None for each in codes(offers["title"].to_pandas())]
    return offers.with_columns(text=text, codes=pl.Series(found, dtype=pl.String))


def _configuration() -> gm.GoldenMatchConfig:
    compared = (
        ("title", "token_sort", 0.4),
        ("title", "qgram", 0.4),
        ("codes", "array_intersect:overlap", 0.4),
        ("brand", "jaro_winkler", 0.2),
        ("price", "numeric_diff:pct:0.5", 0.2),
    )
    fields = [
        gm.MatchkeyField(
            field=column, scorer=scorer, weight=weight, transforms=["lowercase", "strip"]
        )
        for column, scorer, weight in compared
    ]
    return gm.GoldenMatchConfig(
        matchkeys=[
            gm.MatchkeyConfig(name="gtin", type="exact", fields=[gm.MatchkeyField(field="gtin")]),
            gm.MatchkeyConfig(name="product", type="weighted", threshold=THRESHOLD, fields=fields),
        ],
        blocking=gm.BlockingConfig(
            strategy="token", token={"column": "text", "max_df": MOST_RECORDS}
        ),
        exclude_columns=["id"],
    )


if __name__ == "__main__":
    dedupe(Path(sys.argv[1]), Path(sys.argv[2]), is_configured=sys.argv[3:] != ["auto"])
