"""The index of a result: arrays and tables that are opened without being read."""

import hashlib
import json
from pathlib import Path

from matcher.errors import RecordsError
from matcher.output.stored import Stored, open_stored, write_stored
from matcher.output.write import FORMATS, INDEX_FOLDER, RUN_FILE, STATE_FILE, replaced_folder

INDEX_FORMAT = 4
FACTS_FILE = "index.json"


def fingerprint(folder: Path, version: str) -> str:
    """Return what tells whether an index belongs to the result of a folder.

    Parameters
    ----------
    folder : Path
        The result.
    version : str
        Of matcher, and of whatever else the index depends on.
    """
    parts = [str(INDEX_FORMAT), version, (folder / RUN_FILE).read_text("utf-8")]
    for name in (STATE_FILE, *(f"records.{ending}" for ending in FORMATS)):
        path = folder / name
        parts.append(str(path.stat().st_size) if path.is_file() else "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def write_index(folder: Path, stored: Stored, belongs_to: str) -> None:
    """Write the index of a result beside its files: all of it, or nothing.

    Raises
    ------
    SettingsError
        The place cannot be written.
    """
    with replaced_folder(folder / INDEX_FOLDER, check=lambda _: None) as new:
        facts = {"format": INDEX_FORMAT, "belongs_to": belongs_to}
        write_stored(stored, new, FACTS_FILE, facts)


def read_index(folder: Path, belongs_to: str) -> Stored | None:
    """Open the index of a result; None where there is none, or one of another result or version.

    Raises
    ------
    RecordsError
        A file of the index is damaged.
    """
    place = folder / INDEX_FOLDER
    try:
        facts = json.loads((place / FACTS_FILE).read_text("utf-8"))
        if facts["format"] != INDEX_FORMAT or facts["belongs_to"] != belongs_to:
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    try:
        return open_stored(place, facts)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecordsError(
            f"{place}: cannot be read, got {error}. Remove that folder; it is made again."
        ) from error
