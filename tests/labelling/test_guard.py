"""Only the person who has the link of the terminal gets in, and only from the page."""

import pytest

from matcher.labelling.guard import Guard


@pytest.fixture
def entered():
    guard = Guard(8000)
    secret = guard.enter(guard.link.partition("token=")[2])
    headers = {
        "host": "127.0.0.1:8000",
        "cookie": f"other=1; {guard.cookie}={secret}",
        "origin": "http://127.0.0.1:8000",
        "content-type": "application/json; charset=utf-8",
    }
    return guard, headers


def test_the_page_itself_is_let_in(entered):
    guard, headers = entered
    assert guard.refusal("GET", headers) == ""
    assert guard.refusal("POST", headers) == ""
    assert (
        guard.refusal(
            "POST", headers | {"origin": "http://localhost:8000", "host": "localhost:8000"}
        )
        == ""
    )


@pytest.mark.parametrize(
    ("method", "changed"),
    [
        ("GET", {"cookie": ""}),
        ("GET", {"cookie": "matcher_label_8000=guess"}),
        ("GET", {"host": "127.0.0.1:8001"}),
        ("GET", {"host": "evil.example"}),
        ("GET", {"host": ""}),
        ("POST", {"origin": "http://evil.example"}),
        ("POST", {"origin": "null"}),
        ("POST", {"origin": ""}),
        ("POST", {"origin": "http://localhost:8000"}),
        ("POST", {"content-type": "text/plain"}),
        ("DELETE", {"origin": "http://evil.example"}),
    ],
)
def test_all_others_are_refused(entered, method, changed):
    guard, headers = entered
    assert guard.refusal(method, headers | changed)


def test_a_link_opens_once_and_another_takes_its_place():
    guard = Guard(1)
    first = guard.link.partition("token=")[2]
    assert guard.enter("é") is None
    assert guard.enter(first)
    assert guard.enter(first) is None
    assert guard.enter(guard.link.partition("token=")[2])
