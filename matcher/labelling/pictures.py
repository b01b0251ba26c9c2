"""Pictures of records: addresses on the net, and files beside the catalogue."""

import re
from collections.abc import Sequence
from pathlib import Path

MOST_PICTURES = 3
"""Pictures of a record that are shown."""

LARGEST = 20_000_000
"""Bytes of a picture that is shown."""

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_BETWEEN = re.compile(r"[\s|;]+|,\s*(?=https?://)")
_QUOTES = "[]\"',"


def split_pictures(value: str) -> list[str]:
    """Return the addresses and paths in a value, at most `MOST_PICTURES`.

    Examples
    --------
    >>> split_pictures("https://a.example/1,2.jpg, https://a.example/3.jpg")
    ['https://a.example/1,2.jpg', 'https://a.example/3.jpg']
    >>> split_pictures("['red.png', 'back.png']"), split_pictures("")
    (['red.png', 'back.png'], [])
    """
    parts = (part.strip(_QUOTES) for part in _BETWEEN.split(value[:10_000]))
    return [part for part in dict.fromkeys(parts) if part][:MOST_PICTURES]


def is_address(value: str) -> bool:
    """Return whether a value is an http(s) address."""
    return value.lower().startswith(("http://", "https://"))


def find_picture(value: str, folders: Sequence[Path]) -> Path | None:
    """Return the file that a catalogue names; None where there is none inside the folders.

    Parameters
    ----------
    value : str
        The path as the catalogue has it.
    folders : Sequence[Path]
        The folders of the catalogue.  A path that leads out of them, by ``..``, from the root or
        over a link, is none.
    """
    for folder in folders:
        try:
            root = folder.resolve()
            path = (root / value).resolve()
            if path.is_relative_to(root) and path.is_file():
                return path
        except (OSError, ValueError, RuntimeError):  # too long, a null character, a loop of links
            continue
    return None


def read_picture(path: Path) -> tuple[bytes, str] | None:
    """Return a picture and its media type; None where the file is none, whatever its name says.

    SVG is none: it may hold scripts.
    """
    if path.stat().st_size > LARGEST:
        return None
    content = path.read_bytes()
    for start, kind in _SIGNATURES:
        if content.startswith(start):
            return content, kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return content, "image/webp"
    return None
