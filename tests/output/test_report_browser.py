"""The report in a browser without a network: nothing is asked for, nothing fails, all can read."""

import shutil
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-core")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
ATTACK = "<script>document.title = 'broken'</script><img src='http://127.0.0.1:9/x'>\"'"

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def show(browser, tmp_path):
    """Open a result's report; return the page, what it asked for and what went wrong."""
    contexts = []

    def opened(result, *, width=1280, scheme="light", bypass_csp=False):
        result.report(tmp_path / "report.html")
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            offline=True,
            bypass_csp=bypass_csp,  # axe is a script: it runs only where the page's rules do not
        )
        contexts.append(context)
        page, asked, wrong = context.new_page(), [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto((tmp_path / "report.html").as_uri())
        return page, asked, wrong

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def attacked(build, demo_frame):
    texts = {
        name: [f"{ATTACK}{i}" for i in range(len(demo_frame))]
        for name in ("title", "color", "size", "brand", "id")
    }
    return build(demo_frame.assign(**texts).head(200).reset_index(drop=True))


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_asks_for_nothing_and_fits(show, build, demo_frame, width):
    page, asked, wrong = show(build(demo_frame), width=width)
    assert wrong == []
    assert [url.partition(":")[0] for url in asked] == ["file"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(show, build, demo_frame, width, scheme):
    page, _, _ = show(build(demo_frame), width=width, scheme=scheme, bypass_csp=True)
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_a_hostile_catalogue_runs_nothing_and_asks_for_nothing(show, attacked):
    page, asked, wrong = show(attacked, bypass_csp=True)  # escaping alone must do
    assert wrong == []
    assert len(asked) == 1
    assert page.title() == "matcher: dedupe of 200 records"
    assert page.locator("script, img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_the_contents_are_reached_by_keyboard_and_lead_to_their_sections(show, build, demo_frame):
    page, _, _ = show(build(demo_frame))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "What was read"
    page.keyboard.press("Enter")
    assert page.url.endswith("#read")


def test_paper_is_light_shows_the_tables_and_hides_no_column(show, build, demo_frame):
    page, _, _ = show(build(demo_frame), scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("details table").first.is_visible()


def test_tiny_and_odd_catalogues_fit_too(show, build, shoes):
    wide = shoes.assign(
        title="x" * 1_000_000, color="שלום", id=["i" * 5000 + str(i) for i in range(4)]
    )
    for frame in (shoes[2:3], wide):
        page, _, wrong = show(build(pd.DataFrame(frame).reset_index(drop=True)), width=390)
        assert wrong == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
