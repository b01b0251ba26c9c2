"""Splink on one catalogue: ``python -m benchmarks.scale.use_splink FILE FOLDER``; no labels.

Set up as for two tables, see `benchmarks.compare.use_splink`, with what its documentation advises
for large catalogues: the cleaning is done in DuckDB, and every blocking rule is strict.  A rule on
a common word would propose all pairs of the records that have it, so only the rarest words of a
record and what looks like a model number block, and of these what few records have, besides
GTINs.  Its matches are clustered by connected components, as in its examples.

Chosen here in its favour, by its figures: clusters at 0.99 and not at 0.95 as in its examples; that
model numbers are equal or not, for those of siblings are alike.
"""

import sys
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.compare.use_splink import LEVELS, compare_prices, compare_words, make_comparison

SEED = 1
THRESHOLD = 0.5
CLUSTER_THRESHOLD = 0.99
N_RARE = 3
MOST_RECORDS = 100  # with such a word or number: 4,950 pairs of one key
# A model number from its first digit on, so that `KD-43X80L`, `KD 43X80L` and `43X80L` are alike.
CODE = "[0-9][a-z0-9]{4,}"
SHARED_CODE = "len(list_intersect(codes_l, codes_r)) > 0"
PREPARE = f"""
CREATE TABLE offers AS
SELECT id AS unique_id, lower(title) AS title, lower(brand) AS brand, gtin,
    try_cast(price AS DOUBLE) AS price
FROM read_csv($path, all_varchar = true, header = true);

CREATE TABLE tokens AS
SELECT unique_id, unnest(list_distinct(regexp_extract_all(title, '[a-z0-9]+'))) AS token,
    false AS is_code FROM offers
UNION ALL
SELECT unique_id, unnest(list_distinct(regexp_extract_all(title, '{CODE}'))), true FROM offers;

CREATE TABLE counts AS
SELECT token, is_code, count(*) AS n, n / sum(n) OVER (PARTITION BY is_code) AS frequency
FROM tokens GROUP BY token, is_code;

CREATE TABLE prepared AS
SELECT offers.*, words, words_all, rare, codes FROM offers LEFT JOIN (
    SELECT unique_id,
        list({{'token': token, 'frequency': frequency}}) FILTER (NOT is_code) AS words,
        -sum(log10(frequency)) FILTER (NOT is_code) AS words_all,
        list(token ORDER BY n, token)
            FILTER (NOT is_code AND n BETWEEN 2 AND {MOST_RECORDS})[:{N_RARE}] AS rare,
        list(token ORDER BY n, token) FILTER (is_code AND n <= {MOST_RECORDS}) AS codes
    FROM tokens JOIN counts USING (token, is_code) GROUP BY unique_id
) USING (unique_id);
"""


def dedupe(path: Path, folder: Path) -> None:
    """Write ``records.csv`` and ``pairs.csv``."""
    connection = duckdb.connect()
    for statement in PREPARE.split(";\n"):
        connection.execute(statement, {"path": str(path)} if "$path" in statement else None)
    ((n_records,),) = connection.execute("SELECT count(*) FROM prepared").fetchall()
    database = DuckDBAPI(connection)
    offers = database.register("prepared")
    linker = Linker(offers, _settings(n_records))
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=SEED)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("rare[1]"))
    predicted = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=CLUSTER_THRESHOLD
    )
    for name, columns, table in (
        ("records", "unique_id AS id, cluster_id AS match_id", clusters),
        ("pairs", "unique_id_l AS left_id, unique_id_r AS right_id, match_probability", predicted),
    ):
        query = f"SELECT {columns} FROM {table.physical_name}"
        connection.execute(f"COPY ({query}) TO '{folder / name}.csv' (HEADER)")


def _settings(n_records: int) -> SettingsCreator:
    brand = cl.JaroWinklerAtThresholds("brand", [0.92, 0.8])
    return SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=1 / n_records,  # a record has about one other
        comparisons=[
            compare_words("words", LEVELS),
            make_comparison("codes", [(SHARED_CODE, "shared")]),
            brand.configure(term_frequency_adjustments=True),
            cl.ExactMatch("gtin"),
            compare_prices("price"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("gtin"),
            block_on("codes", arrays_to_explode=["codes"]),
            block_on("rare", arrays_to_explode=["rare"]),
        ],
    )


if __name__ == "__main__":
    dedupe(Path(sys.argv[1]), Path(sys.argv[2]))
