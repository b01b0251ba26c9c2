"""The command line as a whole."""

# ruff: noqa: FBT002 - the parameters of a command are its flags

from typing import Annotated

import typer

import matcher
from matcher.cli import answers, jobs, teaching
from matcher.cli.screen import out as stdout

app = typer.Typer(
    name="matcher",
    help="Find the same products in catalogues: duplicate groups and variant families.",
    epilog="Exit status: 0 done, 1 a stated gate failed, 2 your mistake, 3 our bug.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001 - the signature that typer calls
    if asked:
        stdout().print(f"matcher {matcher.__version__}")
        raise typer.Exit


@app.callback()
def _global_options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", help="Show the traceback of an error; MATCHER_DEBUG=1 does too."),
    ] = False,
) -> None:
    pass


COMMANDS = (
    *(jobs.demo, jobs.inspect, jobs.dedupe, jobs.link, jobs.update, jobs.tune),
    *(teaching.label, teaching.labels, teaching.sample, teaching.train, teaching.tune_encoder),
    *(answers.score, answers.evaluate, answers.search, answers.explain, answers.export),
)
"""All commands, in the order in which the help shows them."""

for _command in COMMANDS:
    app.command()(_command)
