"""The commands that make a result, or change one.

Each reads its arguments, calls the library once, and shows the result.
"""

# ruff: noqa: FBT002 - the parameters of a command are its flags

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from matcher.beside import second_thread
from matcher.cli import options as opt
from matcher.cli.progress import shown_progress
from matcher.cli.screen import out as stdout


def demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the result.")
    ] = Path("matcher-demo"),
) -> None:
    """Deduplicate the example catalogue of the package.

    Some hundred made-up offers of five sellers.  Their truth is known, so the accuracy is shown.
    """
    from matcher.cli.demo import run_demo

    run_demo(out)


def inspect(
    catalogue: opt.Inputs,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Also write the settings file, to be edited and given to --settings.",
            show_default=False,
        ),
    ] = None,
    settings: opt.SettingsFile = None,
    id_column: opt.IdColumn = None,
    source: opt.SourceColumn = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            "--labels",
            metavar="FILE",
            help="Labelled pairs; what differs between variants is suggested as an axis.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show what the columns are taken for, what looks like an axis, and what is wrong.

    Nothing is compared or written, but for the settings file if asked.
    """
    from matcher import pipeline
    from matcher.cli.show import show_inspection
    from matcher.records import write_settings

    chosen = opt.make_settings(settings, id=id_column, source=source)
    inspection = pipeline.inspect(catalogue, settings=chosen, labels=labels)
    show_inspection(inspection)
    if out:
        write_settings(inspection, chosen, out)
        stdout().print(f"Settings are in {out}; edit them and give them to --settings.")


def dedupe(
    catalogue: opt.Inputs,
    out: opt.Out,
    settings: opt.SettingsFile = None,
    id_column: opt.IdColumn = None,
    source: opt.SourceColumn = None,
    ignore: opt.Ignore = None,
    model: opt.ModelFolder = None,
    labels: opt.LabelFile = None,
    earlier: opt.Earlier = None,
    at_most_one_per_source: opt.AtMostOne = False,
    precision_to_recall: opt.PrecisionToRecall = None,
    accuracy_to_cost: opt.AccuracyToCost = None,
    memory: opt.Memory = None,
    format: opt.OutFormat = "csv",  # noqa: A002 - the name of the option
) -> None:
    """Find duplicate groups and variant families.

    Writes records, pairs, families, run.json and report.html into a folder, all of them or none;
    or the first four as tables of a database.  Several files are one catalogue.
    """
    from matcher import pipeline
    from matcher.cli.ahead import import_ahead
    from matcher.cli.first_run import compile_beside
    from matcher.cli.show import show_result
    from matcher.output import check_format, check_place

    check_format(format)
    check_place(out)
    chosen = opt.make_settings(
        settings,
        id=id_column,
        source=source,
        ignore=ignore,
        at_most_one_per_source=at_most_one_per_source,
        precision_to_recall=precision_to_recall,
        accuracy_to_cost=accuracy_to_cost,
        memory=memory,
    )
    import_ahead()
    compile_beside(chosen.threads)
    loaded = pipeline.load_model(model) if model else None
    with shown_progress() as progress:
        result = pipeline.dedupe(
            catalogue,
            settings=chosen,
            model=loaded,
            labels=labels,
            earlier=opt.earlier_result(earlier, out),
            progress=progress,
        )
        result.write(out, format=format)
    show_result(result, out)


def link(
    left: opt.Left,
    right: opt.Right,
    out: opt.Out,
    settings: opt.SettingsFile = None,
    id_column: opt.IdColumn = None,
    source: opt.SourceColumn = None,
    ignore: opt.Ignore = None,
    model: opt.ModelFolder = None,
    labels: opt.LabelFile = None,
    earlier: opt.Earlier = None,
    one_to_one: Annotated[
        bool,
        typer.Option(
            "--one-to-one", help="A record matches at most one record of the other table."
        ),
    ] = False,
    precision_to_recall: opt.PrecisionToRecall = None,
    accuracy_to_cost: opt.AccuracyToCost = None,
    memory: opt.Memory = None,
    format: opt.OutFormat = "csv",  # noqa: A002 - the name of the option
) -> None:
    """Find the records of one table in another.

    Compares across the two tables only, and writes the same files as dedupe.
    """
    from matcher import pipeline
    from matcher.cli.ahead import import_ahead
    from matcher.cli.first_run import compile_beside
    from matcher.cli.show import show_result
    from matcher.output import check_format, check_place

    check_format(format)
    check_place(out)
    chosen = opt.make_settings(
        settings,
        id=id_column,
        source=source,
        ignore=ignore,
        one_to_one=one_to_one,
        precision_to_recall=precision_to_recall,
        accuracy_to_cost=accuracy_to_cost,
        memory=memory,
    )
    import_ahead()
    compile_beside(chosen.threads)
    loaded = pipeline.load_model(model) if model else None
    with shown_progress() as progress:
        result = pipeline.link(
            left,
            right,
            settings=chosen,
            model=loaded,
            labels=labels,
            earlier=opt.earlier_result(earlier, out),
            progress=progress,
        )
        result.write(out, format=format)
    show_result(result, out)


def update(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="Folder that dedupe or update wrote.")
    ],
    new: Annotated[
        list[str], typer.Argument(metavar="NEW...", help="Files of new and changed records.")
    ],
    out: opt.Out,
    drop: Annotated[
        Path | None,
        typer.Option(
            "--drop",
            metavar="FILE",
            help="Records that are withdrawn: a CSV or Parquet file with their ids.",
            show_default=False,
        ),
    ] = None,
    model: opt.ModelFolder = None,
    labels: opt.LabelFile = None,
    memory: opt.NewMemory = None,
    format: opt.OutFormat = "csv",  # noqa: A002 - the name of the option
) -> None:
    """Take new, changed and withdrawn records into an earlier result.

    Compares new records with old ones and with each other, never old ones again; groups keep
    their ids.  A record whose id is known takes the place of the old one.  Writes what dedupe
    writes, and changes; the folder may be that of the earlier result.
    """
    from matcher.output import bring_back, check_format, check_place, open_files

    check_format(format)
    check_place(out)
    bring_back(result)
    with second_thread(0) as start, shown_progress() as progress:
        # While the rest is imported; with labels all is read.
        files = start(partial(open_files, result)) if labels is None else None

        from matcher import pipeline
        from matcher.cli.ahead import REPORT, import_ahead
        from matcher.cli.show import show_result

        loaded = pipeline.load_model(model) if model else None
        take_in = partial(pipeline.take_in, drop=drop, model=loaded, labels=labels, memory=memory)
        import_ahead(REPORT)  # trees are learned only where all records are read again
        updated = take_in(result, new, files=files, progress=progress)
        updated.write(out, format=format)
    show_result(updated, out)


def tune(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="Folder that dedupe, link or update wrote.")
    ],
    precision_to_recall: opt.NewPrecisionToRecall = None,
    accuracy_to_cost: opt.NewAccuracyToCost = None,
    threshold_exact: opt.ThresholdExact = None,
    threshold_family: opt.ThresholdFamily = None,
    labels: opt.LabelFile = None,
    out: opt.TunedOut = None,
    format: opt.OutFormat = "csv",  # noqa: A002 - the name of the option
) -> None:
    """Trade precision for recall, without comparing anything again.

    Shows what the groups would be at five places of the dial; with --out, groups the records at
    the place that is given.  Groups keep their ids, and labels are kept.
    """
    from matcher.cli.tune import Dials, tune_result

    dials = Dials(precision_to_recall, accuracy_to_cost, threshold_exact, threshold_family)
    tune_result(result, labels, dials, out, format)
