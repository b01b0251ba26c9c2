"""A small data set of each kind, and lines of results."""

from pathlib import Path

import pytest

from benchmarks.datasets import DataSet


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that the data sets are looked for in."""
    monkeypatch.setenv("MATCHER_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def linked(data_folder: Path) -> DataSet:
    folder = data_folder / "linked"
    folder.mkdir()
    (folder / "left.csv").write_text("id,title\n0,a\n1,b\n")
    (folder / "right.csv").write_text("id,title\n0,b\n1,a\n")
    (folder / "gold.csv").write_text("left_id,right_id\n0,1\n1,0\n")
    return DataSet("linked")


@pytest.fixture
def pool(data_folder: Path) -> DataSet:
    folder = data_folder / "pool"
    folder.mkdir()
    (folder / "left.csv").write_text("id,title\n1,a\n2,a\n3,a\n4,b\n")
    (folder / "truth_left.csv").write_text("id,cluster\n1,x\n2,x\n3,x\n4,y\n")
    return DataSet("pool")


@pytest.fixture
def offers(data_folder: Path) -> DataSet:
    """A family of three products, of which one differs on an axis that is kept."""
    folder = data_folder / "offers"
    folder.mkdir()
    (folder / "records.csv").write_text("id,title\na,t\nb,t\nc,t\nd,t\n")
    (folder / "truth.csv").write_text(
        "id,product_id,family_id,true_color,true_storage\n"
        "a,P1,F1,red,64\nb,P1,F1,red,64\nc,P2,F1,blue,64\nd,P3,F1,red,128\n"
    )
    return DataSet("offers", ignore=("color",), axes=("color", "storage"))
