"""The many spellings of a missing value."""

import pyarrow as pa
import pyarrow.compute as pc

SPELLINGS = (
    *("", "nan", "none", "null", "(null)", "nil", "<na>", "<null>", "na", "n/a", "n.a.", "n. a."),
    *("#n/a", "#na", "#null!", "#value!", "#ref!", "nat", "undefined", "not available"),
    *("not applicable", "does not apply", "not specified", "unspecified", "unknown", "n/d"),
    *("nicht zutreffend", "nicht verfügbar", "keine angabe", "keine angaben", "k.a.", "k. a."),
    *("unbekannt", "inconnu", "non applicable", "desconocido", "no aplica", "nd", "tbd", "tba"),
    *("-", "--", "---", "_", ".", "?", "??", "/", "\\n", "\u2013", "\u2014"),
)


def is_missing(values: pa.StringArray) -> pa.BooleanArray:
    """Return where a value is null or spelt as missing.

    Examples
    --------
    >>> is_missing(pa.array(["red", " N/A ", "", None, "nicht zutreffend"])).to_pylist()
    [False, True, True, True, True]
    """
    short = pc.less_equal(pc.binary_length(values), 64).fill_null(fill_value=True)
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(pc.if_else(short, values, "x")))
    return pc.is_in(plain, value_set=pa.array([*SPELLINGS, None]))


def blank_missing(values: pa.StringArray) -> pa.StringArray:
    """Return `values` with every spelling of missing replaced by null."""
    return pc.if_else(is_missing(values), None, values)
