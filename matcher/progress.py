"""How a run tells its caller where it is, without printing."""

from typing import Protocol


class Progress(Protocol):
    """Callback for the progress of a run; called from the caller's own thread.

    The command line draws bars with it; a library user may pass any function.
    """

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Report that `done` of `total` units of `stage` are finished.

        Parameters
        ----------
        stage : str
            Name of the stage, such as ``"blocking"``.
        done, total : int
            Units of that stage; `total` is 0 when it is not known yet.
        """


def silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""
