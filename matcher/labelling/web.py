"""The label page: a small web server on this machine, for one person.

Needs the extra ``label``.
"""

import json
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.errors import LabelsError, MatcherError
from matcher.extras import require
from matcher.labelling.guard import ADDRESS, HEADERS, Guard, content_policy
from matcher.labelling.pictures import read_picture
from matcher.labelling.session import Key, Session, TakenError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from uvicorn import Server

EXTRA = "label"

LARGEST_BODY = 20_000
"""Bytes of a request: an answer has some hundred."""

_FOLDER = Path(__file__).parent / "page"
_FILES = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/page.svg": ("page.svg", "image/svg+xml"),
}
_USED = (
    "This link was used already. Open the newest one that the terminal shows, or go on in the "
    "browser that the page is open in."
)


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
            pair, differs_in = _pair_of(body["pair"]), list(body.get("differs_in", []))
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


def make_app(page: Page) -> "Starlette":
    """Return the web application.

    Raises
    ------
    MissingExtraError
        Starlette is not installed.
    """
    require("starlette", EXTRA)
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse, RedirectResponse, Response
    from starlette.routing import Route

    async def enter(request: "Request") -> "Response":
        secret = page.guard.enter(request.query_params.get("token", ""))
        if secret is None:
            return Response(_USED, 403, media_type="text/plain")
        page.on_enter()
        reply = RedirectResponse("/", 303)
        reply.set_cookie(page.guard.cookie, secret, httponly=True, samesite="strict")
        return reply

    async def file(request: "Request") -> "Response":
        name, kind = _FILES[request.url.path]
        return Response((_FOLDER / name).read_bytes(), media_type=kind)

    async def state(_: "Request") -> "Response":
        return JSONResponse(await run_in_threadpool(page.state))

    async def progress(_: "Request") -> "Response":
        return JSONResponse(await run_in_threadpool(page.session.progress))

    async def judge(request: "Request") -> "Response":
        try:
            pair = _pair_of([int(request.query_params[side]) for side in ("left", "right")])
        except (KeyError, ValueError):
            return Response("There is no such pair.", 404, media_type="text/plain")
        status, found = await run_in_threadpool(page.judge, pair)
        return JSONResponse(found, status)

    async def picture(request: "Request") -> "Response":
        row, nth = request.path_params["row"], request.path_params["nth"]
        path = await run_in_threadpool(page.session.picture, row, nth)
        found = await run_in_threadpool(read_picture, path) if path else None
        if found is None:
            return Response("There is no such picture.", 404, media_type="text/plain")
        return Response(found[0], media_type=found[1])

    def posted(
        take: Callable[[Mapping[str, Any]], tuple[int, dict[str, Any]]],
    ) -> Callable[["Request"], Awaitable["Response"]]:
        async def endpoint(request: "Request") -> "Response":
            body = b""
            async for part in request.stream():
                body += part
                if len(body) > LARGEST_BODY:
                    return JSONResponse({"message": "The request is too large."}, 413)
            try:
                given = json.loads(body)
            except ValueError:
                given = None
            if not isinstance(given, dict):
                return JSONResponse({"message": "The request is no JSON object."}, 400)
            status, found = await run_in_threadpool(take, given)
            return JSONResponse(found, status)

        return endpoint

    routes = [
        Route("/enter", enter),
        *(Route(path, file) for path in _FILES),
        Route("/state", state),
        Route("/progress", progress),
        Route("/judge", judge),
        Route("/picture/{row:int}/{nth:int}", picture),
        Route("/answer", posted(page.answer), methods=["POST"]),
        Route("/undo", posted(page.undo), methods=["POST"]),
        Route("/pictures", posted(page.allow_pictures), methods=["POST"]),
    ]
    return Starlette(routes=routes, middleware=[_guarded(page)])


def _guarded(page: Page) -> Any:
    """Return the middleware that refuses strangers and says what the page may do."""
    from starlette.datastructures import Headers, MutableHeaders
    from starlette.middleware import Middleware
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    class Guarded:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            async def send_guarded(message: Message) -> None:
                if message["type"] == "http.response.start":
                    headers = MutableHeaders(scope=message)
                    headers.update(HEADERS)
                    policy = content_policy(web_pictures=page.web_pictures)
                    headers["Content-Security-Policy"] = policy
                await send(message)

            if scope["type"] != "http":
                return await self.app(scope, receive, send)
            headers = Headers(scope=scope)
            why = page.guard.refusal(scope["method"], headers)
            if scope["path"] == "/enter" and page.guard.is_from_here(headers):
                why = ""  # the token is its key
            app = Response(f"{why}\n", 403, media_type="text/plain") if why else self.app
            return await app(scope, receive, send_guarded)

    return Middleware(Guarded)


def _pair_of(value: Any) -> Key:
    left, right = value
    if type(left) is not int or type(right) is not int:
        raise TypeError
    return left, right


def listen(port: int) -> socket.socket:
    """Return a socket of this machine alone, on any free port where `port` is 0.

    Raises
    ------
    MatcherError
        The port is taken.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((ADDRESS, port))
        found.listen()  # a browser that is quicker than the server waits
    except OSError as error:
        found.close()
        raise MatcherError(
            f"port: {port} cannot be used, got {error.strerror}. Give another --port, or none."
        ) from error
    return found


def make_server(app: "Starlette") -> "Server":
    """Return a server for an application; it runs with ``run(sockets=[...])`` until Ctrl-C.

    Raises
    ------
    MissingExtraError
        Uvicorn is not installed.
    """
    uvicorn = require("uvicorn", EXTRA)
    # An access log would hold the token of the link.
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    server: Server = uvicorn.Server(config)
    return server
