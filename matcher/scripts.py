"""Letters of scripts in which spaces do not tell where words begin, and marks that are accents."""

import re
import unicodedata
from collections.abc import Sequence

LONG_VOWEL = "\u30fc"
"""The Japanese sign of a long vowel, which stands behind letters of either kana."""

KATAKANA = "\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff"
HAN = "\u3005-\u3007\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""With hiragana, which ends words that Han letters begin."""

SIGNS = "\u2e80"
"""From here on letters stand for syllables or words."""

HANGUL = "\uac00-\ud7a3"
ALPHABETS = "\u0e01-\u0e4f\u0e5a-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Burmese and Khmer."""

UNSPACED = f"{KATAKANA}{LONG_VOWEL}{HAN}{HANGUL}{ALPHABETS}"
"""All of them, for patterns of letters."""

ACCENTS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0"
)
"""Marks of Latin, Greek, Cyrillic, Hebrew and Arabic, without which words are the same; in other
scripts they are as good as letters."""

PLAIN_LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "\u0131": "i",  # Turkish, without a dot
    "\u0649": "\u064a",  # Arabic and Persian forms of yeh, heh and kaf
    "\u06cc": "\u064a",
    "\u0629": "\u0647",
    "\u06a9": "\u0643",
}
"""Letters that others are written for: people leave them out, or write the one for the other."""

_UNSPACED = re.compile(f"[{UNSPACED}]")
_ZEROS = (0x660, 0x6F0, 0x966, 0xE50)  # Arabic, Persian, Indian, Thai
PLAIN_DIGITS = {chr(zero + digit): str(digit) for zero in _ZEROS for digit in range(10)}


def is_unspaced(word: str) -> bool:
    """Return whether a word begins with a letter of a script that hardly uses spaces.

    Examples
    --------
    >>> is_unspaced("手机"), is_unspaced("블랙"), is_unspaced("laptop")
    (True, True, False)
    """
    return word >= ALPHABETS[0] and _UNSPACED.match(word) is not None


def put_together(pieces: Sequence[str], text: str) -> list[str]:
    """Return words, of which those that are pieces of a text without spaces are put together.

    Parameters
    ----------
    pieces : Sequence[str]
        Words, and overlapping pieces of such runs of letters.
    text : str
        What they were cut from.

    Returns
    -------
    list[str]
        In the order of the first piece of each.

    Examples
    --------
    >>> put_together(["话手", "x5", "机壳", "手机", "电话"], "电话手机壳 X5")
    ['电话手机壳', 'x5']
    """
    text = unicodedata.normalize("NFKC", text).lower()
    covered = bytearray(len(text))
    for piece in filter(is_unspaced, pieces):
        for found in re.finditer(f"(?={re.escape(piece)})", text):
            covered[found.start() : found.start() + len(piece)] = b"\x01" * len(piece)
    runs = [text[run.start() : run.end()] for run in re.finditer(b"\x01+", covered)]
    whole: dict[str, None] = {}
    for piece in pieces:
        holder = next((run for run in runs if piece in run), piece) if is_unspaced(piece) else piece
        whole[holder] = None
    return [*whole]
