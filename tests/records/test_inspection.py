import pandas as pd
import pytest

from matcher.records import infer_schema, inspect_catalogue, parse_records, read_catalogue
from matcher.settings import Settings

N = 200


def inspect(frame):
    catalogue = read_catalogue([pd.DataFrame(frame)])
    schema = infer_schema(catalogue, Settings())
    records = parse_records(catalogue, schema, Settings())
    return inspect_catalogue(catalogue, schema, records)


@pytest.fixture(scope="module")
def inspection():
    return inspect(
        {
            "id": [str(n) for n in range(N)],
            "title": [f"tv {n}" for n in range(50)] + ["same"] * 150,
            "color": ["red", None] * 100,
            "note": [None] * N,
            "ean": ["4006381333931"] * N,
        }
    )


def test_every_column_is_described(inspection):
    found = {a.name: a for a in inspection.attributes}
    assert list(found) == ["id", "title", "color", "note", "ean"]
    assert (found["id"].role, found["id"].type) == ("id", None)
    assert (found["color"].fill, found["color"].n_unique) == (0.5, 1)
    assert found["title"].examples == ("tv 0", "tv 1", "tv 2")
    assert found["ean"].evidence == "100% of the values are valid GTINs"
    assert found["title"].evidence == (
        "the name says title; 1.2 words on average, 51 different values"
    )
    assert found["note"].evidence == "no value is known"


def test_problems_are_named(inspection):
    assert {p.kind: p.message for p in inspection.problems} == {
        "empty_column": "column 'note': has no known value in 200 rows.",
        "shared_gtins": "1 GTINs are shared by more than 10 records each, the most by 200, such as "
        "that of record '0'.",
        "shared_titles": "1 texts are those of more than 100 records each, the most by 150.",
    }


def test_duplicate_ids_are_named_though_they_cannot_be_parsed():
    catalogue = read_catalogue([pd.DataFrame({"id": ["1", "1", "2"], "title": ["a", "b", "c"]})])
    found = inspect_catalogue(catalogue, infer_schema(catalogue, Settings()), None)
    assert [problem.message for problem in found.problems] == [
        "column 'id': 1 id occurs more than once, first '1'. Ids must be unique within a source."
    ]


def test_no_rows_can_be_inspected():
    assert inspect({"id": [], "title": []}).n_records == 0
