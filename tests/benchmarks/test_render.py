"""Tables are written between their markers, and nothing else is touched."""

from pathlib import Path

import pytest

from benchmarks.render import render_page, render_pages

PAGE = "# Title\n<!-- benchmark:{} -->\nold\n<!-- /benchmark -->\nrest\n"


def test_only_the_text_between_the_markers_is_replaced() -> None:
    page = render_page(PAGE.format("speed"), {"speed": "new"})
    assert page == PAGE.format("speed").replace("old", "new")


def test_rendering_again_changes_nothing() -> None:
    tables = {"speed": "| a |\n|---|\n\n\\1 a backslash"}
    once = render_page(PAGE.format("speed"), tables)
    assert render_page(once, tables) == once


def test_every_place_gets_its_own_table() -> None:
    page = render_page(PAGE.format("speed") + PAGE.format("blocking"), {"blocking": "B"})
    assert page == PAGE.format("speed") + PAGE.format("blocking").replace("old", "B")


def test_pages_are_found_and_gaps_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs" / "deep").mkdir(parents=True)
    (tmp_path / "README.md").write_text(PAGE.format("speed"))
    (tmp_path / "docs" / "deep" / "page.md").write_text(PAGE.format("quality"))
    render_pages(tmp_path, {"speed": "new", "blocking": "B"})
    assert "new" in (tmp_path / "README.md").read_text()
    assert (tmp_path / "docs" / "deep" / "page.md").read_text() == PAGE.format("quality")
    assert capsys.readouterr().out.splitlines() == [
        "README.md: wrote speed",
        "docs/deep/page.md: no results for quality, its place was left as it is",
        "blocking: no page has a place for it, write <!-- benchmark:blocking --> into one",
    ]
