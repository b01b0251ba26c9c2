"""Find the values of axes in one title: what `options` does for all titles of a catalogue."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from matcher.records.axes import form_of_tokens
from matcher.records.colors import closing_colors, title_colors
from matcher.records.lexicon import SPACES
from matcher.records.lore import AxisLore, Lore, Meant
from matcher.records.options import CONNECTORS, LONGEST, is_bare_word, synonyms
from matcher.records.quantities import parse_quantity
from matcher.records.sizes import LABELS, letter_sizes


@dataclass(frozen=True, slots=True)
class Named:
    """A value that a title names.

    Attributes
    ----------
    start : int
        Its first token.
    tokens : tuple[str, ...]
        Its tokens.
    meant : Meant
        What they mean.
    """

    start: int
    tokens: tuple[str, ...]
    meant: Meant

    @property
    def axis(self) -> str:
        """The axis that it is a value of."""
        return self.meant[0]


@dataclass(frozen=True, slots=True)
class Options:
    """Finds options, ready for one catalogue.

    Attributes
    ----------
    axes : Mapping[str, AxisLore]
        The axes by name.
    phrases : Mapping[tuple[str, ...], Meant]
    others : Mapping[Meant, Mapping[str, str]]
        As in `Lore`.
    amounts : Mapping[str, str]
        Axes whose amounts any title may name, by dimension.
    brands : Mapping[tuple[int, str], str]
        Brands by the number of their words and these joined.
    """

    axes: Mapping[str, AxisLore]
    phrases: Mapping[tuple[str, ...], Meant]
    others: Mapping[Meant, Mapping[str, str]]
    amounts: Mapping[str, str]
    brands: Mapping[tuple[int, str], str]

    @classmethod
    def of(cls, lore: Lore) -> "Options":
        """Make ready what a catalogue taught."""
        taught = ("color", "size")
        dimensions = (a.name for a in lore.axes if a.name not in taught and not a.is_taught)
        return cls(
            axes={axis.name: axis for axis in lore.axes},
            phrases=lore.phrases,
            others=lore.others,
            amounts={name: name for name in dimensions},
            brands={(b.count(" ") + 1, b.replace(" ", "")): b for b in lore.brands or ()},
        )

    def find(
        self, title: Sequence[str], right: Sequence[str], columns: Mapping[str, str]
    ) -> list[Named]:
        """Return the value of each axis that a title names and no column.

        Parameters
        ----------
        title, right : Sequence[str]
            Tokens, and their right spellings.
        columns : Mapping[str, str]
            What columns say of the axes.
        """
        words = [_canonical(token) for token in right]
        matches, n_before = _accept(_uncovered(self._matches(title, words)), title, self.axes)
        for axis in self.axes.values():
            if not axis.is_taught:
                mine = [each for each in matches if each.axis == axis.name]
                at_end = [each for each in mine if axis.closing and each.start >= n_before]
                if len({each.meant for each in mine}) > 1 or any(each.meant[2] for each in mine):
                    is_told = len({each.meant for each in at_end}) == 1 and not at_end[0].meant[2]
                    others = [each for each in matches if each.axis != axis.name]
                    matches = others + (at_end if is_told else [])
        chosen = {m.axis: m for m in matches if m.axis in self.axes and m.axis not in columns}
        return [*self._share(chosen, matches, columns).values()]

    def _matches(self, title: Sequence[str], words: Sequence[str]) -> Iterator[Named]:
        """Yield the longest value that starts at each token."""
        for start in range(len(words)):
            for size in range(min(LONGEST, len(words) - start), 0, -1):
                meant = self.phrases.get(tuple(words[start : start + size]))
                meant = meant or self._lexical(title[start : start + size])
                if meant is not None:
                    yield Named(start, tuple(title[start : start + size]), meant)
                    break

    def _lexical(self, tokens: Sequence[str]) -> Meant | None:
        """Return what tokens mean in titles of any catalogue."""
        phrase, color, size = " ".join(tokens), self.axes.get("color"), self.axes.get("size")
        form = title_colors().get(phrase) or closing_colors().get(phrase)
        if form and color and not (color.is_taught and len(tokens) > 1):
            return "color", form, color.is_taught
        if len(tokens) > 1:
            return None
        if size is not None and size.has_lexicon and phrase in letter_sizes():
            return "size", letter_sizes()[phrase], False
        quantity = parse_quantity(phrase) if phrase[:1].isdigit() else None
        if quantity is None or quantity.unit.symbol in SPACES:
            return None
        axis = self.amounts.get(quantity.unit.dimension)
        return None if axis is None else (axis, form_of_tokens(phrase, "quantity"), False)

    def _share(
        self, chosen: dict[str, Named], matches: Sequence[Named], columns: Mapping[str, str]
    ) -> dict[str, Named]:
        """Return what was chosen, with values left over given to other axes that have them."""
        forms: dict[str, Meant] = {axis: (axis, form, False) for axis, form in columns.items()}
        forms |= {axis: each.meant for axis, each in chosen.items()}
        every = dict(chosen)
        for meant, elsewhere in self.others.items():
            left = [m for m in matches if m.meant == meant and forms.get(meant[0]) != meant]
            for other, form in elsewhere.items():
                if left and other not in forms:
                    given = Named(left[-1].start, left[-1].tokens, (other, form, False))
                    forms[other], every[other] = given.meant, given
        return every


def _canonical(word: str) -> str:
    """Return the canonical spelling of a word, as `options.canonical_words` does."""
    return synonyms()[0].get(word, word) if len(word) > 2 else word


def _uncovered(matches: Iterator[Named]) -> list[Named]:
    """Return the matches that do not start inside an earlier one: "blue" of "navy blue" goes."""
    kept, reach = [], 0
    for each in matches:
        if each.start >= reach:
            kept.append(each)
        reach = max(reach, each.start + len(each.tokens))
    return kept


def _accept(
    matches: Sequence[Named], title: Sequence[str], axes: Mapping[str, AxisLore]
) -> tuple[list[Named], int]:
    """Return the matches without what outside a title's options may be anything.

    Options at the end go before others, later ones before earlier ones: the last is taken.
    And the number of tokens before the options at the end.
    """
    inside = {each.start + step for each in matches for step in range(len(each.tokens))}
    others = (
        place
        for place, token in enumerate(title)
        if place not in inside and token not in CONNECTORS
    )
    last = max(others, default=-1)
    kept = [
        each
        for each in matches
        if len(each.tokens) > 1
        or not (_is_bare(each, axes) or _is_closing(each, axes))
        or each.start > last
        or (each.start > 0 and title[each.start - 1] in LABELS)
    ]
    return sorted(kept, key=lambda each: (each.start > last, each.start)), last + 1


def _is_bare(named: Named, axes: Mapping[str, AxisLore]) -> bool:
    """Return whether a word is a number or a letter that the catalogue uses as nothing."""
    word = named.tokens[0]
    return is_bare_word(word) and word not in axes[named.axis].anywhere


def _is_closing(named: Named, axes: Mapping[str, AxisLore]) -> bool:
    """Return whether a word is a color at the end of a title only: nothing teaches it."""
    return named.tokens[0] in axes[named.axis].closing
