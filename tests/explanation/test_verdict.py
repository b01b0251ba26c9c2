"""What was found, as a sentence."""

import pytest

from matcher.explanation import Link, verdict_of

CHAIN = (Link(2, "b", "c", "exact", 0.6), Link(1, "a", "b", "exact", 0.9))


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (
            ("family", "variant", (0.0, 0.91, 0.09), ()),
            "One family, two products: the pair was compared and found to be variants (91 %).",
        ),
        (
            ("apart", "different", (0.001, 0.0, 0.999), ()),
            "Two products of two families: the pair was compared and found different (>99 %).",
        ),
        (
            ("product", None, None, CHAIN),
            "One product: the pair is not listed, but other records join the two by 2 links, of "
            "which the weakest has 60 %.",
        ),
    ],
)
def test_a_verdict_is_a_sentence(found, sentence):
    assert verdict_of(*found) == sentence
