"""When two records agree in all their options."""

import pandas as pd

from matcher.classify import options_agree
from matcher.records import infer_schema, parse_records, read_catalogue
from matcher.settings import Settings
from matcher.types import Pairs


def agree(first, second):
    frame = pd.DataFrame(
        [("a", "Tee", *first), ("b", "Tee", *second)], columns=["id", "title", "color", "size"]
    )
    catalogue = read_catalogue([pd.concat([frame, frame.assign(id=["c", "d"])])])
    settings = Settings()
    records = parse_records(catalogue, infer_schema(catalogue, settings), settings)
    number = {each: place for place, each in enumerate(records.ids)}
    pair = Pairs.from_unordered(*(pd.Series([number[each]]).to_numpy() for each in "ab"))
    return bool(options_agree(records, pair)[0])


def test_equal_options_agree():
    assert agree(("Red", "M"), ("red", "M"))


def test_an_option_that_neither_has_does_not_matter():
    assert agree(("Red", None), ("Red", None))


def test_an_option_that_one_has_is_not_agreement():
    assert not agree(("Red", "M"), ("Red", None))


def test_a_conflict_is_not_agreement():
    assert not agree(("Red", "M"), ("Red", "L"))


def test_records_without_options_do_not_agree_in_any():
    assert not agree((None, None), (None, None))
