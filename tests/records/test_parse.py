import dataclasses

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.errors import RecordsError
from matcher.records import infer_schema, order, parse_records, read_catalogue
from matcher.settings import Settings
from matcher.types import Records, Terms

OFFERS = {
    "id": ["a1", "a2", "b1", "b2", "c1"],
    "seller": ["acme", "acme", "bolt", "bolt", None],
    "title": [
        "Sony Xperia LX-43M 64 GB Black",
        'TV 15.6" LCD, grey',
        "sony xperia lx43m 65536mb black",
        "N/A",
        "Cola 6 x 330 ml",
    ],
    "description": ["Big phone &amp; charger " * 20, None, "", "null", "Drink, pack of 6 " * 20],
    "brand": ["Sony", None, "Sony Corp.", None, "Coca-Cola"],
    "color": ["Black", "Grey", None, "gray", "-"],
    "storage": ["64 GB", None, "65536 MB", None, None],
    "gtin": ["4006381333931", "0000000000000", "04006381333931", "123", None],
    "price": [1299.5, 10.25, None, 3.25, 1.5],
}


def parse(*frames, is_link=False, **options):
    catalogue = read_catalogue(frames, is_link=is_link)
    chosen = Settings(**options)
    return parse_records(catalogue, infer_schema(catalogue, chosen), chosen)


@pytest.fixture(scope="module")
def offers():
    return parse(pd.DataFrame(OFFERS))


def column(records, name):
    return next(c for c in records.columns if c.attribute.name == name)


def words(records, terms, record):
    found = terms.terms[terms.indptr[record] : terms.indptr[record + 1]]
    return [records.vocabulary.words[int(term)].as_py() for term in found]


def quantities(records, record):
    found = records.quantities
    return {
        (records.dimensions[records.quantity_dimensions[q]], float(records.quantity_values[q]))
        for q in found.terms[found.indptr[record] : found.indptr[record + 1]]
    }


def plain(value):
    """Turn Records, or a part of them, into something that `==` compares."""
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        return [repr(item) for item in value.tolist()]
    if isinstance(value, pa.Array):
        return value.to_pylist()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def test_records_come_by_source_and_id_and_know_their_rows(offers):
    assert offers.ids.tolist() == ["a1", "a2", "b1", "b2", "c1"]
    assert offers.source_names == ("acme", "bolt")
    assert offers.sources.tolist() == [0, 0, 1, 1, -1]
    assert offers.rows.tolist() == [0, 1, 2, 3, 4]


def test_many_records_come_by_title_and_know_their_rows(monkeypatch):
    monkeypatch.setattr(order, "BY_TITLE", 4)
    offers = parse(pd.DataFrame(OFFERS))
    titles = [OFFERS["title"][row] for row in offers.rows]
    assert titles[:4] == [
        "Cola 6 x 330 ml",
        "N/A",
        "Sony Xperia LX-43M 64 GB Black",
        "sony xperia lx43m 65536mb black",
    ]
    assert offers.ids.tolist() == ["c1", "b2", "a1", "b1", "a2"]
    shuffled = parse(pd.DataFrame(OFFERS).sample(frac=1, random_state=1))
    assert shuffled.ids.tolist() == offers.ids.tolist()


def test_many_records_with_one_id_twice_are_refused_wherever_they_stand(monkeypatch):
    monkeypatch.setattr(order, "BY_TITLE", 4)
    twice = pd.DataFrame(OFFERS)
    twice.loc[1, "id"] = "a1"
    with pytest.raises(RecordsError, match="1 id occurs more than once, first 'a1'"):
        parse(twice)
    twice.loc[1, "seller"] = "bolt"
    assert sorted(parse(twice).ids) == ["a1", "a1", "b1", "b2", "c1"]


def test_missing_values_are_null_and_the_input_is_untouched(offers):
    assert column(offers, "title").text.to_pylist()[3] is None
    assert column(offers, "description").text.null_count == 3
    assert column(offers, "color").forms.tolist()[4] == -1
    assert np.isnan(column(offers, "price").values).tolist() == [False, False, True, False, False]


def test_titles_are_tokens_with_the_bits_of_their_axes(offers):
    assert words(offers, offers.title, 0) == ["sony", "xperia", "lx", "43m", "64gb", "black"]
    assert offers.axes == ("color", "storage", "volume")
    assert offers.declared == ("color", "storage")
    assert offers.title.axes[: offers.title.indptr[1]].tolist() == [0, 0, 0, 0, 2, 1]
    assert words(offers, offers.title, 1) == ["tv", "15.6inch", "lcd", "grey"]
    assert words(offers, offers.title, 3) == []


def test_the_whole_text_has_brand_and_description_but_not_the_axes_and_gtins(offers):
    assert words(offers, offers.whole, 2) == [
        *("sony", "xperia", "lx43m", "65536mb", "black"),
        *("sony", "corp"),
    ]
    assert words(offers, offers.whole, 3) == []
    assert words(offers, offers.whole, 0)[-1] == "charger"


def test_equal_axis_values_have_equal_forms(offers):
    assert offers.axis_values["color"].tolist() == [0, 1, 0, 1, -1]
    assert offers.axis_values["storage"].tolist() == [0, -1, 0, -1, -1]
    assert offers.axis_bits(["storage"]) == 2


def test_models_are_squashed(offers):
    model = [m for m in offers.model_words.to_pylist() if m == "lx43m"]
    assert model == ["lx43m"]
    number = offers.model_words.to_pylist().index("lx43m")
    owners = np.repeat(np.arange(5), np.diff(offers.models.indptr))
    assert owners[offers.models.terms == number].tolist() == [0, 2]


def test_quantities_are_in_base_units(offers):
    assert ("storage", 65536.0) in quantities(offers, 0) & quantities(offers, 2)
    assert quantities(offers, 1) == {("length", 396.24)}
    assert quantities(offers, 4) == {("pack", 6.0), ("volume", 330.0)}


def test_gtins_are_one_form_and_bad_ones_are_counted(offers):
    assert offers.codes["gtin"].tolist() == [0, -1, 0, -1, -1]
    kinds = {notice.kind: notice.count for notice in offers.notices}
    assert kinds["placeholder_gtin"] == 2


def test_brands_are_without_legal_form(offers):
    assert offers.brands.tolist() == [0, -1, 0, -1, 1]


def test_numbers_are_numbers(offers):
    assert column(offers, "price").values.tolist()[:2] == [1299.5, 10.25]
    assert column(offers, "storage").values.tolist()[0] == 65536


def test_arrays_have_the_declared_types(offers):
    for terms in (offers.title, offers.whole, offers.models, offers.grams, offers.title_grams):
        assert isinstance(terms, Terms)
        assert terms.n_records == len(offers)
        assert (terms.indptr.dtype, terms.terms.dtype) == (np.int64, np.int32)
        assert (terms.axes.dtype, terms.idf.dtype) == (np.uint8, np.float32)
        assert len(terms.axes) == len(terms.terms) == terms.indptr[-1]
    assert offers.rows.dtype == np.int64
    assert offers.sources.dtype == offers.brands.dtype == offers.codes["gtin"].dtype == np.int32
    assert offers.vocabulary.kinds.dtype == np.uint8
    assert all(c.forms.dtype == np.int32 for c in offers.columns)
    assert all(values.dtype == np.int32 for values in offers.axis_values.values())


def make_frames():
    frame = pd.DataFrame(OFFERS)
    return {
        "pandas": frame,
        "polars": pl.DataFrame(OFFERS),
        "pyarrow": pa.table(OFFERS),
        "duckdb": duckdb.from_arrow(pa.table(OFFERS)),
    }


@pytest.mark.parametrize("library", ["pandas", "polars", "duckdb"])
def test_every_kind_of_frame_gives_the_same_records(library):
    frames = make_frames()
    assert plain(parse(frames[library])) == plain(parse(frames["pyarrow"]))


def test_files_give_the_same_records_as_frames(tmp_path):
    pd.DataFrame(OFFERS).to_csv(tmp_path / "offers.csv", index=False)
    of_file = parse(tmp_path / "offers.csv")
    assert of_file.part_names == (str(tmp_path / "offers.csv"),)
    assert plain(dataclasses.replace(of_file, part_names=("records",))) == plain(
        parse(pa.table(OFFERS))
    )


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.permutations(range(5)), threads=st.integers(1, 3))
def test_the_order_of_the_rows_and_the_threads_change_only_rows(offers, order, threads):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matcher.records.pool.LEAST_BYTES", 0)
        shuffled = parse(pa.table(OFFERS).take(pa.array(order)), threads=threads)
    assert [order[row] for row in shuffled.rows] == offers.rows.tolist()
    assert plain(dataclasses.replace(shuffled, rows=offers.rows)) == plain(offers)


def test_missing_ids_are_made_from_content_whatever_the_order():
    frame = pd.DataFrame({"title": ["b", "a", "b", "c"]})
    one, other = parse(frame), parse(frame[::-1])
    assert one.ids.tolist() == other.ids.tolist()
    assert len(set(one.ids)) == 4
    assert sorted(column(one, "title").text.to_pylist()) == ["a", "b", "b", "c"]
    assert any(identifier.endswith("-2") for identifier in one.ids)
    notice = next(n for n in one.notices if n.kind == "missing_ids")
    assert notice.count == 4
    assert notice.message.startswith(
        "records: there is no id column for 4 rows. They were given ids made from their content, "
        "such as 'row-"
    )


def test_only_the_missing_ids_are_made():
    records = parse(pd.DataFrame({"id": ["x", None, "N/A"], "title": ["a", "b", "c"]}))
    assert records.ids[2] == "x"
    assert next(n for n in records.notices if n.kind == "missing_ids").count == 2


def test_ids_twice_in_a_source_are_an_error(tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text("id,title\nA-17,a\nA-17,b\nB-02,c\nB-02,c\nA-18,d\nA-18,e\nC,f\n")
    with pytest.raises(RecordsError) as error:
        parse(path)
    assert str(error.value) == (
        f"{path}: 3 ids occur more than once, first 'A-17', 'A-18', 'B-02'. Ids must be unique "
        "within a source."
    )


def test_two_sources_or_two_inputs_may_use_one_id():
    frame = pd.DataFrame({"id": ["1", "1"], "seller": ["x", "y"], "title": ["a", "b"]})
    assert parse(pd.concat([frame] * 1)).ids.tolist() == ["1", "1"]
    single = pd.DataFrame({"id": ["1"], "title": ["a"]})
    assert parse(single, single).ids.tolist() == ["1", "1"]


def test_linked_records_come_by_table_and_may_name_columns_differently():
    left = pd.DataFrame({"id": ["2", "1"], "name": ["radio", "tv"], "seller": ["a", "b"]})
    right = pd.DataFrame({"id": ["1", "0"], "title": ["tv", "fan"], "seller": ["a", "b"]})
    records = parse(left, right, is_link=True)
    assert records.sources.tolist() == [0, 0, 1, 1]
    assert records.source_names == ("left", "right")
    assert column(records, "name").text.to_pylist() == ["tv", "radio", "fan", "tv"]


@pytest.mark.parametrize(
    "frame",
    [
        {"id": ["1"], "title": ["tv"]},
        {"id": [], "title": []},
        {"id": ["1", "2"], "title": [None, None]},
        {"id": ["1", "2"]},
        {"id": ["1", "2"], "color": ["red", "blue"]},
        {"id": ["1", "2"], "title": ["★", "👟"], "mpn": ["☆", None]},
        {"id": ["1", "2"], "title": ["مرحبا 12", "\x00\x1f"]},
        {"id": ["1", "2"], "title": ["x" * 1_000_000, "a " * 500_000]},
        {"title": ["same"] * 500},
    ],
)
def test_odd_catalogues_lose_no_record(frame):
    records = parse(pa.table({k: pa.array(v, pa.string()) for k, v in frame.items()}))
    n_rows = len(next(iter(frame.values())))
    assert isinstance(records, Records)
    assert sorted(records.rows.tolist()) == list(range(n_rows))
    assert len(set(records.ids)) == n_rows


def test_what_is_cut_is_said():
    records = parse(pd.DataFrame({"id": ["1", "2"], "title": ["x" * 1_000_000, "tv"]}))
    assert [n.message for n in records.notices] == [
        "column 'title': 1 values are longer than 400 characters. Only their beginning is compared."
    ]


def test_answers_in_the_table_are_not_compared_and_said():
    records = parse(pd.DataFrame({"id": ["1", "2"], "title": ["a", "b"], "cluster": ["1", "1"]}))
    assert [c.attribute.name for c in records.columns] == ["title"]
    assert [n.kind for n in records.notices] == ["unused_column"]


VALUES = st.none() | st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "title": VALUES,
                "color": VALUES,
                "storage": VALUES,
                "gtin": VALUES,
                "mpn": VALUES,
                "price": VALUES,
                "brand": VALUES,
                "description": VALUES,
            }
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_text_at_all_is_parsed(rows):
    table = pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in rows[0]]))
    records = parse(table)
    assert sorted(records.rows.tolist()) == list(range(len(rows)))
    for terms in (records.whole, records.title, records.models, records.grams):
        assert terms.indptr[-1] == len(terms.terms)
        assert not len(terms.terms) or terms.terms.max() < len(terms.idf)
