"""Write the tables into the pages that have a place for them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

MARKED = re.compile(
    r"(?P<begin><!-- benchmark:(?P<name>[\w-]+) -->\n).*?(?P<end><!-- /benchmark -->)", re.DOTALL
)


def pages(root: Path) -> Iterator[Path]:
    """Yield the pages that may have marked places."""
    if (root / "README.md").is_file():
        yield root / "README.md"
    yield from sorted((root / "docs").rglob("*.md"))


def render_page(text: str, tables: Mapping[str, str]) -> str:
    r"""Return a page with the tables between its markers; a place without results keeps its text.

    Examples
    --------
    >>> page = "<!-- benchmark:speed -->\nold\n<!-- /benchmark -->"
    >>> print(render_page(page, {"speed": "new"}))
    <!-- benchmark:speed -->
    new
    <!-- /benchmark -->
    """

    def place(found: re.Match[str]) -> str:
        name = found["name"]
        return f"{found['begin']}{tables[name]}\n{found['end']}" if name in tables else found[0]

    return MARKED.sub(place, text)


def render_pages(root: Path, tables: Mapping[str, str]) -> None:
    """Write the tables into the README and the pages of the documentation, and say where."""
    placed = set()
    for path in pages(root):
        text = path.read_text(encoding="utf-8")
        names = {found["name"] for found in MARKED.finditer(text)}
        placed |= names
        rendered = render_page(text, tables)
        if rendered != text:
            path.write_text(rendered, encoding="utf-8")
            print(f"{path.relative_to(root)}: wrote {', '.join(sorted(names & set(tables)))}")
        for name in sorted(names - set(tables)):
            print(f"{path.relative_to(root)}: no results for {name}, its place was left as it is")
    for name in sorted(set(tables) - placed):
        print(f"{name}: no page has a place for it, write <!-- benchmark:{name} --> into one")
