"""A search finds the groups of a new record, as an update would, and survives whatever it gets."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import matcher
from matcher.errors import MatcherError, RecordsError, SettingsError
from matcher.pipeline import samples
from matcher.pipeline.searching import _products
from matcher.types import DIFFERENT, EXACT, VARIANT, Pairs, Scores


@pytest.fixture(scope="module")
def demo():
    return pd.read_csv(Path(matcher.__file__).parent / "demo" / "catalogue.csv", dtype=str)


@pytest.fixture(scope="module")
def held_out(demo):
    return demo.iloc[::9]


@pytest.fixture(scope="module")
def result(demo, held_out):
    return matcher.dedupe(demo.drop(held_out.index))


@pytest.fixture
def folder(result, tmp_path):
    result.write(tmp_path / "result")
    return tmp_path / "result"


@pytest.fixture(scope="module")
def title(demo, held_out):
    return demo.drop(held_out.index)["title"].iloc[0]


def said(found):
    return [(one.match_id, one.relation) for one in found.products]


def test_a_search_agrees_with_an_update(result, held_out):
    updated = matcher.update(result, held_out).records
    old = result.records.set_index("id")["match_id"]
    mates = updated[updated["id"].isin(old.index)].groupby("match_id")["id"].first()
    agrees, joins = [], 0
    for record in held_out.to_dict("records"):
        group = updated.loc[updated["id"] == record["id"], "match_id"].iloc[0]
        found = [one for one in result.search(record).products if one.relation == "exact"]
        joins += group in mates.index
        agrees.append((found[0].match_id if found else "") == old.get(mates.get(group), ""))
    assert joins > 20
    assert np.mean(agrees) >= 0.9


def test_a_record_of_the_result_finds_itself_and_its_family(demo, result):
    records = result.records.set_index("id")
    kept = demo[demo["id"].isin(records.index)].iloc[::20]
    for record in kept.to_dict("records"):
        best = result.search(record).products[0]
        own = records.loc[record["id"]]
        assert (best.match_id, best.family_id) == (own["match_id"], own["family_id"])
        assert best.relation == "exact"
        assert record["id"] in best.records


def test_what_conflicts_on_an_option_is_a_variant_and_never_exact():
    offers = pd.DataFrame(
        {
            "id": ["a", "b", "c"],
            "title": ["Acme Basic T-Shirt Crew", "Acme Basic T-Shirt Crew", "Bosch drill GSR 12V"],
            "brand": ["Acme", "Acme", "Bosch"],
            "color": ["red", "red", "blue"],
        }
    )
    found = matcher.search(
        matcher.dedupe(offers),
        {"title": "Acme Basic T-Shirt Crew", "brand": "Acme", "color": "green"},
    )
    assert {one.relation for one in found.products} == {"variant"}
    assert all(one.p_exact == 0 for one in found.products)


def test_the_index_is_kept_and_says_the_same(folder, held_out):
    first = matcher.load_result(folder)
    assert (folder / "index" / "index.json").is_file()
    again = matcher.load_result(folder)
    for record in held_out[:10].to_dict("records"):
        assert again.search(record) == first.search(record)


def test_a_folder_says_the_same_as_the_result_that_was_written(result, folder, held_out):
    searcher = matcher.load_result(folder)
    for record in held_out[:10].to_dict("records"):
        assert said(searcher.search(record)) == said(result.search(record))


def test_an_index_of_another_result_is_built_again(folder, held_out, result):
    matcher.load_result(folder)
    kept = folder.parent / "kept"
    shutil.copytree(folder / "index", kept)
    matcher.update(folder, held_out).write(folder)
    assert not (folder / "index").exists()
    shutil.copytree(kept, folder / "index")
    facts = json.loads((folder / "index" / "index.json").read_text())
    matcher.load_result(folder)
    assert json.loads((folder / "index" / "index.json").read_text()) != facts


def test_a_damaged_index_is_named(folder):
    matcher.load_result(folder)
    (folder / "index" / "brands.npy").write_bytes(b"no array")
    with pytest.raises(RecordsError, match=r"index: cannot be read, got .* made again\."):
        matcher.load_result(folder)


def test_an_index_that_lacks_something_is_named(folder):
    matcher.load_result(folder)
    facts = json.loads((folder / "index" / "index.json").read_text("utf-8"))
    del facts["lore"]
    (folder / "index" / "index.json").write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(RecordsError, match=r"index: cannot be used, got .*lore.* made again\."):
        matcher.load_result(folder)


def test_a_folder_that_cannot_be_written_is_searched_all_the_same(
    folder, title, caplog, monkeypatch
):
    def refuse(*_):
        raise SettingsError("result: cannot be written, got Read-only file system.")

    monkeypatch.setattr("matcher.pipeline.searching.write_index", refuse)
    searcher = matcher.load_result(folder)
    assert searcher.search({"title": title}).products
    assert "The index is not kept: result: cannot be written" in caplog.text


def products_of(exact, variant, relations, n_records):
    """Return what is found of a group of `n_records`, of which as many are compared as given."""
    n_compared = len(exact)
    columns = {name: [name] * n_compared for name in ("match_id", "family_id")}
    ids = {"id": [str(number) for number in range(n_compared)]}
    who = pa.table(ids | columns | {"n_records": [n_records] * n_compared})
    shares = np.array([exact, variant, 1 - np.add(exact, variant)], np.float32).T
    pairs = Pairs.from_unordered(np.full(n_compared, n_compared), np.arange(n_compared))
    scores = Scores(pairs, shares, np.array(relations, np.int8))
    return _products(SimpleNamespace(who=who), np.arange(n_compared), scores, 5)


def test_a_group_is_judged_by_its_three_nearest_records():
    found = products_of([0.9, 0.9, 0.6, *[0.0] * 9], [0.0] * 12, [EXACT] * 3 + [DIFFERENT] * 9, 40)
    assert [(one.relation, one.p_exact) for one in found] == [("exact", 0.8)]
    assert found[0].records == ("0", "1", "2")


def test_one_record_against_the_others_of_its_group_does_not_count():
    assert products_of([0.9, 0.1, 0.1], [0.0] * 3, [EXACT, DIFFERENT, DIFFERENT], 3) == ()
    assert products_of([0.9], [0.0], [EXACT], 3) == ()  # the two others are not even near
    assert products_of([0.9], [0.0], [EXACT], 1)[0].relation == "exact"


def test_a_group_that_is_related_but_not_the_same_is_a_variant():
    found = products_of([0.0, 0.0], [0.9, 0.8], [VARIANT, VARIANT], 2)
    assert [(one.relation, one.p_exact, one.p_variant) for one in found] == [("variant", 0, 0.85)]


def test_a_result_with_an_index_can_be_replaced(folder, result):
    matcher.load_result(folder)
    result.write(folder)
    assert not (folder / "index").exists()


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"title": None},
        {"title": ""},
        {"title": 5},
        {"title": float("nan")},
        {"title": ["a", {"b": [1, None]}]},
        {"title": {"deep": {"deeper": [1, 2, {"x": None}]}}},
        {"title": "x " * 500_000},
        {"title": "\x00\x1b[31m\ud800 <script>alert(1)</script> \u202e"},
        {"title": "N/A", "gtin": "0000000000000", "price": "free"},
        {"title": b"\xff\xfe", "price": 10**400},
        {"title": object(), 7: "a number as a name"},
    ],
    ids=lambda record: str(record)[:30],
)
def test_hostile_records_get_an_answer(result, record):
    found = result.search(record)
    json.dumps(found.to_dict())
    assert all(one.relation in ("exact", "variant") for one in found.products)


def test_nothing_known_finds_nothing(result):
    assert result.search({}).products == ()


def test_unknown_columns_are_said_and_left_out(result, title):
    found = result.search({"title": title, "titel": "x"})
    assert found.products == result.search({"title": title}).products
    assert found.notices[0].message == (
        "search: columns that the result does not compare were left out, got 1, first 'titel'. "
        "Did you mean 'title'?"
    )


def test_at_most_k_products_come_back(result, demo):
    record = demo.iloc[1].to_dict()
    every = result.search(record, 50).products
    assert result.search(record, 1).products == every[:1]


@pytest.mark.parametrize(
    ("record", "k", "message"),
    [
        (["title"], 5, r"search: a record is a mapping of columns to values, got list\."),
        ({"title": "x"}, 0, r"k: the number of products is above 0, got 0\."),
        ({"title": "x"}, "5", r"k: the number of products is above 0, got '5'\."),
    ],
)
def test_mistakes_are_named(result, record, k, message):
    with pytest.raises(MatcherError, match=message):
        result.search(record, k)


def test_what_is_no_result_is_named(tmp_path):
    with pytest.raises(RecordsError, match=r"holds no result, got no run\.json"):
        matcher.load_result(tmp_path / "nowhere")
    with pytest.raises(RecordsError, match=r"search: is no result, got int\."):
        matcher.load_result(7)


def test_a_result_without_its_state_is_named(folder):
    (folder / "state.arrow").unlink()
    with pytest.raises(RecordsError, match=r"holds no state\.arrow"):
        matcher.load_result(folder)


def test_the_index_is_mapped_from_the_first_search_on(folder):
    for _time in range(2):
        searcher = matcher.load_result(folder)
        assert isinstance(searcher._nearby.index.lookup.rows.base, np.memmap)


def test_a_link_cannot_be_searched(demo):
    linked = matcher.link(demo[:60], demo[60:120])
    with pytest.raises(SettingsError, match=r"cannot be searched, got the result of a link\."):
        linked.search({"title": "x"})


def test_many_threads_get_the_same_answers(result, held_out):
    records = held_out.to_dict("records")[:12]
    alone = [result.search(record) for record in records]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(result.search, records)) == alone


def test_the_order_of_the_columns_does_not_matter(result, held_out):
    record = held_out.iloc[0].to_dict()
    turned = dict(reversed(record.items()))
    assert result.search(turned) == result.search(record)


def test_numbers_are_read_as_catalogues_have_them(result, held_out):
    record = held_out.iloc[0].to_dict()
    as_text, as_number = {**record, "price": "16.5"}, {**record, "price": np.float64(16.5)}
    assert result.search(as_number) == result.search(as_text)
    assert result.search({**as_text, "size": np.nan}) == result.search({**as_text, "size": None})


def test_a_column_may_have_the_name_of_any_input():
    first = pd.DataFrame({"id": ["a"], "title": ["Bosch drill GSR 12V"]})
    second = pd.DataFrame({"id": ["b", "c"], "name": ["Sony KD-43X80L TV", "Lego 75192 Falcon"]})
    result = matcher.dedupe([first, second])
    for column in ("title", "name"):
        found = result.search({column: "SONY TV KD43X80L"})
        assert [one.records for one in found.products] == [("b",)]
        assert found.notices == ()
    both = result.search({"title": "SONY TV KD43X80L", "name": "Lego 75192 Falcon"})
    assert [one.records for one in both.products] == [("b",)]  # the first known one counts


def test_a_model_of_few_labels_is_asked_about_families_as_a_run_asks_it(
    demo, held_out, title, monkeypatch
):
    truth = pd.read_csv(Path(matcher.__file__).parent / "demo" / "truth.csv", dtype=str)
    truth = truth.sort_values("product_id")
    ids, products = truth["id"].to_numpy(), truth["product_id"].to_numpy()
    labels = pd.DataFrame({"left_id": ids[:-1], "right_id": ids[1:]})
    labels["relation"] = np.where(products[:-1] == products[1:], "exact", "different")
    model = matcher.train(demo, labels[:120])
    assert model.classifier.family is not None
    found = matcher.dedupe(demo.drop(held_out.index), model=model)
    made = []

    def tell(classifier, *rest):
        made.append(classifier)
        return make_scorer(classifier, *rest)

    make_scorer = samples.make_scorer
    monkeypatch.setattr(samples, "make_scorer", tell)
    found.search({"title": title})
    assert any(each is model.classifier.family for each in made)
    assert any(each is model.classifier for each in made)
