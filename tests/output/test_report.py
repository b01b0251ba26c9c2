import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from matcher.output import Example, Shown
from matcher.types import Pairs, Scores

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{$title}{{ 7*7 }}"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.text += " "
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name in ("href", "src", "xlink:href")]

    def handle_endtag(self, tag):
        self.text += " "

    def handle_data(self, data):
        self.text += data


def read(path) -> Tags:
    tags = Tags()
    tags.feed(path.read_text("utf-8"))
    tags.text = " ".join(tags.text.split())
    return tags


@pytest.fixture
def page(build, demo_frame, tmp_path):
    build(demo_frame).report(tmp_path / "report.html")
    return read(tmp_path / "report.html")


def test_a_catalogue_full_of_scripts_is_harmless(build, shoes, tmp_path):
    attacked = shoes.assign(
        title=ATTACK, color=ATTACK, seller=[f"{ATTACK}{i % 2}" for i in range(4)]
    )
    attacked["id"] = [f"{ATTACK}{i}" for i in range(4)]
    shown = Shown(ATTACK, ATTACK, ATTACK, ATTACK, {ATTACK: ATTACK})
    example = Example("exact", "sure", (1.0, 0.0, 0.0), (shown, shown), ((ATTACK, "same"),))
    result = build(attacked, examples=(example,))
    result.run["notices"].append({"kind": "x", "message": ATTACK, "count": 1})
    result.run["blocking"]["blockers"] = {
        ATTACK: {"proposed": 1, "kept": 1, "purged": {"largest": [{"key": ATTACK, "records": 3}]}}
    }
    result.run["settings"]["id"] = result.run["model"] = ATTACK
    result.run["input_names"] = [ATTACK]
    for column in result.run["attributes"]:
        column["name"] = column["axis"] = ATTACK
    for one in result.run["properties"]:
        one["name"] = ATTACK
    result.report(tmp_path / "report.html")
    page = read(tmp_path / "report.html")
    assert not {"script", "img"} & set(page.tags)
    assert not {name for name in page.attributes if name.startswith("on")}
    assert page.text.count(ATTACK) > 25
    assert "{{ 7*7 }}" in page.text


def test_report_is_one_file_that_loads_nothing(page, tmp_path):
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.tags)
    assert "src" not in page.attributes
    assert page.links
    assert all(link.startswith("#") for link in page.links)
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert "url(http" not in text
    assert "@import" not in text


def test_report_is_readable_in_the_dark_on_paper_and_on_a_phone(page, tmp_path):
    text = (tmp_path / "report.html").read_text("utf-8")
    for needed in ("prefers-color-scheme: dark", "@media print", 'name="viewport"'):
        assert needed in text


def test_every_link_of_the_contents_has_its_section_and_ids_are_unique(page):
    assert len(page.ids) == len(set(page.ids))
    targets = {link.removeprefix("#") for link in page.links}
    assert targets <= set(page.ids)
    assert {"found", "read", "examples", "sure", "blocking", "odd", "cost"} <= targets


def test_the_headline_tells_records_products_and_what_repeats(page):
    assert "478 records are 156 products" in page.text
    assert (
        "468 records stand in 146 duplicate groups. Without repeats the catalogue would be 67 % "
        in page.text
    )


def test_report_shows_groups_columns_and_stages(page):
    assert re.search(r"m-[a-z2-7]{11} ?4 records weakest link 90 %", page.text)
    assert re.search(r"color axis color color \d\d %", page.text)
    for word in ("blocking", "completeness", "oversize keys 2", "peak memory"):
        assert word in page.text


def test_report_shows_at_most_five_groups_of_each_kind(page, tmp_path):
    text = (tmp_path / "report.html").read_text("utf-8")
    assert text.count('<h3><span class="id">m-') == 5
    assert text.count('<h3><span class="id">f-') == 5


def test_every_chart_has_a_title_a_description_and_the_colours_of_the_page(page, tmp_path):
    text = (tmp_path / "report.html").read_text("utf-8")
    charts = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(charts) == 2  # the two histograms
    for chart in charts:
        labels = re.search(r'aria-labelledby="(\S+) (\S+)"', chart)
        assert f'<title id="{labels[1]}">Pairs by' in chart
        assert f'<desc id="{labels[2]}">' in chart
        assert "var(--exact)" in chart
        assert "#05" not in chart  # every colour is one of the page
        assert "<text" in chart  # letters, and no outlines of letters
        assert "metadata" not in chart


def test_the_same_result_gives_the_same_page(build, demo_frame, tmp_path):
    for name in ("a", "b"):
        build(demo_frame).report(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_long_and_wild_text_is_cut_to_one_line(build, shoes, tmp_path):
    build(shoes.assign(title="x" * 1_000_000 + "\x00\n\x1b[31m")).report(tmp_path / "report.html")
    assert (tmp_path / "report.html").stat().st_size < 150_000


def test_the_page_does_not_grow_with_the_catalogue(build, demo_frame, tmp_path):
    parts = [
        demo_frame.assign(
            **{name: demo_frame[name] + f"-{i}" for name in ("id", "product", "family")}
        )
        for i in range(20)
    ]
    build(demo_frame).report(tmp_path / "small.html")
    build(pd.concat(parts, ignore_index=True)).report(tmp_path / "large.html")
    small, large = ((tmp_path / f"{name}.html").stat().st_size for name in ("small", "large"))
    assert large < 1.1 * small


def test_a_result_without_groups_says_so(build, shoes, tmp_path):
    build(shoes[2:3]).report(tmp_path / "report.html")
    text = read(tmp_path / "report.html").text
    for told in (
        "1 record is 1 product No record repeats",
        "No duplicates were found.",
        "No families were found.",
        "No pairs were compared.",
        "No group is odd.",
        "No labels were given",
    ):
        assert told in text


def test_the_report_says_how_sure_the_threshold_is(build, shoes, tmp_path):
    result = build(shoes)
    found = {"shift": 0.4, "n_chosen": 300, "n_expected": 280}
    told = []
    for adaptation, unsure in (({}, 0), ({**found, "shift": 0.0}, 0), (found, 0), (found, 1)):
        result.run["deciding"] = {"adaptation": adaptation} if adaptation else {}
        if unsure:
            result.run["notices"].append({"kind": "unsure_threshold", "message": "", "count": 1})
        result.report(tmp_path / "report.html")
        told.append(read(tmp_path / "report.html").text)
    assert "thresholds are the model's own" in told[0]
    assert "Too few pairs look exact" in told[1]
    assert (
        "300 candidates are taken as exact; going by probabilities alone it would be 280" in told[2]
    )
    assert "The two agree" in told[2]
    assert "label some pairs" in told[3]
    assert "The threshold of duplicates is unsure" in told[3]


def test_an_example_shows_both_records_the_odds_and_the_reasons(build, shoes, tmp_path):
    records = tuple(Shown(f"id-{i}", f"shop {i}", f"Strider {i}", "9.00 EUR") for i in (1, 2))
    reasons = (("same brand: Velmora", "same"), ("amount differs", "different"))
    example = Example("exact", "close call", (0.61, 0.005, 0.385), records, reasons)
    result = build(shoes, examples=(example,))
    result.run["deciding"] = {"threshold_exact": 0.45, "threshold_family": 0.5}
    result.report(tmp_path / "report.html")
    text = read(tmp_path / "report.html").text
    assert "exact 61 %" in text
    assert "one product from 45 %" in text
    assert re.search(r"Speaks for it same brand: Velmora.*Speaks against it amount differs", text)
    assert "left: 45.0%" in (tmp_path / "report.html").read_text("utf-8")


def test_labels_are_shown_with_intervals_and_what_they_are_worth(build, shoes, tmp_path):
    question = {
        "precision": {"value": 0.9, "low": 0.596, "high": 0.982, "part": 9, "whole": 10},
        "recall": {"value": None, "low": 0.0, "high": 1.0, "part": 0, "whole": 0},
        "average_precision": 0.87,
        "curve": [[0.0, 1.0], [1.0, 0.5]],
    }
    result = build(shoes)
    result.run["labels"] = {
        "may_have_learned_from_them": True,
        "n_labels": 12,
        "one_product": question,
        "one_family": None,
        "confusion": [[9, 1, 0], [0, 0, 0], [1, 0, 1]],
    }
    result.report(tmp_path / "report.html")
    text = read(tmp_path / "report.html").text
    assert "90.0 % 95 % interval 59.6 % to 98.2 %; 9 of 10 pairs" in text
    assert "if it learned from these labels, the figures are too high" in text
    assert "exact 9 1 0 variant" in text
    assert "one product: area 0.870" in text


def test_an_estimate_from_a_random_sample_is_shown(build, shoes, tmp_path):
    class Estimate:
        def to_dict(self):
            one = {"value": 0.91, "low": 0.84, "high": 0.96}
            match = {"precision": one, "recall": one, "f1": one}
            return {"n_sampled": 200, "n_pairs": 4_000, "match": match, "family": None}

    build(shoes).report(tmp_path / "report.html", Estimate())
    text = read(tmp_path / "report.html").text
    assert "200 pairs that were drawn at random from 4,000" in text
    assert "duplicate groups 91.0 % 95 % interval 84.0 % to 96.0 %" in text
    assert "No labels were given" not in text


def test_groups_that_should_be_looked_at_are_told(build, shoes, tmp_path):
    result = build(shoes)
    weak = [odd for odd in result._excerpt.odd if odd.kind == "largest"]
    assert weak[0].groups[0].n_records == 2
    result.report(tmp_path / "report.html")
    text = read(tmp_path / "report.html").text
    assert "Largest A group that is too large holds a false link. m-" in text


def test_histograms_count_every_pair_once(build, shoes):
    pairs = Pairs(np.int32([0, 0, 1]), np.int32([1, 2, 2]))
    probabilities = np.float32([[1, 0, 0], [0, 0.62, 0.38], [0, 0, 1]])
    run = build(shoes, scores=Scores(pairs, probabilities, np.int8([0, 1, 2]))).run
    product, family = run["scores"]["one_product"], run["scores"]["one_family"]
    assert (product["exact"][-1], product["variant"][0], product["different"][0]) == (1, 1, 1)
    assert (family["exact"][-1], family["variant"][24], family["different"][0]) == (1, 1, 1)
    assert sum(map(sum, product.values())) == sum(map(sum, family.values())) == 3
