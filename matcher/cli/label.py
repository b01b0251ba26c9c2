"""Ask a person about pairs, on a page or in the terminal, and write the answers down."""

import os
import sys
import webbrowser
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from matcher.cli.progress import shown_progress
from matcher.cli.screen import err, out, say_warnings
from matcher.extras import require

if TYPE_CHECKING:
    from socket import socket

    from matcher.labelling.session import Session
    from matcher.settings import Settings


@dataclass(frozen=True, slots=True)
class PageOptions:
    """How the page is shown.

    Attributes
    ----------
    port : int
        Where it is; 0 is any free one.
    opens_browser : bool
        Open it, where there is a screen for it.
    web_pictures : bool
        Show pictures from the net without asking.
    """

    port: int
    opens_browser: bool
    web_pictures: bool


def label_catalogue(
    catalogue: Sequence[str],
    labels: Path,
    settings: "Settings",
    model: Path | None,
    options: PageOptions | None,
    *,
    is_link: bool,
) -> None:
    """Ask about pairs of a catalogue until the person stops, and say what comes next.

    Parameters
    ----------
    catalogue : Sequence[str]
        Its files.
    labels : Path
        The label file; it is made where there is none.
    settings : Settings
        How the catalogue is read and compared.
    model : Path | None
        The model to start from; None is the shipped one.
    options : PageOptions | None
        How the page is shown; None asks in the terminal.
    is_link : bool
        Whether the catalogue is two tables to link.

    Raises
    ------
    MatcherError
        An input, a setting, the label file or the port cannot be used.
    """
    from matcher import pipeline
    from matcher.labelling.journal import AnswerJournal

    # The catalogue takes its time to read: what is wrong with the page is said before.
    with ExitStack() as opened:
        listening = opened.enter_context(_listen(options.port)) if options else None
        loaded = pipeline.load_model(model) if model else None
        journal = opened.enter_context(AnswerJournal(labels))
        with shown_progress() as progress:
            session, notices = pipeline.open_session(
                catalogue,
                journal,
                settings=settings,
                model=loaded,
                is_link=is_link,
                progress=progress,
            )
        told = [notice.message for notice in (*journal.notices, *notices)]
        say_warnings(told, "none")
        try:
            if options and listening:
                _serve(session, listening, options, settings.ignore)
            else:
                from matcher.cli.label_terminal import ask_in_terminal

                ask_in_terminal(session)
        finally:
            session.close()
            _say_end(session, labels, "link" if is_link else "dedupe")


def _listen(port: int) -> "socket":
    for package in ("starlette", "uvicorn"):
        require(package, "label")
    from matcher.labelling.web import listen

    return listen(port)


def _serve(
    session: "Session", listening: "socket", options: PageOptions, axes: Sequence[str]
) -> None:
    from matcher.labelling.guard import Guard
    from matcher.labelling.page_api import Page
    from matcher.labelling.web import make_app, make_server

    guard = Guard(listening.getsockname()[1])

    def say_link() -> None:
        err().print(
            Text(f"The page is open. A link for another browser: {guard.link}"), soft_wrap=True
        )

    page = Page(session, guard, axes=axes, web_pictures=options.web_pictures, on_enter=say_link)
    server = make_server(make_app(page))
    err().print(Text(f"Label here: {guard.link}"), soft_wrap=True)
    err().print("Stop with Ctrl-C; every answer is on disk at once.")
    if options.opens_browser and _has_screen():
        webbrowser.open(guard.link)
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:  # the usual end
        return


def _has_screen() -> bool:
    """Return whether a browser can open a window: a text browser would take the terminal."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _say_end(session: "Session", labels: Path, job: str) -> None:
    n_answers = session.progress()["answers"]
    text = f"Answers in {labels}: {n_answers:,}."
    if n_answers:
        text += f" Give it to --labels of matcher train or matcher {job}."
    out().print(Text(text), soft_wrap=True)
