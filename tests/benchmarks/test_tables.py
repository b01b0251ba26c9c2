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
    figures = {
        "pair_f1": [0.94, 0.95, 0.96],
        "pair_f1_low": [0.93],
        "pair_f1_high": [0.97],
        "no_context_pair_f1": [0.92, 0.92, 0.92],
        "end_to_end_f1": [0.9, 0.9, 0.9],
    }
    journal.append("abt-buy", figures, {}, seeds=[0, 1, 2])
    text = make_tables(tmp_path)["quality"]
    assert row(text, "abt-buy") == [
        *("abt-buy", "95.0 ± 1.0", "93.0 to 97.0", "92.0 ± 0.0"),
        *("95.2 (Qwen3-8B, fine-tuned)", "84.7", "97.0", "90.0 ± 0.0", "92.9"),
    ]
    assert "left out on both sides" in text
    assert "unlabelled text of the catalogue" in text
    assert "seeds 0, 1, 2" in text


def test_test_files_with_unseen_products_have_rows_of_their_own(tmp_path: Path) -> None:
    figures = {"pair_f1": [0.65], "pair_f1_050unseen": [0.6], "pair_f1_100unseen": [0.5]}
    Journal.start("quality", tmp_path).append("wdc-products-80cc", figures, {})
    text = make_tables(tmp_path)["quality"]
    assert row(text, "wdc-products-80cc")[1] == "65.0"
    named = "wdc-products-80cc, half of the products unseen"
    assert row(text, named)[1:] == ["60.0", "-", "71.0"]
    assert row(text, "wdc-products-80cc, all unseen")[1:] == ["50.0", "-", "66.0"]


def test_what_may_flatter_a_figure_has_a_table_for_every_test_file(tmp_path: Path) -> None:
    counts = ("test_pairs", "same_records", "same_texts", "known_records")
    figures = {f"{name}_050unseen": [4500.0 - n] for n, name in enumerate(counts)}
    figures |= {"test_pairs": [1100.0], "pair_f1": [0.9], "calibration_error": [0.012]}
    figures |= {"pair_f1_050unseen": [0.7], "new_texts_pair_f1_050unseen": [0.6]}
    figures |= {"new_records_pair_f1": [0.8]}
    Journal.start("quality", tmp_path).append("wdc", figures, {})
    text = make_tables(tmp_path)["trust"]
    assert columns(text)[1:3] == ["Test pairs", "Taught pairs"]
    assert row(text, "wdc") == ["wdc", "1,100", *["-"] * 3, "90.0", "-", "80.0", "1.2"]
    expected = ["4,500", "4,499", "4,498", "4,497", "70.0", "60.0", "-", "-"]
    assert row(text, "wdc, half of the products unseen")[1:] == expected


def test_results_without_the_figures_of_a_table_have_none(tmp_path: Path) -> None:
    Journal.start("quality", tmp_path).append("abt-buy", {"pair_f1": [0.9]}, {})
    Journal.start("zero-labels", tmp_path).append("abt-buy", {"pair_f1": [0.9]}, {})
    assert set(make_tables(tmp_path)) == {"quality", "zero-labels"}


def test_half_of_the_labels_stand_beside_their_targets(tmp_path: Path) -> None:
    figures = {"end_to_end_f1": [0.96, 0.97], "end_to_end_precision": [0.98, 0.98]}
    figures |= {"end_to_end_recall": [0.95, 0.95], "labels": [5310.0, 5518.0]}
    Journal.start("half", tmp_path).append("abt-buy", figures, {}, seeds=[0, 1])
    found = row(make_tables(tmp_path)["half"], "abt-buy")[1:]
    assert found == ["96.5 ± 0.7", "96.5", "98.0 ± 0.0", "95.0 ± 0.0", "5,414"]


def test_a_few_answers_have_a_row_for_every_number_of_them(tmp_path: Path) -> None:
    journal = Journal.start("labelling", tmp_path)
    for n, f1 in ((0, 0.8), (25, 0.85), (200, 0.9)):
        figures = {"f1": [f1], "random_f1": [0.7], "full_f1": [1.0], "exact_answers": [n / 2]}
        figures |= {"share_of_full": [f1], "random_share_of_full": [0.7]}
        journal.append("abt-buy", figures, {}, case=f"{n} answers")
    tables = make_tables(tmp_path)
    text = tables["few"]
    assert "| abt-buy | 25 |" not in text
    assert "| abt-buy | asked | 80.0 | 85.0 | 90.0 |" in tables["labelling"]
    assert "| abt-buy | at random | 70.0 | 70.0 | 70.0 |" in tables["labelling"]
    assert "| abt-buy | 0 | 0 | 80.0 | 70.0 | 100.0 | 80.0 | 70.0 | - |" in text
    assert "| abt-buy | 200 | 100 | 90.0 | 70.0 | 100.0 | 90.0 | 70.0 | 95.0 |" in text


def test_without_labels_the_best_threshold_stands_beside_the_models_own(tmp_path: Path) -> None:
    figures = {"pair_f1": [0.9], "best_pair_f1": [0.92], "end_to_end_f1": [0.85]}
    figures |= {"best_end_to_end_f1": [0.88], "calibration_error": [0.02], "is_unsure": [1.0]}
    figures |= {"candidates_calibration_error": [0.01], "chosen_to_expected": [1.4]}
    Journal.start("zero-labels", tmp_path).append("abt-buy", figures, {"ignore": []})
    tables = make_tables(tmp_path)
    reached = ["90.0", "92.0", "91.0", "85.0", "88.0", "93.0", "89.0"]
    assert row(tables["zero-labels"], "abt-buy")[1:] == reached
    assert row(tables["sureness"], "abt-buy")[1:] == ["2.0", "1.0", "1.40", "yes", "85.0", "88.0"]


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


def compared(tool: str, labels: str, status: str = "finished") -> dict[str, str]:
    return {"tool": tool, "setup": "x", "labels": labels, "version": "5.0.0", "status": status}


def test_tools_are_compared_by_their_newest_lines_the_best_of_each_case_first(
    tmp_path: Path,
) -> None:
    journal = Journal.start("compare", tmp_path)
    for tool, labels, f1 in (
        ("splink", "no labels", 0.9),
        ("matcher", "with labels", 0.95),
        ("matcher", "no labels", 0.8),
        ("matcher", "no labels", 0.92),  # measured again
    ):
        figures = {"end_to_end_f1": [f1], "seconds": [12.4], "peak_mb": [1234.0]}
        case = f"{tool}, x, {labels}"
        journal.append("abt-buy", figures, compared(tool, labels), case=case)
    rows = make_tables(tmp_path)["compare"].splitlines()[2:5]
    assert rows == [
        "| abt-buy | no labels | matcher 5.0.0, x | 92.0 | 12 | 1,234 |",
        "| abt-buy | no labels | splink 5.0.0, x | 90.0 | 12 | 1,234 |",
        "| abt-buy | with labels | matcher 5.0.0, x | 95.0 | 12 | 1,234 |",
    ]


def test_a_tool_that_did_not_finish_stands_last_and_says_so(tmp_path: Path) -> None:
    journal = Journal.start("compare", tmp_path)
    late = compared("dedupe", "with labels", "not finished in 600 s")
    journal.append("abt-buy", {}, late, case="dedupe")
    broken = compared("zingg", "with labels", "failed: no Java: none found")
    journal.append("abt-buy", {}, broken, case="zingg")
    figures = {"end_to_end_f1": [0.5], "seconds": [1.0], "peak_mb": [10.0]}
    journal.append("abt-buy", figures, compared("matcher", "with labels"), case="matcher")
    text = make_tables(tmp_path)["compare"]
    assert text.splitlines()[2].endswith("matcher 5.0.0, x | 50.0 | 1 | 10 |")
    assert "dedupe 5.0.0, x | - | not finished in 600 s | - |" in text
    assert "zingg 5.0.0, x | - | failed | - |" in text


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
