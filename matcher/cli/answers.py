"""The commands that answer a question about a result, or about pairs.

Each reads its arguments, calls the library once, and shows the result.
"""

# ruff: noqa: FBT002 - the parameters of a command are its flags

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli import options as opt
from matcher.cli.screen import out as stdout


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
    memory: opt.Memory = None,
) -> None:
    """Score given pairs.

    Writes every asked pair, in its order, as left_id, right_id, relation, p_exact, p_variant,
    p_different.
    """
    from matcher import pipeline
    from matcher.cli.show import say_over_memory
    from matcher.output import check_file, write_frame

    check_file(out)
    chosen = opt.make_settings(settings, id=id_column, source=source, ignore=ignore, memory=memory)
    loaded = pipeline.load_model(model) if model else None
    scores = pipeline.score(catalogue, pairs, model=loaded, settings=chosen)
    write_frame(scores, out)
    say_over_memory(chosen)
    stdout().print(f"{len(scores):,} scored pairs are in {out}.")


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
