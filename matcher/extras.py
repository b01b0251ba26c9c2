"""The door to optional packages: says which command installs what is missing."""

from importlib import import_module
from types import ModuleType

from matcher.errors import MissingExtraError


def require(module: str, extra: str) -> ModuleType:
    """Import an optional package, or say how to install it.

    Parameters
    ----------
    module : str
        Name to import, such as ``"sentence_transformers"``.
    extra : str
        The extra of this distribution that brings it, such as ``"semantic"``.

    Raises
    ------
    MissingExtraError
        The package is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"{module}: this feature needs an optional package, got {error}. "
            f"Install it with: pip install 'matcher[{extra}]'"
        ) from error
