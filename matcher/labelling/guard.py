"""Who may talk to the label page: only the person who started it, from the page itself."""

import secrets
from collections.abc import Mapping

ADDRESS = "127.0.0.1"

SAFE_METHODS = ("GET", "HEAD")

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What every answer of the server says beside its content policy."""


def content_policy(*, web_pictures: bool) -> str:
    """Return the Content-Security-Policy of the page.

    Nothing comes from the net, unless the person asked for pictures that are there.

    Examples
    --------
    >>> content_policy(web_pictures=False).split("; ")[:2]
    ["default-src 'none'", "img-src 'self'"]
    """
    pictures = "'self' http: https:" if web_pictures else "'self'"
    return (
        f"default-src 'none'; img-src {pictures}; script-src 'self'; style-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


class Guard:
    """Lets in whoever has the link of the terminal, once, and knows them again by a cookie.

    Parameters
    ----------
    port : int
        Where the server listens.

    Examples
    --------
    >>> guard = Guard(8000)
    >>> secret = guard.enter(guard.link.partition("token=")[2])
    >>> headers = {"host": "127.0.0.1:8000", "cookie": f"{guard.cookie}={secret}"}
    >>> guard.refusal("GET", headers), guard.refusal("POST", headers)
    ('', 'The request does not come from the label page.')
    """

    def __init__(self, port: int) -> None:
        self.hosts = (f"{ADDRESS}:{port}", f"localhost:{port}")
        self.cookie = f"matcher_label_{port}"  # cookies do not tell ports apart
        self._token, self._secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)

    @property
    def link(self) -> str:
        """The link that opens the page once; after that there is another one."""
        return f"http://{self.hosts[0]}/enter?token={self._token}"

    def enter(self, token: str) -> str | None:
        """Return the value of the cookie for the token of the link, which is used up by this."""
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            return None
        self._token = secrets.token_urlsafe(32)
        return self._secret

    def is_from_here(self, headers: Mapping[str, str]) -> bool:
        """Return whether this server was asked for: names of others may lead here too."""
        return headers.get("host", "") in self.hosts

    def refusal(self, method: str, headers: Mapping[str, str]) -> str:
        """Return why a request is refused, for a person; empty where it is not.

        Parameters
        ----------
        method : str
            Of HTTP.
        headers : Mapping[str, str]
            Those of the request, names in lower case.
        """
        if not self.is_from_here(headers):
            return "This address is not that of the label page."
        given = dict(
            part.strip().partition("=")[::2] for part in headers.get("cookie", "").split(";")
        )
        if not secrets.compare_digest(given.get(self.cookie, "").encode(), self._secret.encode()):
            return "Open the page by the link that the terminal shows. Every link opens it once."
        if method in SAFE_METHODS:
            return ""
        origin = headers.get("origin", "")
        is_json = headers.get("content-type", "").partition(";")[0].strip() == "application/json"
        if origin != f"http://{headers['host']}" or not is_json:
            return "The request does not come from the label page."
        return ""
