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
        *("abt-buy", "95.0 ± 1.0", "95.2 (Qwen3-8B, fine-tuned)", "84.7", "97.0"),
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


def test_catalogues_with_families_are_left_out_of_the_table_without_labels(tmp_path: Path) -> None:
    journal = Journal.start("zero-labels", tmp_path)
    journal.append("abt-buy", {"pair_f1": [0.85], "end_to_end_f1": [0.8]}, {"ignore": []})
    journal.append("offers-lego_elements", {"relation_macro_f1": [0.9]}, {"ignore": ["color"]})
    tables = make_tables(tmp_path)
    assert set(tables) == {"zero-labels"}
    assert "offers-lego_elements" not in tables["zero-labels"]


def test_variants_stand_beside_the_rule_and_have_a_mean_for_every_case(tmp_path: Path) -> None:
    journal = Journal.start("variants", tmp_path)
    settings = {"ignore": ["color"]}
    for name, f1 in (("a", 0.8), ("b", 0.9)):
        journal.append(name, {"family_pairwise_f1": [f1 - 0.1]}, settings, case="rule")
        figures = {"relation_macro_f1": [f1], "family_pairwise_f1": [f1]}
        journal.append(name, figures, settings, case="no labels")
    journal.append("b", {"relation_macro_f1": [0.95]}, settings, case="with labels")
    text = make_tables(tmp_path)["variants"]
    assert row(text, "b, no labels")[1:] == ["color", "90.0", "90.0", "80.0"]
    assert row(text, "mean of 2, no labels")[1:] == ["-", "85.0", "85.0", "75.0"]
    assert row(text, "mean of 1, with labels")[1:] == ["-", "95.0", "-", "80.0"]
    assert "relations 92.0 / 96.5" in text


def test_the_rule_alone_has_no_rows(tmp_path: Path) -> None:
    figures, settings = {"family_pairwise_f1": [0.8]}, {"ignore": ["color"]}
    Journal.start("variants", tmp_path).append("a", figures, settings, case="rule")
    assert "| a" not in make_tables(tmp_path)["variants"]


def test_ignore_sets_have_a_row_each_and_a_column_for_every_case(tmp_path: Path) -> None:
    journal = Journal.start("ignore-sets", tmp_path)
    for ignore, labels, f1 in (([], "no labels", 0.7), (["color"], "no labels", 0.8)):
        settings = {"ignore": ignore, "labels": labels}
        journal.append("a", {"family_pairwise_f1": [f1]}, settings, case=f"{labels} {ignore}")
    settings = {"ignore": ["color"], "labels": "with labels"}
    journal.append("a", {"family_pairwise_f1": [0.9]}, settings, case="with")
    text = make_tables(tmp_path)["ignore-sets"]
    assert "| a | nothing | 70.0 | - |" in text
    assert "| a | color | 80.0 | 90.0 |" in text


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


def test_an_encoder_stands_beside_none_with_its_gain_and_its_cost(tmp_path: Path) -> None:
    journal = Journal.start("semantic", tmp_path)
    none = {"pair_f1": [0.96, 0.98], "pairs_completeness": [0.99, 0.99], "run_seconds": [8, 9]}
    journal.append("abt-buy", none, {"encoder": ""}, case="none", seeds=[0, 1])
    tuned = {
        "pair_f1": [0.98, 0.98],
        "pairs_completeness": [0.991, 0.991],
        "tuning_seconds": [100, 100],
        "run_seconds": [10, 10],
    }
    journal.append("abt-buy", tuned, {"encoder": "mini"}, case="tuned", seeds=[0, 1])
    text = make_tables(tmp_path)["semantic"]
    first, second = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:4]
    )
    assert first == ["abt-buy", "none", "97.0 ± 1.4", "99.00 ± 0.00", "-", "8"]
    assert second == [
        *("abt-buy", "tuned", "98.0 ± 0.0 (+1.0)", "99.10 ± 0.00 (+0.10)"),
        *("100", "10"),
    ]
    assert "Encoder: mini." in text
