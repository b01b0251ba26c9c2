"""Data sets rewritten in other scripts: how much of what Latin titles tell is still understood.

No product data in Chinese or Japanese with known truth is at hand.  Every word is written in
another script, always in the same way: syllables as kana, three or four letters as a Han letter,
English colors by their names; one word of six stays Latin, as brands do.  Spaces are left out, in
Chinese everywhere between such words, in Japanese in three of five texts, and beside Latin words
and numbers in two of five places.  The figures say how much is lost by the script, not how well
real catalogues in it are matched.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from random import Random
from time import perf_counter
from zlib import crc32

import pandas as pd

import matcher
from benchmarks.datasets import DataSet
from benchmarks.journal import Journal
from benchmarks.measures import end_to_end_figures, group_f1, tell

SCRIPTS = ("Latin", "Cyrillic", "Japanese", "Chinese")
KEPT = ("id", "price", "currency", "gtin", "mpn", "sku", "modelno", "url")
"""Columns that are the same in every script."""

CYRILLIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопярстувшъыз")
KANA = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
    "ガギグゲゴザジズゼゾダデドバビブベボパピプペポーッ"
)
HAN = [chr(0x4E00 + 7 * number) for number in range(2600)]
ENGLISH = "black white red blue green silver gold pink gray brown yellow purple orange beige navy"
COLORS = {
    "Japanese": "ブラック ホワイト レッド ブルー グリーン シルバー ゴールド ピンク グレー ブラウン"
    " イエロー パープル オレンジ ベージュ ネイビー",
    "Chinese": "黑色 白色 红色 蓝色 绿色 银色 金色 粉色 灰色 棕色 黄色 紫色 橙色 米色 藏青色",
}
NAMED = {
    script: dict(zip(ENGLISH.split(), names.split(), strict=True))
    for script, names in COLORS.items()
}
WORD = re.compile(r"[A-Za-z]{3,}")


def measure_scripts(sets: Sequence[DataSet], journal: Journal) -> None:
    """Measure sets as they are and rewritten, without labels."""
    for data in sets:
        for script in SCRIPTS:
            start = perf_counter()
            tables = [pd.read_csv(path, dtype=str, keep_default_na=False) for path in data.inputs]
            written = [rewrite_table(table, script) for table in tables]
            if data.is_link:
                result = matcher.link(*written, ignore=data.ignore)
                figures = end_to_end_figures(data, result.pairs)
            else:
                result = matcher.dedupe(written, ignore=data.ignore)
                figures = group_f1(data, result.records)
                if not data.axes:
                    figures = {"match_pairwise_f1": figures["match_pairwise_f1"]}
            tell(data.name, script, figures | {"seconds": perf_counter() - start})
            journal.append(data.name, {name: [f1] for name, f1 in figures.items()}, {}, case=script)


def rewrite_table(table: pd.DataFrame, script: str) -> pd.DataFrame:
    """Return a table whose texts are written in a script."""
    random = Random(1)
    return table.apply(
        lambda column: (
            column if column.name in KEPT else [rewrite(text, script, random) for text in column]
        )
    )


def rewrite(text: str, script: str, random: Random) -> str:
    """Return a text as a seller writes it in a script.

    Examples
    --------
    >>> rewrite("kettle WK-100 black", "Chinese", Random(1))
    '婜摞WK-100 黑色'
    """
    if script == "Latin":
        return text
    leaves_spaces_out = script == "Chinese" or (script == "Japanese" and random.random() < 0.6)
    written = ""
    for token in text.split():
        core = token.strip(".,;:()[]\"'!")
        is_word = WORD.fullmatch(core) is not None
        word = token.replace(core, _write(core.lower(), script)) if is_word else token
        n_other = sum(letter > "\u2000" for letter in (written[-1:], word[0]))
        share = 0.0 if script == "Cyrillic" else (0.0, 0.4, float(leaves_spaces_out))[n_other]
        written += word if not written or random.random() < share else f" {word}"
    return written


def _write(word: str, script: str) -> str:
    """Return a word in lower case as it is always written in a script."""
    if script == "Cyrillic":
        return word.translate(CYRILLIC)
    if word in NAMED[script]:
        return NAMED[script][word]
    if _number(f"latin {word}") % 6 == 0:
        return word
    if script == "Japanese" and _number(f"kana {word}") % 10 < 7:
        syllables = (word[place : place + 2] for place in range(0, len(word), 2))
        return "".join(KANA[_number(syllable) % len(KANA)] for syllable in syllables)
    n_signs = (len(word) + 2) // 4 or 1
    cuts = [len(word) * sign // n_signs for sign in range(n_signs + 1)]
    parts = (word[start:stop] for start, stop in pairwise(cuts))
    return "".join(HAN[_number(part) % len(HAN)] for part in parts)


def _number(text: str) -> int:
    """Return a number that only depends on the text."""
    return crc32(text.encode())
