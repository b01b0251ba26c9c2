"""Make the model that ships with the package, from catalogues whose licence allows it.

``python -m benchmarks default-model --out matcher/models/default`` rebuilds it bit for bit.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.datasets import ALL, DataSet, relations_of
from benchmarks.made_up import DOMAINS, Domain, make_catalogue
from matcher.output import Stopwatch
from matcher.pipeline.model import Model
from matcher.pipeline.stages import Prepared, prepare
from matcher.pipeline.teaching import Teaching, teach, train_from
from matcher.progress import silent
from matcher.records import read_catalogue
from matcher.settings import Settings

SEED = 0

LOOSE_WEIGHT = 0.7
"""Of made-up catalogues whose titles are loose: see docs/decisions/0011-made-up-teachers.md."""


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


def teach_made_up(domain: Domain, seed: int = SEED) -> Teaching:
    """Return what a made-up catalogue teaches."""
    offers, truth = make_catalogue(domain, seed)
    settings = Settings(ignore=domain.axes, seed=seed)
    prepared = prepare(read_catalogue([offers]), settings, silent, Stopwatch())
    pairs, ids = prepared.candidates.pairs, prepared.records.ids
    relations = relations_of(truth, ids[pairs.left], ids[pairs.right])
    weight = LOOSE_WEIGHT if domain.is_loose else 1.0
    return teach(domain.name, prepared, relations, weight)


def teachers(leave_out: Sequence[str] = ()) -> list[DataSet]:
    """Return the data sets whose licence allows to learn from them and that are here."""
    wanted = [data for data in ALL if data.licence and data.name not in leave_out]
    missing = [data.name for data in wanted if not data.is_here]
    if missing:
        print(f"skipped, not here: {', '.join(missing)}")
    return [data for data in wanted if data.is_here]


def make_model(
    sets: Sequence[DataSet | Domain], taught: Sequence[Teaching], seed: int = SEED
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
    taught += [teach_made_up(domain) for domain in DOMAINS]
    model = replace(make_model([*sets, *DOMAINS], taught), name="default")
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
    for domain in DOMAINS:
        if domain.name not in taught:
            taught[domain.name] = teach_made_up(domain)
    every = [*sets, *DOMAINS]
    return make_model(every, [taught[each.name] for each in every], seed)
