"""Tables show the newest figures beside published ones."""

from pathlib import Path

from benchmarks.journal import Journal
from benchmarks.tables import make_tables


def row(text: str, name: str) -> list[str]:
    (found,) = (line for line in text.splitlines() if line.startswith(f"| {name} |"))
    return [cell.strip() for cell in found.strip("|").split("|")]


def columns(text: str) -> list[str]:
    return [cell.strip() for cell in text.splitlines()[0].strip("|").split("|")]


def test_quality_stands_beside_published_figures_and_targets(tmp_path: Path) -> None:
    journal = Journal.start("quality", tmp_path)
    figures = {"pair_f1": [0.94, 0.95, 0.96], "end_to_end_f1": [0.9, 0.9, 0.9]}
    journal.append("abt-buy", figures, {}, seeds=[0, 1, 2])
    text = make_tables(tmp_path)["quality"]
    assert row(text, "abt-buy") == [
        *("abt-buy", "95.0 ± 1.0", "95.2 (Qwen3-8B, fine-tuned)", "84.7", "93.0"),
        *("90.0 ± 0.0", "92.9"),
    ]
    assert "left out on both sides" in text
    assert "unlabelled text of the catalogue" in text
    assert "seeds 0, 1, 2" in text


def test_test_files_with_unseen_products_have_rows_of_their_own(tmp_path: Path) -> None:
    figures = {"pair_f1": [0.65], "pair_f1_050unseen": [0.6], "pair_f1_100unseen": [0.5]}
    Journal.start("quality", tmp_path).append("wdc-products-80cc", figures, {})
    text = make_tables(tmp_path)["quality"]
    assert row(text, "wdc-products-80cc")[1] == "65.0"
    assert row(text, "wdc-products-80cc, half of the products unseen")[1] == "60.0"
    assert row(text, "wdc-products-80cc, all unseen")[1] == "50.0"


def test_catalogues_with_families_have_a_table_of_their_own(tmp_path: Path) -> None:
    journal = Journal.start("zero-labels", tmp_path)
    journal.append("abt-buy", {"pair_f1": [0.85], "end_to_end_f1": [0.8]}, {"ignore": []})
    figures = {"relation_macro_f1": [0.9], "match_pairwise_f1": [0.8], "family_bcubed_f1": [0.7]}
    journal.append("offers-lego_elements", figures, {"ignore": ["color"]})
    tables = make_tables(tmp_path)
    assert set(tables) == {"zero-labels", "families"}
    assert "offers-lego_elements" not in tables["zero-labels"]
    assert row(tables["families"], "offers-lego_elements")[1:] == ["color", "90.0", "80.0", "70.0"]


def test_blocking_has_a_row_for_every_budget(tmp_path: Path) -> None:
    journal = Journal.start("blocking", tmp_path)
    figures = {
        "pairs_completeness": [0.9912],
        "candidates_per_record": [10.0],
        "reduction_ratio": [0.99],
        "seconds": [1.25],
    }
    journal.append("amazon-google", figures, {}, case="10 per record")
    journal.append("amazon-google", figures, {}, case="14 per record")
    text = make_tables(tmp_path)["blocking"]
    assert "| amazon-google | 10 per record | 99.12 | - |" in text
    assert "| amazon-google | 14 per record | 99.12 | 99.0 |" in text


def test_speed_has_a_column_for_every_stage(tmp_path: Path) -> None:
    figures = {
        "seconds": [9.0, 7.0, 8.0],
        "first_run_seconds": [30.0],
        "peak_mb": [1234.0],
        "parsing_seconds": [2.0],
        "parsing_peak_mb": [300.0],
    }
    Journal.start("speed", tmp_path).append("pricerunner", figures, {}, case="as it is")
    text = make_tables(tmp_path)["speed"]
    assert columns(text)[-1] == "Parsing"
    assert row(text, "pricerunner, as it is")[1:] == ["8.0", "30.0", "1,234", "2.0"]
