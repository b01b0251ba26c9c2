import re
from html.parser import HTMLParser

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{$title}"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def read(path) -> Tags:
    tags = Tags()
    tags.feed(path.read_text("utf-8"))
    return tags


def test_a_catalogue_full_of_scripts_is_harmless(build, shoes, tmp_path):
    attacked = shoes.assign(
        title=ATTACK, color=ATTACK, seller=[f"{ATTACK}{i % 2}" for i in range(4)]
    )
    attacked["id"] = [f"{ATTACK}{i}" for i in range(4)]
    result = build(attacked)
    result.run["notices"].append({"kind": "x", "message": ATTACK, "count": 1})
    result.run["blocking"][ATTACK] = ATTACK
    result.report(tmp_path / "report.html")
    page = read(tmp_path / "report.html")
    assert not {"script", "img"} & set(page.tags)
    assert not {name for name in page.attributes if name.startswith("on")}
    assert page.text.count(ATTACK) > 5


def test_report_is_one_file_that_loads_nothing(build, demo_frame, tmp_path):
    build(demo_frame).report(tmp_path / "report.html")
    page = read(tmp_path / "report.html")
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not {"src", "href"} & page.attributes
    assert "prefers-color-scheme: dark" in page.text
    assert "@media print" in page.text
    assert "viewport" in (tmp_path / "report.html").read_text("utf-8")


def test_report_shows_counts_examples_attributes_and_stages(build, demo_frame, tmp_path):
    build(demo_frame).report(tmp_path / "report.html")
    text = " ".join(read(tmp_path / "report.html").text.split())
    assert "478 records, of which 468 in 146 duplicate groups; model default." in text
    assert re.search(r"m-[a-z2-7]{11} ?4 records ?weakest link 0\.900", text)
    assert re.search(r"color ?color ?axis ?color ?\d\d %", text)
    for word in ("blocking", "completeness", "oversize keys 2", "peak memory"):
        assert word in text


def test_report_shows_at_most_ten_groups_of_each_kind(build, demo_frame, tmp_path):
    build(demo_frame).report(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count('<div class="group"><h3>m-') == 10
    assert page.count('<div class="group"><h3>f-') == 10


def test_long_and_wild_text_is_cut_to_one_line(build, shoes, tmp_path):
    build(shoes.assign(title="x" * 1_000_000 + "\x00\n\x1b[31m")).report(tmp_path / "report.html")
    assert (tmp_path / "report.html").stat().st_size < 100_000


def test_a_result_without_groups_says_so(build, shoes, tmp_path):
    build(shoes[2:3]).report(tmp_path / "report.html")
    text = read(tmp_path / "report.html").text
    assert "No duplicates were found." in text
    assert "No families were found." in text


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
