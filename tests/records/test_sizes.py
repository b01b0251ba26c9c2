import pytest

from matcher.records.sizes import size_form, size_system


@pytest.mark.parametrize(
    ("text", "form", "system"),
    [
        ("xx large", "2xl", "alpha"),
        ("extra large", "xl", "alpha"),
        ("s m", "s/m", "alpha"),
        ("m 38 40", "m", "alpha"),
        ("taille unique", "one size", "one"),
        ("one size", "one size", "one"),
        ("38.0", "38", "number"),
        ("8 1 2", "8.5", "number"),
        ("42.7", "42.67", "number"),
        ("16.5 34 35", "16.5/34/35", "number"),
        ("8 uk", "uk 8", "uk"),
        ("42 eu 8 uk", "eu 42", "eu"),
        ("eu 42 uk 8", "eu 42", "eu"),
        ("9 d m us", "us 9", "us"),
        ("3 4y", "3-4 years", "age"),
        ("6 12m", "6-12 months", "age"),
        ("12 jahre", "12 years", "age"),
        ("4 ans 102cm", "4 years", "age"),
        ("24m", "2 years", "age"),
        ("w32 l34", "w32 l34", "waist"),
        ("32w x 34l", "w32 l34", "waist"),
        ("42 regular", "42r", ""),
        ("90x200", "90x200", "numbers"),
        ("60 x 90cm", "600x900 length", "extent"),
        ("5ft x 7ft", "1524x2133.6 length", "extent"),
        ("5x7 ft", "1524x2133.6 length", "extent"),
        ("2inch", "50.8 length", "measure"),
    ],
)
def test_sizes_have_a_form_and_a_system(text, form, system):
    assert (size_form(text), size_system(size_form(text))) == (form, system)


def test_a_form_is_its_own_form():
    assert size_form("eu 42") == "eu 42"
