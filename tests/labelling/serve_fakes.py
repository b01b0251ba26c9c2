"""Serve the label page over made-up pairs until killed: ``python serve_fakes.py LABELS``."""

import sys

from labelling_fakes import FakeAsker, FakeShower, fake_estimate

from matcher.labelling.guard import Guard
from matcher.labelling.journal import AnswerJournal
from matcher.labelling.page_api import Page
from matcher.labelling.session import Session
from matcher.labelling.web import listen, make_app, make_server


def serve(path):
    """Say the link on stdout, and serve."""
    listening = listen(0)
    guard = Guard(listening.getsockname()[1])
    session = Session(FakeAsker(), FakeShower(), AnswerJournal(path), fake_estimate)
    page = Page(session, guard, axes=("color",), web_pictures=False, on_enter=lambda: None)
    print(guard.link, flush=True)
    make_server(make_app(page)).run(sockets=[listening])


if __name__ == "__main__":
    serve(sys.argv[1])
