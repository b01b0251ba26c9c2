"""Find out what the columns of a catalogue are, from their names and their values."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import SettingsError, nearest
from matcher.records.compare import comparison_table, merged_columns
from matcher.records.frames import text_of
from matcher.records.names import (
    AXES,
    AXIS_BY_NAME,
    ID_NAMES,
    SOURCE_NAMES,
    Meaning,
    axis_name,
    meaning_of,
    plain_name,
)
from matcher.records.pool import pool_for
from matcher.records.profile import Profile, profile_column
from matcher.settings import AttributeSettings, Settings
from matcher.types import MAX_AXES, Attribute, AttributeType, Catalogue, Role, Schema

ENOUGH_GTINS = 0.8
LONG_WORDS = 15
LONG_CHARACTERS = 100
# Mean length from which a column is a description rather than a name.
MOST_SOURCES = 2000


def infer_schema(catalogue: Catalogue, settings: Settings) -> Schema:
    """Return what the columns of a catalogue are.

    Parameters
    ----------
    catalogue : Catalogue
        The rows; about two thousand values of each column, spread over all rows, are looked at.
    settings : Settings
        What the user says of columns goes before what is inferred; every name in its `ignore`, and
        in that of a category, becomes an axis.

    Raises
    ------
    SettingsError
        The settings name a column that does not exist.
    """
    table = comparison_table(catalogue)
    _check_names(catalogue, table, settings)
    with pool_for(table, settings.threads) as pool:
        profiles = dict(
            zip(table.column_names, pool.map(profile_column, table.columns), strict=True)
        )
    kept = merged_columns(catalogue)
    source = kept.get(settings.source, settings.source) or _find_source(profiles)
    identifier = kept.get(settings.id, settings.id)
    identifier = identifier or _find_id(table, catalogue, profiles, source)
    _check_ignorable(settings, {"id": identifier, "source": source})
    ignored = {axis_name(name) for _, names in _ignores(settings) for name in names}
    said = {kept.get(name, name): value for name, value in settings.attributes.items()}
    attributes = tuple(
        _attribute(name, profiles[name], ignored, said)
        for name in table.column_names
        if name not in (identifier, source)
    )
    _check_axes(attributes)
    return Schema(identifier, source, attributes)


def describe_evidence(name: str, profile: Profile) -> str:
    """Return in words why a column was taken for what it was."""
    if not profile.n_known:
        return "no value is known"
    if profile.gtins >= ENOUGH_GTINS:
        return f"{profile.gtins:.0%} of the values are valid GTINs"
    meaning = meaning_of(name)
    shape = f"{profile.mean_words:.1f} words on average, {profile.n_unique} different values"
    return f"the name says {meaning.concept}; {shape}" if meaning else shape


def _ignores(settings: Settings) -> list[tuple[str, Sequence[str]]]:
    """Return every list of names to ignore, and the setting that it is."""
    of_category = settings.ignore_by_category.values
    by_category = [
        (f"settings.ignore_by_category[{category!r}]", names)
        for category, names in of_category.items()
    ]
    return [("settings.ignore", settings.ignore), *by_category]


def _check_names(catalogue: Catalogue, table: pa.Table, settings: Settings) -> None:
    columns = catalogue.table.column_names
    of_category = ("ignore_by_category.column", settings.ignore_by_category.column)
    for key, name in (("id", settings.id), ("source", settings.source), of_category):
        if name and name not in columns:
            raise SettingsError(
                f"settings.{key}: there is no column {name!r}.{nearest(name, columns)} "
                f"The columns are {', '.join(columns)}."
            )
    for name in settings.attributes:
        if name not in columns:
            raise SettingsError(
                f"settings.attributes: there is no column {name!r}.{nearest(name, columns)} "
                f"The columns are {', '.join(columns)}."
            )
    plain = {plain_name(column) for column in columns}
    declared = {a.axis for a in settings.attributes.values() if a.axis}
    known = set(AXIS_BY_NAME) | plain | declared | set(table.column_names)
    for setting, names in _ignores(settings):
        unknown = [each for each in names if not {each, plain_name(each), axis_name(each)} & known]
        for name in unknown:
            raise SettingsError(
                f"{setting}: {name!r} is neither a column nor a known axis."
                f"{nearest(name, [*columns, *AXES])} The known axes are {', '.join(AXES)}."
            )


def _check_ignorable(settings: Settings, columns: Mapping[str, str]) -> None:
    for setting, names in _ignores(settings):
        for name in names:
            for what, column in columns.items():
                if column and name in (column, plain_name(column)):
                    raise SettingsError(
                        f"{setting}: {name!r} is the column of the {what}, which never tells "
                        "products apart. Leave it out."
                    )


def _find_source(profiles: Mapping[str, Profile]) -> str:
    by_plain = {plain_name(name): name for name in profiles}
    for candidate in SOURCE_NAMES:
        name = by_plain.get(candidate)
        if name and profiles[name].n_known:
            profile = profiles[name]
            if profile.n_unique <= min(MOST_SOURCES, max(10, profile.n_known // 4)):
                return name
    return ""


def _find_id(
    table: pa.Table, catalogue: Catalogue, profiles: Mapping[str, Profile], source: str
) -> str:
    by_plain = {plain_name(name): name for name in profiles}
    if "id" in by_plain and profiles[by_plain["id"]].n_known:
        return by_plain["id"]
    for candidate in ID_NAMES:
        name = by_plain.get(candidate)
        if not name or name == source or profiles[name].fill < 1:
            continue
        if _is_unique(table, catalogue, name, source):
            return name
    return ""


def _is_unique(table: pa.Table, catalogue: Catalogue, name: str, source: str) -> bool:
    values = text_of(table.column(name))
    scope = pa.array(catalogue.parts).cast(pa.string())
    if source and not catalogue.is_link:
        scope = text_of(table.column(source))
    pairs = pc.binary_join_element_wise(scope.fill_null(""), values, "\x1f")
    return bool(pc.count_distinct(pairs).as_py() == len(values))


def _attribute(
    name: str,
    profile: Profile,
    ignored: set[str],
    overrides: Mapping[str, AttributeSettings],
) -> Attribute:
    meaning = _inferred(name, profile)
    said = overrides.get(name, AttributeSettings())
    kind: AttributeType = said.type or meaning.type
    role: Role = said.role or ("axis" if said.axis else meaning.role)
    plain = axis_name(name)
    is_ignored = bool({plain, said.axis, meaning.axis} & ignored) and role != "unused"
    if is_ignored and (said.role is None or said.role == "axis"):
        role = "axis"
        kind = said.type or (AXES[plain][0].type if plain in AXES else _axis_type(kind))
    axis = (said.axis or meaning.axis or plain) if role == "axis" else ""
    return Attribute(name, kind, role, axis)


def _axis_type(kind: AttributeType) -> AttributeType:
    return "category" if kind in ("text", "code", "list", "image") else kind


def _inferred(name: str, profile: Profile) -> Meaning:
    named = _of_dimension(meaning_of(name), profile.dimension)
    if named and named.role == "unused":
        return named
    if not profile.n_known:
        return Meaning(name, named.type if named else "text", "unused")
    if profile.gtins >= ENOUGH_GTINS:
        return Meaning("gtin", "code", "code")
    if named and _fits(named, profile):
        return named
    if named and named.type == "quantity":
        return Meaning(name, "quantity", "identity")
    return _from_values(name, profile)


def _of_dimension(meaning: Meaning | None, dimension: str) -> Meaning | None:
    """Return the axis of what the values measure: a capacity of gigabytes is no volume."""
    is_capacity = meaning is not None and meaning.concept == "volume"
    return AXES[dimension][0] if is_capacity and dimension in AXES else meaning


def _fits(meaning: Meaning, profile: Profile) -> bool:
    if meaning.role == "axis":
        return _fits_axis(meaning, profile)
    if meaning.concept == "year":
        return profile.numbers > 0.5
    if meaning.concept == "gtin":
        return profile.mean_words < 3
    if meaning.concept == "category":
        return profile.mean_words < LONG_WORDS
    return not (meaning.concept == "image" and max(profile.urls, profile.images) < 0.5)


def _fits_axis(meaning: Meaning, profile: Profile) -> bool:
    if profile.mean_words > 8:
        return False
    if meaning.type != "quantity":
        return True
    # The length of a song in seconds is no axis: nearly every value is another, without a unit.
    return profile.quantities >= 0.5 or profile.unique_share < 0.05 or profile.n_unique <= 30


def _from_values(name: str, profile: Profile) -> Meaning:
    if profile.images >= 0.5:
        return Meaning(name, "image", "media")
    if profile.urls >= 0.5:
        return Meaning(name, "text", "offer")
    if profile.numbers >= 0.9:
        return Meaning(name, "number", "identity")
    if profile.quantities >= 0.8 and profile.mean_words <= 3:
        return Meaning(name, "quantity", "identity")
    if profile.mean_words < 8 and profile.n_unique <= max(30, profile.n_known // 50):
        return Meaning(name, "category", "identity")
    return Meaning(name, "text", "identity")


def _check_axes(attributes: tuple[Attribute, ...]) -> None:
    axes = {attribute.axis for attribute in attributes if attribute.axis}
    if len(axes) > MAX_AXES:
        raise SettingsError(
            f"settings.attributes: at most {MAX_AXES} axes, got {len(axes)}. Give some of the "
            "columns another role."
        )


def main_title(schema: Schema) -> str:
    """Return the column of the main text: the one named so, else the first text; or ``""``."""
    texts = [a.name for a in schema.attributes if a.type == "text" and a.role == "identity"]
    for name in texts:
        meaning = meaning_of(name)
        if meaning and meaning.concept == "title":
            return name
    plain = [name for name in texts if not is_description(name)]
    return (plain or texts or [""])[0]


def is_description(name: str) -> bool:
    """Return whether a column name says that it holds long text."""
    meaning = meaning_of(name)
    return meaning is not None and meaning.concept == "description"


def is_long(texts: pa.StringArray) -> bool:
    """Return whether the values are descriptions, going by their mean length."""
    mean = pc.mean(pc.utf8_length(texts)).as_py()
    return mean is not None and mean > LONG_CHARACTERS
