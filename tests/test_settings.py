import pytest

from matcher.errors import SettingsError
from matcher.settings import (
    AttributeSettings,
    BlockingSettings,
    IgnoreByCategory,
    Settings,
    load_settings,
)


@pytest.fixture
def load(tmp_path):
    def load_text(text):
        path = tmp_path / "matcher.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path)

    return load_text


def test_an_empty_file_is_the_default(load):
    assert load("") == Settings()


def test_everything_can_be_set(load):
    assert load(
        'id = "sku"\nsource = "shop"\nignore = ["color", "pack"]\nat_most_one_per_source = true\n'
        "one_to_one = true\nthreshold_exact = 0.9\nthreshold_family = 1\nseed = 3\nthreads = 2\n"
        "memory = '2.5GiB'\n"
        "context = false\n"
        '[blocking]\npairs_per_record = 5\nblockers = ["tokens"]\nencoder_weight = 0.1\n'
        '[ignore_by_category]\ncolumn = "kind"\n[ignore_by_category.values]\n"TVs" = ["color"]\n'
        '[attributes."Neck style"]\ntype = "category"\nrole = "axis"\naxis = "neck"\n'
    ) == Settings(
        id="sku",
        source="shop",
        ignore=("color", "pack"),
        ignore_by_category=IgnoreByCategory("kind", {"TVs": ("color",)}),
        at_most_one_per_source=True,
        one_to_one=True,
        threshold_exact=0.9,
        threshold_family=1,
        attributes={"Neck style": AttributeSettings("category", "axis", "neck")},
        blocking=BlockingSettings(pairs_per_record=5, blockers=("tokens",), encoder_weight=0.1),
        context=False,
        seed=3,
        threads=2,
        memory=2_684_354_560,
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ignroe = []", "matcher.toml: unknown setting 'ignroe'. Did you mean 'ignore'? The"),
        ("xyz = 1", "matcher.toml: unknown setting 'xyz'. The settings are id, source, ignore,"),
        ("[blocking]\nmaxblock = 5", "[blocking]: unknown setting 'maxblock'. Did you mean 'max_"),
        ('[attributes.a]\ntyp = "text"', "[attributes.a]: unknown setting 'typ'. Did you mean 't"),
        ('ignore = "color"', "ignore must be a list of names in quotes, got 'color'."),
        ("ignore = [1]", "ignore must be a list of names in quotes, got [1]."),
        ("seed = true", "seed must be a whole number of at least 0, got True."),
        ("threads = -1", "threads must be a whole number of at least 0, got -1."),
        ("memory = 'much'", "memory must be an amount such as 8GB, 800MB or 2.5GiB, or a number"),
        ("memory = -1", "or a number of bytes, got -1."),
        ("memory = true", "or a number of bytes, got True."),
        ("threshold_exact = 1.5", "threshold_exact must be a number from 0 to 1, got 1.5."),
        ("one_to_one = 1", "one_to_one must be true or false, got 1."),
        ("id = 5", "id must be a text in quotes, got 5."),
        (
            '[attributes.a]\ntype = "colour"',
            "type must be one of text, category, number, quantity, color, size, code, image, list, "
            "got 'colour'.",
        ),
        (
            "[ignore_by_category]\ncolum = 1",
            "[ignore_by_category]: unknown setting 'colum'. Did you mean 'column'?",
        ),
        (
            "[ignore_by_category.values]\ntv = 1",
            "[ignore_by_category]: values must be a table of categories and lists of names, got "
            "{'tv': 1}.",
        ),
        (
            "[ignore_by_category.values]\ntv = []\nTV = []",
            "[ignore_by_category]: two values are one category, got 'tv' and 'TV'.",
        ),
        ("ignore_by_category = 1", "[ignore_by_category]: must be a table of names and values, "),
        ("attributes = 1", "[attributes]: must be a table of names and values, got 1."),
        ("blocking = 1", "[blocking]: must be a table of names and values, got 1."),
        ("id = ", "is not valid TOML, Invalid value (at end of document). Correct that line."),
    ],
)
def test_mistakes_are_named(load, text, message):
    with pytest.raises(SettingsError) as error:
        load(text)
    assert message in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"none\.toml: cannot be read, got .* Check the path"):
        load_settings(tmp_path / "none.toml")
