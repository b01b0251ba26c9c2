"""The tools, and the ways in which each is run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from benchmarks.compare.task import Found, Task

INSTALL = "pip install -e '.[bench]'"
NO_LABELS = "no labels"
WITH_LABELS = "with labels"


@dataclass(frozen=True, slots=True)
class Way:
    """A tool, as it is run.

    Attributes
    ----------
    tool : str
        The package.
    setup : str
        Tells the ways of a tool apart.
    case : str
        `NO_LABELS` or `WITH_LABELS`.
    function : str
        ``module:function`` in this folder, from a `Task` to what is `Found`.
    """

    tool: str
    setup: str
    case: str
    function: str

    @property
    def name(self) -> str:
        """What the way is called in results and on the command line of its process."""
        return f"{self.tool}, {self.setup}, {self.case}"

    def load(self) -> Callable[[Task], Found]:
        """Import the tool, and return its function."""
        module, function = self.function.split(":")
        return getattr(import_module(f"benchmarks.compare.{module}"), function)


WAYS = (
    Way("matcher", "a model that never saw the set", NO_LABELS, "use_matcher:link"),
    Way("splink", "expectation maximisation", NO_LABELS, "use_splink:link"),
    Way("splink", "the same, one-to-one", NO_LABELS, "use_splink:link_one_to_one"),
    Way(
        "goldenmatch",
        "zero configuration",
        NO_LABELS,
        "use_goldenmatch:link_without_configuration",
    ),
    Way("goldenmatch", "configured by hand", NO_LABELS, "use_goldenmatch:link"),
    Way("matcher", "trained from scratch", WITH_LABELS, "use_matcher:train_and_link"),
    Way("dedupe", "trained", WITH_LABELS, "use_dedupe:link"),
    Way("recordlinkage", "random forest", WITH_LABELS, "use_recordlinkage:link"),
)
TOOLS = tuple(dict.fromkeys(way.tool for way in WAYS))


def find_way(name: str) -> Way:
    """Return a way by its name."""
    return next(way for way in WAYS if way.name == name)


def choose_ways(names: Sequence[str]) -> list[Way]:
    """Return the ways of these tools (none: all) that are installed, and say which are not.

    Raises
    ------
    KeyError
        There is no tool of that name; the message names the nearest.
    """
    for name in names:
        if name not in TOOLS:
            near = get_close_matches(name, TOOLS, 1)
            hint = f" Did you mean {near[0]!r}?" if near else f" Use any of {', '.join(TOOLS)}."
            raise KeyError(f"tools: none has this name, got {name!r}.{hint}")
    wanted = [tool for tool in TOOLS if not names or tool in names]
    here = [tool for tool in wanted if installed_version(tool) is not None]
    for tool in wanted:
        if tool not in here:
            print(f"skipped {tool}: not installed, {INSTALL}", flush=True)
    return [way for way in WAYS if way.tool in here]


def installed_version(tool: str) -> str | None:
    """Return the version of a tool; None where it is not installed."""
    try:
        return version(tool)
    except PackageNotFoundError:
        return None
