"""The label page in a real browser: by keyboard alone, over reloads and crashes, and unharmed."""

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from labelling_fakes import FakeShower, NastyShower
from test_web import serving

from matcher.labelling import read_labels
from matcher.labelling.view import PictureView

playwright = pytest.importorskip("playwright.sync_api")
pytest.importorskip("starlette")
pytest.importorskip("uvicorn")
CHROMIUM = shutil.which("chromium")
if not CHROMIUM:
    pytest.skip("no Chromium: apt-get install chromium", allow_module_level=True)

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
KEYS = {"1": "exact", "3": "different", "0": "unsure"}


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@contextmanager
def served_by_a_process(path):
    """Give the link and the process of a server that can be killed."""
    script = Path(__file__).with_name("serve_fakes.py")
    process = subprocess.Popen([sys.executable, script, path], stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def opened(browser, link, **options):
    """Return a tab that shows the first pair, and what went wrong in it."""
    page = browser.new_context(**options).new_page()
    wrong = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(link)
    page.wait_for_selector("#pair tbody tr")
    return page, wrong


def title(page):
    return page.locator("#pair tr.title td").first.inner_text()


def answer(page, key):
    """Press a key and wait until the next pair is there."""
    before = title(page)
    page.keyboard.press(key)
    if key == "2":
        page.wait_for_selector("#differs:not([hidden])")
        page.keyboard.press("Enter")
    playwright.expect(page.locator("#pair tr.title td").first).not_to_have_text(before)


def test_thirty_pairs_by_keyboard_over_undo_reload_and_a_killed_server(browser, tmp_path):
    path = tmp_path / "labels.csv"
    said = []
    with served_by_a_process(path) as (link, process):
        page, wrong = opened(browser, link)
        for nth in range(15):
            key = "1320"[nth % 4]
            answer(page, key)
            said.append(KEYS.get(key, "variant"))
        page.keyboard.press("u")
        playwright.expect(page.locator("#message")).to_contain_text("taken back")
        assert title(page) == "Lamp 28"
        said.pop()
        page.reload()
        page.wait_for_selector("#pair tbody tr")
        assert title(page) == "Lamp 28"
        assert "14 answers" in page.locator("#progress").inner_text()
        process.kill()
        process.wait()
        page.keyboard.press("1")
        playwright.expect(page.locator("#message")).to_contain_text("start matcher label again")
        assert [error for error in wrong if "ERR_CONNECTION_REFUSED" not in error] == []
    with served_by_a_process(path) as (link, _):
        page, wrong = opened(browser, link)
        assert title(page) == "Lamp 28"
        for nth in range(16):
            key = "1320"[nth % 4]
            answer(page, key)
            said.append(KEYS.get(key, "variant"))
        assert wrong == []
    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
    assert [row[2] for row in rows] == said
    assert len(rows) == 30
    assert {row[5] for row in rows if row[2] == "variant"} == {"color"}
    assert len(read_labels(path)) == 30 - said.count("unsure")


def test_what_a_variant_differs_in_is_chosen_by_keys(browser, tmp_path):
    with serving(tmp_path / "l.csv", FakeShower()) as client:
        page, _ = opened(browser, client.page.guard.link)
        page.keyboard.press("2")
        playwright.expect(page.get_by_label("color")).to_be_checked()
        page.keyboard.press("Escape")
        playwright.expect(page.locator("#differs")).to_be_hidden()
        page.keyboard.press("2")
        page.keyboard.press("1")
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        playwright.expect(page.locator("#last-said")).to_contain_text("You said variant")
        assert ",variant,shop,shop,size," in (tmp_path / "l.csv").read_text()


def test_the_model_speaks_after_the_answer_and_tells_why(browser, tmp_path):
    with serving(tmp_path / "l.csv", FakeShower()) as client:
        page, _ = opened(browser, client.page.guard.link)
        assert "70 %" not in page.locator("body").inner_text()
        answer(page, "1")
        last = page.locator("#last")
        playwright.expect(last).to_contain_text("You said exact; the model would have said variant")
        playwright.expect(last).to_contain_text("variant 70 %")
        playwright.expect(last).to_contain_text("color differs: red / blue")
        playwright.expect(page.locator("#estimate")).to_contain_text("90 % (80 to 95)")


def test_two_tabs_do_not_fight(browser, tmp_path):
    with serving(tmp_path / "l.csv", FakeShower()) as client:
        first, _ = opened(browser, client.page.guard.link)
        second = first.context.new_page()
        second.goto(f"http://{client.host}/")
        second.wait_for_selector("#pair tbody tr")
        answer(first, "1")
        second.keyboard.press("3")
        playwright.expect(second.locator("#message")).to_contain_text("answered in another tab")
        assert title(second) == title(first) == "Lamp 2"
        assert (tmp_path / "l.csv").read_text().count("\n") == 2


def test_a_catalogue_full_of_scripts_does_nothing(browser, tmp_path):
    with serving(tmp_path / "l.csv", NastyShower(), web_pictures=True) as client:
        page, wrong = opened(browser, client.page.guard.link)
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.keyboard.press("2")
        page.wait_for_selector("#differs:not([hidden])")
        page.keyboard.press("Enter")
        playwright.expect(page.locator("#last-reasons")).to_contain_text("<script>")
        assert page.locator("#pair tr.title").inner_text().count("<script>") == 4
        assert page.evaluate("window.hacked") is None
        assert page.locator("main script, main img[onerror], footer script").count() == 0
        assert all(url.startswith(f"http://{client.host}/") for url in asked)
        assert wrong == []


def test_pictures_of_the_net_wait_for_a_click(browser, tmp_path):
    picture = PictureView("http://pictures.example/a.png", is_remote=True)
    with serving(tmp_path / "l.csv", FakeShower(pictures=(picture,))) as client:
        page, wrong = opened(browser, client.page.guard.link)
        asked = []
        page.context.route(
            "http://pictures.example/**", lambda route: (asked.append(1), route.abort())
        )
        page.reload()
        page.wait_for_selector("#pair tbody tr")
        page.wait_for_timeout(100)
        assert asked == wrong == []  # and the policy of the page had nothing to block
        page.get_by_role("button", name="Show pictures from the web (pictures.example)").click()
        page.wait_for_event("load")
        page.wait_for_selector("#pair tbody tr")
        page.wait_for_timeout(200)
        assert asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_accessible_and_fits_its_screen(browser, tmp_path, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    size = {"width": width, "height": 844}
    with serving(tmp_path / "l.csv", FakeShower("A lamp with a rather long name {row}")) as client:
        page, _ = opened(browser, client.page.guard.link, color_scheme=scheme, viewport=size)
        answer(page, "1")
        playwright.expect(page.locator("#last")).to_be_visible()
        page.wait_for_timeout(200)  # a new pair fades in
        found = []
        for key in ("", "2", "Escape", "?"):
            if key:
                page.keyboard.press(key)
            found += axe.run(page).response["violations"]
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        assert [(one["id"], one["nodes"][0]["html"]) for one in serious] == []
