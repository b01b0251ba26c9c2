"""The label page: a small web server on this machine, for one person.

Needs the extra ``label``.
"""

import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.errors import MatcherError
from matcher.extras import require
from matcher.labelling.guard import ADDRESS, HEADERS, content_policy
from matcher.labelling.page_api import Page, pair_of
from matcher.labelling.pictures import read_picture

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route
    from uvicorn import Server

EXTRA = "label"
Take = Callable[[Mapping[str, Any]], tuple[int, dict[str, Any]]]

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


def make_app(page: Page) -> "Starlette":
    """Return the web application.

    Raises
    ------
    MissingExtraError
        Starlette is not installed.
    """
    require("starlette", EXTRA)
    from starlette.applications import Starlette

    routes = [*_entrances(page), *_questions(page), *_answers(page)]
    return Starlette(routes=routes, middleware=[_guarded(page)])


def _entrances(page: Page) -> list["Route"]:
    """Return the routes of the link and of the page itself."""
    from starlette.responses import RedirectResponse, Response
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

    return [Route("/enter", enter), *(Route(path, file) for path in _FILES)]


def _questions(page: Page) -> list["Route"]:
    """Return the routes that only tell something."""
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    async def state(_: "Request") -> "Response":
        return JSONResponse(await run_in_threadpool(page.state))

    async def progress(_: "Request") -> "Response":
        return JSONResponse(await run_in_threadpool(page.session.progress))

    async def judge(request: "Request") -> "Response":
        try:
            pair = pair_of([int(request.query_params[side]) for side in ("left", "right")])
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

    return [
        Route("/state", state),
        Route("/progress", progress),
        Route("/judge", judge),
        Route("/picture/{row:int}/{nth:int}", picture),
    ]


def _answers(page: Page) -> list["Route"]:
    """Return the routes that change something."""
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    def posted(take: Take) -> Callable[["Request"], Awaitable["Response"]]:
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

    return [
        Route("/answer", posted(page.answer), methods=["POST"]),
        Route("/undo", posted(page.undo), methods=["POST"]),
        Route("/pictures", posted(page.allow_pictures), methods=["POST"]),
    ]


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
