"""The server answers only the page, says what the page may load, and takes no harm from anybody."""

import http.client
import json
import threading
import time
from contextlib import contextmanager

import pytest
from labelling_fakes import FakeAsker, FakeShower, fake_estimate

from matcher.errors import MatcherError
from matcher.labelling.guard import Guard
from matcher.labelling.journal import AnswerJournal
from matcher.labelling.page_api import Page
from matcher.labelling.session import Session
from matcher.labelling.view import PictureView
from matcher.labelling.web import listen, make_app, make_server

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


class Client:
    """Asks a server as a browser would."""

    def __init__(self, page, port):
        self.page, self.port = page, port
        self.host = f"127.0.0.1:{port}"
        self.headers = {"Origin": f"http://{self.host}", "Content-Type": "application/json"}

    def ask(self, method, path, body=None, **headers):
        """Return status, headers and content."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if body is None or isinstance(body, bytes) else json.dumps(body)
        try:
            connection.request(method, path, content, self.headers | given)
            reply = connection.getresponse()
            return reply.status, dict(reply.getheaders()), reply.read()
        finally:
            connection.close()

    def enter(self):
        """Use the link, and keep the cookie."""
        path = self.page.guard.link.removeprefix(f"http://{self.host}")
        status, headers, _ = self.ask("GET", path)
        assert (status, headers["location"]) == (303, "/")
        self.headers["Cookie"] = headers["set-cookie"].partition(";")[0]
        return headers["set-cookie"]

    def json(self, method, path, body=None):
        """Return status and what was said as JSON."""
        status, _, content = self.ask(method, path, body)
        return status, json.loads(content)


@contextmanager
def serving(path, shower, *, web_pictures=False):
    """Give a client of a server that runs as long as the ``with`` lasts."""
    with AnswerJournal(path) as journal, listen(0) as listening:
        session = Session(FakeAsker(), shower, journal, fake_estimate)
        port = listening.getsockname()[1]
        page = Page(
            session,
            Guard(port),
            axes=("color",),
            web_pictures=web_pictures,
            on_enter=lambda: None,
        )
        server = make_server(make_app(page))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Client(page, port)
        finally:
            server.should_exit = True
            thread.join()
            session.close()


@pytest.fixture
def stranger(tmp_path):
    (tmp_path / "a.png").write_bytes(PNG)
    (tmp_path / "b.png").write_text("<svg/>")
    pictures = tuple(
        PictureView(name, is_remote=False)
        for name in ("a.png", "b.png", "../../etc/passwd", "/etc/passwd", "labels.csv")
    )
    with serving(tmp_path / "labels.csv", FakeShower("Lamp", pictures, tmp_path)) as client:
        yield client


@pytest.fixture
def client(stranger):
    stranger.enter()
    return stranger


def test_without_the_cookie_nothing_is_shown(stranger):
    for method, path in [
        *[("GET", "/"), ("GET", "/state"), ("GET", "/page.js"), ("GET", "/picture/0/0")],
        *[("POST", "/answer"), ("POST", "/undo"), ("GET", "/judge?left=0&right=1")],
        *[("GET", "/enter"), ("GET", "/enter?token=guess"), ("GET", "/enter/"), ("GET", "//enter")],
    ]:
        status, _, content = stranger.ask(method, path, {} if method == "POST" else None)
        assert status == 403, path
        assert b"Lamp" not in content


def test_the_link_works_once_and_its_cookie_is_for_this_page_alone(stranger):
    path = stranger.page.guard.link.removeprefix(f"http://{stranger.host}")
    cookie = stranger.enter()
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert stranger.ask("GET", path)[0] == 403
    assert stranger.ask("GET", "/state")[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "[::1]:80"])
def test_another_host_name_is_refused_even_with_the_cookie(client, host):
    assert client.ask("GET", "/state", Host=host)[0] == 403
    assert client.ask("GET", client.page.guard.link.partition("0.0.1:")[2][5:], Host=host)[0] == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "https://127.0.0.1"])
def test_answers_from_another_origin_are_refused(client, origin):
    body = {"pair": [0, 1], "relation": "exact"}
    assert client.ask("POST", "/answer", body, Origin=origin)[0] == 403
    assert client.json("GET", "/state")[1]["progress"]["answers"] == 0


def test_a_form_of_another_page_is_refused(client):
    assert client.ask("POST", "/undo", b"a=1", Content_Type="text/plain")[0] == 403


def test_every_answer_says_what_the_page_may_load(client):
    for path in ("/", "/state", "/none", "/picture/0/0"):
        headers = client.ask("GET", path)[1]
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_pictures_of_the_net_are_allowed_only_when_asked_for(client):
    assert client.json("POST", "/pictures", {})[1]["web_pictures"]
    assert "img-src 'self' http: https:;" in client.ask("GET", "/")[1]["content-security-policy"]


def test_answering_moves_on(client):
    status, state = client.json("GET", "/state")
    assert (status, state["question"]["pair"], state["axes"]) == (200, [0, 1], ["color"])
    body = {"pair": [0, 1], "relation": "variant", "differs_in": ["color"]}
    status, state = client.json("POST", "/answer", body)
    assert (status, state["question"]["pair"]) == (200, [2, 3])
    status, judged = client.json("GET", "/judge?left=0&right=1")
    assert (status, judged["probabilities"]) == (200, [0.25, 0.7, 0.05])
    status, state = client.json("POST", "/undo", {})
    assert (status, state["question"]["pair"]) == (200, [0, 1])


def test_a_question_says_nothing_of_what_the_model_thinks_or_why_it_is_asked(client):
    told = client.ask("GET", "/state")[2].decode()
    assert not any(word in told for word in ("probabilit", "boundary", "random", "stratum"))
    assert client.ask("GET", "/judge?left=0&right=1")[0] == 403


def test_a_pair_that_another_tab_answered_is_refused_with_the_next_one(client):
    body = {"pair": [0, 1], "relation": "exact"}
    assert client.ask("POST", "/answer", body)[0] == 200
    status, state = client.json("POST", "/answer", body)
    assert (status, state["question"]["pair"]) == (409, [2, 3])
    assert "answered in another tab" in state["message"]
    assert state["progress"]["answers"] == 1


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"[]", b"nonsense", b"\xff", b"{}", b'{"pair": 7, "relation": "exact"}'),
        *(b'{"pair": [0, 1]}', b'{"pair": ["0", 1], "relation": "exact"}'),
        *(b'{"pair": [0, 1], "relation": ["exact"]}', b'{"pair": [0, 1], "relation": "same"}'),
        b'{"pair": [0, 1], "relation": "variant", "differs_in": [{}]}',
        b'{"pair": [0, 1], "relation": "variant", "differs_in": 7}',
    ],
)
def test_nonsense_is_refused_and_writes_nothing(client, body):
    status, found = client.json("POST", "/answer", body)
    assert status == 400
    assert found["message"]
    assert client.json("GET", "/state")[1]["progress"]["answers"] == 0


def test_a_huge_request_is_refused(client):
    assert client.ask("POST", "/answer", b"x" * 100_000)[0] == 413


def test_only_pictures_that_the_catalogue_names_beside_it_are_sent(client):
    status, headers, content = client.ask("GET", "/picture/0/0")
    assert (status, headers["content-type"], content) == (200, "image/png", PNG)
    for path in (
        *("/picture/0/1", "/picture/0/2", "/picture/0/3", "/picture/0/4", "/picture/0/9"),
        *("/picture/-1/0", "/picture/0/../../labels.csv", "/..%2f..%2fetc/passwd", "/page.html"),
        *("/../labelling/web.py", "/%2e%2e/page.css", "/page/page.css"),
    ):
        status, _, content = client.ask("GET", path)
        assert status == 404, path
        assert b"root" not in content


def test_a_port_that_is_taken_is_told():
    with listen(0) as first:
        port = first.getsockname()[1]
        with pytest.raises(MatcherError, match=f"port: {port} cannot be used, got Address already"):
            listen(port)


def test_an_answer_takes_little_time(client):
    seconds = []
    for _ in range(30):
        pair = client.json("GET", "/state")[1]["question"]["pair"]
        start = time.perf_counter()
        client.json("POST", "/answer", {"pair": pair, "relation": "exact"})
        seconds.append(time.perf_counter() - start)
    assert sorted(seconds)[15] < 0.1
