"""Parse one record as the run of a catalogue would have parsed it among the others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from matcher.records.axes import LONGEST_VALUE, form_of_tokens
from matcher.records.brands import LONGEST as LONGEST_BRAND
from matcher.records.brands import brand_form
from matcher.records.codes import parse_gtin
from matcher.records.keyed import keyed_values_of
from matcher.records.layout import (
    DESCRIPTION,
    holds_options,
    is_brand_column,
    is_identity_text,
    place_of_text,
)
from matcher.records.lore import Lore, Meant
from matcher.records.models import LONGEST as LONGEST_MODEL
from matcher.records.models import WINDOWS, code_models, models_in, squash
from matcher.records.names import AXES, concept_of
from matcher.records.newcomer_options import Options
from matcher.records.numeric import parse_number
from matcher.records.one_text import (
    canonical_token,
    joined_runs,
    known_value,
    normal_text,
    spelled,
    tokens_of,
)
from matcher.records.options import CONNECTORS
from matcher.records.quantities import parse_quantity
from matcher.records.text import DESCRIPTION_LIMIT, TITLE_LIMIT
from matcher.types import Attribute, AttributeType, Schema

Repair = Callable[[Sequence[str]], list[str]]
"""Returns the right spelling of each token."""

AreModels = Callable[[Sequence[str]], list[bool]]
"""Returns which squashed spellings are models of the catalogue."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a record.

    Attributes
    ----------
    attribute : Attribute
        What it is.
    text : str | None
        Normalised.
    raw, tokens : tuple[str, ...]
        Its tokens, as they stand there and as they are counted.
    value : float
        Its number, NaN where it has none.
    form : str
        Equal for equal values; empty where there is none.
    """

    attribute: Attribute
    text: str | None
    raw: tuple[str, ...]
    tokens: tuple[str, ...]
    value: float
    form: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Tokens, and the bits of the axes whose values they are."""

    tokens: tuple[str, ...]
    bits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One parsed record, its words spelled out.

    Attributes
    ----------
    cells : tuple[Cell, ...]
        In the order of the attributes, unused ones left out.
    title, short, whole : Marked
        The main text, that without descriptions, and all of the identity text.
    core, models : frozenset[str]
        As in `Records`.
    quantities : frozenset[tuple[str, float]]
        Dimensions and amounts.
    axes : Mapping[str, Meant]
        What is known of the axes.
    codes : Mapping[str, str]
        Normalised codes by kind.
    brand : str
        Its form, empty where unknown.
    """

    cells: tuple[Cell, ...]
    title: Marked
    short: Marked
    whole: Marked
    core: frozenset[str]
    models: frozenset[str]
    quantities: frozenset[tuple[str, float]]
    axes: Mapping[str, Meant]
    codes: Mapping[str, str]
    brand: str


@dataclass(frozen=True, slots=True)
class NewcomerParser:
    """Parses records one by one.

    Attributes
    ----------
    schema : Schema
        What the columns are.
    lore : Lore
        What the catalogue teaches.
    options : Options
        Finds options in titles.
    repair : Repair
        Knows slips of spelling.
    are_models : AreModels
        Knows the models of the catalogue.
    """

    schema: Schema
    lore: Lore
    options: Options
    repair: Repair
    are_models: AreModels

    def parse(self, values: Mapping[str, str | None]) -> Newcomer:
        """Parse the values of one record, by the names of the columns."""
        lore = self.lore
        used = [each for each in self.schema.attributes if each.role != "unused"]
        cells = [self._cell(each, values.get(each.name)) for each in used]
        keyed = [*self._keyed(cells)]
        texts = [cell for cell in self._in_order(cells) if cell.tokens]
        titles = [cell for cell in texts if cell.attribute.name == lore.title]
        title = titles[0].tokens if titles else ()
        options = [cell for cell in texts if holds_options(cell.attribute)]
        brand = self._brand(cells, title)
        brand_words = set(brand.split())
        named = [t for cell in (*titles, *options) for t in cell.tokens if t not in brand_words]
        right = dict(zip(*self._repaired({*title, *named}), strict=True))
        of_axes = [cell for cell in (*cells, *keyed) if cell.attribute.role == "axis"]
        axes, found = self._axes(of_axes, named, right)
        marks = [*((cell.attribute.axis, cell.tokens) for cell in of_axes), *found]
        places = {axis.name: bit for bit, axis in enumerate(lore.axes)}
        marked = [(places[axis], t) for axis, t in marks if t and axis in places]
        short = tuple(t for cell in texts if self._place(cell) < DESCRIPTION for t in cell.tokens)
        whole = tuple(t for cell in texts for t in cell.tokens)
        title_bits = _bits(title, marked)
        return Newcomer(
            cells=tuple(cells),
            title=Marked(title, title_bits),
            short=Marked(short, _bits(short, marked)),
            whole=Marked(whole, _bits(whole, marked)),
            core=_core(title, title_bits, brand_words, right),
            models=frozenset(self._models(self._in_order(cells))),
            quantities=frozenset(_quantities(whole, cells)),
            axes=axes,
            codes=self._codes(cells),
            brand=brand,
        )

    def _repaired(self, tokens: set[str]) -> tuple[list[str], list[str]]:
        listed = [*tokens]
        return listed, self.repair(listed)

    def _cell(self, attribute: Attribute, raw: str | None) -> Cell:
        limit = DESCRIPTION_LIMIT if attribute.name in self.lore.wide else TITLE_LIMIT
        text = normal_text(known_value(raw), limit)
        if text is None:
            return Cell(attribute, None, (), (), float("nan"), "")
        has_tokens = attribute.role not in ("media", "offer") and attribute.type != "number"
        pieces = tuple(tokens_of(spelled(text))) if has_tokens else ()
        tokens = tuple(map(canonical_token, pieces))
        value = self._value(attribute, text, tokens)
        return Cell(attribute, text, pieces, tokens, value, _form(attribute.type, text, pieces))

    def _value(self, attribute: Attribute, text: str, tokens: Sequence[str]) -> float:
        if attribute.type not in ("number", "quantity"):
            return float("nan")
        if attribute.type == "quantity":
            amounts = (amount for _, amount in _amounts(tokens))
            if (first := next(amounts, None)) is not None:
                return first
        return parse_number(text, self.lore.decimals.get(attribute.name, ""))

    def _keyed(self, cells: Sequence[Cell]) -> Iterator[Cell]:
        known = {axis.name for axis in self.lore.axes}
        for cell in cells:
            kind, role = cell.attribute.type, cell.attribute.role
            if cell.text is None or role != "identity" or kind not in ("text", "list", "category"):
                continue
            if not any(sign in cell.text for sign in (":", "=", " - ")):
                continue
            for axis, text in keyed_values_of(cell.text).items():
                if axis in known:
                    name, kind = f"{cell.attribute.name}: {axis}", AXES[axis][0].type
                    pieces = tuple(tokens_of(spelled(text)))
                    form = _form(kind, text, pieces)
                    tokens, missing = tuple(map(canonical_token, pieces)), float("nan")
                    named = Attribute(name, kind, "axis", axis)
                    yield Cell(named, text, pieces, tokens, missing, form)

    def _place(self, cell: Cell) -> int:
        is_wide = cell.attribute.name in self.lore.wide
        return place_of_text(cell.attribute, self.lore.title, is_description=is_wide)

    def _in_order(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return the cells that are part of the identity text, in its order."""
        return sorted(filter(self._is_text, cells), key=self._place)

    def _is_text(self, cell: Cell) -> bool:
        attribute = cell.attribute
        if attribute.role == "code":
            return concept_of(attribute.name) not in ("gtin", "sku") and not self._holds_gtins(
                attribute
            )
        return is_identity_text(attribute)

    def _holds_gtins(self, attribute: Attribute) -> bool:
        return attribute.name in self.lore.gtins

    def _brand(self, cells: Sequence[Cell], title: Sequence[str]) -> str:
        known = self.lore.brands
        if known is None:
            return ""
        text = next((c.text for c in cells if c.text and is_brand_column(c.attribute)), None)
        if text is not None and (form := brand_form(text)):
            return form
        for start in range(len(title)):
            for size in range(min(LONGEST_BRAND, len(title) - start), 0, -1):
                spelling = size, "".join(title[start : start + size])
                form = self.options.brands.get(spelling, "")
                if form and (start == 0 or known[form]):
                    return form
        return ""

    def _axes(
        self, cells: Sequence[Cell], named: Sequence[str], right: Mapping[str, str]
    ) -> tuple[dict[str, Meant], list[tuple[str, tuple[str, ...]]]]:
        """Return what is known of the axes, and the tokens of the texts that say it."""
        columns: dict[str, str] = {}
        for cell in cells:
            if cell.form:
                columns.setdefault(cell.attribute.axis, cell.form)
        found = self.options.find(named, [right[token] for token in named], columns)
        axes = {axis: (axis, form, False) for axis, form in columns.items()}
        axes |= {each.meant[0]: each.meant for each in found}
        return axes, [(each.meant[0], each.tokens) for each in found]

    def _models(self, cells: Sequence[Cell]) -> Iterator[str]:
        texts = [cell for cell in cells if cell.text is not None]
        joined = [cell for cell in texts if cell.attribute.type == "text"]
        own = {
            model for c in joined for run in joined_runs(c.text or "") for model in models_in(run)
        }
        codes = (cell.text for cell in texts if cell.attribute.role == "code")
        own.update(model for text in codes for model in code_models(text or ""))
        yield from own
        apart = [
            squashed
            for cell in joined
            for size in WINDOWS
            for start in range(len(cell.raw) - size + 1)
            if len((squashed := "".join(cell.raw[start : start + size])).encode()) <= LONGEST_MODEL
        ]
        known = self.are_models(apart)
        yield from (
            one for one, is_known in zip(apart, known, strict=True) if is_known or one in own
        )

    def _codes(self, cells: Sequence[Cell]) -> dict[str, str]:
        codes: dict[str, str] = {}
        for cell in cells:
            if cell.attribute.role != "code" or cell.text is None:
                continue
            if self._holds_gtins(cell.attribute):
                kind, code = "gtin", parse_gtin(cell.text).code
            elif concept_of(cell.attribute.name) != "sku":
                kind, code = "mpn", squash(cell.text)
            else:
                continue
            if code:
                codes.setdefault(kind, code)
        return codes


@lru_cache(maxsize=1 << 16)
def form_of_value(kind: AttributeType, text: str) -> str:
    """Return the form of a normalised value: equal where values are equal."""
    return _form(kind, text, ())


def _form(kind: AttributeType, text: str, pieces: Sequence[str]) -> str:
    if kind == "number":
        return ""  # numbers are equal where their values are
    if kind == "code":
        return squash(text) or text
    if kind in ("text", "image"):
        return text
    if not pieces:
        pieces = tokens_of(spelled(text))
    return form_of_tokens(" ".join(pieces), kind) or text


def _amounts(tokens: Sequence[str]) -> Iterator[tuple[str, float]]:
    for token in tokens:
        quantity = parse_quantity(token) if token[:1].isdigit() else None
        if quantity and quantity.amount:
            yield quantity.unit.dimension, quantity.base


def _quantities(whole: Sequence[str], cells: Sequence[Cell]) -> Iterator[tuple[str, float]]:
    yield from _amounts(whole)
    for cell in cells:
        if cell.attribute.type == "quantity":
            yield from _amounts(cell.tokens)


def _bits(text: Sequence[str], marked: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[int, ...]:
    """Return the axis bits of tokens, as `axes.mark_values` does."""
    bits = [0] * len(text)
    for bit, value in marked:
        wanted = list(value[:LONGEST_VALUE])
        for start in range(len(text) - len(wanted) + 1):
            if text[start] == wanted[0] and list(text[start : start + len(wanted)]) == wanted:
                for place in range(start, start + len(wanted)):
                    bits[place] |= 1 << bit
    return tuple(bits)


def _core(
    title: Sequence[str], bits: Sequence[int], brand: set[str], right: Mapping[str, str]
) -> frozenset[str]:
    kept = [token for token, bit in zip(title, bits, strict=True) if not bit]
    bare = [token for token in kept if token not in brand and token not in CONNECTORS]
    return frozenset(right[token] for token in bare or kept)
