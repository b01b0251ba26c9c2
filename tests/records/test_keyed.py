import pyarrow as pa
import pytest

from matcher.records.keyed import find_keyed_values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("color: navy; size: m", {"color": "navy", "size": "m"}),
        ("boja: crna; velicina: 176", {"color": "crna", "size": "176"}),
        ("farbe - blau | grosse - xl", {"color": "blau", "size": "xl"}),
        ('{"color": "red", "size": "l"}', {"color": "red", "size": "l"}),
        ('{"size": "42 inch , "color": "red"}', {"size": "42", "color": "red"}),
        ("material: cotton colour: black", {"material": "cotton", "color": "black"}),
        ("цвет: черныи, размер: 42", {"color": "черныи", "size": "42"}),
        ("colour: black. made in italy", {"color": "black"}),
        ("color: black brand: nike", {"color": "black"}),
        ("screen size: 15 inch", {}),
        ("color: red. color: blue", {}),
        ("color: a shade that you will like", {}),
        ("weight: light", {}),
        ("size: s, m", {}),
        ("a red shirt", {}),
    ],
)
def test_values_end_where_the_next_key_or_sentence_begins(text, expected):
    found = find_keyed_values(pa.array([text, None]))
    assert {axis: values.to_pylist() for axis, values in found.items()} == {
        axis: [value, None] for axis, value in expected.items()
    }


def test_a_name_that_is_part_of_a_word_is_no_key():
    # Arrow's patterns take a digit or underscore before the name for the end of a word.
    assert find_keyed_values(pa.array(["strip 2color: red", "_size: m"])) == {}
