"""Model numbers without the letters at their ends, which some sellers leave out."""

from string import ascii_lowercase

import pyarrow as pa
import pyarrow.compute as pc

MOST_LETTERS = 4
"""Letters at an end that may be left out; more are a name."""

SHORTEST = 5
_HAS_DIGITS = r"[0-9].*[0-9].*[0-9]"
# Shorter ones are numbers that many products have: "250ohm", "win11p".


def find_stems(models: pa.StringArray) -> pa.StringArray:
    """Return model numbers without up to four letters after and before, where enough is left.

    Examples
    --------
    >>> models = pa.array(["43lm6300pla", "ct72399fm", "hr2470qt", "250ohm"])
    >>> find_stems(models).to_pylist()
    ['43lm6300', '72399', 'hr2470', '250ohm']
    """
    for trim in (pc.ascii_rtrim, pc.ascii_ltrim):
        stems = trim(models, characters=ascii_lowercase)
        length = pc.binary_length(stems)
        n_letters = pc.subtract(pc.binary_length(models), length)
        is_one = pc.and_(pc.less_equal(n_letters, MOST_LETTERS), pc.greater_equal(length, SHORTEST))
        is_one = pc.and_(is_one, pc.match_substring_regex(stems, _HAS_DIGITS))
        models = pc.if_else(is_one, stems, models)
    return models
