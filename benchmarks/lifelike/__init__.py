"""Catalogues of any size like those of real markets, with known products and families.

Nothing is read but the words of ``goods.toml``: brands, lines and model numbers are made up and
never run out.  The words and the syllables are not those of `benchmarks.made_up`, from which the
shipped model has learned.
"""

from benchmarks.lifelike.write import SAME_TITLE, write_catalogue

__all__ = ["SAME_TITLE", "write_catalogue"]
