"""The command line of the benchmarks."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from benchmarks.datasets import choose
from benchmarks.journal import RESULTS, ROOT, Journal

app = typer.Typer(
    help="Measure matcher on the data sets that MATCHER_DATA names (usually ../shared/data).",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
Value = TypeVar("Value")
SEMANTIC_SETS = "abt-buy,amazon-google,walmart-amazon"


class Labelled(StrEnum):
    """Which labels of a data set a model may learn from."""

    labels = "labels"
    half = "half"
    all = "all"


class Protocol(StrEnum):
    """Whether a model may learn from labels of a data set."""

    labels = "labels"
    zero_labels = "zero-labels"
    both = "both"


def _split(kind: Callable[[str], Value]) -> Callable[[str], list[Value]]:
    def split(text: str) -> list[Value]:
        try:
            return [kind(part.strip()) for part in text.split(",") if part.strip()]
        except ValueError as error:
            raise typer.BadParameter(f"numbers separated by commas, got {text!r}") from error

    return split


Sets = Annotated[str, typer.Option(help="Names of data sets, separated by commas; empty for all.")]
Seeds = Annotated[str, typer.Option(help="Seeds, separated by commas.")]
Repeats = Annotated[int, typer.Option(min=1, help="How often to measure.")]
Results = Annotated[Path, typer.Option(help="Folder of the result lines.")]


def _chosen(text: str) -> list:
    try:
        return choose(_split(str)(text))
    except KeyError as error:
        raise typer.BadParameter(error.args[0], param_hint="--sets") from error


@app.command()
def quality(
    sets: Sets = "",
    seeds: Seeds = "0,1,2,3,4",
    protocol: Annotated[Labelled, typer.Option(help="Which labels to learn from.")] = (
        Labelled.labels
    ),
    results: Results = RESULTS,
) -> None:
    """F1 of pairs, end to end and of groups, with all labels and with half."""
    from benchmarks.unseen import UnseenModels

    chosen, numbers, unseen = _chosen(sets), _split(int)(seeds), UnseenModels()
    if protocol in (Labelled.labels, Labelled.all):
        from benchmarks.quality import with_labels

        with_labels(chosen, numbers, Journal.start("quality", results))
    if protocol in (Labelled.half, Labelled.all):
        from benchmarks.half import with_half

        with_half(chosen, numbers, unseen, Journal.start("half", results))


@app.command()
def labelling(sets: Sets = "", seeds: Seeds = "0,1,2,3,4", results: Results = RESULTS) -> None:
    """F1 after up to 200 answers to what a model asks, and to random pairs, from a cold start."""
    from benchmarks.labelling import measure_labelling
    from benchmarks.unseen import UnseenModels

    journal = Journal.start("labelling", results)
    measure_labelling(_chosen(sets), _split(int)(seeds), UnseenModels(), journal, results)


@app.command()
def transfer(sets: Sets = "", seeds: Seeds = "0", results: Results = RESULTS) -> None:
    """F1 without a label, by models that never saw the set, and how far they are sure of it."""
    from benchmarks.transfer import without_labels

    without_labels(_chosen(sets), _split(int)(seeds), Journal.start("zero-labels", results))


@app.command()
def variants(
    sets: Sets = "",
    seeds: Seeds = "0",
    protocol: Annotated[Protocol, typer.Option(help="What to learn from.")] = Protocol.both,
    results: Results = RESULTS,
) -> None:
    """F1 of exact, variant, different and of families, beside a rule; what is ignored varied."""
    from benchmarks.variants import NO_LABELS, WITH_LABELS, measure_variants

    cases = {Protocol.labels: [WITH_LABELS], Protocol.zero_labels: [NO_LABELS]}
    measure_variants(
        _chosen(sets),
        _split(int)(seeds),
        cases.get(protocol, [NO_LABELS, WITH_LABELS]),
        Journal.start("variants", results),
        Journal.start("ignore-sets", results),
    )


@app.command()
def blocking(sets: Sets = "", seeds: Seeds = "0", results: Results = RESULTS) -> None:
    """Completeness, reduction, candidates per record and seconds of blocking."""
    from benchmarks.blocking import measure_blocking

    measure_blocking(_chosen(sets), _split(int)(seeds), Journal.start("blocking", results))


@app.command()
def semantic(
    encoder: Annotated[Path, typer.Option(help="Folder of a sentence-transformers model.")],
    sets: Sets = SEMANTIC_SETS,
    seeds: Seeds = "0,1,2",
    results: Results = RESULTS,
) -> None:
    """F1, completeness and seconds without an encoder, with it, and with it tuned on labels."""
    from benchmarks.semantic import measure_semantic

    measure_semantic(_chosen(sets), _split(int)(seeds), encoder, Journal.start("semantic", results))


@app.command()
def estimates(
    sets: Sets = "abt-buy,offers-flipkart_mobiles",
    labels: Annotated[int, typer.Option(min=1, help="Labels of a sample.")] = 200,
    samples: Annotated[int, typer.Option(min=1, help="How many samples.")] = 100,
    results: Results = RESULTS,
) -> None:
    """How often intervals of precision and recall hold that are estimated from a few labels."""
    from benchmarks.estimates import measure_estimates

    measure_estimates(_chosen(sets), labels, samples, Journal.start("estimates", results))


@app.command()
def speed(
    repeats: Repeats = 3,
    model: Annotated[Path | None, typer.Option(help="A model other than the shipped one.")] = None,
    results: Results = RESULTS,
) -> None:
    """Seconds and memory of `matcher dedupe` on pricerunner, and compared pairs a second."""
    from benchmarks.speed import MADE_FROM, measure_dedupe, measure_features

    described = "wdc-products-80cc,walmart-amazon"  # title, brand, price; a description, or a model
    measure_features(_chosen(described), repeats, Journal.start("features", results))
    for data in _chosen(MADE_FROM):
        measure_dedupe(data, repeats, model, Journal.start("speed", results))


@app.command()
def compare(
    sets: Sets = "abt-buy,amazon-google,walmart-amazon,dblp-acm",
    tools: Annotated[
        str, typer.Option(help="Names of tools, separated by commas; empty for all.")
    ] = "",
    limit: Annotated[float, typer.Option(min=1, help="Seconds that a run may take.")] = 600,
    results: Results = RESULTS,
) -> None:
    """F1, seconds and memory of other tools and of matcher, on the same two tables."""
    from benchmarks.compare.run import compare as compare_tools
    from benchmarks.compare.tools import choose_ways

    try:
        ways = choose_ways(_split(str)(tools))
    except KeyError as error:
        raise typer.BadParameter(error.args[0], param_hint="--tools") from error
    compare_tools(_chosen(sets), ways, limit, Journal.start("compare", results))


@app.command()
def scale(
    sizes: Annotated[str, typer.Option(help="Offers, separated by commas.")] = "100000,1000000",
    skewed: Annotated[
        str, typer.Option(help="Offers of skewed catalogues, separated by commas; empty for none.")
    ] = "1000000",
    tools: Annotated[
        str, typer.Option(help="Names of tools, separated by commas.")
    ] = "matcher,splink,goldenmatch",
    repeats: Repeats = 1,
    limit: Annotated[float, typer.Option(min=1, help="Seconds that a run may take.")] = 3600,
    results: Results = RESULTS,
) -> None:
    """Seconds, memory and F1 on made-up catalogues of any size, by matcher and other tools."""
    from benchmarks.scale.run import Case, measure_scale
    from benchmarks.scale.tools import choose_tools

    try:
        chosen = choose_tools(_split(str)(tools))
    except KeyError as error:
        raise typer.BadParameter(error.args[0], param_hint="--tools") from error
    cases = [
        Case(n_rows, is_skewed=is_skewed)
        for text, is_skewed in ((sizes, False), (skewed, True))
        for n_rows in sorted(_split(int)(text))
    ]
    measure_scale(cases, chosen, repeats, limit, Journal.start("scale", results))


@app.command()
def siblings(
    sizes: Annotated[str, typer.Option(help="Offers, separated by commas.")] = "20000,100000",
    seeds: Seeds = "0,1,2",
    results: Results = RESULTS,
) -> None:
    """F1 of groups where siblings differ in a model number, a capacity or a color."""
    from benchmarks.siblings import measure_siblings

    numbers = _split(int)(sizes), _split(int)(seeds)
    measure_siblings(*numbers, Journal.start("siblings", results))


@app.command()
def scripts(
    sets: Sets = "abt-buy,amazon-google,walmart-amazon,pricerunner,wdc-lspc-computers,"
    "offers-flipkart_mobiles,offers-foundation_shades,offers-lifemademagic_pod",
    results: Results = RESULTS,
) -> None:
    """F1 of data sets as they are, and rewritten in Cyrillic, Japanese and Chinese letters."""
    from benchmarks.scripts import measure_scripts

    measure_scripts(_chosen(sets), Journal.start("scripts", results))


@app.command()
def search(
    sizes: Annotated[str, typer.Option(help="Offers, separated by commas.")] = "100000,1000000",
    sets: Sets = "offers-flipkart_mobiles,pricerunner",
    results: Results = RESULTS,
) -> None:
    """Seconds of a search in made-up catalogues, and what it finds of records that are held out."""
    from benchmarks.search import measure_agreement, measure_latency

    chosen, numbers = _chosen(sets) if sets else [], _split(int)(sizes)
    journal = Journal.start("search", results)
    for data in chosen:
        measure_agreement(data, journal)
    measure_latency(numbers, journal)


@app.command()
def render(results: Results = RESULTS, root: Path = ROOT) -> None:
    """Write the newest results into README.md and docs, between their markers."""
    from benchmarks.render import render_pages
    from benchmarks.tables import make_tables

    render_pages(root, make_tables(results))


@app.command()
def default_model(out: Path = ROOT / "matcher" / "models" / "default") -> None:
    """Make the model that ships with the package."""
    from benchmarks.default_model import write_default_model

    write_default_model(out)


if __name__ == "__main__":
    app()
