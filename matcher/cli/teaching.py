"""The commands of people's answers: asking for them, checking them, learning from them.

Each reads its arguments, calls the library once, and shows the result.
"""

# ruff: noqa: FBT002 - the parameters of a command are its flags

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options as opt
from matcher.cli.progress import shown_progress
from matcher.cli.screen import out as stdout


def label(
    catalogue: opt.Inputs,
    labels: opt.AnswerFile,
    settings: opt.SettingsFile = None,
    id_column: opt.IdColumn = None,
    source: opt.SourceColumn = None,
    ignore: opt.Ignore = None,
    model: opt.ModelFolder = None,
    link: opt.Linked = False,
    port: opt.Port = 0,
    no_browser: opt.NoBrowser = False,
    terminal: opt.Terminal = False,
    pictures: opt.WebPictures = False,
) -> None:
    """Answer questions about pairs, on a page in the browser or in the terminal.

    Asks first what teaches the model most, learns from the answers meanwhile, and writes each into
    the label file at once; a file that exists is continued.  Of one catalogue, or of two tables:
    matcher label LEFT RIGHT --link.  The page needs matcher[label].
    """
    from matcher.cli.label import PageOptions, label_catalogue

    chosen = opt.make_settings(settings, id=id_column, source=source, ignore=ignore)
    page = PageOptions(port, opens_browser=not no_browser, web_pictures=pictures)
    label_catalogue(catalogue, labels, chosen, model, None if terminal else page, is_link=link)


def labels(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Labels, of matcher or of another tool.")
    ],
    catalogue: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CATALOGUE...", help="The records that they are about.", show_default=False
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="TOOL",
            help="findmatches, magellan, dedupe, zingg or matcher.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="File for the tool.", show_default=False),
    ] = None,
    id_column: opt.IdColumn = None,
    source: opt.SourceColumn = None,
) -> None:
    """Check labels, and write them for another tool.

    Lists every contradiction with its rows, and exits with 1 if there is one.
    """
    from matcher.cli.labels import show_labels

    chosen = opt.make_settings(None, id=id_column, source=source)
    if not show_labels(file, catalogue, to, out, chosen):
        raise typer.Exit(1)


def sample(
    result: Annotated[
        Path,
        typer.Argument(metavar="RESULT", help="Folder that dedupe, link or update wrote."),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE",
            help="CSV or Parquet file, to be answered in its column relation.",
            show_default=False,
        ),
    ],
    n: Annotated[int, typer.Option("--n", metavar="NUMBER", min=1, help="How many pairs.")] = 200,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the draws.")] = 0,
) -> None:
    """Draw pairs at random for a person to label.

    Write exact, variant, different or unsure into the column relation, then give the file to
    evaluate --labels.
    """
    from matcher import pipeline
    from matcher.output import check_file, write_frame

    check_file(out)
    drawn = pipeline.sample(result, n, seed)
    write_frame(drawn, out)
    stdout().print(
        f"{len(drawn):,} pairs are in {out}; fill its column relation with exact, variant, "
        f"different or unsure, then: matcher evaluate {result} --labels {out}",
        soft_wrap=True,
    )


def train(
    catalogue: opt.Inputs,
    labels: opt.GivenLabels,
    out: opt.ModelOut,
    valid: opt.Valid = None,
    from_scratch: opt.FromScratch = False,
    no_context: opt.NoContext = False,
    new_products: opt.NewProducts = False,
    settings: opt.SettingsFile = None,
    id_column: opt.IdColumn = None,
    source: opt.SourceColumn = None,
    memory: opt.Memory = None,
) -> None:
    """Learn a model from labelled pairs.

    Of one catalogue, or of two tables: matcher train LEFT RIGHT.
    """
    from matcher import pipeline
    from matcher.cli.show import say_over_memory

    chosen = opt.make_settings(settings, id=id_column, source=source, memory=memory)
    chosen = replace(
        chosen,
        context=chosen.context and not no_context,
        new_products=chosen.new_products or new_products,
    )
    with shown_progress() as progress:
        model = pipeline.train(
            catalogue,
            labels,
            settings=chosen,
            valid=valid,
            from_scratch=from_scratch,
            progress=progress,
        )
        model.save(out)
    say_over_memory(chosen)
    stdout().print(f"The model is in {out}; give it to --model.")


def tune_encoder(
    catalogue: opt.Inputs,
    labels: opt.GivenLabels,
    encoder: Annotated[
        str,
        typer.Option(
            "--encoder",
            metavar="PATH",
            help="Path or hub name of the sentence-transformers model to start from.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="DIR",
            help="Folder for the encoder: new, empty, or an older one, which is replaced.",
            show_default=False,
        ),
    ],
    settings: opt.SettingsFile = None,
    id_column: opt.IdColumn = None,
    source: opt.SourceColumn = None,
) -> None:
    """Tune a semantic encoder on labelled pairs.

    Runs on the CPU, for minutes.  Needs matcher[semantic].
    """
    from matcher import pipeline
    from matcher.cli.show import show_tuning

    chosen = opt.make_settings(settings, id=id_column, source=source)
    with shown_progress() as progress:
        report = pipeline.tune_encoder(
            catalogue, labels, encoder=encoder, out=out, settings=chosen, progress=progress
        )
    show_tuning(report)
