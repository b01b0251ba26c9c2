"""Model numbers without the letters at their ends, which some sellers leave out."""

import pyarrow as pa
import pyarrow.compute as pc

_TRAILING, _LEADING = r"^(.*[0-9])\p{L}{1,4}$", r"^\p{L}{1,4}([0-9].*)$"
_LONG_ENOUGH, _HAS_DIGITS = r"^.{5,}$", r"[0-9].*[0-9].*[0-9]"
# Shorter ones are numbers that many products have: "250ohm", "win11p".


def find_stems(models: pa.StringArray) -> pa.StringArray:
    """Return model numbers without up to four letters after and before, where enough is left.

    Examples
    --------
    >>> models = pa.array(["43lm6300pla", "ct72399fm", "hr2470qt", "250ohm"])
    >>> find_stems(models).to_pylist()
    ['43lm6300', '72399', 'hr2470', '250ohm']
    """
    for end in (_TRAILING, _LEADING):
        left = pc.replace_substring_regex(models, end, r"\1")
        tells = [pc.match_substring_regex(left, each) for each in (_LONG_ENOUGH, _HAS_DIGITS)]
        models = pc.if_else(pc.and_(*tells), left, models)
    return models
