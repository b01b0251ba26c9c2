"""Import what a run needs late while it reads and parses, which leaves a core idle."""

import sys
from importlib import import_module
from threading import Thread, main_thread
from typing import Any, cast

REPORT = ("matplotlib.figure", "matplotlib.backends.backend_svg", "jinja2")
"""What the report imports, in the order in which it does."""

LATE = ("lightgbm", *REPORT)
"""What scoring and the report import."""

UNUSED = "sklearn"
"""What LightGBM imports for wrappers that nothing here uses: most of its time."""


def import_ahead(names: tuple[str, ...] = LATE) -> None:
    """Begin to import what is needed late; who needs it earlier waits for it."""
    Thread(target=_import, args=(names,), name="matcher-ahead").start()


def _import(names: tuple[str, ...]) -> None:
    for name in names:
        if main_thread().is_alive():  # a mistake is told at once
            _import_without_unused(name)


def _import_without_unused(name: str) -> None:
    modules = cast("dict[str, Any]", sys.modules)
    is_hidden = UNUSED not in modules
    if is_hidden:
        modules[UNUSED] = None  # the import statement then says that there is none
    try:
        import_module(name)
    finally:
        if is_hidden:
            del modules[UNUSED]
