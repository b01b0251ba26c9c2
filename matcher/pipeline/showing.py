"""Show pairs of a catalogue to a person who labels them."""

import glob
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matcher.explanation import Case, Offer, find_reasons
from matcher.labelling import LabelTable, find_records, name_sources
from matcher.labelling.answers import Answer
from matcher.labelling.pictures import MOST_PICTURES, find_picture, is_address, split_pictures
from matcher.labelling.view import (
    FieldView,
    ModelView,
    PairView,
    PictureView,
    SideView,
    clean,
    mark_differences,
    view_field,
    without_markup,
)
from matcher.pipeline.offers import read_offers
from matcher.pipeline.stages import Prepared
from matcher.records import comparison_table, find_concepts, merged_columns, read_ids
from matcher.types import Attribute, Catalogue, Schema

MOST_FIELDS = 40
"""Attributes that are shown of a pair."""

MOST_CHOICES = 9
"""Attributes that a variant may be said to differ in: each has a key, 1 to 9."""

MOST_REASONS = 6
"""Reasons that are told after an answer."""

_ORDER = ("axis", "identity", "code", "offer", "media", "unused")
_Probabilities = Callable[[int, int], NDArray[np.float64]]


class Showcase:
    """Shows pairs of rows of one catalogue.

    Parameters
    ----------
    catalogue, prepared : Catalogue, Prepared
        The catalogue as it came in and as it was parsed.
    probabilities : Callable
        What the model says of two rows: exact, variant, different, (3,).
    """

    def __init__(
        self,
        catalogue: Catalogue,
        prepared: Prepared,
        *,
        probabilities: _Probabilities,
    ) -> None:
        schema, records = prepared.schema, prepared.records
        self._catalogue, self._records, self._ignoring = catalogue, records, prepared.ignoring
        self._probabilities = probabilities
        self._compared = comparison_table(catalogue)
        concepts = find_concepts(schema.attributes, merged_columns(catalogue))
        self._concepts = concepts
        names = set(self._compared.column_names)
        self._title = next((name for name in concepts.get("title", ()) if name in names), "")
        self._shown = sorted(_shown(schema, names - {self._title}), key=_place)
        self._pictures = [
            one.name for one in schema.attributes if one.type == "image" and one.name in names
        ]
        self._number = np.full(catalogue.table.num_rows, -1, np.int64)
        self._number[records.rows] = np.arange(len(records))
        self._sources = name_sources(records)
        self._folders = [_folders(name) for name in catalogue.names]

    def view(self, left: int, right: int) -> PairView:
        """Return two rows side by side."""
        values = [self._values(row) for row in (left, right)]
        titles = mark_differences(*(clean(each.get(self._title)) for each in values))
        sides = [
            SideView(clean(name), clean(source), title, tuple(self._addresses(row, each)))
            for row, each, title, (name, source) in zip(
                (left, right), values, titles, map(self.name, (left, right)), strict=True
            )
        ]
        fields: list[FieldView] = []
        for attribute in self._shown:
            texts = [clean(without_markup(each[attribute.name] or "")) for each in values]
            if any(texts) and len(fields) < MOST_FIELDS:
                fields.append(view_field(clean(attribute.name), *texts))
        choices, guessed = self._choices(left, right, fields)
        return PairView(sides[0], sides[1], tuple(fields), choices, guessed)

    def judge(self, left: int, right: int) -> ModelView:
        """Return what the model makes of two rows, and what speaks for and against it."""
        numbers = [int(self._number[row]) for row in (left, right)]
        exact, variant, different = (float(each) for each in self._probabilities(left, right))
        offers = read_offers(
            self._catalogue.table, self._compared, self._records, self._concepts, numbers
        )
        reasons = find_reasons(self._case(offers))[:MOST_REASONS]
        return ModelView(
            (exact, variant, different),
            tuple((reason.favours, clean(reason.text)) for reason in reasons),
        )

    def picture(self, row: int, nth: int) -> Path | None:
        """Return the file of a picture of a row, if it is inside the folder of the catalogue."""
        if not 0 <= row < len(self._number):
            return None
        named = self._named_pictures(self._values(row))
        if not 0 <= nth < len(named) or is_address(named[nth]):
            return None
        return find_picture(named[nth], self._folders[self._catalogue.parts[row]])

    def name(self, row: int) -> tuple[str, str]:
        """Return the id of a row and its source, or its table; empty where the id says enough."""
        number = self._number[row]
        return str(self._records.ids[number]), str(self._sources[number])

    def find(self, answers: Sequence[Answer]) -> list[tuple[int, int] | None]:
        """Return the rows of each answer, the first one first; None where they are not here."""
        sides = ("left_id", "right_id", "left_source", "right_source")
        left_id, right_id, left_source, right_source = (
            pa.array([getattr(answer, side) for answer in answers], pa.string()) for side in sides
        )
        relation = pa.array([answer.relation for answer in answers], pa.string())
        rows = np.arange(len(answers))
        table = LabelTable(
            left_id, right_id, relation, left_source, right_source, rows, "labels", ()
        )
        found: list[tuple[int, int] | None] = []
        for numbers in zip(*find_records(table, self._records), strict=True):
            first, second = sorted(
                int(self._records.rows[number]) if number >= 0 else -1 for number in numbers
            )
            found.append((first, second) if 0 <= first < second else None)
        return found

    def _values(self, row: int) -> dict[str, Any]:
        found = self._compared.slice(row, 1)  # what is spelt as missing is None
        return {name: read_ids(found, [name])[0].as_py() for name in found.column_names}

    def _case(self, offers: list[Offer]) -> Case:
        left, right = offers
        ignored = self._ignoring.of_records[[left.number, right.number]]
        told = frozenset(
            name for concept in ("title", "brand") for name in self._concepts.get(concept, ())
        )
        return Case(self._records, left, right, int(ignored[0] & ignored[1]), told)

    def _choices(
        self, left: int, right: int, fields: list[FieldView]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the attributes that a variant may differ in, and those that differ here."""
        pair = [np.array([self._number[row]], np.int32) for row in (left, right)]
        axes = [axis for axis in self._records.axes if self._records.differs(axis, *pair)[0]]
        state = {one.name: one.state for one in fields}
        # A column of an axis goes by the name of the axis.
        known = {one.name: one.axis for one in self._shown if one.axis in self._records.axes}
        others = [
            one.name
            for one in self._shown
            if one.name not in known
            and one.role in ("axis", "identity")
            and one.type != "text"
            and state.get(one.name) == "differs"
        ]
        declared = [one.name for one in self._shown if one.role == "axis" and one.name not in known]
        chosen = tuple(dict.fromkeys((*self._records.axes, *declared, *others)))[:MOST_CHOICES]
        differing = {*axes, *(name for name in declared if state.get(name) == "differs")}
        return chosen, tuple(name for name in chosen if name in differing)

    def _named_pictures(self, values: Mapping[str, Any]) -> list[str]:
        named = [
            part
            for name in self._pictures
            if values.get(name) is not None
            for part in split_pictures(str(values[name]))
        ]
        return named[:MOST_PICTURES]

    def _addresses(self, row: int, values: Mapping[str, Any]) -> Iterator[PictureView]:
        """Yield the pictures of a row: those on the net, and the files that are there."""
        folders = self._folders[self._catalogue.parts[row]]
        for nth, named in enumerate(self._named_pictures(values)):
            if is_address(named):
                yield PictureView(named, is_remote=True)
            elif find_picture(named, folders):
                yield PictureView(f"/picture/{row}/{nth}", is_remote=False)


def _shown(schema: Schema, names: set[str]) -> list[Attribute]:
    return [one for one in schema.attributes if one.name in names and one.type != "image"]


def _place(attribute: Attribute) -> tuple[bool, int]:
    """Return where an attribute stands: options first, texts such as descriptions last."""
    return attribute.type == "text", _ORDER.index(attribute.role)


def _folders(name: str) -> tuple[Path, ...]:
    """Return the folder of an input, to which its pictures are relative; none of a data frame."""
    path = Path(name)
    if path.is_dir():
        return (path,)
    if path.is_file():
        return (path.parent,)
    if glob.has_magic(name):
        plain = list(path.parts[:-1])
        while any(glob.has_magic(part) for part in plain):
            plain.pop()
        return (Path(*plain),)
    return ()
