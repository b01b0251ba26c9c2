"""Make the model that ships with the package, from catalogues whose licence allows it.

``python -m benchmarks default-model --out matcher/models/default`` rebuilds it bit for bit.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.datasets import ALL, DataSet, relations_of
from benchmarks.made_up import DOMAINS, Domain, make_catalogue
from benchmarks.made_up_markets import MARKETS, Market, make_market
from matcher.output import Stopwatch
from matcher.pipeline.model import Model
from matcher.pipeline.stages import Prepared, prepare
from matcher.pipeline.teaching import Teaching, teach, train_from
from matcher.progress import silent
from matcher.records import read_catalogue
from matcher.settings import Settings

SEED = 0

MadeUp = Domain | Market
MADE_UP: tuple[MadeUp, ...] = (*DOMAINS, *MARKETS)

LOOSE_WEIGHT = 0.7
"""Of made-up catalogues whose titles are loose: see docs/decisions/0011-made-up-teachers.md."""

MARKET_WEIGHT = 0.5
"""Of made-up markets: see docs/decisions/0017-made-up-markets.md."""


def prepare_set(data: DataSet, seed: int = SEED) -> Prepared:
    """Read, parse and block a data set."""
    settings = Settings(ignore=data.ignore, seed=seed)
    catalogue = read_catalogue(data.inputs, is_link=data.is_link)
    return prepare(catalogue, settings, silent, Stopwatch())


def teach_set(data: DataSet) -> Teaching:
    """Return what a data set teaches."""
    prepared = prepare_set(data)
    pairs, ids = prepared.candidates.pairs, prepared.records.ids
    return teach(data.name, prepared, data.relations(ids[pairs.left], ids[pairs.right]))


def teach_made_up(made_up: MadeUp, seed: int = SEED) -> Teaching:
    """Return what a made-up catalogue teaches."""
    if isinstance(made_up, Market):
        tables, truth = make_market(made_up, seed)
        catalogue = read_catalogue(tables, is_link=made_up.is_link)
        ignore, weight = ("color",), MARKET_WEIGHT
    else:
        offers, truth = make_catalogue(made_up, seed)
        catalogue = read_catalogue([offers])
        ignore, weight = made_up.axes, LOOSE_WEIGHT if made_up.is_loose else 1.0
    prepared = prepare(catalogue, Settings(ignore=ignore, seed=seed), silent, Stopwatch())
    pairs, ids = prepared.candidates.pairs, prepared.records.ids
    relations = relations_of(truth, ids[pairs.left], ids[pairs.right])
    # The tables of a made-up market share other goods than those of real shops do: what rivals say
    # there held nowhere else (amazon-google 74.4 without them, 69.4 with).
    knows_rivals = not prepared.records.is_link
    return teach(made_up.name, prepared, relations, weight, knows_rivals=knows_rivals)


def teachers(leave_out: Sequence[str] = ()) -> list[DataSet]:
    """Return the data sets whose licence allows to learn from them and that are here."""
    wanted = [data for data in ALL if data.licence and data.name not in leave_out]
    missing = [data.name for data in wanted if not data.is_here]
    if missing:
        print(f"skipped, not here: {', '.join(missing)}")
    return [data for data in wanted if data.is_here]


def make_model(
    sets: Sequence[DataSet | MadeUp], taught: Sequence[Teaching], seed: int = SEED
) -> Model:
    """Learn one model from several data sets and made-up catalogues."""
    card = {
        "learned_from": [{"name": each.name, "licence": each.licence} for each in sets],
        "pairs": [len(each.examples.is_match) for each in taught],
        "seed": seed,
    }
    return train_from(taught, seed, card)


def write_default_model(folder: Path) -> None:
    """Make the shipped model and write it."""
    sets = teachers()
    taught = []
    for data in sets:
        print(f"learning from {data.name} ({data.licence})", flush=True)
        taught.append(teach_set(data))
    taught += [teach_made_up(made_up) for made_up in MADE_UP]
    model = replace(make_model([*sets, *MADE_UP], taught), name="default")
    model.save(folder)
    size = sum(path.stat().st_size for path in folder.iterdir())
    matches = sum(int(each.examples.is_match.sum()) for each in taught)
    total = sum(len(each.examples.is_match) for each in taught)
    print(f"{total:,} examples, {matches:,} matches; {folder}: {size / 1e6:.1f} MB")


def zero_label_model(name: str, taught: dict[str, Teaching], seed: int = SEED) -> Model:
    """Return a model that has not seen a data set, made as the shipped one is.

    `taught` is filled as far as needed, so that several data sets share the work.
    """
    sets = teachers(leave_out=[name])
    for data in sets:
        if data.name not in taught:
            print(f"learning from {data.name}", flush=True)
            taught[data.name] = teach_set(data)
    for made_up in MADE_UP:
        if made_up.name not in taught:
            taught[made_up.name] = teach_made_up(made_up)
    every = [*sets, *MADE_UP]
    return make_model(every, [taught[each.name] for each in every], seed)
