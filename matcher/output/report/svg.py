"""A matplotlib figure as an SVG element of a page, in the colours of the page."""

import io
from contextlib import AbstractContextManager
from typing import Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

# What is drawn in one of these colours gets the style's variable of that name, so that one picture
# is right in light, in dark and in print.
INK, QUIET, LINE, ACCENT = "#010101", "#020202", "#030303", "#040404"
EXACT_COLOR, VARIANT_COLOR, DIFFERENT_COLOR, PAPER = "#050505", "#060606", "#070707", "#080808"
VARIABLES = {
    INK: "ink",
    QUIET: "quiet",
    LINE: "line",
    ACCENT: "accent",
    EXACT_COLOR: "exact",
    VARIANT_COLOR: "variant",
    DIFFERENT_COLOR: "different",
    PAPER: "paper",
}

STYLE = {
    "svg.fonttype": "none",  # letters stay letters: small, and in the font of the page
    "svg.hashsalt": "matcher",  # the same figure is the same text
    "text.parse_math": False,
    "font.size": 10.5,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": QUIET,
    "axes.labelsize": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": QUIET,
    "ytick.labelcolor": QUIET,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "hatch.linewidth": 0.7,
}


def page_style() -> AbstractContextManager[None]:
    """Return the context inside which figures of the page are made and written."""
    import matplotlib as mpl

    context: AbstractContextManager[None] = mpl.rc_context(STYLE)
    return context


def to_svg(figure: Any, name: str, title: str, description: str) -> Markup:
    """Return a figure as an SVG element.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn in the colours of this module.
    name : str
        Different for every figure of a page: ids in the picture begin with it.
    title, description : str
        What screen readers tell of it.
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    text = io.StringIO()
    FigureCanvasSVG(figure).print_svg(
        text, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
    )
    root = ET.fromstring(text.getvalue())
    for parent in root.iter():
        for child in list(parent):
            if child.tag.endswith("metadata"):
                parent.remove(child)
    for element in root.iter():
        element.tag = _bare(element.tag)
        element.attrib = {_bare(key): _own(value, name) for key, value in element.items()}
        if "id" in element.attrib:
            element.set("id", f"{name}-{element.get('id')}")
    _name(root, name, title, description)
    drawn = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    for color, variable in VARIABLES.items():
        drawn = drawn.replace(color, f"var(--{variable})")
    return Markup(drawn)


def _bare(name: str) -> str:
    """Return a name without its namespace, which HTML does not write."""
    return name.rpartition("}")[2]


def _own(value: str, name: str) -> str:
    """Return an attribute whose references are to ids of this picture."""
    if value.startswith("#"):
        return f"#{name}-{value[1:]}"
    return value.replace("url(#", f"url(#{name}-")


def _name(root: ET.Element, name: str, title: str, description: str) -> None:
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(tag, id=f"{name}-{tag}")
        element.text = text
        root.insert(place, element)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    root.set("class", "chart")
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
