"""The data sets, wherever `MATCHER_DATA` says that they are, and what is true of them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.types import DIFFERENT, EXACT, VARIANT

TEST_FILES = ("pairs_test", "pairs_test_050unseen", "pairs_test_100unseen")
DEFAULT_FOLDER = Path(__file__).parent.parent.parent / "shared" / "data"


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set.

    Attributes
    ----------
    name : str
        Its folder.
    licence : str
        Under which its text may teach the shipped model; empty where it may only be evaluated.
    ignore : tuple[str, ...]
        Axes that its families leave out.
    axes : tuple[str, ...]
        Axes whose true values are known.
    """

    name: str
    licence: str = ""
    ignore: tuple[str, ...] = ("color", "size")
    axes: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return Path(os.environ.get("MATCHER_DATA", DEFAULT_FOLDER)) / self.name

    @property
    def is_here(self) -> bool:
        """Whether it can be used."""
        return self.folder.is_dir()

    @property
    def is_link(self) -> bool:
        """Whether two tables are to be linked."""
        return self.has("right")

    @property
    def has_clusters(self) -> bool:
        """Whether the true groups of all records are known."""
        return self.has("truth") or self.has("truth_left")

    @property
    def has_families(self) -> bool:
        """Whether there are labels of exact, variant and different pairs."""
        return self.has("labels_test")

    @property
    def tests(self) -> list[str]:
        """Names of its files of test pairs."""
        return [name for name in TEST_FILES if self.has(name)]

    @property
    def inputs(self) -> list[Path]:
        """Files of the catalogue: one, or left and right."""
        names = ("left", "right") if self.is_link else ("left", "records")
        return [path for name in names if (path := self._find(name)) is not None]

    def file(self, name: str) -> Path:
        """Return the path of a file, compressed or not.

        Raises
        ------
        FileNotFoundError
            The data set has no such file.
        """
        path = self._find(name)
        if path is None:
            raise FileNotFoundError(f"{self.folder}: no file {name}.csv or {name}.csv.gz")
        return path

    def has(self, name: str) -> bool:
        """Return whether the data set has a file."""
        return self._find(name) is not None

    def read(self, name: str) -> pd.DataFrame:
        """Return a file with every value as text."""
        return pd.read_csv(self.file(name), dtype=str, keep_default_na=False)

    def _find(self, name: str) -> Path | None:
        paths = (self.folder / f"{name}{ending}" for ending in (".csv", ".csv.gz"))
        return next((path for path in paths if path.is_file()), None)

    def relations(self, left: NDArray[np.object_], right: NDArray[np.object_]) -> NDArray[np.int8]:
        """Return the true relation of pairs of ids.

        Parameters
        ----------
        left, right : NDArray[np.object_]
            Shape (n_pairs,): ids; of the left and of the right table where two are linked.
        """
        if self.has("gold"):
            is_exact = pd.MultiIndex.from_arrays([left, right]).isin(self.true_pairs())
            return np.where(is_exact, EXACT, DIFFERENT).astype(np.int8)
        return relations_of(self.truth, left, right)

    def index(self, pairs: pd.DataFrame) -> pd.MultiIndex:
        """Return pairs as they are compared: each once, the sides in one order inside a pool.

        Parameters
        ----------
        pairs : pd.DataFrame
            Columns ``left_id`` and ``right_id``.
        """
        left, right = (pairs[side].to_numpy(object) for side in ("left_id", "right_id"))
        if not self.is_link:
            left, right = np.minimum(left, right), np.maximum(left, right)
        return pd.MultiIndex.from_arrays([left, right], names=["left_id", "right_id"]).unique()

    def true_pairs(self) -> pd.MultiIndex:
        """Return all exact pairs of the full tables, as `index` gives them."""
        if self.has("gold"):
            return self.index(self.read("gold"))
        products = self.truth["product"].rename_axis("id").reset_index()
        both = products.merge(products, on="product", suffixes=("_left", "_right"))
        both = both[both["id_left"] < both["id_right"]]
        return self.index(both.rename(columns={"id_left": "left_id", "id_right": "right_id"}))

    @property
    def truth(self) -> pd.DataFrame:
        """Columns ``product`` and ``family`` by id, for sets that have clusters.

        A family is the same in all that is not ignored: kept axes count as part of it, and where
        nothing is ignored each product is its own family.
        """
        if self.has("truth_left"):
            truth = self.read("truth_left").set_index("id")
            return truth.assign(product=truth["cluster"], family=truth["cluster"])
        truth = self.read("truth").set_index("id")
        truth = truth.rename(columns={"product_id": "product", "family_id": "family"})
        if not self.ignore:
            return truth[["product"]].assign(family=truth["product"])
        for axis in self.axes:
            if axis not in self.ignore:
                truth["family"] += "|" + truth[f"true_{axis}"]
        return truth[["product", "family"]]


def relations_of(
    truth: pd.DataFrame, left: NDArray[np.object_], right: NDArray[np.object_]
) -> NDArray[np.int8]:
    """Return the relation of pairs of ids, from the columns ``product`` and ``family`` by id."""
    one, other = truth.loc[left], truth.loc[right]
    is_exact = one["product"].to_numpy() == other["product"].to_numpy()
    is_family = one["family"].to_numpy() == other["family"].to_numpy()
    relations = np.where(is_exact, EXACT, np.where(is_family, VARIANT, DIFFERENT))
    return relations.astype(np.int8)


LEIPZIG = "CC-BY 4.0, Database Group Leipzig"
LINKED = (
    DataSet("abt-buy", LEIPZIG),
    DataSet("amazon-google", LEIPZIG),
    DataSet("walmart-amazon"),
    DataSet("walmart-amazon-dirty"),
    DataSet("dblp-acm", LEIPZIG),
)
POOLS = (
    DataSet("wdc-products-80cc"),
    DataSet("wdc-lspc-computers"),
    DataSet("pricerunner", "CC-BY 4.0, UCI Machine Learning Repository"),
    DataSet("musicbrainz-20k", "CC0, MusicBrainz"),
)
PHONE_AXES = ("color", "storage", "memory")
OFFERS = (
    DataSet("offers-magento_luma", "AFL-3.0, Magento", axes=("color", "size")),
    DataSet("offers-adventureworks_bikes", "MIT, Microsoft", axes=("color", "size")),
    DataSet("offers-foundation_shades", "MIT, The Pudding", axes=("color",)),
    DataSet("offers-flipkart_mobiles", ignore=PHONE_AXES, axes=PHONE_AXES),
    DataSet("offers-lego_elements", ignore=("color",), axes=("color",)),
    DataSet("offers-kct_menswear", ignore=("size",), axes=("size",)),
    DataSet("offers-lifemademagic_pod", axes=("color", "size")),
    DataSet("offers-striker_jerseys", ignore=("size",), axes=("size",)),
)
ALL = (*LINKED, *POOLS, *OFFERS)


def find(name: str) -> DataSet:
    """Return a data set by name.

    Raises
    ------
    KeyError
        There is none of that name; the message names the nearest.
    """
    known = {each.name: each for each in ALL}
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f" Did you mean {near[0]!r}?" if near else f" Use any of {', '.join(known)}."
        raise KeyError(f"data sets: no set has this name, got {name!r}.{hint}")
    return known[name]


def choose(names: Sequence[str]) -> list[DataSet]:
    """Return the data sets of these names (none: all) that are here, and say which are not.

    Raises
    ------
    KeyError
        There is none of that name.
    """
    wanted = [find(name) for name in names] if names else list(ALL)
    for data in wanted:
        if not data.is_here:
            print(f"skipped {data.name}: not in {data.folder.parent}", flush=True)
    return [data for data in wanted if data.is_here]
