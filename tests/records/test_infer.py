import pandas as pd
import pytest
from stdnum import ean

from matcher.errors import SettingsError
from matcher.records import infer_schema, read_catalogue
from matcher.settings import AttributeSettings, Settings

N = 60


def schema(columns, settings=None, **constants):
    frame = pd.DataFrame(columns | {name: [value] * N for name, value in constants.items()})
    return infer_schema(read_catalogue([frame]), settings or Settings())


def attribute(name, values, settings=None):
    found = schema({"id": [str(n) for n in range(N)], name: values}, settings)
    return next(a for a in found.attributes if a.name == name)


def facts(found):
    return (found.type, found.role, found.axis)


def gtins(n):
    bodies = [f"4006381{number:05d}" for number in range(n)]
    return [body + ean.calc_check_digit(body) for body in bodies]


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("title", [f"tv {n}" for n in range(N)], ("text", "identity", "")),
        ("Manufacturer", ["sony"] * N, ("category", "identity", "")),
        ("farbe", ["rot", "blau"] * 30, ("color", "axis", "color")),
        ("Größe", ["S", "M"] * 30, ("size", "axis", "size")),
        ("RAM", ["4 GB", "8 GB"] * 30, ("quantity", "axis", "memory")),
        ("storage", ["64 GB"] * N, ("quantity", "axis", "storage")),
        ("condition", ["new", "used"] * 30, ("category", "axis", "condition")),
        ("modelno", [f"kdl-{n}" for n in range(N)], ("code", "code", "")),
        ("price", ["1,99"] * N, ("number", "offer", "")),
        ("xyz", [f"{n},500円" for n in range(1, N + 1)], ("number", "identity", "")),
        ("FABRIKANT", ["bosch"] * N, ("category", "identity", "")),
        ("F\u0130YAT", ["1,99"] * N, ("number", "offer", "")),
        ("ağ\u0131rl\u0131k", ["2 kg"] * N, ("quantity", "axis", "weight")),
        ("AGIRLIK", ["2 kg"] * N, ("quantity", "axis", "weight")),
        ("назва", [f"чайник {n}" for n in range(N)], ("text", "identity", "")),
        ("サイズ", ["S", "M"] * 30, ("size", "axis", "size")),
        ("priceCurrency", ["EUR"] * N, ("category", "offer", "")),
        ("image_url", [f"http://x/{n}.jpg" for n in range(N)], ("image", "media", "")),
        ("year", [str(1990 + n % 30) for n in range(N)], ("number", "identity", "")),
        ("cluster", [str(n // 2) for n in range(N)], ("category", "unused", "")),
        ("colour", [None] * N, ("color", "unused", "")),
        ("xyz", [None] * N, ("text", "unused", "")),
    ],
)
def test_names_tell_what_columns_are(name, values, expected):
    assert facts(attribute(name, values)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (gtins(N), ("code", "code", "")),
        ([*gtins(50), *["none"] * 10], ("code", "code", "")),
        ([*gtins(50)[:45], *["x1"] * 15], ("text", "identity", "")),
        ([f"https://shop.com/{n}" for n in range(N)], ("text", "offer", "")),
        ([f"https://shop.com/{n}.png?w=5" for n in range(N)], ("image", "media", "")),
        ([str(n * 1.5) for n in range(N)], ("number", "identity", "")),
        ([f"{n} kg" for n in range(N)], ("quantity", "identity", "")),
        (["yes", "no"] * 30, ("category", "identity", "")),
        ([f"words about thing {n}" for n in range(N)], ("text", "identity", "")),
    ],
)
def test_values_tell_where_the_name_does_not(values, expected):
    assert facts(attribute("xyz", values)) == expected


def test_valid_gtins_are_a_code_whatever_the_name():
    assert facts(attribute("material", gtins(N))) == ("code", "code", "")


def test_a_length_in_seconds_is_no_axis():
    values = [str(200 + n) for n in range(N)]
    assert facts(attribute("length", values)) == ("quantity", "identity", "")
    assert facts(attribute("length", ["2 m", "3 m"] * 30)) == ("quantity", "axis", "length")


def test_id_and_source_are_found():
    numbers = [str(n) for n in range(N)]
    found = schema({"Offer ID": numbers, "title": numbers}, seller="s1")
    assert (found.id, found.source) == ("Offer ID", "seller")
    found = schema({"sku": ["same"] * N, "title": numbers})
    assert (found.id, found.source) == ("", "")


def test_a_seller_that_is_another_in_every_row_is_no_source():
    assert schema({"id": range(N), "seller": [f"s{n}" for n in range(N)]}).source == ""


def test_ignored_columns_become_axes():
    settings = Settings(ignore=("brand", "Neck Style"))
    assert facts(attribute("brand", ["a", "b"] * 30, settings.__class__(ignore=("brand",)))) == (
        "category",
        "axis",
        "brand",
    )
    assert facts(
        attribute("neck_style", ["v", "o"] * 30, settings.__class__(ignore=("Neck Style",)))
    ) == ("category", "axis", "neck_style")


def test_settings_go_before_what_is_inferred():
    said = {"title": AttributeSettings(role="unused"), "xyz": AttributeSettings("size", axis="cut")}
    columns = {"id": range(N), "title": ["a"] * N, "xyz": ["1", "2"] * 30}
    found = schema(columns, Settings(attributes=said))
    assert [facts(a) for a in found.attributes] == [
        ("text", "unused", ""),
        ("size", "axis", "cut"),
    ]


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (
            Settings(attributes={"tilte": AttributeSettings()}),
            "settings.attributes: there is no column 'tilte'. Did you mean 'title'? The columns "
            "are id, title.",
        ),
        (
            Settings(id="ids"),
            "settings.id: there is no column 'ids'. Did you mean 'id'? The columns are id, title.",
        ),
        (
            Settings(source="shop"),
            "settings.source: there is no column 'shop'. The columns are id, title.",
        ),
        (
            Settings(ignore=("colr",)),
            "settings.ignore: 'colr' is neither a column nor a known axis. Did you mean 'color'? "
            "The known axes are color, size, storage, memory, volume, weight, length, pack, "
            "material, pattern, flavor, condition.",
        ),
        (
            Settings(ignore=("color", "id")),
            "settings.ignore: 'id' is the column of the id, which never tells products apart. "
            "Leave it out.",
        ),
    ],
)
def test_unknown_names_are_errors(settings, text):
    with pytest.raises(SettingsError) as error:
        schema({"id": range(N), "title": ["a"] * N}, settings)
    assert str(error.value) == text


@pytest.mark.parametrize("name", ["color", "colour", "Farbe", "size", "title"])
def test_known_axes_may_be_ignored_without_a_column(name):
    schema({"id": range(N), "title": ["a"] * N}, Settings(ignore=(name,)))


def test_more_axes_than_bits_are_an_error():
    columns = {"id": range(N)} | {f"c{n}": ["a"] * N for n in range(32)}
    said = {f"c{n}": AttributeSettings(role="axis") for n in range(32)}
    with pytest.raises(SettingsError, match="at most 31 axes, got 32"):
        schema(columns, Settings(attributes=said))


def test_settings_may_name_a_column_that_goes_into_another():
    left = pd.DataFrame({"id": ["1"], "name": ["tv"]})
    right = pd.DataFrame({"product_id": ["1"], "title": ["radio"]})
    said = Settings(id="product_id", attributes={"title": AttributeSettings(role="unused")})
    found = infer_schema(read_catalogue([left, right]), said)
    assert found.id == "id"
    assert [(a.name, a.role) for a in found.attributes] == [("name", "unused")]


def test_columns_that_one_input_has_both_of_stay_apart():
    both = pd.DataFrame({"id": ["1"], "name": ["tv"], "title": ["big tv"]})
    one = pd.DataFrame({"id": ["1"], "title": ["radio"]})
    found = infer_schema(read_catalogue([both, one]), Settings())
    assert [a.name for a in found.attributes] == ["name", "title"]


def test_linked_tables_may_name_their_columns_differently():
    left = pd.DataFrame({"id": ["1"], "name": ["tv"], "brand": ["sony"], "extra": ["e"]})
    right = pd.DataFrame({"id": ["1"], "title": ["radio"], "manufacturer": ["bose"]})
    catalogue = read_catalogue([left, right], is_link=True)
    found = infer_schema(catalogue, Settings())
    assert [a.name for a in found.attributes] == ["name", "brand", "extra"]
    assert catalogue.table.column_names == [
        "id",
        "name",
        "brand",
        "extra",
        "title",
        "manufacturer",
    ]


@pytest.mark.parametrize("name", ["größe", "Groesse", "SIZE", "veličina"])
def test_an_axis_may_be_ignored_under_any_of_its_names(name):
    catalogue = read_catalogue([pd.DataFrame({"id": ["a"], "title": ["Rock Lotte 38"]})])
    assert infer_schema(catalogue, Settings(ignore=(name,))).id == "id"
