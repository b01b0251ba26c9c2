"""What a result keeps of its records, so that an update need not read them all again."""

import json
from pathlib import Path

import matcher
from matcher.output.stored import Stored, open_stored, write_stored
from matcher.output.write import KEPT_FOLDER

KEPT_FORMAT = 3
FACTS_FILE = "kept.json"


def write_kept(stored: Stored, folder: Path) -> None:
    """Write what is kept into a result folder that is being made."""
    place = folder / KEPT_FOLDER
    place.mkdir()
    facts = {"format": KEPT_FORMAT, "version": matcher.__version__}
    write_stored(stored, place, FACTS_FILE, facts)


def read_kept(folder: Path) -> Stored | None:
    """Open what a result keeps; None where there is nothing that can be used.

    It may be damaged, or of another version of matcher, which reads values otherwise: an update
    that reads all records makes it again.
    """
    place = folder / KEPT_FOLDER
    try:
        facts = json.loads((place / FACTS_FILE).read_text("utf-8"))
        if facts["format"] != KEPT_FORMAT or facts["version"] != matcher.__version__:
            return None
        return open_stored(place, facts)
    except (OSError, ValueError, KeyError, TypeError):
        return None
