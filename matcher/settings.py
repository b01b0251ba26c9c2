"""Settings of a run: read once, strictly, from a TOML file or from arguments."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypedDict

from matcher.errors import SettingsError, nearest
from matcher.memory import read_bytes
from matcher.types import ATTRIBUTE_TYPES, ROLES, AttributeType, Role

DEFAULT_IGNORE = ("color", "size")

PAIRS_PER_RECORD = 10
"""Usual budget of candidate pairs; see docs/decisions/0002-blocking.md."""


@dataclass(frozen=True, slots=True)
class AttributeSettings:
    """What the user says of one column; an empty field is inferred.

    Attributes
    ----------
    type : AttributeType | None
        How values are parsed and compared.
    role : Role | None
        What the attribute may decide.
    axis : str
        The axis that it fills, where it is one.
    """

    type: AttributeType | None = None
    role: Role | None = None
    axis: str = ""


@dataclass(frozen=True, slots=True)
class IgnoreByCategory:
    """What is ignored for products of single categories, in place of the general `ignore`.

    An axis is ignored for a pair if it is for the categories of both records.

    Attributes
    ----------
    column : str
        Column of the category; empty for the inferred one.
    values : Mapping[str, Sequence[str]]
        What is ignored for each category, which is compared whole, without regard to case and to
        spaces around it. Records of other categories, or of none, follow the general `ignore`.
    """

    column: str = ""
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BlockingSettings:
    """How candidate pairs are proposed.

    Attributes
    ----------
    pairs_per_record : int | None
        Budget of candidate pairs per record (per left record when linking); None takes what
        `accuracy_to_cost` says.
    max_block : int
        A key that more records than this share is purged and named in the report.
    blockers : tuple[str, ...]
        Names of the blockers; empty chooses by the size of the catalogue.
    encoder : str
        Path or hub name of a sentence-transformers model; empty for the lexical encoder.
    encoder_weight : float
        Weight of the semantic vectors beside the lexical ones, 0 to 1.
    encoder_cache : str
        Folder in which the vectors of titles are kept from run to run; empty keeps none.
    """

    pairs_per_record: int | None = None
    max_block: int = 1000
    blockers: tuple[str, ...] = ()
    encoder: str = ""
    encoder_weight: float = 0.5
    encoder_cache: str = ""

    @property
    def budget(self) -> int:
        """Candidate pairs per record; the usual number where none is set."""
        return PAIRS_PER_RECORD if self.pairs_per_record is None else self.pairs_per_record


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run.

    Attributes
    ----------
    id, source : str
        Columns of the record id and of the source; empty for inferred.
    ignore : tuple[str, ...]
        Axes (or attributes that become axes) that may differ inside a family.
    ignore_by_category : IgnoreByCategory
        What is ignored for single categories instead.
    at_most_one_per_source : bool
        A duplicate group holds at most one record of each source.
    one_to_one : bool
        When linking, a record matches at most one record of the other table.
    threshold_exact, threshold_family : float | None
        Probabilities from which a pair is exact, and from which it is exact or variant; None takes
        those of the model, moved by `precision_to_recall`.
    precision_to_recall : float
        From almost no wrong group, 0, to missing almost nothing, 1.
    accuracy_to_cost : float
        From many candidates per record, 0, to few, 1.
    attributes : Mapping[str, AttributeSettings]
        What the user says of single columns.
    blocking : BlockingSettings
        How candidate pairs are proposed.
    context : bool
        Of `train` alone: whether a model compares a pair also with the other candidates of its
        records. Without, what it says of a pair does not depend on which others are candidates.
    new_products : bool
        Of `train` alone: whether the model is for products that its labels do not name.
    seed : int
        Of everything random.
    threads : int
        Worker threads; 0 takes all cores.
    memory : int
        Bytes that a run is to keep to: large arrays lie in temporary files and chunks are smaller
        where that is less than it would take; 0 is no limit.  The result does not depend on it.
        As an argument and in files also a text such as ``"8GB"``, ``"800MB"`` or ``"2.5GiB"``.
    """

    id: str = ""
    source: str = ""
    ignore: tuple[str, ...] = DEFAULT_IGNORE
    ignore_by_category: IgnoreByCategory = field(default_factory=IgnoreByCategory)
    at_most_one_per_source: bool = False
    one_to_one: bool = False
    threshold_exact: float | None = None
    threshold_family: float | None = None
    precision_to_recall: float = 0.5
    accuracy_to_cost: float = 0.5
    attributes: Mapping[str, AttributeSettings] = field(default_factory=dict)
    blocking: BlockingSettings = field(default_factory=BlockingSettings)
    context: bool = True
    new_products: bool = False
    seed: int = 0
    threads: int = 0
    memory: int = 0


class Overrides(TypedDict, total=False):
    """Fields of `Settings` that a job takes as arguments of its own."""

    id: str
    source: str
    ignore: Sequence[str]
    ignore_by_category: IgnoreByCategory | Mapping[str, Sequence[str]]
    at_most_one_per_source: bool
    one_to_one: bool
    threshold_exact: float | None
    threshold_family: float | None
    precision_to_recall: float
    accuracy_to_cost: float
    attributes: Mapping[str, AttributeSettings]
    blocking: BlockingSettings
    context: bool
    new_products: bool
    seed: int
    threads: int
    memory: int | str


def override(settings: Settings | None, given: Overrides) -> Settings:
    """Return the settings (None: the usual ones) with single fields replaced, checked.

    Raises
    ------
    SettingsError
        A field is unknown or has an impossible value.

    Examples
    --------
    >>> override(None, {"ignore": ["color"]}).ignore
    ('color',)
    """
    values: dict[str, Any] = dict(given)
    if isinstance(values.get("ignore"), str):
        raise SettingsError(
            f"ignore: must be a list of names, got the text {values['ignore']!r}. "
            f"Write [{values['ignore']!r}]."
        )
    nested = {name: values.pop(name) for name in _TABLES if name in values}
    unset = {name: values.pop(name) for name in list(values) if values[name] is None}
    if "ignore" in values:
        values["ignore"] = list(values["ignore"])
    checked = _checked(values, _CHECKS, "arguments", [*_CHECKS, *_TABLES])
    chosen = replace(settings or Settings(), **checked, **nested, **unset)
    by_category = _by_category(chosen.ignore_by_category, "ignore_by_category")
    return replace(chosen, ignore_by_category=by_category)


def load_settings(path: str | Path) -> Settings:
    """Return the settings of a TOML file.

    Parameters
    ----------
    path : str | Path
        File such as `matcher inspect --out matcher.toml` writes; names are those of `Settings`,
        with tables ``[ignore_by_category]``, ``[blocking]`` and ``[attributes.COLUMN]``.

    Raises
    ------
    SettingsError
        The file is missing or no TOML, a name is unknown, or a value is of the wrong kind.
    """
    path = Path(path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read, got {error}. Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not valid TOML, {error}. Correct that line.") from error
    return settings_of(table, str(path))


def settings_of(table: Mapping[str, Any], path: str) -> Settings:
    """Return the settings that a table of plain values holds; `path` is named in errors.

    Raises
    ------
    SettingsError
        A name is unknown, or a value is of the wrong kind.
    """
    given = dict(table)
    attributes = given.pop("attributes", {})
    blocking = given.pop("blocking", {})
    by_category = given.pop("ignore_by_category", {})
    values = _checked(given, _CHECKS, path, [*_CHECKS, *_TABLES])
    where = f"{path}: [attributes]"
    _expect_table(attributes, where)
    return Settings(
        **values,
        ignore_by_category=_load_by_category(by_category, f"{path}: [ignore_by_category]"),
        attributes={
            name: AttributeSettings(
                **_checked(said, _ATTRIBUTE_CHECKS, f"{path}: [attributes.{name}]")
            )
            for name, said in attributes.items()
        },
        blocking=BlockingSettings(**_checked(blocking, _BLOCKING_CHECKS, f"{path}: [blocking]")),
    )


def _load_by_category(table: Any, where: str) -> IgnoreByCategory:
    checks = {"column": _TEXT, "values": _CATEGORIES}
    return _by_category(IgnoreByCategory(**_checked(table, checks, where)), where)


def _by_category(given: Any, where: str) -> IgnoreByCategory:
    """Return what is ignored by category, checked, with tuples of names."""
    if isinstance(given, Mapping):
        given = IgnoreByCategory(values=given)
    if not isinstance(given, IgnoreByCategory) or not _is_categories(given.values):
        got = given.values if isinstance(given, IgnoreByCategory) else given
        raise SettingsError(f"{where}: values must be {_CATEGORIES.legal}, got {got!r}.")
    folded: dict[str, str] = {}
    for category in given.values:
        other = folded.setdefault(fold_category(category), category)
        if other != category:
            raise SettingsError(
                f"{where}: two values are one category, got {other!r} and {category!r}. Case and "
                "spaces around do not matter; remove one."
            )
    return replace(given, values={name: tuple(names) for name, names in given.values.items()})


def fold_category(category: str) -> str:
    """Return the form under which equal categories are equal.

    Examples
    --------
    >>> fold_category(" TELEVISIONS ") == fold_category("Televisions")
    True
    """
    return category.strip().casefold()


def _expect_table(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise SettingsError(f"{where}: must be a table of names and values, got {value!r}.")


def _checked(
    table: Any, checks: Mapping[str, "_Check"], where: str, known: Sequence[str] = ()
) -> dict[str, Any]:
    _expect_table(table, where)
    values = {}
    for name, value in table.items():
        check = checks.get(name)
        if check is None:
            names = list(known or checks)
            raise SettingsError(
                f"{where}: unknown setting {name!r}.{nearest(name, names)} "
                f"The settings are {', '.join(names)}."
            )
        if not check.accepts(value):
            raise SettingsError(f"{where}: {name} must be {check.legal}, got {value!r}.")
        values[name] = tuple(value) if isinstance(value, list) else value
        if check is _BYTES:
            values[name] = read_bytes(str(value))
    return values


@dataclass(frozen=True, slots=True)
class _Check:
    legal: str
    accepts: Callable[[Any], bool]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_share(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= 1


def _is_categories(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(category, str)
        and isinstance(names, list | tuple)
        and all(isinstance(name, str) for name in names)
        for category, names in value.items()
    )


def _whole(least: int) -> _Check:
    return _Check(
        f"a whole number of at least {least}",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least,
    )


def _choice(values: Sequence[str]) -> _Check:
    return _Check(f"one of {', '.join(values)}", lambda value: value in values)


_TEXT = _Check("a text in quotes", lambda value: isinstance(value, str))
_BYTES = _Check(
    "an amount such as 8GB, 800MB or 2.5GiB, or a number of bytes",
    lambda value: (
        str(value) == "0" or (isinstance(value, int | str) and read_bytes(str(value)) > 0)
    ),
)
_FLAG = _Check("true or false", lambda value: isinstance(value, bool))
_SHARE = _Check("a number from 0 to 1", _is_share)
_NAMES = _Check(
    "a list of names in quotes",
    lambda value: isinstance(value, list) and all(isinstance(name, str) for name in value),
)
_CATEGORIES = _Check("a table of categories and lists of names", _is_categories)
_TABLES = ("ignore_by_category", "attributes", "blocking")
_CHECKS = {
    "id": _TEXT,
    "source": _TEXT,
    "ignore": _NAMES,
    "at_most_one_per_source": _FLAG,
    "one_to_one": _FLAG,
    "threshold_exact": _SHARE,
    "threshold_family": _SHARE,
    "precision_to_recall": _SHARE,
    "accuracy_to_cost": _SHARE,
    "context": _FLAG,
    "new_products": _FLAG,
    "seed": _whole(0),
    "threads": _whole(0),
    "memory": _BYTES,
}
_BLOCKING_CHECKS = {
    "pairs_per_record": _whole(1),
    "max_block": _whole(2),
    "blockers": _NAMES,
    "encoder": _TEXT,
    "encoder_weight": _SHARE,
    "encoder_cache": _TEXT,
}
_ATTRIBUTE_CHECKS = {"type": _choice(ATTRIBUTE_TYPES), "role": _choice(ROLES), "axis": _TEXT}
