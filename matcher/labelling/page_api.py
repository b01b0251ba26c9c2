"""What the label page asks of the server, whatever server that is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from matcher.errors import LabelsError
from matcher.labelling.guard import Guard
from matcher.labelling.session import Key, Session, TakenError


class Page:
    """What the page asks of the server, and what is answered.

    Parameters
    ----------
    session : Session
        Questions and answers.
    guard : Guard
        Who is let in.
    axes : Sequence[str]
        What is ignored: attributes that variants may differ in.
    web_pictures : bool
        Show pictures from the net at once; else the person is asked.
    on_enter : Callable[[], None]
        Called when the link was used: there is a new one.
    """

    def __init__(
        self,
        session: Session,
        guard: Guard,
        *,
        axes: Sequence[str],
        web_pictures: bool,
        on_enter: Callable[[], None],
    ) -> None:
        self.session, self.guard, self.axes = session, guard, tuple(axes)
        self.web_pictures, self.on_enter = web_pictures, on_enter

    def state(self) -> dict[str, Any]:
        """Return what the page shows."""
        current = self.session.current()
        question = None if current is None else {"pair": current[0], **asdict(current[1])}
        return {
            "question": question,
            "progress": self.session.progress(),
            "axes": self.axes,
            "web_pictures": self.web_pictures,
        }

    def answer(self, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Take an answer; return the HTTP status and the next state."""
        try:
            pair, differs_in = pair_of(body["pair"]), list(body.get("differs_in", []))
            relation = body["relation"]
            is_text = all(isinstance(each, str) for each in (relation, *differs_in))
        except (KeyError, TypeError, ValueError):
            is_text = False
        if not is_text:
            return 400, {"message": "answer: lacks its pair or its relation. Reload the page."}
        try:
            self.session.answer(pair, relation, differs_in)
        except TakenError as error:
            return 409, {"message": str(error), **self.state()}
        except LabelsError as error:
            return 400, {"message": str(error), **self.state()}
        return 200, self.state()

    def undo(self, _: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Take back the last answer; return the HTTP status and the state."""
        if not self.session.undo():
            return 409, {"message": "undo: there is no answer to take back.", **self.state()}
        return 200, self.state()

    def allow_pictures(self, _: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Show pictures from the net from now on: the page has to be loaded anew for that."""
        self.web_pictures = True
        return 200, self.state()

    def judge(self, pair: Key) -> tuple[int, dict[str, Any]]:
        """Return what the model makes of a pair, if it was answered."""
        found = self.session.judge(pair)
        if found is None:
            return 403, {"message": "The model is asked after you: answer first."}
        return 200, asdict(found)


def pair_of(value: Any) -> Key:
    """Return a pair of row numbers; anything else is a TypeError or a ValueError."""
    left, right = value
    if type(left) is not int or type(right) is not int:
        raise TypeError
    return left, right
