"""The commands: each reads its arguments, calls the library once, and shows the result."""

# ruff: noqa: FBT002 - the parameters of a command are its flags

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

import matcher
from matcher.cli import options as opt
from matcher.cli.progress import shown_progress
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


@app.command()
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


@app.command()
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


@app.command()
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
    format: opt.OutFormat = "csv",  # noqa: A002 - the name of the option
) -> None:
    """Find duplicate groups and variant families.

    Writes records, pairs, families, run.json and report.html into a folder, all of them or none;
    or the first four as tables of a database.  Several files are one catalogue.
    """
    from matcher import pipeline
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
    )
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


@app.command()
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
    format: opt.OutFormat = "csv",  # noqa: A002 - the name of the option
) -> None:
    """Find the records of one table in another.

    Compares across the two tables only, and writes the same files as dedupe.
    """
    from matcher import pipeline
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
    )
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


@app.command()
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
    format: opt.OutFormat = "csv",  # noqa: A002 - the name of the option
) -> None:
    """Take new, changed and withdrawn records into an earlier result.

    Compares new records with old ones and with each other, never old ones again; groups keep
    their ids.  A record whose id is known takes the place of the old one.  Writes what dedupe
    writes, and changes; the folder may be that of the earlier result.
    """
    from matcher import pipeline
    from matcher.cli.show import show_result
    from matcher.output import check_format, check_place

    check_format(format)
    check_place(out)
    loaded = pipeline.load_model(model) if model else None
    with shown_progress() as progress:
        updated = pipeline.update(
            result, new, drop=drop, model=loaded, labels=labels, progress=progress
        )
        updated.write(out, format=format)
    show_result(updated, out)


@app.command()
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


@app.command()
def label(
    catalogue: opt.Inputs,
    labels: opt.AnswerFile,
    settings: opt.SettingsFile = None,
    id_column: opt.IdColumn = None,
    source: opt.SourceColumn = None,
    ignore: opt.Ignore = None,
    model: opt.ModelFolder = None,
    port: opt.Port = 0,
    no_browser: opt.NoBrowser = False,
    terminal: opt.Terminal = False,
    pictures: opt.WebPictures = False,
) -> None:
    """Answer questions about pairs, on a page in the browser or in the terminal.

    Asks first what teaches the model most, learns from the answers meanwhile, and writes each into
    the label file at once; a file that exists is continued.  The page needs matcher[label].
    """
    from matcher.cli.label import PageOptions, label_catalogue

    chosen = opt.make_settings(settings, id=id_column, source=source, ignore=ignore)
    page = PageOptions(port, opens_browser=not no_browser, web_pictures=pictures)
    label_catalogue(catalogue, labels, chosen, model, None if terminal else page)


@app.command()
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
) -> None:
    """Learn a model from labelled pairs.

    Of one catalogue, or of two tables: matcher train LEFT RIGHT.
    """
    from matcher import pipeline

    chosen = opt.make_settings(settings, id=id_column, source=source)
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
    stdout().print(f"The model is in {out}; give it to --model.")


@app.command()
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


@app.command()
def score(
    catalogue: opt.Inputs,
    pairs: Annotated[
        Path,
        typer.Option(
            "--pairs",
            metavar="FILE",
            help="Pairs to score: left_id,right_id.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE", help="CSV or Parquet file for the scores.", show_default=False
        ),
    ],
    settings: opt.SettingsFile = None,
    id_column: opt.IdColumn = None,
    source: opt.SourceColumn = None,
    ignore: opt.Ignore = None,
    model: opt.ModelFolder = None,
) -> None:
    """Score given pairs.

    Writes every asked pair, in its order, as left_id, right_id, relation, p_exact, p_variant,
    p_different.
    """
    from matcher import pipeline
    from matcher.output import check_file, write_frame

    check_file(out)
    chosen = opt.make_settings(settings, id=id_column, source=source, ignore=ignore)
    loaded = pipeline.load_model(model) if model else None
    scores = pipeline.score(catalogue, pairs, model=loaded, settings=chosen)
    write_frame(scores, out)
    stdout().print(f"{len(scores):,} scored pairs are in {out}.")


@app.command()
def evaluate(
    result: Annotated[
        Path,
        typer.Argument(metavar="RESULT", help="Folder that dedupe or link wrote."),
    ],
    truth: Annotated[
        Path | None,
        typer.Option(
            "--truth",
            metavar="FILE",
            help="The right groups, id,product_id,family_id, or pairs, left_id,right_id,relation.",
            show_default=False,
        ),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(
            "--labels",
            metavar="FILE",
            help="Labels of a random sample, as sample and label write them, in place of a truth.",
            show_default=False,
        ),
    ] = None,
    id_column: opt.IdColumn = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the measures as JSON, for other programs.")
    ] = False,
    min_f1: Annotated[
        float | None,
        typer.Option(
            "--min-f1",
            metavar="SHARE",
            min=0.0,
            max=1.0,
            help="Exit with 1 if the pairwise F1 of the duplicate groups is lower, 0 to 1.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Compare a result with the truth, or estimate from labels how good it is.

    Shows pairwise and B-cubed measures of the duplicate groups and of the families; of labels,
    precision and recall with 95 % intervals.
    """
    from matcher.cli.estimate import judge_result

    if not judge_result(
        result, truth, labels, id_column=id_column or "", as_json=as_json, min_f1=min_f1
    ):
        raise typer.Exit(1)


@app.command()
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


@app.command()
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


@app.command()
def export(
    result: Annotated[
        Path,
        typer.Argument(metavar="RESULT", help="Folder that dedupe or link wrote."),
    ],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="PLATFORM",
            help="google, schema.org, shopify or amazon.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="File for the platform.", show_default=False),
    ],
) -> None:
    """Write families and products for a shop or a marketplace.

    Says what could not be written as it was found, and why.
    """
    from matcher import pipeline
    from matcher.cli.show import show_export

    show_export(pipeline.export(result, to, out))


@app.command()
def explain(
    result: Annotated[
        Path,
        typer.Argument(metavar="RESULT", help="Folder that dedupe or link wrote."),
    ],
    left_id: Annotated[
        str, typer.Argument(metavar="ID_A", help="Id of a record, as pairs.csv has it.")
    ],
    right_id: Annotated[str, typer.Argument(metavar="ID_B", help="Id of another record.")],
    weigh: Annotated[
        bool,
        typer.Option(
            "--weigh", help="Also ask the model what it makes of the evidence; takes longer."
        ),
    ] = False,
    model: opt.ModelFolder = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the explanation as JSON, for other programs.")
    ] = False,
) -> None:
    """Tell why two records were, or were not, put together.

    Shows what speaks for and against it, and the chain of links between two records of one group
    that are not linked themselves.
    """
    from matcher import pipeline
    from matcher.cli.explain import show_explanation

    loaded = pipeline.load_model(model) if model else None
    found = pipeline.explain(result, left_id, right_id, model=loaded, weigh=weigh)
    show_explanation(found, as_json=as_json)


@app.command()
def search(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="Folder that dedupe or update wrote.")
    ],
    record: Annotated[
        str | None,
        typer.Option("--json", metavar="OBJECT", help="The record, as a JSON object."),
    ] = None,
    k: Annotated[int, typer.Option("-k", help="Most products to show.")] = 5,
    build: Annotated[
        bool, typer.Option("--build", help="Only build the index, for searches to come.")
    ] = False,
    model: opt.ModelFolder = None,
) -> None:
    """Look up one new record: which products and families of a result it belongs to.

    The first search builds an index beside the result.  Prints a table on a terminal, else JSON.
    """
    from matcher import pipeline
    from matcher.cli.search import run_search

    if build == (record is not None):
        raise typer.BadParameter("give a record with --json, or --build without one")
    run_search(result, record, k, pipeline.load_model(model) if model else None)
