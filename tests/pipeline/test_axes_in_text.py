"""Colours, sizes and amounts that only the text names decide as if a column named them."""

import pandas as pd
import pytest

import matcher

EVER = {"threshold_exact": 0.01, "threshold_family": 0.01}  # a model that says yes to everything
LAMP = "Kite Round lamp"


def catalogue(*texts, column="title"):
    """Return records that differ in one text, and a product that has nothing to do with them."""
    ids = [f"r{number}" for number in range(len(texts))]
    frame = pd.DataFrame({"id": ids, "title": "Acme Trail jacket", column: texts})
    return pd.concat([frame, pd.DataFrame({"id": ["lamp"], "title": [LAMP]})], ignore_index=True)


def dedupe(*texts, column="title", **options):
    """Return the numbers of groups and of families of the texts."""
    records = matcher.dedupe(catalogue(*texts, column=column), **options).records[: len(texts)]
    return [pd.factorize(records[name])[0].tolist() for name in ("match_id", "family_id")]


def jackets(*ends):
    return [f"Acme Trail jacket {end}" for end in ends]


def test_colors_in_titles_make_variants_without_any_column():
    match, family = dedupe(*jackets("navy", "red", "navy"))
    assert match == [0, 1, 0]
    assert family == [0, 0, 0]


def test_a_colour_that_is_ignored_needs_no_column_and_one_that_is_kept_makes_different():
    titles = jackets("navy", "red", "navy")
    assert dedupe(*titles, ignore=["color"]) == [[0, 1, 0], [0, 0, 0]]
    assert dedupe(*titles, ignore=["size"]) == [[0, 1, 0], [0, 1, 0]]
    assert dedupe(*titles, ignore=[]) == [[0, 1, 0], [0, 1, 0]]


@pytest.mark.parametrize("column", ["description", "details"])
def test_options_that_a_description_names_make_variants(column):
    texts = ["Color: Navy; Size: M", "Color: Red; Size: M", "Color: Red; Size: L", "Size: M"]
    match, family = dedupe(*texts, column=column)
    assert match[1] not in (match[0], match[2])
    assert family == [0, 0, 0, 0]
    _, family = dedupe(*texts, column=column, ignore=["size"])
    assert family[1] == family[2] != family[0]


OPTIONS = ["Boja: Crna; Veličina: 176", "Boja: Bela; Veličina: 176", "Boja: Bela; Veličina: 182"]


@pytest.mark.parametrize("column", ["options", "opcije"])
def test_options_that_a_short_column_names_make_variants(column):
    match, family = dedupe(*OPTIONS, OPTIONS[0], column=column)
    assert match == [0, 1, 2, 0]
    assert family == [0, 0, 0, 0]


def test_options_that_a_column_declared_as_text_names_make_variants():
    attributes = {"options": matcher.AttributeSettings(type="text")}
    match, family = dedupe(*OPTIONS, OPTIONS[0], column="options", attributes=attributes)
    assert match == [0, 1, 2, 0]
    assert family == [0, 0, 0, 0]


def relation(one, other, column="title", **options):
    frame = catalogue(one, other, column=column)
    pairs = pd.DataFrame({"left_id": ["r0"], "right_id": ["r1"]})
    return matcher.score(frame, pairs, **(EVER | options)).iloc[0]


GRAYS = ["grey", "Gray", "gris", "серый", "grau"]


@pytest.mark.parametrize("other", GRAYS[1:])
def test_colors_agree_in_any_language(other):
    for column, form in (("color", "{}"), ("description", "Color: {}; Weight: 2 kg")):
        said = [form.format(word) for word in (GRAYS[0], other)]
        assert relation(*said, column=column)["relation"] == "exact"
        black = relation(form.format("black"), said[1], column=column)
        assert black["relation"] == "variant"


@pytest.mark.parametrize("other", ["Gray", "серый", "grau"])
def test_words_that_name_nothing_but_colors_agree_in_titles_too(other):
    assert relation(*jackets("grey", other))["relation"] == "exact"
    assert relation(*jackets("black", other))["relation"] == "variant"


def test_a_color_of_a_title_agrees_with_that_of_a_column_in_another_language():
    titles = [*jackets("серый", "black"), "Acme Trail jacket", "Acme Trail jacket"]
    colors = [None, None, "grau", "schwarz"]
    frame = pd.DataFrame({"id": list("abcd"), "title": titles, "color": colors})
    match = matcher.dedupe(frame, **EVER).records["match_id"]
    assert match[0] == match[2] != match[1] == match[3]


@pytest.mark.parametrize("color", ["blau", "black", "crna"])
def test_a_color_of_a_title_that_no_column_teaches_conflicts_with_another_one(color):
    frame = pd.DataFrame(
        {
            "id": list("abcd"),
            "title": ["Acme Trail jacket red", "Acme Trail jacket", LAMP, "Bolt Vista TV"],
            "color": [None, color, None, None],
        }
    )
    match = matcher.dedupe(frame).records["match_id"]
    assert match[0] != match[1]


@pytest.mark.parametrize("ignore", [[], ["storage"], ["color", "size"]])
def test_storage_that_conflicts_in_titles_is_never_exact(ignore):
    found = relation("Acme Nova 5 64 GB", "Acme Nova 5 128 GB", ignore=ignore)
    assert found["p_exact"] == 0
    assert found["relation"] == ("variant" if "storage" in ignore else "different")


@pytest.mark.parametrize("ignore", [[], ["storage"], ["color", "size"]])
def test_storage_in_another_unit_is_no_conflict(ignore):
    found = relation("Acme Nova 5 64 GB", "Acme Nova 5 65536 MB", ignore=ignore)
    assert found["p_exact"] > 0


def test_storage_in_a_title_conflicts_with_that_of_a_column():
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "title": ["Acme Nova 5 128 GB", "Acme Nova 5", "Acme Nova 5"],
            "storage": [None, "64 GB", "131072 MB"],
        }
    )
    match = matcher.dedupe(frame, **EVER).records["match_id"]
    assert match[0] == match[2] != match[1]


@pytest.mark.parametrize(
    ("one", "other", "conflicts"),
    [
        ("navy blue", "blue", False),
        ("dark blue", "blue", False),
        ("wine red", "red", False),
        ("black", "white", True),
        ("navy blue", "sky blue", True),
        ("navy blue", "black", True),
    ],
)
def test_a_shade_conflicts_with_other_colors_and_not_with_its_base(one, other, conflicts):
    columns = relation(one, other, column="color"), relation(*jackets(one, other))
    for found in columns:
        assert (found["p_exact"] == 0) == conflicts


@pytest.mark.parametrize("one", ["pearl black", "ink blue", "phantom silver", "coral blue"])
def test_a_shade_that_is_named_after_a_thing_has_its_last_word_as_base(one):
    assert relation(one, one.split()[1], column="color")["p_exact"] > 0


def test_ignored_options_are_ignored_wherever_they_stand():
    titles = [
        "Acme Trail jacket navy XL",
        "Red Acme Trail jacket, M",
        "Acme Trail jacket (XL) Navy",
    ]
    rest = [f"Bolt {name} vest {size}" for name in ("Rain", "Sun") for size in ("S", "L", "2XL")]
    match, family = dedupe(*titles, *rest)
    assert match[0] == match[2] != match[1]
    assert family[:3] == [0, 0, 0]
    assert len(set(match[3:])) == 6


def test_of_several_amounts_in_a_title_none_counts_whatever_a_text_beside_it_teaches():
    titles = [
        "Acme Trail drive 4 TB 256 MB cache",
        "Acme Trail drive 4 TB",
        "Acme Trail drive 8 TB",
    ]
    others = [f"Kite lamp number {number}" for number in range(40)]
    frame = catalogue(*titles, *others).assign(description="")
    frame.loc[3, "description"] = "Storage: 256 MB"
    records = matcher.dedupe(frame, **EVER).records
    match = pd.factorize(records["match_id"])[0].tolist()
    assert match[1] != match[2]
    assert match[0] in (match[1], match[2])
