"""Every error that matcher raises on purpose; anything else that escapes is a bug.

::

    MatcherError
    ├── SettingsError      (also ValueError)   a settings file or an argument
    ├── RecordsError       (also ValueError)   a catalogue that cannot be read or compared
    ├── LabelsError        (also ValueError)   labels that are unreadable or contradict each other
    ├── SavedModelError    (also ValueError)   a model folder that this version cannot use
    └── MissingExtraError  (also ImportError)  an optional package is not installed

Messages have the form ``where: what is wrong, got what. What to do.``
"""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

# One slash is of a URL that was taken for a path; a password may hold an @ that is not escaped.
_PASSWORD = re.compile(r"(:/{1,2}[^\s:/@]*:)\S+@")


class MatcherError(Exception):
    """Base of every error that matcher raises on purpose; it tells no password of a URL."""

    def __init__(self, message: str = "") -> None:
        super().__init__(hide_passwords(message))


class SettingsError(MatcherError, ValueError):
    """A settings file or an argument has an unknown name or an impossible value."""


class RecordsError(MatcherError, ValueError):
    """A catalogue cannot be read, or its records cannot be told apart."""


class LabelsError(MatcherError, ValueError):
    """Labels are unreadable, name unknown records, or contradict each other."""


class SavedModelError(MatcherError, ValueError):
    """A model folder is damaged, incomplete, or made by a newer version."""


class MissingExtraError(MatcherError, ImportError):
    """A feature needs an optional package that is not installed."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the known name closest to `name`, or ``""``.

    Examples
    --------
    >>> nearest("colour", ["color", "size"])
    " Did you mean 'color'?"
    >>> nearest("weight", ["color", "size"])
    ''
    """
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean {close[0]!r}?" if close else ""


def first_three(values: Sequence[object]) -> str:
    """Return the first three values, quoted and joined by commas, for a message.

    Examples
    --------
    >>> first_three(["a", "b", "c", "d"])
    "'a', 'b', 'c'"
    """
    return ", ".join(repr(str(value)) for value in values[:3])


def hide_passwords(text: str) -> str:
    """Return a message without the passwords of the URLs in it.

    Examples
    --------
    >>> hide_passwords("postgresql://user:secret@host/db: there is no such file.")
    'postgresql://user:***@host/db: there is no such file.'
    """
    return _PASSWORD.sub(r"\1***@", text)
