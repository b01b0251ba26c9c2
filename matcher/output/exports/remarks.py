"""What an export could not write as it was found: counted, with a reason."""

from matcher.errors import first_three
from matcher.types import Notice

SINGLE = "They were written as single products."
MESSAGES = {
    "no_title": "products have no title. They were left out.",
    "no_varying_option": f"families have no known option in which their products differ. {SINGLE}",
    "missing_option": f"products lack an option in which their family varies. {SINGLE}",
    "same_options": f"products have the options of another one of their family. {SINGLE}",
    "default_option": "products lack an option in which their family varies. 'Default' is written.",
    "unsupported_axis": f"families vary by what the platform does not group by. {SINGLE}",
    "unusual_axis": "families vary by what has no usual theme. Check the names in the template.",
    "too_many_options": "families vary by more than three options. The last ones were joined.",
    "too_many_variants": "families have more variants than a product may have. They were split.",
    "unusable_id": "record ids are repeated, too long or missing. The match id is written instead.",
    "cut_text": "titles or descriptions are too long for the platform. They were cut.",
    "cut_option": "option values are too long for the platform. They were cut.",
    "missing_price": "products have no price. The field is empty.",
    "missing_currency": "products have a price without a currency. Add a currency column.",
    "missing_link": "products have no link to their page. The platform asks for one.",
    "missing_image": "products have no picture. The platform asks for one.",
    "missing_description": "products have no description. The platform asks for one.",
    "several_currencies": "products are priced in another currency than the first one. Convert it.",
}


class Remarks:
    """Counts what an export had to change or to leave out.

    Examples
    --------
    >>> remarks = Remarks("google")
    >>> remarks.add("no_title", "m-1")
    >>> remarks.notices()[0].message
    "google: 1 products have no title, first 'm-1'. They were left out."
    """

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self._found: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def add(self, kind: str, example: str) -> None:
        """Count one more product, family or value."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        examples = self._found.setdefault(kind, [])
        if len(examples) < 3:
            examples.append(example)

    def notices(self) -> tuple[Notice, ...]:
        """Return what was counted, one notice for each reason."""
        return tuple(
            Notice(kind, self._message(kind, count), count)
            for kind, count in sorted(self._counts.items())
        )

    def _message(self, kind: str, count: int) -> str:
        what, _, done = MESSAGES[kind].partition(". ")
        return f"{self.platform}: {count} {what}, first {first_three(self._found[kind])}. {done}"
